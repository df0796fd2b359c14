"""The roster as nodes get it: opaque ids, credentials and templates of people with a ground, whole or as a delta.

A hundred thousand people with their templates are most of a gigabyte, so it is told in pages, each in a transaction of
its own. All are of the version of the first: whoever changed since then is left out, and comes with the delta that the
node asks for afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Row, Table, select
from zhian_wire.calendar import Day
from zhian_wire.roster import Collector, Leave, Person, Roster, Template

from ..store import counters
from ..store.tables import collectors, credentials, departed, leave_slips, people, templates
from . import consents, timetable

#: Most values in one `IN`.
CHUNK: Final = 500
#: People in one page: with three templates each some 900 kB, which 512 kbit/s carry within a quarter of a minute.
PAGE: Final = 100


class Page(NamedTuple):
    """Which part is asked for: people beyond the opaque id `after` ("": the first), at version `of` (None: now)."""

    after: str = ""
    of: int | None = None


FIRST: Final = Page()


def build(link: Connection, *, since: int, now: str, page: Page = FIRST) -> Roster:
    """A page of the roster, as the changes after version `since` (0, or one from the future: whole).

    Schedules, groups, the calendar and who has departed are in the first one.
    """
    version = counters.current(link, "roster") if page.of is None else page.of
    since = since if 0 < since <= version else 0
    changed = select(people).where(people.c.withdrawn_at.is_(None), people.c.version > since)
    changed = changed.where(people.c.version <= version, people.c.opaque > page.after)
    rows = link.execute(changed.order_by(people.c.opaque).limit(PAGE)).all()
    until = _until(link, rows)
    valid = [row for row in rows if until.get(row.id, "") > now]
    gone = [row.opaque for row in rows if until.get(row.id, "") <= now] if since else []
    part = Roster(version=version, since=since, persons=_persons(link, valid, until, now), removed=tuple(sorted(gone)))
    if len(rows) == PAGE:
        part = replace(part, next=rows[-1].opaque)
    return part if page.after else _beginning(link, part)


def _beginning(link: Connection, part: Roster) -> Roster:
    """With what is told once, at the beginning."""
    left = select(departed.c.opaque).where(departed.c.version > part.since)
    gone = link.execute(left).scalars().all() if part.since else ()
    return replace(
        part,
        removed=tuple(sorted((*part.removed, *gone))),
        schedules=timetable.schedules_of(link),
        groups=timetable.groups_of(link),
        calendar=timetable.calendar_of(link),
    )


def _until(link: Connection, rows: Sequence[Row[Any]]) -> dict[str, str]:
    """Until when nodes keep each person: a visitor no longer than the visit, whatever is kept here for the record."""
    until = consents.listed_until(link, [row.id for row in rows])
    visitors = {row.id: row.ends for row in rows if row.visitor and row.ends}
    return until | {person: min(until.get(person, ""), ends) for person, ends in visitors.items()}


def version(link: Connection) -> int:
    """The roster's present version."""
    return counters.current(link, "roster")


def _persons(link: Connection, rows: list[Row[Any]], until: Mapping[str, str], now: str) -> tuple[Person, ...]:
    """Templates only of those whose consent holds; a node that is cut off forgets such a person when that ends."""
    ids = [row.id for row in rows]
    held = _credentials(link, ids)
    agreed = consents.face_until(link, now, ids)
    faces = _templates(link, [row.id for row in rows if row.face and row.id in agreed])
    slips = _slips(link, ids, now)
    collecting = _collectors(link, ids, slips)
    return tuple(
        Person(
            id=row.opaque,
            group=row.group,
            schedule=row.schedule,
            cards=tuple(held[row.id, "card"]),
            plates=tuple(held[row.id, "plate"]),
            templates=tuple(faces[row.id]),
            watch=row.watch,
            until=min(until[row.id], agreed[row.id]) if faces[row.id] else until[row.id],
            begins=row.begins or "",
            ends=row.ends or "",
            withdrawn=tuple(held[row.id, "withdrawn"]),
            collectors=tuple(collecting[row.id]),
            leaves=tuple(_leave(slip) for slip in slips[row.id]),
            face=row.face,
        )
        for row in rows
    )


def _credentials(link: Connection, ids: Sequence[str]) -> Mapping[tuple[str, str], list[str]]:
    """By person, and `card`, `withdrawn` (a card too) or `plate`."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _of(link, credentials, ids, credentials.c.value):
        found[row.person_id, "withdrawn" if row.withdrawn_at else row.kind].append(row.value)
    return found


def _templates(link: Connection, ids: Sequence[str]) -> Mapping[str, list[Template]]:
    """Of those whose face is looked for: no node has anybody else's. A damaged one is left out."""
    found: dict[str, list[Template]] = defaultdict(list)
    for row in _of(link, templates, ids, templates.c.id):
        if row.vector:
            found[row.person_id].append(Template(key=row.key, vector=row.vector))
    return found


def _slips(link: Connection, ids: Sequence[str], now: str) -> Mapping[str, list[Row[Any]]]:
    """The leave slips that are not over."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in _of(link, leave_slips, ids, leave_slips.c.id):
        if row.ended_at is None and row.ends > now:
            found[row.person_id].append(row)
    return found


def _leave(slip: Row[Any]) -> Leave:
    return Leave(begins=slip.begins, ends=slip.ends, alone=slip.collected == "alone")


def _collectors(
    link: Connection, ids: Sequence[str], slips: Mapping[str, list[Row[Any]]]
) -> Mapping[str, list[Collector]]:
    """Those listed, and those of leave slips; persons by what nodes call them, of whom the enrolled alone are known."""
    rows = list(_of(link, collectors, ids, collectors.c.value))
    once = [slip for each in slips.values() for slip in each if slip.collected in ("person", "plate")]
    known = _opaque(link, sorted({row.value for row in rows} | {slip.collector for slip in once}))
    found: dict[str, list[Collector]] = defaultdict(list)
    for row in rows:
        who = known.get(row.value) if row.kind == "person" else row.value
        days = msgspec.convert(row.days.split(",") if row.days else [], tuple[Day, ...])
        if who is not None:
            holds = Collector(
                who=who, begins=row.begins or "", ends=row.ends or "", days=days, turn=row.turn, turn_from=row.turn_from
            )
            found[row.person_id].append(holds)
    for slip in once:
        who = known.get(slip.collector) if slip.collected == "person" else slip.collector
        if who is not None:
            found[slip.person_id].append(Collector(who=who, begins=slip.begins, ends=slip.ends))
    return found


def _opaque(link: Connection, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for some in _chunks(ids):
        query = select(people.c.id, people.c.opaque).where(people.c.id.in_(some), people.c.withdrawn_at.is_(None))
        found |= {row.id: row.opaque for row in link.execute(query)}
    return found


def _of(link: Connection, table: Table, ids: Sequence[str], order: ColumnElement[Any]) -> Iterator[Row[Any]]:
    """The rows of these people: a delta of one person must not read the templates of ten thousand."""
    for some in _chunks(ids):
        yield from link.execute(select(table).where(table.c.person_id.in_(some)).order_by(order))


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    yield from (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
