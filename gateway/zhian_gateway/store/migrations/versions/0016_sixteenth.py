"""How far notices have followed attendance."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was raised before is told to nobody: an upgrade wakes no one up because of last month's mornings."""
    op.execute(
        "INSERT INTO counters (name, value) SELECT 'attendance_told', value FROM counters WHERE name = 'attendance'"
    )


def downgrade() -> None:
    """Signals stay where they are."""
    op.execute("DELETE FROM counters WHERE name = 'attendance_told'")
