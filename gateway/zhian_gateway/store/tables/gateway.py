"""The gateway itself: which site it keeps, what it seals with, what it counts, what it deleted when."""

from __future__ import annotations

from sqlalchemy import Column, String

from ..sealed import SealedText
from .columns import NAME, TIME, day, names, numbers, own_id, table, texts, times

store = table(
    "store",
    Column("store_id", NAME, primary_key=True),
    *times("created_at"),
    # Derives what need not be kept itself, such as the tokens of the local inbox.
    Column("key", String(64), nullable=False),
)
site = table(
    "site",
    Column("id", NAME, primary_key=True),
    *texts("name"),
    *names("timezone"),
)
# What templates, pictures and secrets are sealed with; the keys themselves lie in a file.
vault_keys = table(
    "vault_keys",
    Column("id", NAME, primary_key=True),
    *times("created_at"),
    # Since when nothing is sealed with another key, or not at all; null: not yet.
    Column("sealed_at", TIME),
)
# Keys that the gateway made for itself.
own_secrets = table(
    "own_secrets",
    Column("name", NAME, primary_key=True),
    Column("value", SealedText("own secret"), nullable=False),
    *times("created_at"),
)
counters = table(
    "counters",
    Column("name", NAME, primary_key=True),
    *numbers("value"),
)
retention_runs = table(
    "retention_runs",
    own_id(),
    day(),
    *names("who"),
    *times("started_at"),
    Column("finished_at", TIME),
    # How many of each class were deleted so far, as JSON; written in the transaction that deletes them.
    *texts("counts"),
)
