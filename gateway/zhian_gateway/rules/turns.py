"""Which stored events are followed next: in their order, but no alert waits behind a backlog."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, func, select
from zhian_wire.events import TYPE_OF, Alert, Health

from ..store import counters
from ..store.tables import events

#: Of what nodes send first, too. They are followed in their own order, so that a recovery never comes before its fault.
URGENT: Final = frozenset({TYPE_OF[Alert], TYPE_OF[Health]})
_COLUMNS: Final = (events.c.id, events.c.type, events.c.day, events.c.received_at, events.c.body)


class Turn(NamedTuple):
    """The next events; `more` says that the cursors have moved, also where none of these was left to follow."""

    rows: list[Row[Any]]
    more: bool


def waiting(link: Connection) -> bool:
    """Whether anything is stored that was not followed."""
    done = counters.current(link, "followed")
    return _head(link, done) > done


def take(link: Connection, limit: int) -> Turn:
    """At most `limit` events, whose turn is over when the transaction commits.

    Everything up to the counter `followed` had its turn, and everything urgent up to `followed_urgent`.
    """
    done, urgent = counters.current(link, "followed"), counters.current(link, "followed_urgent")
    head = _head(link, done)
    if head <= done:
        return Turn([], False)
    if head - done > limit:
        rows = _urgent(link, max(done, urgent), head, limit)
        if rows:
            counters.put(link, "followed_urgent", rows[-1].id if len(rows) == limit else head)
            return Turn(rows, True)
        urgent = head
        counters.put(link, "followed_urgent", head)
    query = select(*_COLUMNS).where(events.c.id > done).order_by(events.c.id).limit(limit)
    rows = list(link.execute(query))
    counters.put(link, "followed", rows[-1].id)
    return Turn([row for row in rows if row.id > urgent or row.type not in URGENT], True)


def _urgent(link: Connection, after: int, head: int, limit: int) -> list[Row[Any]]:
    query = select(*_COLUMNS).where(events.c.id > after, events.c.id <= head, events.c.type.in_(URGENT))
    return list(link.execute(query.order_by(events.c.id).limit(limit)))


def _head(link: Connection, done: int) -> int:
    """The last event's row; `done` where nothing came since.

    Asked of what came since alone: of all events PostgreSQL would ask every month, also one that is written anew.
    """
    newest = select(func.coalesce(func.max(events.c.id), done)).where(events.c.id > done)
    return int(link.execute(newest).scalar_one())
