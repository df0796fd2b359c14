"""What kind of body went past, the colour of an alert's plate, and messages of who is no node of the site."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is known of what was stored before."""
    op.add_column("passages", sa.Column("body", sa.String(length=64)))
    op.add_column("alerts", sa.Column("plate_colour", sa.String(length=64)))
    op.add_column("intake", sa.Column("turned_away", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """The columns go with what they hold."""
    op.drop_column("intake", "turned_away")
    op.drop_column("alerts", "plate_colour")
    op.drop_column("passages", "body")
