"""Reads days from the store: whoever is to come, what the gates told of them, and what a teacher said of it.

Nothing of a day is kept but what it follows from; a result is made anew whenever somebody asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, RowMapping, Select, and_, or_, select
from zhian_wire import times
from zhian_wire.calendar import Calendar

from .. import moments
from ..lanes.by_hand import VOID
from ..people import timetable
from ..store.tables import attendance_corrections, attendance_signals, leave_slips, passages, people
from .hours import Hours, Timetable
from .rules import Attended, Kind, Leave, Move, Said, judge

#: A clock that nobody trusts may tell of yesterday, when its node was cut off for a night; not of another year.
PLAUSIBLE: Final = timedelta(days=31)
UNTRUSTED: Final = ("stepped", "unsynced")
_MOVED: Final = (
    passages.c.id,
    passages.c.person,
    passages.c.movement,
    passages.c.time,
    passages.c.day,
    passages.c.clock,
    passages.c.received_at,
    passages.c.crossed_at,
)


@dataclass(frozen=True)
class Told:
    """What was told of somebody's day: `absent` or `still_inside`, and whether it was taken back."""

    kind: str
    raised_at: str
    withdrawn_at: str | None
    withdrawn_why: str | None
    silent: str


@dataclass(frozen=True)
class PersonDay:
    """One line of a sheet.

    Attributes:
        by_gate: the day without a teacher's word; the same as `result` where there was none.
        corrections: those that stand.
        slips: leave slips that stand and touch the day.
    """

    person: RowMapping
    day: str
    hours: Hours | None
    result: Attended
    by_gate: Attended
    corrections: tuple[Row[Any], ...]
    told: tuple[Told, ...]
    slips: tuple[Row[Any], ...] = ()

    @property
    def leaves(self) -> tuple[Leave, ...]:
        """What the slips say."""
        return tuple(_leave(slip) for slip in self.slips)


def timetable_of(link: Connection, zone: ZoneInfo) -> Timetable:
    """The site's bells and its year, as they are now."""
    return Timetable(
        {group.id: group for group in timetable.groups_of(link)},
        timetable.bells_of(link),
        {schedule.id: schedule for schedule in timetable.schedules_of(link)},
        timetable.calendar_of(link) or Calendar(),
        zone,
    )


def pupils(link: Connection, groups: Collection[str] | None) -> Sequence[RowMapping]:
    """Whoever is in one of the groups (None: any), by group and name; nobody of a watch list, and none who withdrew."""
    query = select(people).where(people.c.withdrawn_at.is_(None), people.c.watch.is_(False))
    if groups is not None:
        query = query.where(people.c.group.in_(sorted(groups)))
    return link.execute(query.order_by(people.c.group, people.c.name, people.c.id)).mappings().all()


def ways(link: Connection) -> list[tuple[str, str]]:
    """The groups that pupils are in, each with every schedule of their own by which some of them come ("": none)."""
    query = select(people.c.group, people.c.schedule).where(people.c.withdrawn_at.is_(None), people.c.watch.is_(False))
    return [(row.group, row.schedule) for row in link.execute(query.distinct())]


def sheet(
    link: Connection, days: Sequence[date], who: Sequence[RowMapping], zone: ZoneInfo, now: datetime
) -> list[PersonDay]:
    """A line for each of these people and days, by day."""
    table = timetable_of(link, zone)
    moves = _moves(link, days, who, zone)
    said, told = _corrections(link, days, who), _told(link, days, who)
    slips = _slips(link, days, who, zone)
    kinds = {(row["group"], row["schedule"]) for row in who}
    hours = {(group, own, day): table.hours(group, day, own) for group, own in kinds for day in days}
    lines = []
    for day in days:
        name = day.isoformat()
        for person in who:
            key = (person["id"], name)
            bells, passed = _for(person, hours[person["group"], person["schedule"], day]), moves[person["opaque"], name]
            by_gate = judge(bells, passed, (), now)
            words = [_said(row) for row in said[key]]
            theirs = slips[key]
            leaves = [_leave(slip) for slip in theirs]
            result = judge(bells, passed, words, now, leaves) if words or leaves else by_gate
            lines.append(
                PersonDay(person, name, bells, result, by_gate, tuple(said[key]), tuple(told[key]), tuple(theirs))
            )
    return lines


def _for(person: RowMapping, hours: Hours | None) -> Hours | None:
    """None for who was not enrolled by the bell, or may not come on that day."""
    if hours is None:
        return None
    bell = moments.text(hours.arrive_by)
    unlisted = person["created_at"] > bell
    outside = (person["begins"] and person["begins"] > bell) or (person["ends"] and person["ends"] <= bell)
    return None if unlisted or outside else hours


# What the gates told ---------------------------------------------------------------------------------------------


