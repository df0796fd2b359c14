"""The office's desk: somebody's cards, consents and switches, and who may collect a child."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Path
from sqlalchemy import Connection, RowMapping, select

from ..auth.scope import scope
from ..auth.sessions import Session
from ..errors import BadInput, NotFound
from ..notices import office
from ..people import agreements, collecting, consents, details, ways
from ..people.consent import PURPOSES
from ..people.evidence import forget_of
from ..people.files import Card, Plate
from ..people.validity import validity
from ..services import Services
from ..store import audit
from ..store.tables import credentials, people
from . import desk_shapes as shapes
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .people_shapes import Consent
from .views import portrait_url

router = GuardedRouter(prefix="/api/people/{person_id}")
SAME = ("id", "name", "group", "watch", "face", "by_hand", "schedule", "begins", "ends")
PersonId = Annotated[str, Path(max_length=64)]


@router.get("/file")
@users("admin")
def person_file(parts: Parts, caller: Caller, person_id: PersonId) -> shapes.PersonFile:
    """What the office keeps of somebody."""
    with parts.store.read() as link:
        found = file_of(link, parts, person_of(link, caller, person_id))
    _seen(parts, caller, "people.file", person_id)
    return found


@router.post("/cards")
@users("admin")
def issue(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.CardRequest) -> shapes.PersonFile:
    """Give somebody a card; refused where somebody else has it."""
    with parts.changing() as link:
        parts.editor.issue(link, person_id, _card(wanted.card), who=caller.user, now=parts.now())
        return file_of(link, parts, person_of(link, caller, person_id))


@router.post("/cards/withdraw")
@users("admin")
def withdraw(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.CardLoss) -> shapes.PersonFile:
    """A card was lost, stolen or replaced: it opens nothing, whoever shows it is told of, and another may follow."""
    card, other = _card(wanted.card), _card(wanted.replacement) if wanted.replacement.strip() else ""
    with parts.changing() as link:
        if details.loser(link, card) != person_id:
            raise NotFound(f"{person_id} has no card {card} (now)")
        parts.editor.withdraw_card(link, card, why=wanted.why.strip(), who=caller.user, now=parts.now())
        if other:
            parts.editor.issue(link, person_id, other, who=caller.user, now=parts.now())
        return file_of(link, parts, person_of(link, caller, person_id))


@router.post("/cards/found")
@users("admin")
def found_again(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.CardRequest) -> shapes.PersonFile:
    """A card that was lost is found: it holds again."""
    with parts.changing() as link:
        parts.editor.return_card(link, person_id, _card(wanted.card), who=caller.user, now=parts.now())
        return file_of(link, parts, person_of(link, caller, person_id))


@router.post("/consents")
@users("admin")
def agree(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.ConsentRequest) -> shapes.PersonFile:
    """Record a consent to the present text of a purpose."""
    said = agreements.Agreement(wanted.purpose, wanted.until, wanted.by.strip(), wanted.on or "")
    with parts.changing() as link:
        agreements.give(link, parts, person_id, said, who=caller.user)
        return file_of(link, parts, person_of(link, caller, person_id))


@router.post("/consents/withdraw")
@users("admin")
def disagree(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.ConsentEnd) -> shapes.PersonFile:
    """A consent is taken back: of the face, templates and enrolled pictures go, here and at every node."""
    with parts.changing() as link:
        person_of(link, caller, person_id)
        said = {"who": caller.user, "now": parts.now(), "why": "withdrawn", "given_by": wanted.by.strip()}
        orphans = list(parts.registry.refuse(link, person_id, wanted.purpose, **said))
        orphans += forget_of(link, person_id) if wanted.purpose == "evidence" else ()
        found = file_of(link, parts, person_of(link, caller, person_id))
    parts.pictures.delete(orphans)
    return found


@router.post("/switches")
@users("admin")
def switch(parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.Switches) -> shapes.PersonFile:
    """Look for somebody's face or not; let guards let them in by hand or not."""
    said = {"why": wanted.why.strip(), "who": caller.user, "now": parts.now()}
    with parts.changing() as link:
        if wanted.face is not None:
            parts.editor.switch_face(link, person_id, "on" if wanted.face else "off", **said)
        if wanted.by_hand is not None:
            parts.editor.set_by_hand(link, person_id, "on" if wanted.by_hand else "off", **said)
        return file_of(link, parts, person_of(link, caller, person_id))


@router.get("/collectors")
@users("admin", "guard", "teacher")
def list_collectors(parts: Parts, caller: Caller, person_id: PersonId) -> shapes.Collectors:
    """Who may collect a child; a teacher asks for those of the own classes."""
    with parts.store.read() as link:
        person_of(link, caller, person_id)
        found = _collectors(link, parts, person_id)
    _seen(parts, caller, "collectors.view", person_id)
    return found


