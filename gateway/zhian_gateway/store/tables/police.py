"""The police's subscriptions, and what is sent to them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index

from ..migrations import NUMBER
from ..sealed import SealedText
from .columns import DIGEST, NAME, TIME, counted_id, names, of_case, sending, table, texts, times

subscribers = table(
    "subscribers",
    Column("name", NAME, primary_key=True),
    *names("site"),
    Column("token", DIGEST, nullable=False),
    *texts("webhook"),
    # Signs what is sent to the webhook; both sides hold it, so it cannot be a hash.
    Column("secret", SealedText("webhook secret"), nullable=False),
    *texts("ground"),
    *times("created_at"),
    Column("disabled_at", TIME),
)
police_feed = table(
    "police_feed",
    counted_id(),
    of_case(),
    *names("type"),
    *times("at"),
    *texts("body"),
    Index("ix_police_feed_alert_id", "alert_id"),
)
deliveries = table(
    "deliveries",
    Column("feed_id", NUMBER, ForeignKey("police_feed.id"), primary_key=True, autoincrement=False),
    Column("subscriber", NAME, ForeignKey("subscribers.name"), primary_key=True),
    *sending(),
    Index("ix_deliveries_state_next_at", "state", "next_at"),
)
