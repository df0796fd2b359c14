"""Passages, and the day's numbers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import ColumnElement, Connection, and_, distinct, func, or_, select
from zhian_wire.alerts import OPEN

from .. import moments
from ..store.tables import alerts, passages, people
from . import shapes, views
from .access import Parts, users
from .paging import Cursor, Limit, Place, decode, encode

router = APIRouter(prefix="/api")
Filter = Annotated[str | None, Query(max_length=64)]


@router.get("/passages")
@users("admin", "guard", "teacher")
def list_passages(
    parts: Parts,
    *,
    before: Cursor = None,
    limit: Limit = 50,
    person: Filter = None,
    plate: Filter = None,
    camera: Filter = None,
) -> shapes.Passages:
    """Passages, newest first; if asked of one person (id, or part of the name), plate (or part of it) or camera."""
    where = _where(before, plate, camera)
    if person is not None:
        found = or_(people.c.id == person, people.c.name.contains(person, autoescape=True))
        where.append(passages.c.person.in_(select(people.c.opaque).where(found)))
    query = select(passages).where(*where).order_by(passages.c.time.desc(), passages.c.id.desc())
    with parts.store.read() as link:
        rows = link.execute(query.limit(limit + 1)).mappings().all()
        items = views.passages(link, rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return shapes.Passages(items=items, next=encode(Place(last["time"], last["id"])) if last else None)


def _where(before: str | None, plate: str | None, camera: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if before is not None:
        place = decode(before)
        older = and_(passages.c.time == place.time, passages.c.id < place.id)
        found.append(or_(passages.c.time < place.time, older))
    if plate is not None:
        found.append(passages.c.plate.contains(plate, autoescape=True))
    if camera is not None:
        found.append(passages.c.camera == camera)
    return found


@router.get("/summary")
@users("admin", "guard", "teacher")
def summary(parts: Parts) -> shapes.Summary:
    """The local day so far."""
    day = moments.local_day(parts.clock(), parts.zone)
    with parts.store.read() as link:
        today = shapes.Today(
            arrivals=_count(link, day, passages.c.movement == "arrival", passages.c.person.is_not(None)),
            departures=_count(link, day, passages.c.movement == "departure", passages.c.person.is_not(None)),
            unknown=_count(link, day, passages.c.kind == "face", passages.c.person.is_(None)),
            plates=link.execute(
                select(func.count(distinct(passages.c.plate))).where(passages.c.day == day)
            ).scalar_one(),
            alerts_open=link.execute(select(func.count()).where(alerts.c.state.in_(OPEN))).scalar_one(),
        )
    return shapes.Summary(today=today)


def _count(link: Connection, day: str, *where: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(passages).where(passages.c.day == day, *where)
    return link.execute(query).scalar_one()
