"""Which passage a node told once more of whom a guard had recorded: of each word at most one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those before nobody knows; they are older than any that could come."""
    op.add_column("hand_passes", sa.Column("double_id", NUMBER))


def downgrade() -> None:
    """The passages stay as they were settled."""
    op.drop_column("hand_passes", "double_id")
