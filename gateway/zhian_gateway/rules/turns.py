"""Which stored events are followed next: in their order, but no alert waits behind a backlog."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, func, select
from zhian_wire.events import TYPE_OF, Alert, Health

from ..store import counters
from ..store.tables import events

#: Of what nodes send first, too. They are followed in their own order, so that a recovery never comes before its fault.
URGENT: Final = frozenset({TYPE_OF[Alert], TYPE_OF[Health]})
_COLUMNS: Final = tuple(events.c[name] for name in ("id", "type", "day", "received_at", "body", "node", "epoch", "seq"))


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
    done = counters.current(link, "followed")
    head = _head(link, done)
    if head <= done:
        return Turn([], False)
    if head - done > limit:
        turn = take_urgent(link, limit)
        if turn.rows:
            return turn
    # Nothing urgent is left up to here, or so little is waiting that all of it goes in its order.
    urgent = counters.current(link, "followed_urgent")
    query = select(*_COLUMNS).where(events.c.id > done).order_by(events.c.id).limit(limit)
    rows: list[Row[Any]] = list(link.execute(query))
    counters.put(link, "followed", rows[-1].id)
    return Turn([row for row in rows if row.id > urgent or row.type not in URGENT], True)


def take_urgent(link: Connection, limit: int, after: int = 0) -> Turn:
    """As `take`, of the urgent ones alone; the others keep their turn. `after`: up to there none is left."""
    reached = _reached(link, after)
    head = _head(link, reached)
    if head <= reached:
        return Turn([], False)
    rows = _urgent(link, reached, head, limit)
    counters.put(link, "followed_urgent", rows[-1].id if len(rows) == limit else head)
    return Turn(rows, bool(rows))


def hurries(link: Connection, after: int) -> tuple[bool, int]:
    """Whether anything urgent waits that was stored after row `after`, and the last row that was looked at."""
    reached = _reached(link, after)
    head = _head(link, reached)
    return bool(head > reached and _urgent(link, reached, head, 1)), head


def _reached(link: Connection, after: int) -> int:
    """Up to where nothing urgent is left."""
    return max(counters.current(link, "followed"), counters.current(link, "followed_urgent"), after)


def _urgent(link: Connection, after: int, head: int, limit: int) -> list[Row[Any]]:
    query = select(*_COLUMNS).where(events.c.id > after, events.c.id <= head, events.c.type.in_(URGENT))
    return list(link.execute(query.order_by(events.c.id).limit(limit)))


def _head(link: Connection, done: int) -> int:
    """The last event's row; `done` where nothing came since.

    Asked of what came since alone: of all events PostgreSQL would ask every month, also one that is written anew.
    """
    newest = select(func.coalesce(func.max(events.c.id), done)).where(events.c.id > done)
    return int(link.execute(newest).scalar_one())
