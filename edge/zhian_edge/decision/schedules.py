"""Whether a schedule holds at a moment of the site's own time, holidays and moved workdays (调休) included."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from zhian_wire.calendar import Calendar, Day, Schedule, Span

DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def holds(schedule: Schedule, calendar: Calendar, local: datetime) -> bool:
    """Whether one of the schedule's spans covers `local` (the site's time).

    A span that ends before it starts goes on after midnight, and counts for the day on which it began.
    """
    return _covered(schedule, calendar, local, 0) or _covered(schedule, calendar, local, 1)


def _covered(schedule: Schedule, calendar: Calendar, local: datetime, days_ago: int) -> bool:
    day = local.date() - timedelta(days=days_ago)
    name = day.isoformat()
    if name in calendar.holidays and not schedule.holidays:
        return False
    weekday = calendar.workdays.get(name, DAYS[day.weekday()])
    now = _minute(local.time()) + 24 * 60 * days_ago
    return any(weekday in span.days and _begin(span) <= now < _end(span) for span in schedule.spans)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _begin(span: Span) -> int:
    return int(span.start[:2]) * 60 + int(span.start[3:])


def _end(span: Span) -> int:
    """In minutes after the beginning of the day on which the span began."""
    end = int(span.end[:2]) * 60 + int(span.end[3:])
    return end if end > _begin(span) else end + 24 * 60
