"""What nodes run by, what was wanted of them, and what came of it. No text here holds a secret that is not sealed."""

from __future__ import annotations

from sqlalchemy import Column, Index

from ..sealed import SealedText
from .columns import NAME, TIME, keys, names, numbers, table, texts, times

# What each node said last.
node_configurations = table(
    "node_configurations",
    *keys("site", "node"),
    *names("mark", "origin", "version", "known", "trying"),
    # `kept`: JSON, marks of former ones that the node could go back to.
    *texts("text", "kept"),
    *times("reported_at"),
)
# Each that a node ever ran, as far back as `configurations.reports.MOST_VERSIONS`.
configuration_versions = table(
    "configuration_versions",
    *keys("site", "node", "mark"),
    *texts("text"),
    *times("first_at", "last_at"),
)
# What somebody wanted; at most one of a node is open.
configuration_pushes = table(
    "configuration_pushes",
    Column("id", NAME, primary_key=True),
    *names("site", "node", "base", "restore", "who", "state"),
    # The text with the secrets that were typed; empty once it is over.
    Column("sealed", SealedText("configuration"), nullable=False),
    *texts("diff", "why", "detail"),
    *numbers("confirm_s"),
    *times("asked_at"),
    Column("fetched_at", TIME),
    Column("ended_at", TIME),
    # What the node runs since it was applied; null: it was not.
    Column("mark", NAME),
    Index("ix_configuration_pushes_node", "site", "node"),
)
