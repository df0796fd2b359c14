"""What each of the latest repeats of a case rested on, so that somebody can look at all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TIME, _NAME = sa.String(length=24), sa.String(length=64)


def upgrade() -> None:
    """Of what was merged before, only the last is known, and that the case holds itself."""
    op.create_table(
        "alert_repeats",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("alert_id", NUMBER, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        *(sa.Column(name, _NAME) for name in ("person", "plate", "plate_colour")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("detail", "evidence")),
        sa.Column("passage_id", NUMBER),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_repeats_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_repeats")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_repeats_alert_id", "alert_repeats", ["alert_id"], unique=False)


def downgrade() -> None:
    """The last of each case stays with it."""
    op.drop_index("ix_alert_repeats_alert_id", table_name="alert_repeats")
    op.drop_table("alert_repeats")
