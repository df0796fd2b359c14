"""At which node's lane somebody passed whom a guard recorded: a node without siblings hears of its own alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was recorded before is told to siblings alone, as it was; by tomorrow it is forgotten."""
    op.add_column("whereabouts", sa.Column("lane_node", sa.String(64)))


def downgrade() -> None:
    """Words by hand are told to siblings alone."""
    op.drop_column("whereabouts", "lane_node")
