"""What one lane answered in a stretch of time, out of its node's own events; every look is audited."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter
from sqlalchemy import ColumnElement, Connection, select
from zhian_wire import codec, times
from zhian_wire.events import TYPE_OF, Decision

from .. import moments
from ..lanes.board import Decided, decided_of
from ..services import Services
from ..store import audit
from ..store.tables import events
from . import lane_shapes as shapes
from . import lane_views as views
from .access import Caller, Parts, users
from .orders import Name, check_lane
from .paging import Cursor, Limit, Moment, parse_id

router = APIRouter(prefix="/api/lanes")
#: Events are read so many at once; of a node's decisions some are other lanes'.
AT_ONCE: Final = 500


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

    `since` and `until` as for passages (RFC 3339, UTC, milliseconds; both included).
    """
    check_lane(parts, node, lane)
    if before is None:
        with parts.store.write() as link:
            subject, detail = f"{node}/{lane}", f"{since or ''} to {until or ''}"
            by = {"site": parts.site, "at": parts.now(), "who": caller.user}
            audit.record(link, **by, action="lane.decisions", subject=subject, detail=detail)
    where = [events.c.site == parts.site, events.c.node == node, *_between(parts, since, until)]
    with parts.store.read() as link:
        after = None if before is None else parse_id(before, "before")
        told = _told(link, lane, where, after)
        rows = [one for one, _ in zip(told, range(limit + 1), strict=False)]
        items = views.decisions(link, [each for _, each in rows[:limit]])
    return shapes.LaneDecisions(items=items, next=str(rows[limit - 1][0]) if len(rows) > limit else None)


def _between(parts: Services, since: str | None, until: str | None) -> Iterator[ColumnElement[bool]]:
    """By the local day too, which is what the store finds quickly."""
    if since is not None:
        yield events.c.time >= since
        yield events.c.day >= moments.local_day(times.from_text(since), parts.zone)
    if until is not None:
        yield events.c.time <= until
        yield events.c.day <= moments.local_day(times.from_text(until), parts.zone)


def _told(
    link: Connection, lane: str, where: list[ColumnElement[bool]], before: int | None
) -> Iterator[tuple[int, Decided]]:
    """The lane's decisions with their rows, the last one first."""
    query = select(events.c.id, events.c.body).where(*where, events.c.type == TYPE_OF[Decision])
    query = query.where(events.c.digest.is_(None)).order_by(events.c.id.desc()).limit(AT_ONCE)
    while rows := link.execute(query if before is None else query.where(events.c.id < before)).all():
        for row in rows:
            event = codec.decode(row.body)
            if isinstance(event.data, Decision) and event.data.lane == lane:
                yield row.id, decided_of(event, event.data)
        before = rows[-1].id
