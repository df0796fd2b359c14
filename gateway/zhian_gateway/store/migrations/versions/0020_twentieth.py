"""What officers found cases to be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TIME, _NAME = sa.String(length=24), sa.String(length=64)


def upgrade() -> None:
    """Cases from before have none."""
    op.create_table(
        "verdicts",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("alert_id", NUMBER, nullable=False),
        sa.Column("finding", _NAME, nullable=False),
        sa.Column("who", _NAME, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_verdicts_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_verdicts_alert_id"), "verdicts", ["alert_id"])


def downgrade() -> None:
    """Back."""
    op.drop_index(op.f("ix_verdicts_alert_id"), table_name="verdicts")
    op.drop_table("verdicts")
