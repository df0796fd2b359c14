"""Marks of crops that show somebody who was erased, so that a node that still has them brings them in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of those erased before nothing is known any more."""
    op.create_table(
        "unwanted_crops",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("at", sa.String(24), nullable=False),
    )


def downgrade() -> None:
    """A crop that comes late is kept again, until its days are over."""
    op.drop_table("unwanted_crops")
