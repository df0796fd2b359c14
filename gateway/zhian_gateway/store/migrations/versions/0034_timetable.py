"""How often schedules, groups and the year were changed, and when by a file, so that neither way undoes the other."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NAMES = ("timetable", "timetable_file", "year", "year_file")


def upgrade() -> None:
    """What is there counts as said by a file: nobody could say it otherwise but for bells and single days."""
    for name in NAMES:
        op.execute(f"INSERT INTO counters (name, value) VALUES ('{name}', 0)")  # noqa: S608 - names of this file


def downgrade() -> None:
    """A file takes the place of everything again."""
    for name in NAMES:
        op.execute(f"DELETE FROM counters WHERE name = '{name}'")  # noqa: S608
