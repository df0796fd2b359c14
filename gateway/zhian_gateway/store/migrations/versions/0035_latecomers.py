"""How far new events and refused messages were searched for people who were erased here before these came."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NAMES = ("latecomers", "latecomers_refused")


def upgrade() -> None:
    """From the beginning: what came late before this was kept."""
    for name in NAMES:
        op.execute(f"INSERT INTO counters (name, value) VALUES ('{name}', 0)")  # noqa: S608 - names of this file


def downgrade() -> None:
    """Nothing is searched."""
    for name in NAMES:
        op.execute(f"DELETE FROM counters WHERE name = '{name}'")  # noqa: S608
