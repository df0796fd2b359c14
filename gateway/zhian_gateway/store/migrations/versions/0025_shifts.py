"""Who handed the shift over to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAME, TIME = sa.String(length=64), sa.String(length=24)


def upgrade() -> None:
    """New."""
    op.create_table(
        "handovers",
        sa.Column("id", NUMBER, primary_key=True),
        *(sa.Column(name, NAME, nullable=False) for name in ("site", "leaves", "comes")),
        *(sa.Column(name, TIME, nullable=False) for name in ("since", "at")),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_handovers_at", "handovers", ["at"])


def downgrade() -> None:
    """What was signed is gone."""
    op.drop_table("handovers")
