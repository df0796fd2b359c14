"""Events whose contents are gone keep their hash; what each run of the retention job deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every event still has its bytes, as before."""
    op.add_column("events", sa.Column("digest", sa.String(length=64)))
    op.create_index(
        "ix_events_received_at",
        "events",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("digest IS NULL"),
        postgresql_where=sa.text("digest IS NULL"),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.String(length=24), nullable=False),
        sa.Column("finished_at", sa.String(length=24)),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Events without contents go altogether: an older version would take each copy of them for another event."""
    op.drop_table("retention_runs")
    op.drop_index("ix_events_received_at", "events")
    op.execute("DELETE FROM passages WHERE id IN (SELECT id FROM events WHERE digest IS NOT NULL)")
    op.execute("DELETE FROM events WHERE digest IS NOT NULL")
    op.drop_column("events", "digest")
