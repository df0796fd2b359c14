"""From where a node's count fell, so that no restart forgets that its numbers were given out twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What fell before was not kept."""
    op.add_column("words", sa.Column("fell_from", NUMBER))
    op.add_column("words", sa.Column("arrived_then", NUMBER))


def downgrade() -> None:
    """Falls are forgotten; the highest word stays until the node's next one."""
    op.drop_column("words", "arrived_then")
    op.drop_column("words", "fell_from")
