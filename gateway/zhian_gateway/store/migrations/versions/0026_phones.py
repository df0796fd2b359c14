"""Guardians' phones: who is bound to which children, by which codes, with which sessions and browsers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_DIGEST = sa.String(length=64)
_TIME = sa.String(length=24)


def upgrade() -> None:
    """Nobody has a phone yet."""
    op.add_column("guardians", sa.Column("front", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "carers",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carers")),
        sqlite_autoincrement=True,
    )
    _table(
        "carer_children",
        sa.Column("guardian_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("carer_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("bound_at", _TIME, nullable=False),
        key="guardian_id",
        of=("guardian", "carer"),
    )
    _table(
        "carer_codes",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("guardian_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        of=("guardian",),
    )
    _phones()
    for table, column in (("children", "carer"), ("codes", "guardian"), ("sessions", "carer"), ("browsers", "carer")):
        op.create_index(op.f(f"ix_carer_{table}_{column}_id"), f"carer_{table}", [f"{column}_id"])


def _phones() -> None:
    """What is open, and what shows messages."""
    _table(
        "carer_sessions",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("carer_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        of=("carer",),
    )
    _table(
        "carer_browsers",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("carer_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("session", _DIGEST, nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["session"], ["carer_sessions.digest"], name=op.f("fk_carer_browsers_session"), ondelete="CASCADE"
        ),
        of=("carer",),
    )


def _table(
    name: str, *columns: sa.Column[Any] | sa.ForeignKeyConstraint, of: tuple[str, ...], key: str = "digest"
) -> None:
    """A table whose rows go with those that they are of."""
    belongs = [
        sa.ForeignKeyConstraint([f"{what}_id"], [f"{what}s.id"], name=op.f(f"fk_{name}_{what}_id"), ondelete="CASCADE")
        for what in of
    ]
    op.create_table(
        name, *columns, *belongs, sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{name}")), sqlite_autoincrement=True
    )


def downgrade() -> None:
    """Phones are bound anew by new codes; guardians are told by the channels of the school again."""
    for table in ("carer_browsers", "carer_sessions", "carer_codes", "carer_children", "carers"):
        op.drop_table(table)
    op.drop_column("guardians", "front")
