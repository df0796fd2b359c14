"""The site as it was drawn: every version of the plan, and the files that it shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_NAME, _TIME, _DIGEST = sa.String(length=64), sa.String(length=24), sa.String(length=64)


def upgrade() -> None:
    """Nobody has drawn anything yet."""
    op.create_table(
        "site_plans",
        sa.Column("version", NUMBER, nullable=False, autoincrement=False),
        *(sa.Column(name, _NAME, nullable=False) for name in ("site", "saved_by")),
        sa.Column("saved_at", _TIME, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_site_plans")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_files",
        sa.Column("sha256", _DIGEST, nullable=False),
        *(sa.Column(name, _NAME, nullable=False) for name in ("site", "kind", "media_type")),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("brought_by", _NAME, nullable=False),
        sa.Column("brought_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_plan_files")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """What was drawn is gone; its files are deleted as nobody's."""
    op.drop_table("plan_files")
    op.drop_table("site_plans")
