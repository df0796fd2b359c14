"""What people order lanes to do."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, UniqueConstraint

from ..migrations import NUMBER
from .columns import DIGEST, keys, names, own_id, table, texts, times

# What the whole site was ordered to be; the last one holds until its end.
site_orders = table(
    "site_orders",
    own_id(),
    # The press: the same one, sent again, is the same order.
    Column("press", DIGEST, nullable=False),
    *names("site", "state", "who"),
    *texts("why"),
    *times("at", "until"),
    UniqueConstraint("site", "press"),
)
# Which lanes have heard of it, and what came of it there.
site_order_lanes = table(
    "site_order_lanes",
    Column("order_id", NUMBER, ForeignKey("site_orders.id"), primary_key=True, autoincrement=False),
    *keys("node", "lane"),
    *names("result"),
    *times("at"),
)
