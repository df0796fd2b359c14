"""The office types what it knows of somebody: name, place, days, plates, guardians, a photograph."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from ..auth.scope import scope
from ..auth.sessions import Session
from ..errors import BadInput
from ..family import carers
from ..notices import office
from ..people import collecting, photographs
from ..people.files import Guardian
from ..people.particulars import GuardianSaid
from ..services import Services
from . import desk_shapes, notice_views
from . import particular_shapes as shapes
from .access import Caller, Parts, users
from .bodies import read_body
from .desk import PersonId, file_of, person_of
from .guarded import GuardedRouter
from .nodes import BODY
from .notice_shapes import Guardians
from .paging import parse_id

router = GuardedRouter(prefix="/api")
Change = Callable[[Connection, dict[str, str]], None]


@router.post("/people/{person_id}/particulars")
@users("admin")
def set_particulars(
    parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.ParticularsRequest
) -> desk_shapes.PersonFile:
    """Name, group, schedule and days; what is null stays as it is."""

    def change(link: Connection, by: dict[str, str]) -> None:
        if wanted.name is not None:
            parts.particulars.rename(link, person_id, wanted.name.strip(), **by)
        if wanted.group is not None or wanted.schedule is not None:
            parts.particulars.place(link, person_id, wanted.group, wanted.schedule, **by)
        if wanted.begins is not None or wanted.ends is not None:
            parts.editor.set_validity(link, person_id, wanted.begins, wanted.ends, **by)

    return _changed(parts, caller, person_id, change)


@router.post("/people/{person_id}/plates")
@users("admin")
def set_plates(
    parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.PlatesRequest
) -> desk_shapes.PersonFile:
    """Somebody's vehicles are these, and no others. 409 `plate_taken`: somebody else has one."""

    def change(link: Connection, by: dict[str, str]) -> None:
        sees = scope(link, caller.user, caller.role)
        parts.particulars.set_plates(link, person_id, wanted.plates, sees=sees, **by)

    return _changed(parts, caller, person_id, change)


@router.put("/people/{person_id}/photograph", openapi_extra=BODY)
@users("admin")
async def put_photograph(parts: Parts, caller: Caller, person_id: PersonId, request: Request) -> desk_shapes.PersonFile:
    """A photograph by which the face is known from now on, in place of those of before; only with consent."""
    data = await read_body(request, photographs.MOST)
    await run_in_threadpool(lambda: photographs.take(parts, person_id, data, who=caller.user))
    parts.bell.ring()
    with parts.store.read() as link:
        return file_of(link, parts, person_of(link, caller, person_id))


@router.post("/people/{person_id}/guardians")
@users("admin")
def add_guardian(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.GuardianRequest) -> Guardians:
    """Somebody more is told of the child, and of the siblings who are named."""
    guardian = Guardian(address=wanted.address, name=wanted.name.strip(), language=wanted.language)
    with parts.store.write() as link:
        person_of(link, caller, person_id)
        strange = set(wanted.siblings) - {row["id"] for row in collecting.siblings(link, person_id)}
        if strange:
            raise BadInput(f"{', '.join(sorted(strange))}: no sibling of {person_id}")
        for child in (person_id, *sorted(set(wanted.siblings))):
            parts.particulars.add_guardian(link, child, guardian, who=caller.user, now=parts.now())
        return _guardians(link, person_id)


@router.put("/guardians/{guardian_id}")
@users("admin")
def change_guardian(parts: Parts, caller: Caller, guardian_id: str, wanted: shapes.GuardianChange) -> Guardians:
    """Another name, language or address of a guardian; their phone stays bound."""
    number = parse_id(guardian_id, "guardian")
    said = GuardianSaid(wanted.name.strip(), wanted.language, wanted.address)
    with parts.store.write() as link:
        person_id = parts.particulars.change_guardian(link, number, said, who=caller.user, now=parts.now())
        return _guardians(link, person_id)


@router.delete("/guardians/{guardian_id}")
@users("admin")
def remove_guardian(parts: Parts, caller: Caller, guardian_id: str) -> Guardians:
    """They are told of the child no more, and their phone sees it no more."""
    number = parse_id(guardian_id, "guardian")
    with parts.store.write() as link:
        person_id = parts.particulars.remove_guardian(link, number, who=caller.user, now=parts.now())
        carers.sweep(link)
        return _guardians(link, person_id)


def _changed(parts: Services, caller: Session, person_id: str, change: Change) -> desk_shapes.PersonFile:
    """All of it or nothing; the person as they are then."""
    with parts.store.write() as link:
        row = person_of(link, caller, person_id)
        change(link, {"who": caller.user, "now": parts.now()})
        found = file_of(link, parts, person_of(link, caller, row["id"]))
    parts.bell.ring()
    return found


def _guardians(link: Connection, person_id: str) -> Guardians:
    rows = office.guardians_of(link, person_id)
    phones = carers.bound(link, [row["id"] for row in rows])
    return Guardians(items=[notice_views.guardian(row, phones.get(row["id"])) for row in rows])
