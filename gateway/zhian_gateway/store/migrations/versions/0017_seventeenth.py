"""Consent by purpose: who gave it, when, to which text; texts with their versions; and who is let in by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TIME, _NAME = sa.String(length=24), sa.String(length=64)


def upgrade() -> None:
    """What was recorded before holds as before; of whom it is, only who typed it is known."""
    op.add_column("consents", sa.Column("given_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("consents", sa.Column("given_on", sa.String(length=10), nullable=False, server_default=""))
    op.add_column("people", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "consent_texts",
        sa.Column("purpose", _NAME, nullable=False),
        sa.Column("version", _NAME, nullable=False),
        sa.Column("since", _TIME, nullable=False),
        sa.Column("ask_until", _TIME, nullable=False),
        sa.Column("who", _NAME, nullable=False),
        sa.PrimaryKeyConstraint("purpose", "version", name=op.f("pk_consent_texts")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Grounds of other purposes than recognition would be unknown to an older version."""
    op.execute("DELETE FROM consents WHERE purpose IN ('listing', 'notices', 'evidence')")
    op.drop_table("consent_texts")
    op.drop_column("people", "by_hand")
    for name in ("given_on", "given_by"):
        op.drop_column("consents", name)
