"""What a schedule means on a day is what gates make of it, minute by minute; spans over each other are found."""

from __future__ import annotations

import itertools
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from zhian_edge.decision.schedules import holds
from zhian_gateway.people.windows import DAYS, Window, overlap, told, windows
from zhian_wire.calendar import Calendar, Schedule, Span

MONDAY = date(2026, 3, 2)
CLOCKS = st.builds(lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}", st.integers(0, 1440))
SPANS = st.builds(
    Span, days=st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(tuple), start=CLOCKS, end=CLOCKS
)
NEAR = st.integers(-2, 8).map(lambda days: (MONDAY + timedelta(days=days)).isoformat())
YEARS = st.builds(
    Calendar, holidays=st.lists(NEAR, max_size=3).map(tuple), workdays=st.dictionaries(NEAR, st.sampled_from(DAYS))
)


def minutes_of(found: tuple[Window, ...]) -> set[int]:
    def at(clock: str) -> int:
        return int(clock[:2]) * 60 + int(clock[3:])

    return {minute for each in found for minute in range(at(each.start), at(each.end))}


@settings(max_examples=60)
@given(
    st.builds(Schedule, id=st.just("s"), spans=st.lists(SPANS, max_size=4).map(tuple), holidays=st.booleans()),
    YEARS,
    st.integers(0, 6),
)
def test_the_windows_of_a_day_are_the_minutes_in_which_a_gate_would_open(
    schedule: Schedule, year: Calendar, days: int
) -> None:
    day = MONDAY + timedelta(days=days)
    midnight = datetime.combine(day, time())
    opens = {minute for minute in range(1440) if holds(schedule, year, midnight + timedelta(minutes=minute))}
    found = windows(schedule, year, day)
    assert minutes_of(found) == opens
    assert all(first.end < second.start for first, second in itertools.pairwise(found))


@given(st.lists(SPANS, max_size=4))
def test_spans_overlap_when_a_minute_of_a_usual_week_is_said_twice(spans: list[Span]) -> None:
    said = [
        (days * 1440 + minute) % (7 * 1440)
        for span in spans
        for days in (DAYS.index(day) for day in span.days)
        for minute in _minutes(span)
    ]
    assert (overlap(spans) is None) == (len(said) == len(set(said)))


def _minutes(span: Span) -> range:
    start, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in (span.start, span.end))
    return range(start, end if end > start else end + 1440)


NIGHT = Schedule(id="night", spans=(Span(days=("mon",), start="22:00", end="06:00"),))


@pytest.mark.parametrize(
    ("day", "year", "found"),
    [
        (MONDAY, Calendar(), (Window("22:00", "24:00", after=True),)),
        (MONDAY + timedelta(days=1), Calendar(), (Window("00:00", "06:00", before=True),)),
        (MONDAY, Calendar(holidays=("2026-03-02",)), ()),
        # The night that began before the day off goes on.
        (MONDAY + timedelta(days=1), Calendar(holidays=("2026-03-03",)), (Window("00:00", "06:00", before=True),)),
        (
            MONDAY + timedelta(days=5),
            Calendar(workdays={"2026-03-07": "mon"}),
            (Window("22:00", "24:00", after=True),),
        ),
    ],
    ids=["evening", "morning after", "day off", "off after the night", "moved workday"],
)
def test_a_night_counts_for_the_day_on_which_it_began(day: date, year: Calendar, found: tuple[Window, ...]) -> None:
    assert windows(NIGHT, year, day) == found


def test_a_schedule_stands_on_one_line_of_the_record() -> None:
    spans = (Span(start="07:00", end="18:00"), Span(days=("sat", "wed"), start="08:00", end="12:00"))
    assert told(Schedule(id="s", spans=spans)) == "mon-fri 07:00-18:00; wed,sat 08:00-12:00"
    assert told(Schedule(id="s", spans=spans[:1], holidays=True)) == "mon-fri 07:00-18:00; also on days off"
