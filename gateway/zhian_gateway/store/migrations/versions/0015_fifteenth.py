"""How far the rules have followed what is urgent, which does not wait behind a backlog."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """So far it was followed in its place among all others."""
    op.execute(
        "INSERT INTO counters (name, value) SELECT 'followed_urgent', value FROM counters WHERE name = 'followed'"
    )


def downgrade() -> None:
    """What was urgent and is not followed yet is followed again in its place: its case is raised once more."""
    op.execute("DELETE FROM counters WHERE name = 'followed_urgent'")
