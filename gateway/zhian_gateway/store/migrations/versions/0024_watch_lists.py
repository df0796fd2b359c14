"""Watch lists: entries that two people stand behind, and the photographs of those that wait for the second."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TIME, _NAME, _DIGEST = sa.String(length=24), sa.String(length=64), sa.String(length=64)


def upgrade() -> None:
    """Who was listed by an import before stays listed; only new entries need a second person."""
    op.create_table(
        "watch_entries",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("site", _NAME, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.Column("plates", sa.Text(), nullable=False),
        sa.Column("state", _NAME, nullable=False),
        sa.Column("proposed_by", _NAME, nullable=False),
        sa.Column("proposed_at", _TIME, nullable=False),
        sa.Column("decided_by", _NAME),
        sa.Column("decided_at", _TIME),
        sa.Column("ended_by", _NAME),
        sa.Column("ended_at", _TIME),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("templates", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_watch_entries_state"), "watch_entries", ["state"])
    op.create_table(
        "watch_pictures",
        sa.Column("entry_id", _NAME, nullable=False),
        sa.Column("sha256", _DIGEST, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["watch_entries.id"], name=op.f("fk_watch_pictures_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "sha256", name=op.f("pk_watch_pictures")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_watch_pictures_sha256"), "watch_pictures", ["sha256"])


def downgrade() -> None:
    """Who is looked for stays enrolled until their ground ends."""
    op.drop_index(op.f("ix_watch_pictures_sha256"), table_name="watch_pictures")
    op.drop_table("watch_pictures")
    op.drop_index(op.f("ix_watch_entries_state"), table_name="watch_entries")
    op.drop_table("watch_entries")
