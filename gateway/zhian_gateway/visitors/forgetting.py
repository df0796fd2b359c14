"""What is deleted of a visit when its time is over, or when the visitor asks; and the record that stays of it.

The record says that there was a visit, on which day, and what was deleted of it when, and nothing of the person.
"""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, delete, insert, select

from .. import moments
from ..errors import Conflict
from ..people import erasing
from ..people.registry import Registry
from ..retention.classes import Gone, number
from ..services import Services
from ..store import audit
from ..store.tables import people, visit_records, visits
from . import life, rows
from .rows import Visit
from .whereabouts import route

_KEPT: Final = ("name", "phone", "citizen", "plate", "purpose", "photo", "card", "person_id")


class Visits:
    """The class of data `visits`: those that are over, with whoever was enrolled for one."""

    def __init__(self, registry: Registry, site: str, now: str) -> None:
        self._registry = registry
        self._site = site
        self._now = now

    def forget(self, link: Connection, before: str, after: str, limit: int) -> Gone:
        """As the protocol says; it counts from the end of the visit."""
        over = visits.c.state.in_(sorted(life.OVER))
        query = select(visits).where(over, visits.c.ends < before, visits.c.id > number(after))
        found = link.execute(query.order_by(visits.c.id).limit(limit)).all()
        files: list[str] = []
        for row in found:
            _record(
                link,
                row,
                site=self._site,
                zone=self._registry.zone,
                now=self._now,
                who="gateway",
                why="the time is over",
            )
            files += self._delete(link, row)
        return Gone(len(found), str(found[-1].id) if found else None, files=tuple(files))

    def _delete(self, link: Connection, row: Visit) -> list[str]:
        """The row first: its photograph is then nobody's any more."""
        link.execute(delete(visits).where(visits.c.id == row.id))
        known = select(people.c.id).where(people.c.id == row.person_id, people.c.withdrawn_at.is_(None))
        files = []
        if row.person_id is not None and link.execute(known).first() is not None:
            why = "the time of the visit is over"
            files = self._registry.withdraw(link, row.person_id, who="gateway", now=self._now, why=why)
        return files + (self._registry.unused(link, {row.photo}) if row.photo else [])


def erase(parts: Services, visit: int, *, why: str, who: str) -> None:
    """Everything of one visitor, at request: also what passages, events and closed cases told of them.

    Raises:
        NotFound: no such visit.
        Conflict: they are inside, or an open case is about them.
        BadInput: no reason.
    """
    said = rows.reason(why)
    with parts.store.read() as link:
        row = rows.find(link, visit)
        known = link.execute(select(people.c.id).where(people.c.id == row.person_id)).first()
    if row.state == "inside":
        raise Conflict("they are inside: check them out first")
    if known is not None:
        erasing.erase(parts, row.person_id, who=who, why=said)
    with parts.store.write() as link:
        _record(link, row, site=parts.site, zone=parts.zone, now=parts.now(), who=who, why="at request")
        link.execute(delete(visits).where(visits.c.id == visit))
        files = parts.registry.unused(link, {row.photo}) if row.photo else []
        audit.record(
            link, site=parts.site, at=parts.now(), who=who, action="visit.erase", subject=str(visit), detail=said
        )
    parts.pictures.delete(files)
    parts.store.overwrite()


def export(link: Connection, parts: Services, visit: int, *, who: str) -> dict[str, Any]:
    """Everything that is held of one visitor, for them: nothing is masked. The photograph comes by its own address."""
    row = rows.find(link, visit)
    rows.change(link, parts, visit, {}, action="visit.export", who=who)
    hidden = ("token", "serial", "photo")
    held = {name: value for name, value in row._mapping.items() if name not in hidden}
    steps = ("time", "node", "camera", "lane", "direction", "zone")
    return held | {
        "as_of": moments.text(parts.clock()),
        "photo": row.photo is not None,
        "route": [{name: each[name] for name in steps} for each in route(link, row)],
    }


def _record(link: Connection, row: Visit, *, site: str, zone: ZoneInfo, now: str, who: str, why: str) -> None:
    held = [name for name in _KEPT if getattr(row, name)]
    day = moments.local_day(rows.moment(row, "begins"), zone)
    values = {"visit": row.id, "site": site, "state": row.state, "who": who, "day": day, "why": why}
    values |= {"deleted_at": now, "held": msgspec.json.encode(held).decode()}
    link.execute(insert(visit_records).values(values))
