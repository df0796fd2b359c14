"""Enrolled people and pictures; every view of a picture is audited before it is given."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import select

from .. import moments
from ..errors import NotFound
from ..people import lookup
from ..pictures import media_type
from ..services import Services
from ..store import audit
from ..store.tables import passages, people
from . import shapes, views
from .access import Caller, Parts, users
from .sight import check_picture, portraits_for

router = APIRouter(prefix="/api")
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
PersonId = Annotated[str, Path(max_length=64)]
Day = Annotated[str | None, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
PICTURE: dict[int | str, dict[str, object]] = {200: {"content": {"image/jpeg": {}, "image/png": {}}}}


@router.get("/people")
@users("admin", "guard", "teacher")
def list_people(parts: Parts, caller: Caller) -> shapes.People:
    """Everybody enrolled, with the ground."""
    with parts.store.read() as link:
        rows = lookup.enrolled(link)
    _seen(parts, caller.user, "people.list", "")
    same = ("id", "name", "group", "watch", "templates", "ground", "until", "face", "begins", "ends")
    items = [shapes.PersonEntry(**{name: row[name] for name in same}, picture=views.portrait_url(row)) for row in rows]
    return shapes.People(items=items)


@router.get("/people/{person_id}/day")
@users("admin", "guard", "teacher")
def day(parts: Parts, caller: Caller, person_id: PersonId, day: Day = None) -> shapes.PersonDay:
    """Where somebody went on a local day (by default today), from zone to zone, and where they went last."""
    wanted = day or moments.local_day(parts.clock(), parts.zone)
    with parts.store.read() as link:
        row = link.execute(select(people).where(people.c.id == person_id)).mappings().one_or_none()
        if row is None or row["withdrawn_at"] is not None:
            raise NotFound(f"there is nobody enrolled as {person_id!r}")
        passed = (passages.c.person == row["opaque"]) & (passages.c.day == wanted)
        steps = link.execute(select(passages).where(passed).order_by(passages.c.time, passages.c.id)).mappings().all()
    _seen(parts, caller.user, "people.day", person_id, wanted)
    return views.person_day(row, wanted, steps)


@router.get("/people/{person_id}/picture", response_class=Response, responses=PICTURE)
@users("admin", "guard", "police", "teacher")
def portrait(parts: Parts, caller: Caller, person_id: PersonId) -> Response:
    """The enrolled picture."""
    query = select(people.c.portrait).where(people.c.id == person_id, portraits_for(caller.role))
    with parts.store.read() as link:
        sha256 = link.execute(query).scalar()
    if sha256 is None:
        raise NotFound("no such picture")
    data = parts.pictures.read_portrait(sha256)
    _seen(parts, caller.user, "portrait.view", person_id)
    return _picture(data)


@router.get("/pictures/{sha256}", response_class=Response, responses=PICTURE)
@users("admin", "guard", "police", "teacher")
def picture(parts: Parts, caller: Caller, sha256: Sha256) -> Response:
    """A picture of evidence."""
    with parts.store.read() as link:
        check_picture(link, caller.role, parts.config, sha256)
    data = parts.pictures.read(sha256)
    _seen(parts, caller.user, "picture.view", sha256)
    return _picture(data)


def _seen(parts: Services, who: str, action: str, subject: str, detail: str = "") -> None:
    with parts.store.write() as link:
        audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=subject, detail=detail)


def _picture(data: bytes) -> Response:
    # Not kept by the browser: faces do not belong on a guard room's disk, and every view is to be audited.
    return Response(data, media_type=media_type(data), headers={"Cache-Control": "private, no-store"})
