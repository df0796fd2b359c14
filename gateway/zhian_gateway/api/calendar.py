"""The school's year: bells of classes, holidays, and workdays that are moved for them (调休)."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from ..people import timetable
from ..services import Services
from . import desk_shapes as shapes
from .access import Caller, Parts, users
from .guarded import GuardedRouter

router = GuardedRouter(prefix="/api/calendar")


@router.get("")
@users("admin", "guard", "teacher")
def year(parts: Parts) -> shapes.SchoolYear:
    """Bells, schedules, and the days that are unlike their weekday."""
    with parts.store.read() as link:
        return _year(link)


@router.post("/days")
@users("admin")
def set_day(parts: Parts, caller: Caller, wanted: shapes.YearDayRequest) -> shapes.SchoolYear:
    """A day off, or a day on which another weekday's hours hold; nodes have it with their next roster."""
    day = timetable.Day(wanted.day, wanted.works_as, wanted.name.strip())
    with parts.store.write() as link:
        timetable.set_day(link, day, **_by(parts, caller.user))
        found = _year(link)
    parts.bell.ring()
    return found


@router.post("/days/remove")
@users("admin")
def remove_day(parts: Parts, caller: Caller, wanted: shapes.YearDayEnd) -> shapes.SchoolYear:
    """The day is like its weekday again."""
    with parts.store.write() as link:
        timetable.remove_day(link, wanted.day, **_by(parts, caller.user))
        found = _year(link)
    parts.bell.ring()
    return found


@router.post("/bells")
@users("admin")
def set_bells(parts: Parts, caller: Caller, wanted: shapes.BellsRequest) -> shapes.SchoolYear:
    """When a class is to be here, may leave, and must be gone."""
    bells = timetable.Bells(wanted.arrive_by, wanted.leave_from, wanted.closes)
    with parts.store.write() as link:
        timetable.set_bells(link, wanted.group, bells, **_by(parts, caller.user))
        found = _year(link)
    parts.bell.ring()
    return found


def _by(parts: Services, who: str) -> dict[str, str]:
    return {"site": parts.site, "who": who, "now": parts.now()}


def _year(link: Connection) -> shapes.SchoolYear:
    bells = timetable.bells_of(link)
    return shapes.SchoolYear(
        groups=[
            shapes.GroupHours(**msgspec.structs.asdict(group), **bells[group.id]._asdict())
            for group in timetable.groups_of(link)
        ],
        schedules=[
            shapes.ScheduleEntry(
                id=schedule.id,
                holidays=schedule.holidays,
                spans=[shapes.ClockSpan(days=list(one.days), start=one.start, end=one.end) for one in schedule.spans],
            )
            for schedule in timetable.schedules_of(link)
        ],
        days=[shapes.YearDay.model_validate(day._asdict()) for day in timetable.days_of(link)],
    )
