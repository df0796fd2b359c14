"""Notices with several channels, each once; what guardians want to be told; browsers that show messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TIME, _NAME, _DIGEST = sa.String(length=24), sa.String(length=64), sa.String(length=64)
_NOTICES = (
    ("key", sa.Text(), None),
    ("happening", _NAME, ""),
    ("alert_id", NUMBER, None),
    ("person", _NAME, None),
    ("words", sa.Text(), "{}"),
    ("language", sa.String(length=8), "zh-CN"),
    ("place", NUMBER, "0"),
    ("places", NUMBER, "1"),
    ("since", _TIME, None),
    ("line", sa.Text(), ""),
    ("doubt", sa.Boolean(), sa.false()),
    ("critical", sa.Boolean(), sa.false()),
    ("quiet", sa.Text(), "[]"),
    ("history", sa.Text(), "[]"),
)
_GUARDIANS = (("further", sa.Text(), "[]"), ("happenings", sa.Text(), None), ("quiet", sa.Text(), "[]"))


def upgrade() -> None:
    """What waits from before goes on where it was; it has no key, since nothing tells of it a second time."""
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as notices:
        for name, kind, default in _NOTICES:
            notices.add_column(sa.Column(name, kind, nullable=default is None, server_default=default))
        notices.create_unique_constraint(op.f("uq_notices_key"), ["key"])
    with op.batch_alter_table("inbox", table_kwargs={"sqlite_autoincrement": True}) as inbox:
        inbox.add_column(sa.Column("key", sa.Text()))
        inbox.create_unique_constraint(op.f("uq_inbox_key"), ["key"])
    for name, kind, default in _GUARDIANS:
        op.add_column("guardians", sa.Column(name, kind, nullable=default is None, server_default=default))
    moved = "(SELECT movement FROM passages WHERE passages.id = notices.passage_id)"
    op.execute(f"UPDATE notices SET happening = COALESCE({moved}, '') WHERE passage_id IS NOT NULL")  # noqa: S608
    op.execute("UPDATE notices SET happening = 'escalation' WHERE contact IS NOT NULL")
    _push_subscriptions()
    op.create_table(
        "own_secrets",
        sa.Column("name", _NAME, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_own_secrets")),
        sqlite_autoincrement=True,
    )


def _push_subscriptions() -> None:
    op.create_table(
        "push_subscriptions",
        sa.Column("digest", _DIGEST, nullable=False),
        sa.Column("user", _NAME, nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name=op.f("fk_push_subscriptions_user")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_push_subscriptions")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_push_subscriptions_user", "push_subscriptions", ["user"], unique=False)


def downgrade() -> None:
    """Keys and subscriptions go: browsers subscribe again. What was on its way may go out once more."""
    op.execute("UPDATE notices SET state = 'queued' WHERE state IN ('sending', 'held')")
    op.execute("UPDATE notices SET state = 'failed' WHERE state = 'unsure'")
    op.execute("DELETE FROM notices WHERE (passage_id IS NULL OR guardian_id IS NULL) AND happening <> 'escalation'")
    op.drop_table("own_secrets")
    op.drop_table("push_subscriptions")
    for name, _, _ in _GUARDIANS:
        op.drop_column("guardians", name)
    with op.batch_alter_table("inbox", table_kwargs={"sqlite_autoincrement": True}) as inbox:
        inbox.drop_constraint(op.f("uq_inbox_key"), type_="unique")
        inbox.drop_column("key")
    with op.batch_alter_table("notices", table_kwargs={"sqlite_autoincrement": True}) as notices:
        notices.drop_constraint(op.f("uq_notices_key"), type_="unique")
        for name, _, _ in _NOTICES:
            notices.drop_column(name)
