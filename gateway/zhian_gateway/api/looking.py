"""Who looked up what: one line of the audit for each look-up, not for each page or refresh of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select

from .. import moments
from ..auth.sessions import Session
from ..people.masking import tail
from ..people.resembling import resembles
from ..services import Services
from ..store import audit
from ..store.tables import audit as entries
from ..store.tables import credentials, people

ACTION: Final = "passages.search"
#: The same asked again within this time by the same user is the same look-up: its next page, or its refresh.
SAME: Final = timedelta(minutes=15)
#: Among so many of the newest entries it is looked for; beyond them it is a look-up of its own.
_LATELY: Final = 500
#: So many ids are named; who asks for half the school is told of by their number.
_NAMED: Final = 20


class LookUp(NamedTuple):
    """What stands in the audit.

    Nobody's name and no whole plate or card: they would outlive the erasure of whose they are.

    Attributes:
        subject: the person's id, where it is one person's; else the end of the card or plate that was asked for.
    """

    subject: str
    detail: str
    action: str = ACTION


class Asked(NamedTuple):
    """By what somebody is looked up; nothing: not by that."""

    person: str | None = None
    plate: str | None = None
    plate_near: str | None = None
    card: str | None = None


def up(link: Connection, parts: Services, caller: Session, asked: Asked) -> LookUp | None:
    """What is to be recorded of a question among the passages; None: it asked for nobody, or is recorded already."""
    numbers = {"plate": asked.plate, "plate near": asked.plate_near, "card": asked.card}
    ends = {what: tail(text) for what, text in numbers.items() if text}
    words = ["name or id"] if asked.person else []
    words += [f"{what} {end}" for what, end in ends.items()]
    if not words:
        return None
    found = _persons(link, asked)
    whom = f": {' '.join(found[:_NAMED])}" if found else ""
    many = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    subject = found[0] if len(found) == 1 else next(iter(ends.values()), "")
    told = LookUp(subject, f"{', '.join(words)}{whom}{many}")
    return None if is_known(link, parts, caller, told) else told


def is_called(part: str) -> ColumnElement[bool]:
    """Of people: by the id, or part of the name."""
    return or_(people.c.id == part, people.c.name.contains(part, autoescape=True))


def has_card(part: str) -> ColumnElement[bool]:
    """Of people: by part of the number of a card that they have, or had; what passed with it was theirs."""
    number = func.upper(credentials.c.value).contains(part.strip().upper(), autoescape=True)
    return people.c.id.in_(select(credentials.c.person_id).where(credentials.c.kind == "card", number))


def has_plate(asked: Asked) -> ColumnElement[bool]:
    """Of people: by part of a plate of theirs, or by one that is easily taken for it."""
    fits = [credentials.c.value.contains(asked.plate.strip().upper(), autoescape=True)] if asked.plate else []
    fits += [resembles(credentials.c.value, asked.plate_near)] if asked.plate_near else []
    return people.c.id.in_(select(credentials.c.person_id).where(credentials.c.kind == "plate", *fits))


def note(parts: Services, caller: Session, told: LookUp) -> None:
    """Write it down, unless this user's same look is recorded already; nothing that a caller sends decides that."""
    with parts.store.read() as link:
        known = is_known(link, parts, caller, told)
    if not known:
        record(parts, caller, told)


def record(parts: Services, caller: Session, told: LookUp) -> None:
    """Write it down."""
    with parts.store.write() as link:
        audit.record(link, site=parts.site, at=parts.now(), who=caller.user, **told._asdict())


def _persons(link: Connection, asked: Asked) -> list[str]:
    fits = [is_called(asked.person)] if asked.person else []
    fits += [has_card(asked.card)] if asked.card else []
    if not fits:
        # Who is asked for by name may have come in anybody's car.
        fits = [has_plate(asked)] if asked.plate or asked.plate_near else []
    return list(link.execute(select(people.c.id).where(*fits).order_by(people.c.id)).scalars()) if fits else []


def is_known(link: Connection, parts: Services, caller: Session, told: LookUp) -> bool:
    """Whether this user's same look-up is recorded already."""
    newest = link.execute(select(func.max(entries.c.id))).scalar() or 0
    since = moments.text(parts.clock() - SAME)
    lately = select(entries.c.id).where(entries.c.id > newest - _LATELY, entries.c.at >= since)
    same = lately.where(entries.c.who == caller.user, entries.c.action == told.action)
    return (
        link.execute(same.where(entries.c.subject == told.subject, entries.c.detail == told.detail)).first() is not None
    )
