"""When people may come: schedules of a week, holidays, and the workdays that are moved for them (调休)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
#: `07:30`; the end of a day is `24:00`.
ClockText = Annotated[str, msgspec.Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
#: `2026-10-01`
DateText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """From `start` until before `end` on `days`, in the site's time; an end before the start is on the next day."""

    days: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri")
    start: ClockText = "00:00"
    end: ClockText = "24:00"


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """The spans of a week in which something holds. `holidays`: also on days that the calendar says are off."""

    id: str
    spans: tuple[Span, ...] = ()
    holidays: bool = False


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """The site's own year.

    Attributes:
        holidays: days off, whatever day of the week they are.
        workdays: days on which that weekday's spans hold instead (a Saturday worked as a Friday).
    """

    holidays: tuple[DateText, ...] = ()
    workdays: dict[DateText, Day] = {}


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for everybody of a group.

    Attributes:
        schedule: when they may come; "": always. A person's own schedule comes before it.
        lessons: schedule of the hours in which leaving is an alert; "": none.
        collected: they leave only with somebody who is listed to collect them (young grades).
    """

    id: str
    schedule: str = ""
    lessons: str = ""
    collected: bool = False
