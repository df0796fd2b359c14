"""Whether somebody who is listed may come now: validity, groups, schedules."""

from __future__ import annotations

from datetime import datetime
from typing import Final, get_args

from zhian_wire import reasons
from zhian_wire.calendar import Day
from zhian_wire.roster import Leave, Person
from zhian_wire.times import from_text
from zhian_wire.turns import is_turn

from .people import People
from .plan import Access
from .schedules import holds

DAYS: Final[tuple[Day, ...]] = get_args(Day)


def objection(person: Person, access: Access, people: People, now: datetime | None, local: datetime | None) -> str:
    """The code of the first thing that is against it; "": nothing. `now` is UTC, None while nobody knows it.

    Who is on a watch list is looked for, not let in, whichever groups a lane names.
    """
    if person.watch:
        return reasons.NOT_LISTED
    if access.groups and person.group not in access.groups:
        return reasons.NOT_LISTED
    schedule = person.schedule or people.group(person).schedule
    if now is None or local is None:
        timed = schedule or person.begins or person.ends or person.until
        return reasons.TIME_UNKNOWN if timed and not access.opens_without_time else ""
    if not _valid(person, now):
        return reasons.NOT_VALID
    if schedule:
        known = people.schedule(schedule)
        # A schedule that nobody described lets nobody in: it may have been meant to be narrow.
        if known is None or not holds(known, people.calendar, local):
            return reasons.OFF_SCHEDULE
    return ""


def in_lessons(person: Person, people: People, local: datetime | None) -> bool:
    """Whether the person should be inside by the lessons of their group."""
    schedule = people.schedule(people.group(person).lessons)
    return schedule is not None and local is not None and holds(schedule, people.calendar, local)


def leave(person: Person, now: datetime | None) -> Leave | None:
    """The slip by which the person may be out now; None: there is none, or nobody knows the time."""
    if now is None:
        return None
    return next((each for each in person.leaves if _covers(now, each.begins, each.ends)), None)


def collectors(child: Person, now: datetime | None, local: datetime | None) -> frozenset[str]:
    """With whom (ids, plates) the child may leave now; while nobody knows the time, with those of any time alone."""
    return frozenset(
        each.who
        for each in child.collectors
        if (not (each.begins or each.ends) or (now is not None and _covers(now, each.begins, each.ends)))
        and (not each.days or (local is not None and DAYS[local.weekday()] in each.days))
        and (not each.turn or (local is not None and is_turn(each.turn, each.turn_from, local.date())))
    )


def _valid(person: Person, now: datetime) -> bool:
    return _covers(now, person.begins, person.ends) and _covers(now, "", person.until)


def _covers(now: datetime, begins: str, ends: str) -> bool:
    return (not begins or from_text(begins) <= now) and (not ends or now < from_text(ends))
