"""When a schedule lets somebody in on one day, in clock times; and which of its spans lie over each other. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from zhian_wire.calendar import Calendar, Day, Schedule, Span

DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY


class Window(NamedTuple):
    """From `start` until before `end` of one local day, as `07:30`; a day ends at `24:00`.

    `before`: it began on the day before; `after`: it goes on when the day is over.
    """

    start: str
    end: str
    before: bool = False
    after: bool = False


class Overlap(NamedTuple):
    """Two spans that both hold at some time of a weekday."""

    day: Day
    first: Span
    second: Span


def weekday_of(year: Calendar, day: date) -> Day:
    """Which weekday's hours hold."""
    return year.workdays.get(day.isoformat(), DAYS[day.weekday()])


def windows(schedule: Schedule, year: Calendar, day: date) -> tuple[Window, ...]:
    """When the schedule holds on a local day, in their order and none touching another.

    As gates judge it: a span that ends before it starts counts for the day on which it began.
    """
    yesterday = _on(schedule, year, day - timedelta(days=1))
    spans = [(begin - _DAY, end - _DAY) for begin, end in yesterday] + list(_on(schedule, year, day))
    return tuple(
        Window(_clock(max(begin, 0)), _clock(min(end, _DAY)), begin < 0, end > _DAY)
        for begin, end in _merged(spans)
        if begin < _DAY and end > 0
    )


def overlap(spans: Sequence[Span]) -> Overlap | None:
    """The first two spans that lie over each other in a usual week; None: each time is said once."""
    found = sorted(
        ((begin, end, DAYS[number], span) for span in spans for number, begin, end in _in_week(span)),
        key=lambda each: each[:2],
    )
    for (_, end, _, first), (begin, _, day, second) in itertools.pairwise(found):
        if begin < end:
            return Overlap(day, first, second)
    if len(found) > 1 and found[-1][1] - _WEEK > found[0][0]:
        return Overlap(found[0][2], found[-1][3], found[0][3])
    return None


def told(schedule: Schedule) -> str:
    """A schedule on one line, for the record: `mon-fri 07:00-18:00; sat 08:00-12:00`."""
    spans = [f"{_days(span.days)} {span.start}-{span.end}" for span in schedule.spans]
    return "; ".join([*spans, *(["also on days off"] if schedule.holidays else [])])


def _on(schedule: Schedule, year: Calendar, day: date) -> Iterator[tuple[int, int]]:
    """The spans that begin on the day, in minutes since its midnight."""
    if day.isoformat() in year.holidays and not schedule.holidays:
        return
    today = weekday_of(year, day)
    yield from (_minutes(span) for span in schedule.spans if today in span.days)


def _in_week(span: Span) -> Iterator[tuple[int, int, int]]:
    begin, end = _minutes(span)
    for day in set(span.days):
        number = DAYS.index(day)
        yield number, number * _DAY + begin, number * _DAY + end


def _minutes(span: Span) -> tuple[int, int]:
    begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (span.start, span.end))
    return begin, end if end > begin else end + _DAY


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _days(days: Sequence[Day]) -> str:
    """`mon-fri`, or `mon,wed`."""
    numbers = sorted({DAYS.index(day) for day in days})
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{DAYS[numbers[0]]}-{DAYS[numbers[-1]]}"
    return ",".join(DAYS[number] for number in numbers)