@router.post("/collectors")
@users("admin")
def add_collector(
    parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.CollectorRequest
) -> shapes.Collectors:
    """Let somebody collect the child, and the siblings that are named."""
    key = _key(wanted.kind, wanted.value)
    span = validity(wanted.begins or "", wanted.ends or "", parts.zone)
    held = collecting.terms(span, wanted.days, wanted.note, wanted.turn, wanted.turn_from or "")
    with parts.changing() as link:
        known = {row["id"] for row in collecting.siblings(link, person_id)}
        if strange := set(wanted.siblings) - known:
            raise BadInput(f"{', '.join(sorted(strange))}: no sibling of {person_id}")
        for child in (person_id, *sorted(set(wanted.siblings))):
            parts.editor.add_collector(link, child, key, held, who=caller.user, now=parts.now())
        return _collectors(link, parts, person_id)


@router.post("/collectors/remove")
@users("admin")
def remove_collector(
    parts: Parts, caller: Caller, person_id: PersonId, wanted: shapes.CollectorEnd
) -> shapes.Collectors:
    """They may not collect the child any more."""
    key = (wanted.kind, wanted.value.strip())
    with parts.changing() as link:
        parts.editor.remove_collector(link, person_id, key, who=caller.user, now=parts.now())
        return _collectors(link, parts, person_id)


def person_of(link: Connection, caller: Session, person_id: str) -> RowMapping:
    """NotFound for nobody, and for whom a teacher does not teach."""
    query = select(people).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    row = link.execute(query).mappings().one_or_none()
    allowed = scope(link, caller.user, caller.role)
    if row is None or (allowed is not None and row["group"] not in allowed):
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
    return row


def file_of(link: Connection, parts: Services, row: RowMapping) -> shapes.PersonFile:
    """What the office keeps of somebody, as it is now."""
    person_id = row["id"]
    by = ways.ways(link, [row], parts.now())[person_id]
    stands = consents.standings(link, parts.now(), [person_id])[person_id]
    plates = select(credentials.c.value).where(credentials.c.person_id == person_id, credentials.c.kind == "plate")
    return shapes.PersonFile(
        **{name: row[name] for name in SAME},
        cards=[
            shapes.CardEntry(**{name: card[name] for name in ("value", "issued_at", "withdrawn_at", "reason")})
            for card in details.cards_of(link, person_id)
        ],
        plates=list(link.execute(plates.order_by(credentials.c.value)).scalars()),
        guardians=[
            shapes.GuardianEntry(id=str(each["id"]), name=each["name"], language=each["language"])
            for each in office.guardians_of(link, person_id)
        ],
        consents={purpose: Consent(**vars(stands[purpose])) for purpose in PURPOSES},
        ways=list(by),
        stranded=not (by or row["watch"]),
        picture=portrait_url(row),
    )


def _collectors(link: Connection, parts: Services, person_id: str) -> shapes.Collectors:
    found = collecting.of_child(link, person_id, parts.clock(), parts.zone)
    return shapes.Collectors(
        items=[_collector(each) for each in found],
        siblings=[shapes.Sibling(**row) for row in collecting.siblings(link, person_id)],
    )


def _collector(found: collecting.Collecting) -> shapes.CollectorEntry:
    held = found.terms
    return shapes.CollectorEntry(
        kind="plate" if found.kind == "plate" else "person",
        value=found.value,
        name=found.name,
        known=found.known,
        begins=held.begins,
        ends=held.ends,
        days=[day for day in collecting.WEEKDAYS if day in held.days.split(",")],
        turn=held.turn,
        turn_from=held.turn_from,
        note=held.note,
        today=found.today,
        once=found.once,
    )


def _key(kind: str, value: str) -> tuple[str, str]:
    if kind == "person":
        return kind, value.strip()
    try:
        return kind, msgspec.convert(value.strip().upper(), Plate)
    except msgspec.ValidationError as error:
        raise BadInput(f"{value!r} is no plate, such as 京A12345") from error


def _card(text: str) -> str:
    try:
        return msgspec.convert(text.strip().upper(), Card)
    except msgspec.ValidationError as error:
        raise BadInput(f"{text!r} is no card: 4 to 32 hexadecimal digits, as a reader tells it") from error


def _seen(parts: Services, caller: Session, action: str, person_id: str) -> None:
    with parts.store.write() as link:
        audit.record(link, site=parts.site, at=parts.now(), who=caller.user, action=action, subject=person_id)
