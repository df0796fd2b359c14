"""What people order lanes to do."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, UniqueConstraint

from ..migrations import NUMBER
from .columns import DIGEST, NAME, TIME, keys, names, own_id, table, texts, times

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
# Whom guards let pass by their own hands, by the order; rules note the passage that came of it.
hand_passes = table(
    "hand_passes",
    Column("id", NAME, primary_key=True),
    *names("site", "node", "lane", "direction", "who"),
    Column("person", NAME),
    # Whom it let in at the window too.
    Column("visit", NUMBER),
    *texts("why"),
    *times("at"),
    # True: written down here, while the node could not be told.
    Column("recorded", Boolean, nullable=False),
    # The passage that counts for it; null: not told yet, or nobody went.
    Column("passage_id", NUMBER),
    # What the node told of the same passage after it was recorded here; of one word it is one.
    Column("double_id", NUMBER),
    # A slip: by whom it was taken back.
    Column("undone_at", TIME),
    Column("undone_by", NAME),
    Index("ix_hand_passes_at", "at"),
)
