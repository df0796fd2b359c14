"""What nodes run by, what was wanted of them, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

NAME, TIME = sa.String(length=64), sa.String(length=24)


def upgrade() -> None:
    """No node has told yet."""
    op.create_table(
        "node_configurations",
        *_names("site", "node", "mark", "origin", "version", "known", "trying"),
        *_texts("text", "kept"),
        sa.Column("reported_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("site", "node", name=op.f("pk_node_configurations")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "configuration_versions",
        *_names("site", "node", "mark"),
        *_texts("text"),
        *(sa.Column(name, TIME, nullable=False) for name in ("first_at", "last_at")),
        sa.PrimaryKeyConstraint("site", "node", "mark", name=op.f("pk_configuration_versions")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "configuration_pushes",
        *_names("id", "site", "node", "base", "restore", "who", "state"),
        *_texts("sealed", "diff", "why", "detail"),
        sa.Column("confirm_s", NUMBER, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        *(sa.Column(name, TIME) for name in ("fetched_at", "ended_at")),
        sa.Column("mark", NAME),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_configuration_pushes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_configuration_pushes_node", "configuration_pushes", ["site", "node"])


def _names(*called: str) -> list[sa.Column[str]]:
    return [sa.Column(name, NAME, nullable=False) for name in called]


def _texts(*called: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in called]


def downgrade() -> None:
    """Nodes keep what they run; who wanted it is in the audit."""
    for table in ("configuration_pushes", "configuration_versions", "node_configurations"):
        op.drop_table(table)
