"""Erases one person: afterwards nothing here says who it was, what they looked like, or where they went.

What stays are counts and proof: that somebody passed, when and where; number and hash of each event; that there was a
consent of such a kind from then to then; what nodes confirmed; and the audit, which says that the erasure was done.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from ..family import carers
from ..services import Services
from ..store import audit
from ..store.tables import (
    consents,
    credentials,
    deletions,
    people,
    watch_entries,
)
from . import blanking, elsewhere, latecomers, refused, unnaming
from .mentions import names_of
from .unnaming import ERASED


@dataclass(frozen=True)
class Erasure:
    """What was done; `record` is the name under which the proof stays."""

    record: str
    passages: int
    events: int
    """With messages that were refused."""
    cases: int


def erase(parts: Services, person_id: str, *, who: str, why: str) -> Erasure:
    """Erase somebody, enrolled or withdrawn. One that is interrupted is done by being asked for again.

    Raises:
        NotFound: nobody is or was enrolled by that id.
        Conflict: an open case is about them.
    """
    with parts.store.read() as link:
        named = names_of(link, person_id)
        blanking.check_cases(link, named)
        seen = latecomers.so_far(link)
    # In batches, before the names that lead to them are gone.
    emptied = blanking.events(parts, named.tokens, named.former)
    emptied += refused.empty_all(parts, named.tokens, named.former)
    unnaming.everywhere(parts, named.opaque)
    with parts.store.write() as link:
        blanking.check_cases(link, named)
        gone = _withdraw(parts, link, person_id, who, why)
        crops_of, passed = blanking.their_passages(link, named, parts.now())
        photos, cases = blanking.their_cases(link, named, parts.now())
        elsewhere.forget(link, named)
        record = _record(link, person_id)
        # Not before the next sweep, which would be after the file was gone over.
        carers.sweep(link)
        latecomers.go_back(link, seen)
        detail = f"{why}; {passed} passages, {emptied} events, {cases} cases; the proof stays as {record}"
        audit.record(
            link, site=parts.site, at=parts.now(), who=who, action="people.erase", subject=person_id, detail=detail
        )
    parts.pictures.delete([*gone, *crops_of, *photos])
    parts.store.overwrite()
    return Erasure(record, passed, emptied, cases)


def _withdraw(parts: Services, link: Connection, person_id: str, who: str, why: str) -> list[str]:
    """The files to delete of somebody who had not withdrawn yet."""
    left = link.execute(select(people.c.withdrawn_at).where(people.c.id == person_id)).scalar_one()
    return [] if left is not None else parts.registry.withdraw(link, person_id, who=who, now=parts.now(), why=why)


def _record(link: Connection, person_id: str) -> str:
    """Put a record without a person in the person's place; its name."""
    row = link.execute(select(people).where(people.c.id == person_id)).mappings().one()
    record = f"{ERASED}-{secrets.token_hex(6)}"
    blank = {"id": record, "opaque": f"{record}-nobody", "name": "", "group": "", "schedule": "", "portrait": None}
    link.execute(people.insert().values(dict(row) | blank | {"begins": None, "ends": None, "watch": False}))
    nobody = {"person_id": record, "ground": "", "granted_by": "", "given_by": "", "given_on": ""}
    link.execute(update(consents).where(consents.c.person_id == person_id).values(nobody))
    link.execute(update(deletions).where(deletions.c.person_id == person_id).values(person_id=record))
    link.execute(delete(credentials).where(credentials.c.person_id == person_id))
    link.execute(delete(watch_entries).where(watch_entries.c.id == person_id))
    link.execute(delete(people).where(people.c.id == person_id))
    return record
