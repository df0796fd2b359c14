"""Who looked up whom among the passages: one line of the audit for each look-up, not for each page or refresh of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, or_, select

from .. import moments
from ..auth.sessions import Session
from ..services import Services
from ..store import audit
from ..store.tables import audit as entries
from ..store.tables import people

ACTION: Final = "passages.search"
#: The same asked again within this time by the same user is the same look-up: its next page, or its refresh.
SAME: Final = timedelta(minutes=15)
#: Among so many of the newest entries it is looked for; beyond them it is a look-up of its own.
_LATELY: Final = 500
#: So many ids are named; who asks for half the school is told of by their number.
_NAMED: Final = 20


class LookUp(NamedTuple):
    """What stands in the audit.

    Attributes:
        subject: the person's id, where it is one person's; else what was asked for.
    """

    subject: str
    detail: str


def up(link: Connection, parts: Services, caller: Session, *, person: str | None, plate: str | None) -> LookUp | None:
    """What is to be recorded of a question; None: it asked for nobody, or is recorded already."""
    if not person and not plate:
        return None
    found = _persons(link, person) if person else []
    asked = ", ".join(f"{what} {text!r}" for what, text in (("person", person), ("plate", plate)) if text)
    whom = f": {' '.join(found[:_NAMED])}" if found else ""
    many = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    told = LookUp(found[0] if len(found) == 1 else person or plate or "", f"{asked}{whom}{many}")
    return None if _is_known(link, parts, caller, told) else told


def record(parts: Services, caller: Session, told: LookUp) -> None:
    """Write it down."""
    with parts.store.write() as link:
        subject, detail = told
        audit.record(
            link, site=parts.site, at=parts.now(), who=caller.user, action=ACTION, subject=subject, detail=detail
        )


def _persons(link: Connection, part: str) -> list[str]:
    fits = or_(people.c.id == part, people.c.name.contains(part, autoescape=True))
    return list(link.execute(select(people.c.id).where(fits).order_by(people.c.id)).scalars())


def _is_known(link: Connection, parts: Services, caller: Session, told: LookUp) -> bool:
    newest = link.execute(select(func.max(entries.c.id))).scalar() or 0
    since = moments.text(parts.clock() - SAME)
    lately = select(entries.c.id).where(entries.c.id > newest - _LATELY, entries.c.at >= since)
    same = lately.where(entries.c.who == caller.user, entries.c.action == ACTION)
    return (
        link.execute(same.where(entries.c.subject == told.subject, entries.c.detail == told.detail)).first() is not None
    )
