"""Visitors: visits, the site's own list, and what stays of what was deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME, TIME, DIGEST = sa.String(64), sa.String(24), sa.String(64)


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _names(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, NAME, nullable=nullable) for name in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, TIME, nullable=nullable) for name in names]


def upgrade() -> None:
    """Nobody is a visitor yet."""
    op.add_column("people", sa.Column("visitor", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "visits",
        sa.Column("id", NUMBER, nullable=False),
        *_names("site", "state", "screening", "area", "created_by", "serial"),
        *_text("name", "phone", "citizen", "plate", "purpose"),
        *_names("host_user", "host_person", nullable=True),
        *_text("host_name"),
        *_times("begins", "ends", "created_at"),
        sa.Column("token", DIGEST),
        sa.Column("token_ends", TIME),
        sa.Column("agreed", sa.String(64), nullable=False),
        *_names("text_version"),
        sa.Column("agreed_at", TIME),
        sa.Column("photo", DIGEST),
        *_text("photo_ground"),
        sa.Column("screened_at", TIME),
        *_text("screening_detail"),
        sa.Column("decided_by", NAME),
        *_text("decided_why"),
        *_names("person_id", "card", nullable=True),
        *_times("admitted_at", "left_at", "overdue_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sqlite_autoincrement=True,
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "visits", columns)
    op.create_table(
        "visitor_list",
        sa.Column("id", NUMBER, nullable=False),
        *_names("site", "who"),
        *_text("name", "citizen", "plate", "ground"),
        *_times("created_at", "until"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_list")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "visit_records",
        sa.Column("visit", NUMBER, autoincrement=False, nullable=False),
        *_names("site", "state", "who"),
        sa.Column("day", sa.String(10), nullable=False),
        *_times("deleted_at"),
        *_text("held", "why"),
        sa.PrimaryKeyConstraint("visit", name=op.f("pk_visit_records")),
        sqlite_autoincrement=True,
    )


_INDEXES = {
    "ix_visits_state_ends": ["state", "ends"],
    "ix_visits_begins": ["begins"],
    "ix_visits_token": ["token"],
    "ix_visits_person_id": ["person_id"],
}


def downgrade() -> None:
    """Visits go with their tables; who was enrolled for one stays as anybody else."""
    for table in ("visit_records", "visitor_list", "visits"):
        op.drop_table(table)
    op.drop_column("people", "visitor")
