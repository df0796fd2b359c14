"""Nodes: how they are admitted, and how far they say that they have counted."""

from __future__ import annotations

from sqlalchemy import Column

from ..migrations import NUMBER
from .columns import DIGEST, NAME, TIME, day_key, keys, names, numbers, table, times

nodes = table(
    "nodes",
    *keys("site", "node"),
    Column("token", DIGEST, nullable=False),
    *times("created_at"),
    Column("revoked_at", TIME),
    # When a revoked node said that it had deleted roster and pictures.
    Column("wiped_at", TIME),
    # Of its certificates only those of this number hold; another one with each joining.
    Column("generation", NUMBER, nullable=False, server_default="0"),
)
# Certificates that nodes were given. The authority's signature is what admits a node; a row only takes one away.
certificates = table(
    "certificates",
    Column("serial", NAME, primary_key=True),
    *names("site", "node"),
    *times("issued_at", "expires_at"),
    # When the node joined anew, so that this one holds no more.
    Column("replaced_at", TIME),
    # The authority's root that signed it; null: not known.
    Column("issuer", NAME),
    # When the node showed it first: what was given may not have arrived.
    Column("shown_at", TIME),
)
# The open one-time code of each node; `key` is the digest of the public key that it was used with.
invitations = table(
    "invitations",
    *keys("site", "node"),
    Column("secret", DIGEST, nullable=False),
    Column("key", DIGEST),
    *times("expires_at"),
)
# How far each node says that it has counted, by the heart-beat that said most.
words = table(
    "words",
    *keys("site", "node", "epoch"),
    *numbers("seq"),
    *times("at"),
    # The highest word below which a later one fell, and the highest seq that had arrived then; null: none fell.
    Column("fell_from", NUMBER),
    Column("arrived_then", NUMBER),
)
# How many events each node says that it decided on a local day, when it was last asked.
signed = table(
    "signed",
    *keys("site", "node", "epoch"),
    day_key(),
    *numbers("decided"),
    *times("at"),
)
epochs = table(
    "epochs",
    *keys("site", "node", "epoch"),
    # Highest seq without a hole, and highest ever seen.
    *numbers("through", "highest"),
    *times("first_at"),
)
