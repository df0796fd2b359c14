"""Where visitors are and went, from passages: nobody has to be asked whether they left."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, select

from ..store.tables import passages, people, visits
from .rows import Visit


class Place(NamedTuple):
    """Where somebody went last: `zone` "": out of every one, None: nobody knows; `at`, of the passage."""

    on_site: bool
    zone: str | None
    at: str


class Inside(NamedTuple):
    """A visitor who is on the site, for a muster list. `zone` None: at the window, or no reader has seen them yet."""

    visit: int
    person_id: str
    opaque: str
    name: str
    host: str
    zone: str | None
    since: str


def route(link: Connection, row: Visit) -> Sequence[RowMapping]:
    """A visitor's passages since they were let in, in their order."""
    if row.person_id is None or row.admitted_at is None:
        return []
    opaque = select(people.c.opaque).where(people.c.id == row.person_id).scalar_subquery()
    passed = (passages.c.person == opaque) & (passages.c.time >= row.admitted_at)
    return link.execute(select(passages).where(passed).order_by(passages.c.time, passages.c.id)).mappings().all()


def places(link: Connection, found: Collection[Visit]) -> Mapping[int, Place]:
    """By visit, of those who were let in: on the site until a passage leads out, and again when one leads in."""
    let_in = [row for row in found if row.person_id is not None and row.admitted_at is not None]
    return {row.id: place(row, route(link, row)) for row in let_in}


def place(row: Visit, passed: Sequence[RowMapping]) -> Place:
    """Likewise of one, by the passages since then."""
    zone = next((each["zone"] for each in reversed(passed) if each["zone"] is not None), None)
    way = next((each for each in reversed(passed) if _leads(each)), None)
    if row.state != "inside":
        return Place(False, zone, row.left_at or row.admitted_at)
    if way is None:
        return Place(True, zone, row.admitted_at)
    return Place(not _out(way), zone, way["time"])


def inside(link: Connection) -> list[Inside]:
    """Every visitor who is on the site, by name."""
    found, at = _let_in(link)
    here = [row for row in found if row.id in at and at[row.id].on_site]
    known = _opaque(link, here)
    lines = [
        Inside(
            visit=row.id,
            person_id=row.person_id,
            opaque=known[row.person_id],
            name=row.name,
            host=row.host_name,
            zone=at[row.id].zone,
            since=at[row.id].at,
        )
        for row in here
        if row.person_id in known
    ]
    return sorted(lines, key=lambda line: (line.name, line.visit))


def gone(link: Connection) -> dict[str, str]:
    """When visitors who hold a pass went out by a passage and have not come in again, by opaque id."""
    found, at = _let_in(link)
    away = [row for row in found if row.id in at and not at[row.id].on_site]
    known = _opaque(link, away)
    return {known[row.person_id]: at[row.id].at for row in away if row.person_id in known}


def _let_in(link: Connection) -> tuple[Sequence[Visit], Mapping[int, Place]]:
    found = link.execute(select(visits).where(visits.c.state == "inside")).all()
    return found, places(link, found)


def _opaque(link: Connection, found: Sequence[Visit]) -> dict[str, str]:
    named = select(people.c.id, people.c.opaque).where(people.c.id.in_([row.person_id for row in found]))
    return {row.id: row.opaque for row in link.execute(named)}


def _leads(passage: RowMapping) -> bool:
    return passage["movement"] in ("arrival", "departure") or passage["zone"] is not None


def _out(passage: RowMapping) -> bool:
    """By the zone that the lane leads to where it keeps presence, else by what the site makes of the direction."""
    if passage["zone"] is not None:
        return bool(passage["zone"] == "")
    return bool(passage["movement"] == "departure")
