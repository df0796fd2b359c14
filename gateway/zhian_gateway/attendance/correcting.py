"""A teacher's word on somebody's day: who, when, why and what it was before; it stands until it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, RowMapping, select, update

from .. import moments
from ..errors import BadInput, Conflict, NotFound
from ..services import Services
from ..store import audit
from ..store.tables import attendance_corrections, people
from . import asking, signals
from .reading import PersonDay, sheet
from .rules import SLOTS, TIMED, Kind

#: A leave is asked for beforehand; longer ones are asked for in parts.
LONGEST: Final = timedelta(days=120)
AHEAD: Final = timedelta(days=366)
#: A day that is so long over is not written anew.
BACK: Final = timedelta(days=400)
REASON: Final = 500


def correct(
    link: Connection,
    parts: Services,
    person_id: str,
    *,
    first: date,
    last: date,
    kind: Kind,
    at: datetime | None,
    reason: str,
    who: str,
) -> list[int]:
    """Say what became of somebody's day, or of several days off sick; the ids of what was written.

    Raises:
        NotFound: nobody is enrolled by that id.
        BadInput: no reason, a day that cannot be corrected, or a time that is missing, of another day or yet to come;
            DayForgotten: a day of which not everything is kept.
    """
    person = _person(link, person_id)
    now = parts.clock()
    _check_days(parts, first, last, kind)
    _check(parts, first, kind, at, reason)
    found = []
    for day in _days(first, last):
        before = _line(link, parts, person, day)
        _replace(link, person_id, day, kind, who=who, now=parts.now())
        values: dict[str, Any] = {"person_id": person_id, "day": day.isoformat(), "kind": kind, "who": who}
        values |= {"reason": reason.strip()}
        values |= {"at": moments.text(at) if at else None, "made_at": moments.text(now), "before": _text(before)}
        number = link.execute(attendance_corrections.insert().values(values).returning(attendance_corrections.c.id))
        found.append(int(number.scalar_one()))
        when = f" {at.astimezone(parts.zone):%H:%M}" if at else ""
        told = f"{day}: {before.result.status} -> {kind}{when}: {reason.strip()}"
        _changed(link, parts, person, day, action="attendance.correct", detail=told, who=who)
    return found


def take_back(link: Connection, parts: Services, correction: int, *, reason: str, who: str) -> str:
    """The gates' word holds again; whose day it was.

    Raises:
        NotFound: there is no such correction.
        Conflict: it was taken back, or replaced, before.
        BadInput: no reason.
    """
    row = find(link, correction)
    if row.ended_at is not None:
        raise Conflict(f"correction {correction} was ended at {row.ended_at} by {row.ended_by}")
    _check_reason(reason)
    _end(link, row.id, who=who, now=parts.now(), why=reason.strip())
    person = _person(link, row.person_id)
    told = f"{row.day}: {row.kind} taken back: {reason.strip()}"
    _changed(link, parts, person, date.fromisoformat(row.day), action="attendance.take_back", detail=told, who=who)
    return str(row.person_id)


def find(link: Connection, correction: int) -> Row[Any]:
    """A correction by its number; NotFound."""
    query = select(attendance_corrections).where(attendance_corrections.c.id == correction)
    row = link.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"there is no correction {correction}")
    return row


def history(link: Connection, person_id: str, first: date, last: date) -> list[Row[Any]]:
    """Every correction of somebody's days, also those that were taken back, in their order."""
    table = attendance_corrections.c
    query = select(attendance_corrections).where(
        table.person_id == person_id, table.day.between(first.isoformat(), last.isoformat())
    )
    return list(link.execute(query.order_by(table.day, table.id)))


def _person(link: Connection, person_id: str) -> RowMapping:
    where = (people.c.id == person_id) & people.c.withdrawn_at.is_(None) & people.c.watch.is_(False)
    row = link.execute(select(people).where(where)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is nobody enrolled as {person_id!r}")
    return row


def _check_days(parts: Services, first: date, last: date, kind: Kind) -> None:
    today = parts.clock().astimezone(parts.zone).date()
    if not timedelta(0) <= last - first < LONGEST:
        raise BadInput(
            f"from {first} to {last}: the last day is before the first one, or these are {LONGEST.days} days and more"
        )
    if kind != "excused" and first != last:
        raise BadInput(f"{kind} is said of one day at a time; only a leave (excused) lasts several")
    if not today - BACK <= first or last > today + (AHEAD if kind == "excused" else timedelta(0)):
        raise BadInput(f"{last if last > today else first}: of that day nothing is corrected now")
    asking.check_known(parts, first)


def _check(parts: Services, day: date, kind: Kind, at: datetime | None, reason: str) -> None:
    _check_reason(reason)
    if (at is not None) != (kind in TIMED):
        raise BadInput(f"{kind} {'needs a' if at is None else 'has no'} time")
    if at is not None and (at.astimezone(parts.zone).date() != day or at > parts.clock()):
        raise BadInput(f"{at.astimezone(parts.zone):%Y-%m-%d %H:%M} is not on {day}, or yet to come")


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > REASON:
        raise BadInput(f"a correction needs a reason, of {REASON} characters at most")


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=more) for more in range((last - first).days + 1))


def _line(link: Connection, parts: Services, person: RowMapping, day: date) -> PersonDay:
    return sheet(link, [day], [person], parts.zone, parts.clock())[0]


def _text(before: PersonDay) -> str:
    """What it was, and what stood then."""
    day = before.result
    said: dict[str, Any] = {"status": day.status, "late_s": day.late_s, "left_early": day.left_early}
    for name, at in (("arrived_at", day.arrived_at), ("left_at", day.left_at)):
        said[name] = moments.text(at) if at else None
    return msgspec.json.encode(said | {"corrections": [row.id for row in before.corrections]}).decode()


def _replace(link: Connection, person_id: str, day: date, kind: Kind, *, who: str, now: str) -> None:
    """What stood of the same slot gives way."""
    table = attendance_corrections.c
    same = [each for each, slot in SLOTS.items() if slot == SLOTS[kind]]
    query = select(table.id).where(table.person_id == person_id, table.day == day.isoformat(), table.kind.in_(same))
    for number in link.execute(query.where(table.ended_at.is_(None))).scalars().all():
        _end(link, number, who=who, now=now, why="replaced")


def _end(link: Connection, number: int, *, who: str, now: str, why: str) -> None:
    ended = update(attendance_corrections).where(attendance_corrections.c.id == number)
    link.execute(ended.values(ended_at=now, ended_by=who, ended_why=why))


def _changed(
    link: Connection, parts: Services, person: RowMapping, day: date, *, action: str, detail: str, who: str
) -> None:
    """It is on the record, and whoever was told hears of it."""
    now, today = parts.clock(), moments.local_day(parts.clock(), parts.zone)
    audit.record(
        link, site=parts.site, at=parts.now(), who=who, action=action, subject=str(person["id"]), detail=detail
    )
    found = signals.changes(link, [_line(link, parts, person, day)], today=today, now=now)
    signals.write(link, found, site=parts.site, silent="", now=parts.now())
