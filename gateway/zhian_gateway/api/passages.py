"""Passages, and the day's numbers."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from sqlalchemy import ColumnElement, and_, distinct, func, or_, select, true
from zhian_wire.alerts import OPEN

from .. import moments
from ..auth.sessions import Session
from ..config_types import Config
from ..people.resembling import resembles
from ..services import Services
from ..store.tables import alerts, passages, people
from . import looking
from . import passage_shapes as shapes
from . import passage_views as views
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .paging import Cursor, Limit, Place, decode, encode
from .sight import passages_for, persons_for
from .when import Moment

router = GuardedRouter(prefix="/api")
Filter = Annotated[str | None, Query(max_length=64)]


@router.get("/passages")
@users("admin", "guard", "teacher")
def list_passages(
    parts: Parts,
    caller: Caller,
    *,
    before: Cursor = None,
    limit: Limit = 50,
    person: Filter = None,
    plate: Filter = None,
    plate_near: Filter = None,
    card: Filter = None,
    camera: Filter = None,
    place: Filter = None,
    node: Filter = None,
    since: Moment = None,
    until: Moment = None,
) -> shapes.Passages:
    """Passages, newest first; if asked by part of a person's name (or the id), of a plate or of a camera's id or name.

    `plate_near` also finds plates that are easily taken for it (O and 0, B and 8), `card` part of a card's number,
    `place` part of a camera's or lane's id or name. `since` and `until` (RFC 3339, UTC, milliseconds; both included)
    and `node` show what happened around something.
    A teacher sees those of people of their own classes alone.
    """
    where = [*_where(before, plate), *_around(node, since, until)]
    if plate_near is not None:
        where.append(resembles(passages.c.plate, plate_near))
    if camera is not None:
        where.append(_camera(parts.config, camera))
    if place is not None:
        where.append(or_(_camera(parts.config, place), _lane(parts.config, place)))
    if card is not None:
        where.append(passages.c.person.in_(select(people.c.opaque).where(looking.has_card(card))))
    if person is not None:
        where.append(passages.c.person.in_(select(people.c.opaque).where(looking.is_called(person))))
    query = select(passages).where(*where).order_by(passages.c.time.desc(), passages.c.id.desc())
    with parts.store.read() as link:
        query = query.where(passages_for(link, caller))
        rows = link.execute(query.limit(limit + 1)).mappings().all()
        items = views.passages(link, rows[:limit])
        told = looking.up(link, parts, caller, looking.Asked(person, plate, plate_near, card))
    if told is not None:
        looking.record(parts, caller, told)
    last = rows[limit - 1] if len(rows) > limit else None
    return shapes.Passages(items=items, next=encode(Place(last["time"], last["id"])) if last else None)


def _where(before: str | None, plate: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if before is not None:
        place = decode(before)
        older = and_(passages.c.time == place.time, passages.c.id < place.id)
        found.append(or_(passages.c.time < place.time, older))
    if plate is not None:
        found.append(passages.c.plate.contains(plate, autoescape=True))
    return found


def _around(node: str | None, since: str | None, until: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if node is not None:
        found.append(passages.c.node == node)
    if since is not None:
        found.append(passages.c.time >= since)
    if until is not None:
        found.append(passages.c.time <= until)
    return found


def _camera(config: Config, part: str) -> ColumnElement[bool]:
    """By part of the id, or of what people call it."""
    named = [one for one in config.cameras if part.casefold() in one.name.casefold()]
    called = [and_(passages.c.camera == one.id, passages.c.node == one.node if one.node else true()) for one in named]
    return or_(passages.c.camera.contains(part, autoescape=True), *called)


def _lane(config: Config, part: str) -> ColumnElement[bool]:
    named = [one.id for one in config.lanes if part.casefold() in one.name.casefold()]
    return or_(passages.c.lane.contains(part, autoescape=True), passages.c.lane.in_(named))


@router.get("/summary")
@users("admin", "guard", "teacher")
def summary(parts: Parts, caller: Caller) -> shapes.Summary:
    """The local day so far; for a teacher, that of their own classes."""
    day = moments.local_day(parts.clock(), parts.zone)
    whose = caller.user if caller.role == "teacher" else ""
    passed = parts.lately.of((day, whose), lambda: _passed(parts, caller, day))
    with parts.store.read() as link:
        theirs = alerts.c.state.in_(OPEN) & persons_for(link, caller, alerts.c.person)
        open_now = link.execute(select(func.count()).select_from(alerts).where(theirs)).scalar_one()
    return shapes.Summary(today=shapes.Today(**passed, alerts_open=open_now))


def _passed(parts: Services, caller: Session, day: str) -> dict[str, int]:
    """What went over the lines that day, counted in one look: a district's day has a million passages."""
    named, moved = passages.c.person.is_not(None), passages.c.movement
    query = select(
        func.count().filter(moved == "arrival", named).label("arrivals"),
        func.count().filter(moved == "departure", named).label("departures"),
        func.count().filter(passages.c.kind == "face", passages.c.person.is_(None)).label("unknown"),
        func.count(distinct(passages.c.plate)).label("plates"),
    )
    with parts.store.read() as link:
        query = query.select_from(passages).where(passages.c.day == day, passages_for(link, caller))
        return dict(link.execute(query).mappings().one())
