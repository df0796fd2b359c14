"""What the whole site was ordered to be, and which lanes have heard of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from zhian_gateway.store.migrations import NUMBER

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TIME, _NAME, _DIGEST = sa.String(length=24), sa.String(length=64), sa.String(length=64)


def upgrade() -> None:
    """Nothing was kept before: a lockdown of that time ends at each node by itself."""
    op.create_table(
        "site_orders",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("press", _DIGEST, nullable=False),
        *(sa.Column(name, _NAME, nullable=False) for name in ("site", "state", "who")),
        sa.Column("why", sa.Text(), nullable=False),
        *(sa.Column(name, _TIME, nullable=False) for name in ("at", "until")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_orders")),
        sa.UniqueConstraint("site", "press", name=op.f("uq_site_orders_site_press")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "site_order_lanes",
        sa.Column("order_id", NUMBER, autoincrement=False, nullable=False),
        *(sa.Column(name, _NAME, nullable=False) for name in ("node", "lane", "result")),
        sa.Column("at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["site_orders.id"], name=op.f("fk_site_order_lanes_order_id")),
        sa.PrimaryKeyConstraint("order_id", "node", "lane", name=op.f("pk_site_order_lanes")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Who ordered what stays in the audit."""
    op.drop_table("site_order_lanes")
    op.drop_table("site_orders")
