"""Each version of the roster that is told has a random mark: a store that was set back takes its numbers again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nodes hold no marks yet: each gets the whole roster once."""
    op.create_table(
        "roster_marks",
        sa.Column("version", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.UniqueConstraint("mark", name="uq_roster_marks_mark"),
    )


def downgrade() -> None:
    """Versions are told by their numbers alone."""
    op.drop_table("roster_marks")
