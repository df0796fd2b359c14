"""What one lane answered in a stretch of time, out of its node's own events; every look is on the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import ColumnElement, Connection, select
from zhian_wire import codec, times
from zhian_wire.events import TYPE_OF, Decision

from .. import moments
from ..lanes.board import Decided, decided_of
from ..services import Services
from ..store.tables import events
from . import lane_shapes as shapes
from . import lane_views as views
from . import looking
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .orders import Name, check_lane
from .paging import Cursor, Limit, parse_id
from .when import Moment

router = GuardedRouter(prefix="/api/lanes")
#: Events are read so many at once; of a node's decisions some are other lanes'.
AT_ONCE: Final = 500
#: One answer looks at so many; a page may be short, or empty, and say where to go on.
MOST: Final = 5000


@router.get("/{node}/{lane}/decisions")
@users("admin", "guard")
def list_decisions(
    parts: Parts,
    caller: Caller,
    node: Name,
    lane: Name,
    *,
    before: Cursor = None,
    limit: Limit = 50,
    since: Moment = None,
    until: Moment = None,
) -> shapes.LaneDecisions:
    """Whom a lane let in or refused and why, newest first, as far as its events are still kept.

    `since` and `until` as for passages (RFC 3339, UTC, milliseconds; both included). One answer looks at 5000 events of
    the node: where others than this lane's are many, a page may be short or empty and still have a `next`.
    """
    check_lane(parts, node, lane)
    looking.note(parts, caller, looking.LookUp(f"{node}/{lane}", f"{since or ''} to {until or ''}", "lane.decisions"))
    where = [events.c.site == parts.site, events.c.node == node, *_between(parts, since, until)]
    with parts.store.read() as link:
        after = None if before is None else parse_id(before, "before")
        found, place = _page(_looked_at(link, lane, where, after), limit)
        items = views.decisions(link, found)
    return shapes.LaneDecisions(items=items, next=None if place is None else str(place))


def _page(rows: Iterator[tuple[int, Decided | None]], limit: int) -> tuple[list[Decided], int | None]:
    """The next decisions, and behind which row it goes on (None: there is nothing more)."""
    found: list[Decided] = []
    # Of the last one that is told; and of the last one that was looked at before there are enough.
    place = seen = 0
    for number, (row, decided) in enumerate(rows):
        if len(found) == limit and decided is not None:
            return found, place
        if number == MOST:
            return found, place if len(found) == limit else seen
        seen = row
        if decided is not None:
            found.append(decided)
            place = row
    return found, None


def _between(parts: Services, since: str | None, until: str | None) -> Iterator[ColumnElement[bool]]:
    """By the local day too, which is what the store finds quickly."""
    if since is not None:
        yield events.c.time >= since
        yield events.c.day >= moments.local_day(times.from_text(since), parts.zone)
    if until is not None:
        yield events.c.time <= until
        yield events.c.day <= moments.local_day(times.from_text(until), parts.zone)


def _looked_at(
    link: Connection, lane: str, where: list[ColumnElement[bool]], before: int | None
) -> Iterator[tuple[int, Decided | None]]:
    """The node's decisions by their rows, the last one first; None: another lane's."""
    query = select(events.c.id, events.c.body).where(*where, events.c.type == TYPE_OF[Decision])
    query = query.where(events.c.digest.is_(None)).order_by(events.c.id.desc()).limit(AT_ONCE)
    while rows := link.execute(query if before is None else query.where(events.c.id < before)).all():
        for row in rows:
            event = codec.decode(row.body)
            said = event.data
            yield row.id, decided_of(event, said) if isinstance(said, Decision) and said.lane == lane else None
        before = rows[-1].id
