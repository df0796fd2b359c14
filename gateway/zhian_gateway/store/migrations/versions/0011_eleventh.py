"""Sessions that can be listed and end when nobody uses them; second factors and recovery codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIME, _NAME, _DIGEST = sa.String(length=24), sa.String(length=64), sa.String(length=64)


def upgrade() -> None:
    """Whoever is signed in signs in again: a session from before has no number to be ended by."""
    op.execute("DELETE FROM sessions")
    for column in (
        sa.Column("id", _NAME, nullable=False, server_default=""),
        sa.Column("seen_at", _TIME, nullable=False, server_default=""),
        sa.Column("address", _NAME, nullable=False, server_default=""),
        sa.Column("agent", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("sessions", column)
    op.create_index("ix_sessions_user", "sessions", ["user"], unique=False)
    op.create_table(
        "second_factors",
        sa.Column("user", _NAME, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("confirmed_at", _TIME),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("last_step", "wrong")),
        sa.Column("locked_until", _TIME),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_second_factors_user")),
        sa.PrimaryKeyConstraint("user", name=op.f("pk_second_factors")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user", _NAME, nullable=False),
        sa.Column("digest", _DIGEST, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_recovery_codes_user")),
        sa.PrimaryKeyConstraint("user", "digest", name=op.f("pk_recovery_codes")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Whoever had a second factor signs in by password alone again."""
    op.drop_table("recovery_codes")
    op.drop_table("second_factors")
    op.drop_index("ix_sessions_user", "sessions")
    for name in ("agent", "address", "seen_at", "id"):
        op.drop_column("sessions", name)
