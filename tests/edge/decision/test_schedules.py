"""Schedules of a week in the site's own time, with holidays and the workdays that are moved for them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from zhian_edge.decision.schedules import holds
from zhian_edge.decision.wall import WallClock
from zhian_edge.signals import ClockTold
from zhian_wire.calendar import Calendar, Schedule, Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = Schedule(id="week", spans=(Span(start="07:00", end="18:00"), Span(days=("sat",), start="08:00", end="12:00")))
NIGHT = Schedule(id="night", spans=(Span(days=("fri",), start="22:00", end="06:00"),))
ALWAYS = Schedule(id="always", spans=(Span(days=("mon", "thu"), start="00:00", end="24:00"),), holidays=True)
#: National day 2026 is a Thursday; Saturday the 10th is worked for it as a Thursday.
OCTOBER = Calendar(holidays=("2026-10-01", "2026-10-02"), workdays={"2026-10-10": "thu"})


@pytest.mark.parametrize(
    ("schedule", "moment", "expected"),
    [
        (WEEK, "2026-03-02T07:00", True),
        (WEEK, "2026-03-02T06:59", False),
        (WEEK, "2026-03-02T17:59", True),
        (WEEK, "2026-03-02T18:00", False),
        (WEEK, "2026-03-07T09:00", True),
        (WEEK, "2026-03-07T13:00", False),
        (WEEK, "2026-03-08T09:00", False),
        (WEEK, "2026-10-01T09:00", False),
        (WEEK, "2026-10-10T17:00", True),
        (ALWAYS, "2026-10-01T23:59", True),
        (NIGHT, "2026-03-06T23:00", True),
        (NIGHT, "2026-03-07T05:59", True),
        (NIGHT, "2026-03-07T06:00", False),
        (NIGHT, "2026-03-06T05:00", False),
        (NIGHT, "2026-10-03T03:00", False),  # began on a holiday
        (Schedule(id="none"), "2026-03-02T12:00", False),
    ],
    ids=str,
)
def test_a_schedule_holds(schedule: Schedule, moment: str, expected: bool) -> None:
    assert holds(schedule, OCTOBER, datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)) == expected


def told(wall: str) -> ClockTold:
    return ClockTold(at_ms=1000, wall_ms=round(datetime.fromisoformat(wall).timestamp() * 1000), clock="trusted")


def test_the_sites_time_follows_what_was_told_last() -> None:
    clock = WallClock("Asia/Shanghai")
    assert clock.local(0) is None
    clock.told(told("2026-03-02T00:00:00+00:00"))
    local = clock.local(61_000)
    assert local is not None
    assert local.strftime("%a %H:%M") == "Mon 08:01"


def test_nobody_believes_a_clock_of_1970() -> None:
    clock = WallClock("Asia/Shanghai")
    clock.told(told("1970-01-01T00:10:00+00:00"))
    assert clock.local(5000) is None


def test_summer_time_is_the_zones_own_affair() -> None:
    clock = WallClock("Europe/Berlin")
    clock.told(told("2026-07-01T06:30:00+00:00"))
    local = clock.local(1000)
    assert local is not None
    assert holds(Schedule(id="x", spans=(Span(start="08:00", end="09:00"),)), Calendar(), local)
