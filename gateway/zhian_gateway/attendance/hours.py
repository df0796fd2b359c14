"""The bells of a group on one day: its own, else its lessons', with holidays and moved workdays (调休) in mind.

Whoever has a schedule of their own comes by the later bell of both, may leave by the earlier one, and may stay until
the later end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from zhian_wire.calendar import Calendar, Group, Schedule, Span

from ..people.timetable import Bells
from ..people.windows import DAYS, weekday_of

#: On which days a group has school that has bells, and neither lessons nor hours.
WORKDAYS: Final = frozenset(DAYS[:5])


class Lesson(NamedTuple):
    """From `begins` until `ends`."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Hours:
    """A school day of a group, or of somebody with a schedule of their own; moments are aware.

    `lessons` lie in their order, and there is at least one.

    Attributes:
        arrive_by: who is not here then is late or absent.
        leave_from: who is gone before leaves early.
        closes: nobody is to be here any more; None: nobody says when, or not on this day.
    """

    arrive_by: datetime
    leave_from: datetime
    closes: datetime | None
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Timetable:
    """What bells follow from: groups with theirs, schedules by id, the site's year."""

    groups: Mapping[str, Group]
    bells: Mapping[str, Bells]
    schedules: Mapping[str, Schedule]
    year: Calendar
    zone: ZoneInfo

    def hours(self, group_id: str, day: date, own: str = "") -> Hours | None:
        """A group's hours on a local day; None: it has no school then, or nobody said when it has.

        Lessons are those of the group's schedule of lessons. Without one, bells alone make one long lesson, on the days
        of its schedule, else on workdays. Whoever comes by a schedule of their `own` is not expected on days without a
        span of it, nor before its first one begins or after its last one ends: the gates let them in by it alone.
        """
        group, bells = self.groups.get(group_id), self.bells.get(group_id, Bells())
        theirs = self._spans(own, day) if own in self.schedules else None
        if group is None or theirs == ():
            return None
        known = group.lessons in self.schedules
        lessons = self._spans(group.lessons, day) if known else self._by_bells(group.schedule, bells, day)
        if not lessons:
            return None
        closes = _at(day, bells.closes, self.zone) if bells.closes else None
        arrive_by = _at(day, bells.arrive_by, self.zone) if bells.arrive_by else lessons[0].begins
        leave_from = _at(day, bells.leave_from, self.zone) if bells.leave_from else lessons[-1].ends
        if theirs:
            ends = max(span.ends for span in theirs)
            arrive_by = max(arrive_by, theirs[0].begins)
            leave_from = min(leave_from, ends)
            # A day is judged by its own passages: who may stay over midnight is not seen to leave on it.
            closes = max(closes, ends) if closes and ends <= _at(day, "24:00", self.zone) else None
        return Hours(arrive_by, max(arrive_by, leave_from), closes, lessons)

    def _spans(self, schedule_id: str, day: date) -> tuple[Lesson, ...]:
        """The spans of a schedule that begin on the day; one that ends before it begins goes on after midnight."""
        schedule = self.schedules[schedule_id]
        if day.isoformat() in self.year.holidays and not schedule.holidays:
            return ()
        today = weekday_of(self.year, day)
        found = [self._lesson(day, span) for span in schedule.spans if today in span.days]
        return tuple(sorted(found))

    def _lesson(self, day: date, span: Span) -> Lesson:
        ends_on = day + timedelta(days=span.end <= span.start)
        return Lesson(_at(day, span.start, self.zone), _at(ends_on, span.end, self.zone))

    def _by_bells(self, schedule_id: str, bells: Bells, day: date) -> tuple[Lesson, ...]:
        if not bells.arrive_by:
            return ()
        if schedule_id in self.schedules:
            open_today = bool(self._spans(schedule_id, day))
        else:
            open_today = day.isoformat() not in self.year.holidays and weekday_of(self.year, day) in WORKDAYS
        ends = bells.leave_from or bells.closes or "24:00"
        return (Lesson(_at(day, bells.arrive_by, self.zone), _at(day, ends, self.zone)),) if open_today else ()


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The moment at which the site's clocks show `clock`; 24:00 is the next day's beginning."""
    if clock == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time.fromisoformat(clock), zone)
