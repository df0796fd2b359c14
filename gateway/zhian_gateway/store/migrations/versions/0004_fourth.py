"""The life of cards, when people may come, who collects whom, schedules and holidays, and who is where today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody enrolled may come at any time, by face too; every card holds, as before."""
    for name in ("begins", "ends"):
        op.add_column("people", sa.Column(name, _time()))
    op.add_column("people", sa.Column("face", sa.Boolean(), nullable=False, server_default=sa.true()))
    for name in ("issued_at", "withdrawn_at"):
        op.add_column("credentials", sa.Column(name, _time()))
    op.add_column("credentials", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("passages", sa.Column("zone", _name()))
    _create()
    op.execute("INSERT INTO counters (name, value) VALUES ('presence', 0)")


def downgrade() -> None:
    """A card that was withdrawn is nobody's again: an older version would take it for one that holds."""
    op.execute("DELETE FROM credentials WHERE withdrawn_at IS NOT NULL")
    op.execute("DELETE FROM counters WHERE name = 'presence'")
    for table in ("whereabouts", "calendar", "groups", "schedules", "collectors"):
        op.drop_table(table)
    op.drop_column("passages", "zone")
    for name in ("reason", "withdrawn_at", "issued_at"):
        op.drop_column("credentials", name)
    for name in ("face", "ends", "begins"):
        op.drop_column("people", name)


def _create() -> None:
    op.create_table(
        "collectors",
        *(sa.Column(name, _name(), nullable=False) for name in ("person_id", "kind", "value")),
        *(sa.Column(name, _time()) for name in ("begins", "ends")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_collectors_person_id")),
        sa.PrimaryKeyConstraint("person_id", "kind", "value", name=op.f("pk_collectors")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "schedules",
        sa.Column("id", _name(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("holidays", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "groups",
        *(sa.Column(name, _name(), nullable=False) for name in ("id", "schedule", "lessons")),
        sa.Column("collected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "calendar",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("works_as", sa.String(length=3)),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "whereabouts",
        *(sa.Column(name, _name(), nullable=False) for name in ("person", "zone", "node")),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", _time(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_whereabouts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_whereabouts_version", "whereabouts", ["version"], unique=False)


def _name() -> sa.String:
    return sa.String(length=64)


def _time() -> sa.String:
    return sa.String(length=24)
