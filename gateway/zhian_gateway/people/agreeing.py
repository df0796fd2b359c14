"""Agreeing to a purpose, and taking it back, for somebody who is enrolled; each is on the record."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select

from ..errors import NotFound
from ..store import audit
from ..store.tables import people
from . import consents
from .consent import NOTICES, Ground


def give(link: Connection, person_id: str, basis: Ground, *, site: str, who: str, now: str) -> None:
    """Somebody agreed for this person, for `basis.purpose`; what was agreed before for it does not hold any more.

    Raises:
        NotFound: nobody of that id is enrolled.
    """
    _check(link, person_id)
    consents.record(link, site, person_id, basis, now)
    detail = f"{basis.purpose}: {basis.text}; by {basis.given_by or basis.granted_by}; until {basis.until}"
    audit.record(link, site=site, at=now, who=who, action="consent.give", subject=person_id, detail=detail)


def withdraw(link: Connection, person_id: str, purpose: str, *, site: str, who: str, now: str) -> None:
    """The consent for a purpose ends; where none was recorded, that it is refused is.

    Raises:
        NotFound: nobody of that id is enrolled.
    """
    _check(link, person_id)
    consents.refuse(link, site, person_id, purpose, who=who, now=now)
    audit.record(link, site=site, at=now, who=who, action="consent.withdraw", subject=person_id, detail=purpose)


def for_notices(basis: Ground) -> Ground:
    """The same ground, for notices."""
    return replace(basis, purpose=NOTICES)


def _check(link: Connection, person_id: str) -> None:
    query = select(people.c.id).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    if link.execute(query).first() is None:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
