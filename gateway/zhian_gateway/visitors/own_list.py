"""The site's own list of whom to stop: entries with a ground and an end, and people who are enrolled to be watched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import Connection, Row, Select, delete, select
from zhian_models.face.thresholds import PAIRS

from .. import moments
from ..errors import BadInput, NotFound
from ..services import Services
from ..store import Store, audit
from ..store.tables import credentials, people, templates, visitor_list
from . import citizen, typed
from .screening import Answer, Subject

SOURCE: Final = "own list"
GROUND: Final = 200
LONGEST: Final = timedelta(days=366)
#: A cosine that one of a thousand pairs of strangers reaches: a lead, which a person looks at.
ALIKE: Final = PAIRS[1e-3]


class Entry(NamedTuple):
    """Whom to stop, by what is known of them; "": not known."""

    name: str
    citizen: str
    plate: str
    ground: str
    until: datetime


def add(link: Connection, parts: Services, wanted: Entry, *, who: str) -> int:
    """Put somebody on the list; the entry's number.

    Raises:
        BadInput: nothing that identifies anybody, no ground, or an end that is over or too far away.
    """
    now = parts.clock()
    values: dict[str, Any] = {
        "name": typed.name(wanted.name) if wanted.name.strip() else "",
        "citizen": citizen.number(wanted.citizen, _today(now)),
        "plate": typed.plate(wanted.plate),
        "ground": " ".join(wanted.ground.split()),
    }
    if not (values["name"] or values["citizen"] or values["plate"]):
        raise BadInput("name: a name, a citizen number or a plate is needed")
    if not 0 < len(values["ground"]) <= GROUND:
        raise BadInput(f"ground: 1 to {GROUND} characters")
    if not now < wanted.until <= now + LONGEST:
        raise BadInput(f"until: within the next {LONGEST.days} days")
    values |= {"site": parts.site, "who": who, "created_at": moments.text(now), "until": moments.text(wanted.until)}
    number = int(link.execute(visitor_list.insert().values(values).returning(visitor_list.c.id)).scalar_one())
    _record(link, parts, "visitor_list.add", number, values["ground"], who=who)
    return number


def remove(link: Connection, parts: Services, entry: int, *, who: str) -> None:
    """Take somebody off it; NotFound."""
    if link.execute(delete(visitor_list).where(visitor_list.c.id == entry)).rowcount == 0:
        raise NotFound(f"there is no entry {entry}")
    _record(link, parts, "visitor_list.remove", entry, "", who=who)


def forget_ended(link: Connection, parts: Services) -> None:
    """Entries whose end has come are deleted."""
    for entry in link.execute(ended(parts.now())).scalars().all():
        remove(link, parts, entry, who="gateway")


def ended(now: str) -> Select[Any]:
    """The numbers of entries whose end has come."""
    return select(visitor_list.c.id).where(visitor_list.c.until <= now)


def every(link: Connection, now: str) -> Sequence[Row[Any]]:
    """All entries that hold, the latest first."""
    query = select(visitor_list).where(visitor_list.c.until > now).order_by(visitor_list.c.id.desc())
    return link.execute(query).all()


class OwnList:
    """The site's list as one of those that are asked."""

    def __init__(self, store: Store, now: str) -> None:
        self._store = store
        self._now = now

    def screen(self, subject: Subject) -> Answer:
        """As the protocol says."""
        with self._store.read() as link:
            found = [*_entries(link, subject, self._now), *_watched(link, subject)]
        return Answer(SOURCE, "hit" if found else "clear", ", ".join(dict.fromkeys(found)))


def _entries(link: Connection, subject: Subject, now: str) -> list[str]:
    """What agrees with an entry. A number settles it; a name does only where the entry or the visitor has none."""
    found, called = [], typed.folded(subject.name)
    for row in every(link, now):
        if row.plate and row.plate == subject.plate:
            found.append("plate")
        if row.citizen and subject.citizen:
            found += ["citizen number"] if row.citizen == subject.citizen else []
        elif row.name and typed.folded(row.name) == called:
            found.append("name")
    return found


def _watched(link: Connection, subject: Subject) -> list[str]:
    watched = (people.c.watch.is_(True)) & people.c.withdrawn_at.is_(None)
    rows = link.execute(select(people.c.id, people.c.name).where(watched)).all()
    ids = {row.id for row in rows}
    called = typed.folded(subject.name)
    found = ["name" for row in rows if typed.folded(row.name) == called]
    owner = select(credentials.c.person_id).where(credentials.c.kind == "plate", credentials.c.value == subject.plate)
    if subject.plate and ids & set(link.execute(owner).scalars()):
        found.append("plate")
    if subject.template and _alike(link, subject, sorted(ids)):
        found.append("face")
    return found


def _alike(link: Connection, subject: Subject, ids: Sequence[str]) -> bool:
    """Templates of one network are unit vectors; those of another are never compared."""
    looked = np.frombuffer(subject.template, "<f4")
    query = select(templates.c.vector).where(templates.c.key == subject.template_key, templates.c.person_id.in_(ids))
    for vector in link.execute(query).scalars():
        known = np.frombuffer(vector, "<f4")
        if known.shape == looked.shape and float(known @ looked) >= ALIKE:
            return True
    return False


def _record(link: Connection, parts: Services, action: str, entry: int, detail: str, *, who: str) -> None:
    audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, subject=str(entry), detail=detail)


def _today(now: datetime) -> date:
    return now.date()
