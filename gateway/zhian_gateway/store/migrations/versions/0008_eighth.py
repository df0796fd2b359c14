"""Which nodes have said that somebody's templates are deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of who withdrew before, no node is asked: it has had the roster since, or will have it whole."""
    op.create_table(
        "deletions",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("opaque", "node", "person_id")),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("asked_at", sa.String(length=24), nullable=False),
        sa.Column("confirmed_at", sa.String(length=24)),
        sa.PrimaryKeyConstraint("opaque", "node", name=op.f("pk_deletions")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deletions_person_id", "deletions", ["person_id"], unique=False)


def downgrade() -> None:
    """What was confirmed stays in the audit."""
    op.drop_table("deletions")
