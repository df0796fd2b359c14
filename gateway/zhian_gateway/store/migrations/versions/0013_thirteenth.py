"""Who came to school: bells, corrections, signals, a teacher's groups, and how far a passage's time can be believed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TIME, _NAME, _DAY = sa.String(length=24), sa.String(length=64), sa.String(length=10)
BELLS = ("arrive_by", "leave_from", "closes")


def upgrade() -> None:
    """Of older passages nobody knows what their node thought of its clock: their time is taken as it stands."""
    op.add_column("passages", sa.Column("clock", _NAME))
    for name in ("received_at", "crossed_at"):
        op.add_column("passages", sa.Column(name, _TIME))
    op.create_index("ix_passages_clock_received_at", "passages", ["clock", "received_at"], unique=False)
    for name in BELLS:
        op.add_column("groups", sa.Column(name, sa.String(length=5), nullable=False, server_default=""))
    _corrections()
    _signals()
    op.create_table(
        "user_groups",
        *(sa.Column(name, _NAME, nullable=False) for name in ("user", "group")),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_user_groups_user")),
        sa.PrimaryKeyConstraint("user", "group", name=op.f("pk_user_groups")),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('attendance', 0)")


def _corrections() -> None:
    op.create_table(
        "attendance_corrections",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", _NAME, nullable=False),
        sa.Column("day", _DAY, nullable=False),
        sa.Column("kind", _NAME, nullable=False),
        sa.Column("at", _TIME),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", _NAME, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("ended_by", _NAME),
        sa.Column("ended_at", _TIME),
        sa.Column("ended_why", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendance_corrections_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_corrections")),
        sqlite_autoincrement=True,
    )
    for columns in (["day"], ["person_id", "day"]):
        op.create_index(f"ix_attendance_corrections_{'_'.join(columns)}", "attendance_corrections", columns)


def _signals() -> None:
    op.create_table(
        "attendance_signals",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("site", _NAME, nullable=False),
        sa.Column("person_id", _NAME, nullable=False),
        sa.Column("day", _DAY, nullable=False),
        *(sa.Column(name, _NAME, nullable=False) for name in ("kind", "group")),
        *(sa.Column(name, _TIME, nullable=False) for name in ("bell_at", "raised_at")),
        sa.Column("withdrawn_at", _TIME),
        sa.Column("withdrawn_why", _NAME),
        sa.Column("passage_id", NUMBER),
        sa.Column("silent", sa.Text(), nullable=False),
        sa.Column("change", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendance_signals_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_signals")),
        sa.UniqueConstraint("person_id", "day", "kind", name=op.f("uq_attendance_signals_person_id_day_kind")),
        sqlite_autoincrement=True,
    )
    for column in ("change", "day"):
        op.create_index(f"ix_attendance_signals_{column}", "attendance_signals", [column])


def downgrade() -> None:
    """What teachers said of days goes; what the gates told stays."""
    op.execute("DELETE FROM counters WHERE name = 'attendance'")
    for table in ("user_groups", "attendance_signals", "attendance_corrections"):
        op.drop_table(table)
    for name in BELLS:
        op.drop_column("groups", name)
    op.drop_index("ix_passages_clock_received_at", table_name="passages")
    for name in ("crossed_at", "received_at", "clock"):
        op.drop_column("passages", name)
