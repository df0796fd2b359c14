"""When people may come: schedules, what holds for groups, and the site's year, as the roster carries them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, delete, or_, select, update
from zhian_wire.calendar import Calendar, DateText, Group, Schedule, Span
from zhian_wire.calendar import Day as Weekday

from ..errors import BadInput, NotFound
from ..store import audit, counters
from ..store.tables import calendar, groups, people, schedules

#: What a file of the office's says as a whole: schedules and groups, or the days of years.
Kept = Literal["timetable", "year"]


class Day(NamedTuple):
    """A day that is unlike its weekday. `works_as`: the weekday whose hours hold; None: a day off."""

    day: str
    works_as: str | None
    name: str = ""


class Bells(NamedTuple):
    """When a group is to be here, may leave, and must be gone, as `07:50`; "": as its lessons say."""

    arrive_by: str = ""
    leave_from: str = ""
    closes: str = ""


def schedules_of(link: Connection) -> tuple[Schedule, ...]:
    """All schedules, by id."""
    rows = link.execute(select(schedules).order_by(schedules.c.id))
    return tuple(
        Schedule(id=row.id, spans=msgspec.json.decode(row.spans, type=tuple[Span, ...]), holidays=row.holidays)
        for row in rows
    )


def groups_of(link: Connection) -> tuple[Group, ...]:
    """All groups that something holds for, by id."""
    rows = link.execute(select(groups).order_by(groups.c.id))
    return tuple(Group(id=r.id, schedule=r.schedule, lessons=r.lessons, collected=r.collected) for r in rows)


def bells_of(link: Connection) -> dict[str, Bells]:
    """The bells of every group that something holds for."""
    return {row.id: Bells(row.arrive_by, row.leave_from, row.closes) for row in link.execute(select(groups))}


def calendar_of(link: Connection) -> Calendar | None:
    """The site's year; None while nobody said anything of it, so that the nodes' own holds."""
    days = days_of(link)
    if not days:
        return None
    return Calendar(
        holidays=tuple(day.day for day in days if day.works_as is None),
        workdays=msgspec.convert({day.day: day.works_as for day in days if day.works_as}, dict[DateText, Weekday]),
    )


def days_of(link: Connection) -> list[Day]:
    """All days that are unlike their weekday, in their order."""
    return [Day(row.day, row.works_as, row.name) for row in link.execute(select(calendar).order_by(calendar.c.day))]


def replace_hours(
    link: Connection, found: Sequence[Schedule], of: Sequence[Group], *, site: str, who: str, now: str
) -> None:
    """These schedules and groups, and no others, hold from now on."""
    link.execute(delete(schedules))
    link.execute(delete(groups))
    for schedule in found:
        spans = msgspec.json.encode(schedule.spans).decode()
        link.execute(schedules.insert().values(id=schedule.id, spans=spans, holidays=schedule.holidays))
    for group in of:
        link.execute(groups.insert().values(msgspec.structs.asdict(group)))
    detail = f"schedules: {_listed(each.id for each in found)}; groups: {_listed(each.id for each in of)}"
    changed(link, "timetable", "schedules.import", detail, site=site, who=who, now=now)
    counters.put(link, "timetable_file", counters.current(link, "timetable"))


def replace_days(link: Connection, days: Sequence[Day], *, site: str, who: str, now: str) -> list[str]:
    """These days, and no others of the years that they are in; the years.

    A calendar comes once a year, and says nothing of the years before.
    """
    years = sorted({day.day[:4] for day in days})
    link.execute(delete(calendar).where(or_(*(calendar.c.day.startswith(f"{year}-") for year in years))))
    for day in days:
        link.execute(calendar.insert().values(day._asdict()))
    off = sum(1 for day in days if day.works_as is None)
    detail = f"{', '.join(years)}: {off} days off, {len(days) - off} moved workdays"
    changed(link, "year", "calendar.import", detail, site=site, who=who, now=now)
    counters.put(link, "year_file", counters.current(link, "year"))
    return years


def set_day(link: Connection, day: Day, *, site: str, who: str, now: str) -> None:
    """This day is off, or another weekday's hours hold on it.

    Raises:
        BadInput: there is no such day.
    """
    _check_day(day.day)
    link.execute(delete(calendar).where(calendar.c.day == day.day))
    link.execute(calendar.insert().values(day._asdict()))
    what = "a day off" if day.works_as is None else f"works as {day.works_as}"
    changed(link, "year", "calendar.day", f"{day.day}: {what} {day.name}".rstrip(), site=site, who=who, now=now)


def remove_day(link: Connection, day: str, *, site: str, who: str, now: str) -> None:
    """The day is like its weekday again.

    Raises:
        NotFound: it is already.
    """
    if link.execute(delete(calendar).where(calendar.c.day == day)).rowcount == 0:
        raise NotFound(f"{day} is like its weekday already")
    changed(link, "year", "calendar.day", f"{day}: like its weekday", site=site, who=who, now=now)


def set_bells(link: Connection, group: str, bells: Bells, *, site: str, who: str, now: str) -> None:
    """A group's bells; of a group that nothing held for before, nothing else holds.

    Raises:
        BadInput: it may leave before it is to be here, or must be gone before it may leave.
    """
    said = [clock for clock in bells if clock]
    if said != sorted(said):
        raise BadInput(f"{group}: the bells are not in their order: {', '.join(said)}")
    if link.execute(update(groups).where(groups.c.id == group).values(bells._asdict())).rowcount == 0:
        fresh = {"id": group, "schedule": "", "lessons": "", "collected": False}
        link.execute(groups.insert().values(fresh | bells._asdict()))
    detail = (
        f"{group}: in by {bells.arrive_by or '-'}, out from {bells.leave_from or '-'}, closes {bells.closes or '-'}"
    )
    changed(link, "timetable", "bells.set", detail, group, site=site, who=who, now=now)


def _check_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{text!r} is no day such as 2026-10-01") from error


def unknown_schedules(link: Connection) -> list[tuple[str, str]]:
    """Who (by id) has a schedule that is none of the gateway's: a node that knows no better lets them in never."""
    known = select(schedules.c.id)
    query = select(people.c.id, people.c.schedule).where(
        people.c.schedule != "", people.c.withdrawn_at.is_(None), people.c.schedule.not_in(known)
    )
    return [(row.id, row.schedule) for row in link.execute(query.order_by(people.c.id))]


def changed(
    link: Connection, what: Kept, action: str, detail: str, subject: str = "", *, site: str, who: str, now: str
) -> int:
    """Something is said otherwise: nodes have it with the new version of the roster, which is given."""
    counters.take(link, what)
    version = counters.take(link, "roster")
    audit.record(link, site=site, at=now, who=who, action=action, subject=subject, detail=detail)
    return version


def version(link: Connection, what: Kept) -> int:
    """Which change was the last one, by a page or a file."""
    return counters.current(link, what)


def of_file(link: Connection, what: Kept) -> int:
    """Which change was the last one by a file."""
    return counters.current(link, "timetable_file" if what == "timetable" else "year_file")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
