"""Leave slips; and on which weekdays, and as whose relation, somebody may collect a child."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever may collect a child does so on every day, as before."""
    op.add_column("collectors", sa.Column("days", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("collectors", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "leave_slips",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("begins", sa.String(length=24), nullable=False),
        sa.Column("ends", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("collected", sa.String(length=64), nullable=False),
        sa.Column("collector", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=24), nullable=False),
        sa.Column("ended_by", sa.String(length=64)),
        sa.Column("ended_at", sa.String(length=24)),
        sa.Column("ended_why", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_leave_slips_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_leave_slips"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_leave_slips_day", "leave_slips", ["day"])
    op.create_index("ix_leave_slips_ends", "leave_slips", ["ends"])
    op.create_index("ix_leave_slips_person_id", "leave_slips", ["person_id"])


def downgrade() -> None:
    """An older version knows no weekdays: who may collect on some of them alone may not at all, which is safe."""
    op.execute("DELETE FROM collectors WHERE days <> ''")
    op.drop_table("leave_slips")
    op.drop_column("collectors", "note")
    op.drop_column("collectors", "days")
