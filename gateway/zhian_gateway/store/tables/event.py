"""What came from nodes, as it came: events, what was refused of them, and pictures."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, MetaData, Table, UniqueConstraint, text

from ..migrations import NUMBER
from .columns import DIGEST, day, day_key, event, keys, names, numbers, own_id, table, texts, times

events = table(
    "events",
    own_id(),
    *event(),
    *names("type"),
    *times("time"),
    # For the ledger.
    day(),
    *times("received_at"),
    # The exact bytes, as they came; empty once their time is over, and then their sha256 stands for them.
    Column("body", LargeBinary, nullable=False),
    Column("digest", DIGEST),
    UniqueConstraint("site", "node", "epoch", "seq"),
    Index("ix_events_site_node_day", "site", "node", "day"),
    # Of those that still have their bytes alone.
    Index(
        "ix_events_received_at",
        "received_at",
        sqlite_where=text("digest IS NULL"),
        postgresql_where=text("digest IS NULL"),
    ),
)
# A view: which row a node's number has. On SQLite it is `events`, on PostgreSQL the narrow table that `partitions.py`
# explains.
event_numbers = Table("event_numbers", MetaData(), *event(), Column("id", NUMBER, nullable=False))
refusals = table(
    "refusals",
    own_id(),
    *event(),
    *names("reason"),
    *texts("detail"),
    Column("digest", DIGEST, nullable=False),
    Column("body", LargeBinary, nullable=False),
    *times("at"),
    UniqueConstraint("site", "node", "epoch", "seq", "digest"),
)
intake = table(
    "intake",
    *keys("site", "node"),
    day_key(),
    # The same bytes again; other bytes under a known id; another node's events; bytes that could not be read.
    *numbers("repeated", "conflicts", "foreign_", "unreadable"),
    # Messages of who is no node of this site.
    Column("turned_away", NUMBER, nullable=False, server_default="0"),
)
# Of crops that show somebody who was erased: who has one of them can tell, and nobody else whose it was.
unwanted_crops = table("unwanted_crops", Column("mark", DIGEST, primary_key=True), *times("at"))
pictures = table(
    "pictures",
    Column("sha256", DIGEST, primary_key=True),
    *numbers("size"),
    *names("media_type", "node"),
    *times("received_at"),
)
