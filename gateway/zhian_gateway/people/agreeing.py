"""Consents beside the one that recognition stands on: given, withdrawn, and asked for, per purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import Connection, select, update

from ..errors import NotFound
from ..store import audit
from ..store.tables import consents, people
from .consent import Ground

#: That guardians are told of their child.
NOTICES: Final = "notices"


def give(link: Connection, person_id: str, basis: Ground, *, site: str, who: str, now: str) -> None:
    """Somebody agreed for this person, for `basis.purpose`; what was agreed before for it does not hold any more.

    Raises:
        NotFound: nobody of that id is enrolled.
    """
    _check(link, person_id)
    _end(link, person_id, basis.purpose, now)
    values = {"purpose": basis.purpose, "ground": basis.text, "text_version": basis.text_version}
    values |= {"granted_by": basis.granted_by, "granted_at": now, "until": basis.until}
    link.execute(consents.insert().values(site=site, person_id=person_id, **values))
    detail = f"{basis.purpose}: {basis.text}; by {basis.granted_by}; until {basis.until}"
    audit.record(link, site=site, at=now, who=who, action="consent.give", subject=person_id, detail=detail)


def withdraw(link: Connection, person_id: str, purpose: str, *, site: str, who: str, now: str) -> None:
    """The consent for a purpose ends; where none was recorded, that it is refused is.

    Raises:
        NotFound: nobody of that id is enrolled.
    """
    _check(link, person_id)
    if _end(link, person_id, purpose, now) == 0:
        values = {"purpose": purpose, "ground": "refused", "text_version": "-", "granted_by": "", "granted_at": now}
        refused = values | {"until": now, "withdrawn_at": now}
        link.execute(consents.insert().values(site=site, person_id=person_id, **refused))
    audit.record(link, site=site, at=now, who=who, action="consent.withdraw", subject=person_id, detail=purpose)


def for_notices(basis: Ground) -> Ground:
    """The same ground, for notices."""
    return replace(basis, purpose=NOTICES)


def holds(link: Connection, person_id: str, purpose: str, now: str) -> bool | None:
    """Whether a consent for that purpose holds; None: nobody was ever asked."""
    theirs = (consents.c.person_id == person_id) & (consents.c.purpose == purpose)
    rows = link.execute(select(consents.c.until, consents.c.withdrawn_at).where(theirs)).all()
    return any(row.withdrawn_at is None and row.until > now for row in rows) if rows else None


def _check(link: Connection, person_id: str) -> None:
    query = select(people.c.id).where(people.c.id == person_id, people.c.withdrawn_at.is_(None))
    if link.execute(query).first() is None:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")


def _end(link: Connection, person_id: str, purpose: str, now: str) -> int:
    theirs = (consents.c.person_id == person_id) & (consents.c.purpose == purpose)
    ended = update(consents).where(theirs, consents.c.withdrawn_at.is_(None)).values(withdrawn_at=now)
    return int(link.execute(ended).rowcount)
