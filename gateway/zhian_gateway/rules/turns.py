"""Which stored events are followed next: in their order, but no alert waits behind a backlog."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, func, select
from zhian_wire.events import TYPE_OF, Alert, Health

from ..store import counters
from ..store.migrations import NUMBER
from ..store.tables import events

#: Of what nodes send first, too. They are followed in their own order, so that a recovery never comes before its fault.
URGENT: Final = frozenset({TYPE_OF[Alert], TYPE_OF[Health]})
_COLUMNS: Final = tuple(events.c[name] for name in ("id", "type", "day", "received_at", "body", "node", "epoch", "seq"))
# Built once: these are asked for every batch.
#: Asked of what came since alone: of all events PostgreSQL would ask every month, also one that is written anew.
_HEAD: Final = select(func.coalesce(func.max(events.c.id), bindparam("after", type_=NUMBER))).where(
    events.c.id > bindparam("after", type_=NUMBER)
)
_NEXT: Final = (
    select(*_COLUMNS)
    .where(events.c.id > bindparam("after"))
    .order_by(events.c.id)
    .limit(bindparam("most", type_=NUMBER))
)
_OLDEST: Final = select(events.c.received_at).where(events.c.id > bindparam("after")).order_by(events.c.id).limit(1)
_URGENT: Final = _NEXT.where(events.c.id <= bindparam("head"), events.c.type.in_(sorted(URGENT)))


class Turn(NamedTuple):
    """The next events; `more` says that the cursors have moved, also where none of these was left to follow."""

    rows: list[Row[Any]]
    more: bool


class Look(NamedTuple):
    """What waits: anything, and anything urgent; `head` is the last event's row."""

    waits: bool
    hurries: bool
    head: int


def waiting(link: Connection) -> bool:
    """Whether anything is stored that was not followed."""
    done = counters.current(link, "followed")
    return _head(link, done) > done


def waiting_since(link: Connection) -> str | None:
    """When the first event was received that was not followed; None: everything was."""
    after = {"after": counters.current(link, "followed")}
    received: str | None = link.execute(_OLDEST, after).scalar()
    return received


def look(link: Connection, after: int) -> Look:
    """Whether anything waits, and anything urgent that was stored after row `after`: up to there none is left."""
    done, urgent = _cursors(link)
    head, reached = _head(link, done), max(done, urgent, after)
    return Look(head > done, head > reached and bool(_urgent(link, reached, head, 1)), head)


def take(link: Connection, limit: int) -> Turn:
    """At most `limit` events, whose turn is over when the transaction commits.

    Everything up to the counter `followed` had its turn, and everything urgent up to `followed_urgent`.
    """
    done, urgent = _cursors(link)
    head = _head(link, done)
    if head <= done:
        return Turn([], False)
    if head - done > limit:
        turn = take_urgent(link, limit, head)
        if turn.rows:
            return turn
        urgent = counters.current(link, "followed_urgent")
    # Nothing urgent is left up to here, or so little is waiting that all of it goes in its order.
    rows: list[Row[Any]] = list(link.execute(_NEXT, {"after": done, "most": limit}))
    counters.put(link, "followed", rows[-1].id)
    return Turn([row for row in rows if row.id > urgent or row.type not in URGENT], True)


def take_urgent(link: Connection, limit: int, head: int, after: int = 0) -> Turn:
    """As `take`, of the urgent ones alone up to row `head`; the others keep their turn.

    `after`: up to there none is left.
    """
    reached = max(*_cursors(link), after)
    if head <= reached:
        return Turn([], False)
    rows = _urgent(link, reached, head, limit)
    counters.put(link, "followed_urgent", rows[-1].id if len(rows) == limit else head)
    return Turn(rows, bool(rows))


def _cursors(link: Connection) -> tuple[int, int]:
    return counters.both(link, "followed", "followed_urgent")


def _urgent(link: Connection, after: int, head: int, limit: int) -> list[Row[Any]]:
    return list(link.execute(_URGENT, {"after": after, "head": head, "most": limit}))


def _head(link: Connection, done: int) -> int:
    """The last event's row; `done` where nothing came since."""
    return int(link.execute(_HEAD, {"after": done}).scalar_one())
