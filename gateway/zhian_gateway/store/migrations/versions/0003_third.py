"""What nodes themselves say that they decided, and when a revoked one has deleted what it had."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was said before."""
    op.add_column("nodes", sa.Column("wiped_at", sa.String(length=24)))
    op.create_table(
        "words",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("site", "node", "epoch")),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("site", "node", "epoch", name=op.f("pk_words")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "signed",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("site", "node", "epoch")),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("decided", NUMBER, nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("site", "node", "epoch", "day", name=op.f("pk_signed")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Tables and column go with what they hold."""
    op.drop_table("signed")
    op.drop_table("words")
    op.drop_column("nodes", "wiped_at")
