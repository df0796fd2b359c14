"""Who looks at a child's days from a phone: a carer is bound to a guardian of each child by a code of the school.

The code is given out on paper or in person, is good once and for a few days, and only its digest is kept. A second
code, entered on a phone that is bound already, adds another child.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, exists, func, select, update

from .. import moments
from ..errors import Conflict, NotFound, NotLoggedIn, Withheld
from ..people.guardians import place_first
from ..store import audit
from ..store.tables import carer_browsers, carer_children, carer_codes, carers, guardians, people
from ..tokens import digest

#: Read aloud and typed by thumb: no letter that looks like a digit (Crockford's base 32).
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 60 bits: with the tries that one address has, nobody guesses one within its days.
LENGTH: Final = 12
LASTS: Final = timedelta(days=14)
_SEEN_AS: Final = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class Child:
    """A carer's child, and as which guardian they are its carer."""

    id: str
    name: str
    group: str
    opaque: str
    guardian_id: int


@dataclass(frozen=True)
class Carer:
    """Somebody with a phone."""

    id: int
    name: str
    language: str

    @property
    def signature(self) -> str:
        """As whom they stand in the audit log."""
        return f"carer/{self.id}"


def note(link: Connection, carer: Carer, action: str, detail: str, *, site: str, now: str) -> None:
    """Put on the record what a carer changed for themselves."""
    who = carer.signature
    audit.record(link, site=site, at=now, who=who, action=action, subject=who, detail=detail)


def issue(link: Connection, guardian_id: int, *, site: str, who: str, now: datetime) -> str:
    """A new code for a guardian, as it is printed; codes of before are good no more.

    Raises:
        NotFound: no such guardian, or the child is enrolled no more.
    """
    query = select(guardians.c.person_id).join(people, people.c.id == guardians.c.person_id)
    person = link.execute(query.where(guardians.c.id == guardian_id, people.c.withdrawn_at.is_(None))).scalar()
    if person is None:
        raise NotFound(f"there is no guardian {guardian_id}")
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    link.execute(delete(carer_codes).where(carer_codes.c.guardian_id == guardian_id))
    values = {"created_at": moments.text(now), "expires_at": moments.text(now + LASTS)}
    link.execute(carer_codes.insert().values(digest=digest(code), guardian_id=guardian_id, **values))
    _record(link, guardian_id, "family.invite", site=site, now=now, who=who, person=person)
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(typed: str) -> str:
    """A code as it was meant, however it was typed."""
    return "".join(each for each in typed.upper().translate(_SEEN_AS) if each in ALPHABET)


def redeem(link: Connection, typed: str, carer: Carer | None, *, site: str, now: datetime) -> Carer:
    """Bind a phone by a code, to a new carer or, with another child, to the one that it is bound to.

    Raises:
        NotLoggedIn: the code is wrong, used or too old.
        Conflict: this carer is that child's carer already.
    """
    ours = carer_codes.c.digest == digest(read_code(typed))
    row = link.execute(_invited().where(ours, carer_codes.c.expires_at > moments.text(now))).one_or_none()
    if row is None:
        raise NotLoggedIn("the code is wrong, used or too old: ask the school for another")
    if carer is not None and row.person_id in {child.id for child in children(link, carer.id)}:
        raise Conflict("that child is here already")
    link.execute(delete(carer_codes).where(ours))
    bound = carer or _make(link, row, site, now)
    if carer is not None:
        _wish_alike(link, carer, row.id)
    link.execute(delete(carer_children).where(carer_children.c.guardian_id == row.id))
    values = {"guardian_id": row.id, "carer_id": bound.id, "bound_at": moments.text(now)}
    link.execute(carer_children.insert().values(values))
    sweep(link)
    _record(link, row.id, "family.bind", site=site, now=now, who=bound.signature, person=row.person_id)
    return bound


def unbind(link: Connection, guardian_id: int, *, site: str, who: str, now: datetime) -> None:
    """The school takes a phone's child away; with the last child goes the phone. NotFound where none was bound."""
    query = select(guardians.c.person_id).where(guardians.c.id == guardian_id)
    gone = link.execute(delete(carer_children).where(carer_children.c.guardian_id == guardian_id)).rowcount
    codes = link.execute(delete(carer_codes).where(carer_codes.c.guardian_id == guardian_id)).rowcount
    if not gone and not codes:
        raise NotFound(f"guardian {guardian_id} has no phone here and no code")
    sweep(link)
    person = link.execute(query).scalar() or ""
    _record(link, guardian_id, "family.unbind", site=site, now=now, who=who, person=person)


