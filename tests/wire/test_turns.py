"""Two households take turns by weeks: never both, never neither, also over the turn of a year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire.turns import is_turn

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
FROM = st.one_of(st.just(""), DAYS.map(str))


@given(DAYS, FROM)
def test_each_day_is_exactly_one_households(day: date, begun: str) -> None:
    assert is_turn("odd", begun, day) != is_turn("even", begun, day)
    assert is_turn("", begun, day)


@given(DAYS, DAYS)
def test_counted_from_a_day_the_turn_changes_every_monday_and_at_no_other_time(begun: date, day: date) -> None:
    after = day + timedelta(days=1)
    changes = is_turn("odd", str(begun), day) != is_turn("odd", str(begun), after)
    assert changes == (after.weekday() == 0)
    assert is_turn("odd", str(begun), begun)


@pytest.mark.parametrize(
    ("day", "odd"),
    [
        ("2026-03-02", False),
        ("2026-03-09", True),
        ("2026-03-15", True),
        ("2026-12-28", True),
        ("2027-01-03", True),
        ("2027-01-04", True),
        ("2027-01-11", False),
    ],
    ids=["week 10", "week 11", "its Sunday", "week 53", "still", "week 1", "week 2"],
)
def test_by_number_it_is_the_week_of_the_year(day: str, odd: bool) -> None:
    assert is_turn("odd", "", date.fromisoformat(day)) is odd


def test_a_day_that_is_none_is_no_turn() -> None:
    with pytest.raises(ValueError, match="soon"):
        is_turn("odd", "soon", date(2026, 3, 2))
