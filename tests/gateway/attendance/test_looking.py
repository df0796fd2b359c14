"""A page left open is one look; another day, another class or another person is a look of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from zhian_gateway.attendance.looking import MOST, ONE_LOOK, Looks

NOW = datetime(2026, 10, 12, 1, tzinfo=UTC)
WANG = ("wang", "grade-1", "2026-10-12")


def test_a_page_that_refreshes_itself_is_one_look_until_its_time_is_over() -> None:
    looks = Looks()
    assert looks.is_new(WANG, NOW)
    assert not looks.is_new(WANG, NOW + ONE_LOOK - timedelta(seconds=1))
    assert looks.is_new(WANG, NOW + ONE_LOOK)


def test_whatever_else_is_looked_at_is_a_look_of_its_own() -> None:
    looks = Looks()
    assert looks.is_new(WANG, NOW)
    assert looks.is_new(("li", *WANG[1:]), NOW)
    assert looks.is_new(("wang", "grade-2", WANG[2]), NOW)


def test_a_clock_that_was_set_back_hides_no_look() -> None:
    looks = Looks()
    assert looks.is_new(WANG, NOW)
    assert looks.is_new(WANG, NOW - timedelta(hours=1))


def test_a_look_that_could_not_be_recorded_is_one_again() -> None:
    looks = Looks()
    with pytest.raises(OSError, match="full"), looks.recording(WANG, NOW) as new:
        assert new
        raise OSError("full")
    for expected in (True, False):
        with looks.recording(WANG, NOW) as new:
            assert new is expected


def test_it_forgets_the_oldest_rather_than_grow() -> None:
    looks = Looks()
    for number in range(MOST + 1):
        assert looks.is_new((str(number),), NOW)
    assert looks.is_new(("0",), NOW)
    assert not looks.is_new((str(MOST),), NOW)
