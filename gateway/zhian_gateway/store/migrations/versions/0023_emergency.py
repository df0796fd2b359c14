"""Emergencies and drills, and who was met at the assembly point."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NAME = sa.String(length=64)
TIME = sa.String(length=24)


def upgrade() -> None:
    """All new."""
    op.create_table(
        "emergencies",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("site", NAME, nullable=False),
        sa.Column("press", NAME, nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("police", sa.Boolean(), nullable=False),
        sa.Column("siren", sa.Boolean(), nullable=False),
        sa.Column("source", NAME, nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("alert_key", sa.Text(), nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("ended_by", NAME),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.UniqueConstraint("site", "press", name="uq_emergencies_site_press"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_emergencies_alert_key", "emergencies", ["alert_key"])
    op.create_table(
        "musters",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("site", NAME, nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("ended_by", NAME),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "muster_people",
        sa.Column("muster_id", NUMBER, sa.ForeignKey("musters.id"), primary_key=True, autoincrement=False),
        sa.Column("person", NAME, primary_key=True),
        sa.Column("zone", NAME, nullable=False),
        sa.Column("node", NAME, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("met_at", TIME),
        sa.Column("met_by", NAME),
    )
    op.create_index("ix_muster_people_person", "muster_people", ["person"])


def downgrade() -> None:
    """What was called and who was met is gone."""
    op.drop_table("muster_people")
    op.drop_table("musters")
    op.drop_table("emergencies")
