"""Words by hand for each node of a lane, beside where somebody went last: passing elsewhere took them from the node."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = "person, zone, day, at, version"


def upgrade() -> None:
    """Those that nobody passed after elsewhere are known; the others are lost already."""
    op.create_table(
        "recorded_whereabouts",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("node", sa.String(64), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("at", sa.String(24), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("person", "node", name="pk_recorded_whereabouts"),
    )
    op.create_index("ix_recorded_whereabouts_node_version", "recorded_whereabouts", ["node", "version"])
    op.execute(
        f"INSERT INTO recorded_whereabouts (node, {COLUMNS}) "  # noqa: S608 - names of this file
        f"SELECT lane_node, {COLUMNS} FROM whereabouts WHERE lane_node IS NOT NULL"
    )
    op.drop_column("whereabouts", "lane_node")


def downgrade() -> None:
    """Of each person one word is kept at most, and only while they went nowhere since."""
    op.add_column("whereabouts", sa.Column("lane_node", sa.String(64)))
    op.execute(
        "UPDATE whereabouts SET lane_node = (SELECT max(node) FROM recorded_whereabouts AS word "
        "WHERE word.person = whereabouts.person AND word.at = whereabouts.at)"
    )
    op.drop_index("ix_recorded_whereabouts_node_version", "recorded_whereabouts")
    op.drop_table("recorded_whereabouts")
