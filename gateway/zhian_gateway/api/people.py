"""Enrolled people and pictures; every view of a picture is audited before it is given."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response
from sqlalchemy import select

from .. import moments
from ..auth.scope import scope
from ..errors import Withheld
from ..people import consents, details, lookup, ways
from ..pictures import media_type
from ..services import Services
from ..store import audit
from ..store.tables import passages, people
from . import passage_shapes, passage_views, people_shapes, people_views
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .paging import Cursor
from .sight import check_picture, portraits_for
from .when import Day

router = GuardedRouter(prefix="/api")
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
PersonId = Annotated[str, Path(max_length=64)]
#: Pages that choose among everybody ask for much at once.
Many = Annotated[int, Query(ge=1, le=1000)]
PICTURE: dict[int | str, dict[str, object]] = {200: {"content": {"image/jpeg": {}, "image/png": {}}}}


@router.get("/people")
@users("admin", "guard", "teacher")
def list_people(parts: Parts, caller: Caller, after: Cursor = None, limit: Many = 200) -> people_shapes.People:
    """Everybody enrolled, by id, with ground, consents and ways in; a teacher sees their own classes.

    `after` is a page's `next`; `stranded` counts all of them, on whichever page.
    """
    with parts.store.read() as link:
        allowed = scope(link, caller.user, caller.role)
        rows = [row for row in lookup.enrolled(link) if allowed is None or row["group"] in allowed]
        stands, by = consents.standings(link, parts.now()), ways.ways(link, rows, parts.now())
        kept = ways.faces(link)
        plates = details.plates(link) if caller.role != "teacher" else {}
    _seen(parts, caller.user, "people.list", "")
    items = [
        people_views.person_entry(row, stands[row["id"]], by[row["id"]], plates.get(row["id"], ())) for row in rows
    ]
    count = people_shapes.FaceCount(count=kept.count, warning=ways.WARNING, filing=ways.FILING, verdict=kept.verdict)
    # In an order of our own: databases sort text by their own languages.
    rest = sorted((each for each in items if after is None or each.id > after), key=lambda each: each.id)
    return people_shapes.People(
        items=rest[:limit],
        next=rest[limit - 1].id if len(rest) > limit else None,
        stranded=sum(1 for each in items if each.stranded),
        faces=count,
    )


@router.get("/people/{person_id}/day")
@users("admin", "guard", "teacher")
def day(parts: Parts, caller: Caller, person_id: PersonId, day: Day = None) -> passage_shapes.PersonDay:
    """Where somebody went on a local day (by default today), from zone to zone, and where they went last."""
    wanted = day or moments.local_day(parts.clock(), parts.zone)
    with parts.store.read() as link:
        row = link.execute(select(people).where(people.c.id == person_id)).mappings().one_or_none()
        allowed = scope(link, caller.user, caller.role)
        theirs = row is not None and (allowed is None or row["group"] in allowed)
        if row is None or row["withdrawn_at"] is not None or not theirs:
            raise Withheld(f"there is nobody enrolled as {person_id!r}")
        passed = (passages.c.person == row["opaque"]) & (passages.c.day == wanted)
        steps = link.execute(select(passages).where(passed).order_by(passages.c.time, passages.c.id)).mappings().all()
    _seen(parts, caller.user, "people.day", person_id, wanted)
    return passage_views.person_day(row, wanted, steps)


@router.get("/people/{person_id}/picture", response_class=Response, responses=PICTURE)
@users("admin", "guard", "police", "teacher")
def portrait(parts: Parts, caller: Caller, person_id: PersonId) -> Response:
    """The enrolled picture."""
    query = select(people.c.portrait).where(people.c.id == person_id, portraits_for(caller.role))
    with parts.store.read() as link:
        allowed = scope(link, caller.user, caller.role)
        sha256 = link.execute(query if allowed is None else query.where(people.c.group.in_(sorted(allowed)))).scalar()
    if sha256 is None:
        raise Withheld("no such picture")
    data = parts.pictures.read_portrait(sha256)
    _seen(parts, caller.user, "portrait.view", person_id)
    return _picture(data)


@router.get("/pictures/{sha256}", response_class=Response, responses=PICTURE)
@users("admin", "guard", "police", "teacher")
def picture(parts: Parts, caller: Caller, sha256: Sha256) -> Response:
    """A picture of evidence; a teacher sees those of passages of their own classes."""
    with parts.store.read() as link:
        check_picture(link, caller, parts.config, sha256)
    data = parts.pictures.read(sha256)
    _seen(parts, caller.user, "picture.view", sha256)
    return _picture(data)


def _seen(parts: Services, who: str, action: str, subject: str, detail: str = "") -> None:
    with parts.store.write() as link:
        audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=subject, detail=detail)


def _picture(data: bytes) -> Response:
    # Not kept by the browser: faces do not belong on a guard room's disk, and every view is to be audited.
    return Response(data, media_type=media_type(data), headers={"Cache-Control": "private, no-store"})
