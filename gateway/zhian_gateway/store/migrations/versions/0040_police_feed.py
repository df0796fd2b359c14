"""What the police were told of a case is found by the case, however long the feed is."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Each alert asks whether they were told: of a case that is new to them the whole feed was read."""
    op.create_index("ix_police_feed_alert_id", "police_feed", ["alert_id"])


def downgrade() -> None:
    """The feed is read through, as before."""
    op.drop_index("ix_police_feed_alert_id", table_name="police_feed")
