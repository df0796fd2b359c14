"""Which keys the pictures, templates and secrets of this database are sealed with; the keys lie in a file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is sealed yet: the running gateway does that, bit by bit."""
    op.create_table(
        "vault_keys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.String(length=24), nullable=False),
        sa.Column("sealed_at", sa.String(length=24)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_keys")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """An older version cannot open what is sealed: templates and webhooks' secrets are to be made anew."""
    op.execute("DELETE FROM templates WHERE (SELECT count(*) FROM vault_keys) > 0")
    op.execute("UPDATE subscribers SET secret = '' WHERE secret LIKE 'zs1:%'")
    op.drop_table("vault_keys")