def children(link: Connection, carer_id: int) -> Sequence[Child]:
    """Whom a carer may see, by name."""
    fields = (people.c.id, people.c.name, people.c.group, people.c.opaque, guardians.c.id.label("guardian_id"))
    query = (
        select(*fields)
        .join(guardians, guardians.c.person_id == people.c.id)
        .join(carer_children, carer_children.c.guardian_id == guardians.c.id)
        .where(carer_children.c.carer_id == carer_id, people.c.withdrawn_at.is_(None))
    )
    return [Child(**row._mapping) for row in link.execute(query.order_by(people.c.name, people.c.id))]


def child_of(link: Connection, carer_id: int, person_id: str) -> Child:
    """One of a carer's children; Withheld, also for everybody else's."""
    found = next((child for child in children(link, carer_id) if child.id == person_id), None)
    if found is None:
        raise Withheld(f"there is no child {person_id!r}")
    return found


def bound(link: Connection, guardian_ids: Sequence[int]) -> dict[int, str]:
    """Since when each of these guardians has a phone here."""
    query = select(carer_children.c.guardian_id, carer_children.c.bound_at)
    return {row.guardian_id: row.bound_at for row in link.execute(query.where(_of(guardian_ids)))}


def sweep(link: Connection) -> None:
    """Delete carers without a child, with sessions and browsers; whose phones show nothing is told by the school."""
    link.execute(delete(carers).where(~exists().where(carer_children.c.carer_id == carers.c.id)))
    shown = select(carer_children.c.guardian_id).join(
        carer_browsers, carer_browsers.c.carer_id == carer_children.c.carer_id
    )
    silent = select(guardians.c.id).where(guardians.c.front != "[]", guardians.c.id.not_in(shown))
    place_first(link, list(link.execute(silent).scalars()), ())


def sweep_codes(link: Connection, now: datetime) -> int:
    """Delete codes that are over; how many."""
    return link.execute(delete(carer_codes).where(carer_codes.c.expires_at <= moments.text(now))).rowcount


def count(link: Connection) -> int:
    """How many there are."""
    return int(link.execute(select(func.count()).select_from(carers)).scalar_one())


def _of(guardian_ids: Sequence[int]) -> Any:
    return carer_children.c.guardian_id.in_(guardian_ids)


def _invited() -> Any:
    fields = (guardians.c.id, guardians.c.person_id, guardians.c.name, guardians.c.language)
    return (
        select(*fields)
        .join(carer_codes, carer_codes.c.guardian_id == guardians.c.id)
        .join(people, people.c.id == guardians.c.person_id)
        .where(people.c.withdrawn_at.is_(None))
    )


def _make(link: Connection, row: Row[Any], site: str, now: datetime) -> Carer:
    values = {"site": site, "name": row.name, "language": row.language, "created_at": moments.text(now)}
    number = link.execute(carers.insert().values(values).returning(carers.c.id)).scalar_one()
    return Carer(int(number), row.name, row.language)


def _wish_alike(link: Connection, carer: Carer, guardian_id: int) -> None:
    """What a carer wished for the children of before holds for one more, too: the phone shows it as for all."""
    mine = select(carer_children.c.guardian_id).where(carer_children.c.carer_id == carer.id)
    query = select(guardians.c.quiet).where(guardians.c.id.in_(mine)).order_by(guardians.c.id)
    wanted = dict.fromkeys(each for text in link.execute(query).scalars() for each in json.loads(text))
    # Who wished for none keeps what the school wrote down for this child, which the phone shows then.
    values = {"language": carer.language} | ({"quiet": json.dumps(list(wanted))} if wanted else {})
    link.execute(update(guardians).where(guardians.c.id == guardian_id).values(values))


def _record(link: Connection, number: int, action: str, *, site: str, now: datetime, who: str, person: str) -> None:
    said = f"guardian {number}"
    audit.record(link, site=site, at=moments.text(now), who=who, action=action, subject=person, detail=said)
