"""The exact bytes of events: once their time is over, their sha256 stands for them.

Number, day and hash stay, so that the ledger counts as before, no hole opens, and a copy that comes late is still known
for one (or for a forgery, which it is as soon as one byte differs).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, literal, select, tuple_, update

from ..ingest.reading import digest_of
from ..store import counters, rewriting
from ..store.tables import events, refusals
from .classes import Gone, number
from .holds import held_passages

#: What only a person's order, or a fire's, has in it.
BY_HAND: Final = b'"kind":"manual"'


class Contents:
    """The bytes of events, but for orders by hand: these say who opened what, and are kept as long as the audit."""

    def __init__(self, orders_before: str | None) -> None:
        """`orders_before`: orders older than this go too; None: never."""
        self._orders_before = orders_before or ""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says; what the rules have not followed yet stays."""
        at, _, row = after.partition(" ")
        query = (
            select(events.c.id, events.c.received_at, events.c.body)
            # In the order of the index that holds only those with their bytes.
            .where(events.c.digest.is_(None), events.c.received_at < before)
            .where(tuple_(events.c.received_at, events.c.id) > tuple_(literal(at), literal(int(row or 0))))
            .where(events.c.id <= counters.current(link, "followed"), events.c.id.not_in(held_passages()))
            .order_by(events.c.received_at, events.c.id)
        )
        rows = link.execute(query.limit(limit)).all()
        if not rows:
            return Gone(0, None)
        due = [one.id for one in rows if one.received_at < self._orders_before or BY_HAND not in one.body]
        empty(link, due)
        return Gone(len(due), f"{rows[-1].received_at} {rows[-1].id}")


class Quarantine:
    """The bytes of messages that were refused."""

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says; number, reason and hash stay."""
        query = select(refusals.c.id).where(
            refusals.c.at < before, refusals.c.id > number(after), refusals.c.body != b""
        )
        ids = list(link.execute(query.order_by(refusals.c.id).limit(limit)).scalars())
        if not ids:
            return Gone(0, None)
        # What was wrong with it may quote it.
        link.execute(update(refusals).where(refusals.c.id.in_(ids)).values(body=b"", detail=""))
        return Gone(len(ids), str(ids[-1]))


def empty(link: Connection, ids: Sequence[int]) -> None:
    """Let the hash of these events stand for their bytes."""
    query = select(events).where(events.c.id.in_(ids), events.c.digest.is_(None))
    found = link.execute(query).mappings().all()
    if found:
        rows = [dict(row) | {"body": b"", "digest": digest_of(row["body"])} for row in found]
        rewriting.replace(link, events, rows, changed=("body", "digest"))
