"""Letting somebody in with a pass for the day: the roster has them until the visit ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, update

from .. import moments
from ..errors import BadInput, Conflict, PeopleError
from ..people import lookup
from ..people.enrolment import Enrolled
from ..people.files import PersonFile
from ..people.registry import NOTHING_SAID, Said
from ..services import Services
from ..store.tables import people
from . import ending, grounds, hours, life, passes, rows
from .asking import face_of
from .rows import Visit


@dataclass(frozen=True, kw_only=True)
class Pass:
    """What somebody gets beside the code: a card, and whether the face opens too; `decision`: why against a list."""

    card: str = ""
    face: bool = False
    decision: str = ""


def admit(parts: Services, visit: int, wanted: Pass, *, who: str) -> str:
    """Let somebody in: the roster has them until the visit ends; the code of their pass.

    Raises:
        NotFound: no such visit.
        Conflict: they are in, it is over, screening stands against it, or the card is somebody's.
        BadInput: a face without consent or picture, or a card that is none.
    """
    with parts.store.read() as link:
        row = rows.find(link, visit)
    found = _enrolled(parts, row, wanted)
    with parts.store.write() as link:
        now_row = rows.find(link, visit)
        if now_row[:] != row[:]:
            raise Conflict("the visit was changed meanwhile: look again")
        return _let_in(link, parts, row, wanted, found, who=who)


def _let_in(link: Connection, parts: Services, row: Visit, wanted: Pass, found: Enrolled, *, who: str) -> str:
    target = life.advance(row.state, "admit")
    decision = rows.reason(wanted.decision) if wanted.decision.strip() else ""
    if why := life.objection(row.screening, bool(decision)):
        raise Conflict(why)
    now, ends = parts.clock(), rows.moment(row, "ends")
    if ends <= now:
        raise Conflict("the visit's time is over: extend it first")
    person_id = row.person_id or f"visit-{row.id}"
    code = passes.code(parts.store.key, row.id, row.serial)
    about = _about(link, parts, row, (code, *filter(None, (wanted.card.upper(),))), found)
    _enrol(link, parts, row, person_id, about, found=found, who=who)
    values: dict[str, Any] = {"state": target, "person_id": person_id, "admitted_at": parts.now()}
    values |= {"card": wanted.card.upper() or None, "left_at": None}
    if decision and row.screening != "clear":
        values |= {"decided_by": who, "decided_why": decision}
        rows.change(link, parts, row.id, {}, action="visit.decide", who=who, why=f"{row.screening}: {decision}")
    rows.change(link, parts, row.id, values, action="visit.admit", who=who, why=_means(wanted, found))
    return code


def _means(wanted: Pass, found: Enrolled) -> str:
    return ", ".join(("code", *(["card"] if wanted.card else []), *(["face"] if found.templates else [])))


def _about(link: Connection, parts: Services, row: Visit, cards: tuple[str, ...], found: Enrolled) -> PersonFile:
    """As the roster has them: where they may go and until when, by their area and the visit's own time."""
    area = parts.config.visitors.area(row.area) or parts.config.visitors.areas[0]
    # A car that is somebody else's stays theirs: two who claim one plate would both be held up.
    owned = lookup.owners(link, [row.plate]) if row.plate else {}
    return PersonFile(
        name=row.name,
        group=area.group,
        schedule=area.schedule,
        cards=cards,
        plates=(row.plate,) if row.plate and not owned else (),
        begins=moments.text(hours.opens(rows.moment(row, "begins"), parts.clock())),
        ends=row.ends,
        face=bool(found.templates),
    )


def _enrol(
    link: Connection, parts: Services, row: Visit, person_id: str, about: PersonFile, *, found: Enrolled, who: str
) -> None:
    """As anybody who is enrolled, with an end: listed as long as the visit is kept, compared until it ends."""
    basis = grounds.listing(parts, row, who=who)
    said = Said((grounds.comparing(row, who=who),)) if found.templates else NOTHING_SAID
    try:
        parts.registry.enrol(link, person_id, about, basis, found, who=who, now=parts.now(), said=said)
    except PeopleError as error:
        raise Conflict(str(error)) from error
    link.execute(update(people).where(people.c.id == person_id).values(visitor=True))


def _enrolled(parts: Services, row: Visit, wanted: Pass) -> Enrolled:
    """Templates only where a face was agreed to and is wanted; the picture for the guards' eyes in any case."""
    portrait = parts.pictures.read_portrait(row.photo) if row.photo else None
    nothing = Enrolled("", (), (), (), (), portrait)
    if not wanted.face:
        return nothing
    if "face" not in row.agreed.split():
        raise BadInput("face: the visitor has not agreed to it")
    found = face_of(parts, row) if row.photo else None
    if found is None or not found.templates:
        raise BadInput("face: no photograph in which a face can be used")
    return Enrolled(found.key, found.templates, found.pictures, (), (), portrait)


def give_card(link: Connection, parts: Services, visit: int, card: str, *, who: str) -> None:
    """A temporary card for somebody who is in.

    Raises:
        Conflict: they are not in, have one already, or it is somebody else's.
    """
    row = _inside(link, visit)
    if row.card:
        raise Conflict("they have a card: it is to be given back first")
    try:
        parts.editor.issue(link, row.person_id, card.upper(), who=who, now=parts.now())
    except PeopleError as error:
        raise Conflict(str(error)) from error
    rows.change(link, parts, visit, {"card": card.upper()}, action="visit.card", who=who, why="issued")


def take_card(link: Connection, parts: Services, visit: int, *, who: str) -> None:
    """The temporary card is back, and free for the next visitor: it was not lost, so nothing is told of it.

    Raises:
        Conflict: they have none.
    """
    row = rows.find(link, visit)
    if not row.card:
        raise Conflict("they have no card")
    ending.free_card(link, parts, row, who=who)


def _inside(link: Connection, visit: int) -> Visit:
    row = rows.find(link, visit)
    if row.state != "inside":
        raise Conflict(f"the visit is {row.state}")
    return row
