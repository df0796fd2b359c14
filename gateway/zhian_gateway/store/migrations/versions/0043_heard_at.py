"""When the gateway heard of what a rule told: a node that was cut off tells of it hours later, and nobody was late."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what is there already it is not known; null says so."""
    op.add_column("transitions", sa.Column("heard_at", sa.String(24)))


def downgrade() -> None:
    """When it happened is kept."""
    op.drop_column("transitions", "heard_at")
