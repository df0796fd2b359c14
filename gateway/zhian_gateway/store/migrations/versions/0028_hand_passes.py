"""Whom guards let pass by their own hands, what became of it, and what was taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_NAME = sa.String(length=64)
_TIME = sa.String(length=24)


def upgrade() -> None:
    """What was let pass before is a passage as it is."""
    op.create_table(
        "hand_passes",
        *(sa.Column(name, _NAME, nullable=False) for name in ("id", "site", "node", "lane", "direction", "who")),
        sa.Column("person", _NAME),
        sa.Column("visit", NUMBER),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("passage_id", NUMBER),
        sa.Column("undone_at", _TIME),
        sa.Column("undone_by", _NAME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_passes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_hand_passes_at"), "hand_passes", ["at"])


def downgrade() -> None:
    """Forget them; the passages stay."""
    op.drop_index(op.f("ix_hand_passes_at"), table_name="hand_passes")
    op.drop_table("hand_passes")