def _moves(
    link: Connection, days: Sequence[date], who: Sequence[RowMapping], zone: ZoneInfo
) -> Mapping[tuple[str, str], list[Move]]:
    """By opaque id and day."""
    found: dict[tuple[str, str], list[Move]] = defaultdict(list)
    wanted = {day.isoformat() for day in days}
    for row in _passages(link, days, who, zone):
        day = _day_of(row, zone)
        if day in wanted:
            found[row.person, day].append(_move(row, day))
    return found


def _passages(link: Connection, days: Sequence[date], who: Sequence[RowMapping], zone: ZoneInfo) -> list[Row[Any]]:
    """Of these days by their nodes' clocks, or by a clock that is not believed and received on one of them."""
    names = [day.isoformat() for day in days]
    begins, ends = edges(min(days), max(days), zone)
    counts = passages.c.reason.not_in(VOID)
    by_clock = passages.c.day.in_(names) if len(names) < CHUNK else passages.c.day.between(names[0], names[-1])
    received = and_(passages.c.clock.in_(UNTRUSTED), passages.c.received_at >= begins, passages.c.received_at < ends)
    if len(who) <= FEW:
        theirs = passages.c.person.in_([row["opaque"] for row in who])
        queries: list[Select[Any]] = [select(*_MOVED).where(theirs, counts, or_(by_clock, received))]
    else:
        some: Select[Any] = select(*_MOVED).where(passages.c.person.is_not(None), counts)
        queries = [some.where(by_clock), some.where(received, passages.c.day.not_in(names))]
    return [row for query in queries for row in link.execute(query)]


#: Of so few people a look by person is faster than one over the whole day.
FEW: Final = 60
CHUNK: Final = 400


def edges(first: date, last: date, zone: ZoneInfo) -> tuple[str, str]:
    """From which moment and up to which these local days last, as the store writes them."""
    after = last + timedelta(days=1)
    return moments.text(datetime.combine(first, time(), zone)), moments.text(datetime.combine(after, time(), zone))


def _day_of(row: Row[Any], zone: ZoneInfo) -> str:
    """The day that it counts for: its clock's, unless that is no clock's of these weeks."""
    if row.clock not in UNTRUSTED or row.crossed_at is not None:
        return str(row.day)
    received = times.from_text(row.received_at)
    behind = received - times.from_text(row.time)
    return str(row.day) if timedelta(0) <= behind < PLAUSIBLE else moments.local_day(received, zone)


def _move(row: Row[Any], day: str) -> Move:
    doubtful = row.clock in UNTRUSTED and row.crossed_at is None
    # Of a clock that shows another day than the one it counts for, the hour says nothing either.
    at = None if doubtful and row.day != day else times.from_text(row.crossed_at or row.time)
    received = times.from_text(row.received_at or row.time)
    return Move(at, row.movement or "seen", row.id, received, doubtful)


# What a teacher said, and what was told --------------------------------------------------------------------------


def _corrections(
    link: Connection, days: Sequence[date], who: Sequence[RowMapping]
) -> Mapping[tuple[str, str], list[Row[Any]]]:
    table = attendance_corrections
    query = select(table).where(_of(table, days, who), table.c.ended_at.is_(None)).order_by(table.c.id)
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in link.execute(query):
        found[row.person_id, row.day].append(row)
    return found


def _said(row: Row[Any]) -> Said:
    at = times.from_text(row.at) if row.at else None
    return Said(cast(Kind, row.kind), at, times.from_text(row.made_at))


def _told(link: Connection, days: Sequence[date], who: Sequence[RowMapping]) -> Mapping[tuple[str, str], list[Told]]:
    table = attendance_signals
    found: dict[tuple[str, str], list[Told]] = defaultdict(list)
    for row in link.execute(select(table).where(_of(table, days, who)).order_by(table.c.id)):
        told = Told(row.kind, row.raised_at, row.withdrawn_at, row.withdrawn_why, row.silent)
        found[row.person_id, row.day].append(told)
    return found


def _slips(
    link: Connection, days: Sequence[date], who: Sequence[RowMapping], zone: ZoneInfo
) -> Mapping[tuple[str, str], list[Row[Any]]]:
    """By person and each of these days that one touches."""
    begins, ends = edges(min(days), max(days), zone)
    table = leave_slips.c
    query = select(leave_slips).where(table.ended_at.is_(None), table.begins < ends, table.ends > begins)
    if len(who) <= FEW:
        query = query.where(table.person_id.in_([row["id"] for row in who]))
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    spans = [(day.isoformat(), *edges(day, day, zone)) for day in days]
    for row in link.execute(query.order_by(table.begins, table.id)):
        for day, morning, night in spans:
            if row.begins < night and row.ends > morning:
                found[row.person_id, day].append(row)
    return found


def _leave(slip: Row[Any]) -> Leave:
    return Leave(times.from_text(slip.begins), times.from_text(slip.ends))


def _of(table: Any, days: Sequence[date], who: Sequence[RowMapping]) -> Any:
    within = table.c.day.between(min(days).isoformat(), max(days).isoformat())
    return within if len(who) > FEW else and_(within, table.c.person_id.in_([row["id"] for row in who]))
