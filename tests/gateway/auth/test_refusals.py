"""Refused looks are written down, but not so many that they flood the record."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.auth.refusals import Refusals

moments = st.lists(st.floats(0, 20, allow_nan=False), max_size=80).map(sorted)


@given(moments)
def test_each_refusal_is_written_down_or_counted(times: list[float]) -> None:
    refusals, written, counted = Refusals(most=3, window_s=5.0), 0, 0
    for now in times:
        counted += sum(refusals.over(now).values())
        written += refusals.admits("chen", now)
    assert written + counted + sum(refusals.over(1e9).values()) == len(times)


@given(moments)
def test_no_window_holds_more_than_its_most(times: list[float]) -> None:
    refusals = Refusals(most=3, window_s=100.0)
    assert sum(refusals.admits("chen", now) for now in times) <= 3


def test_one_users_refusals_do_not_hide_anothers() -> None:
    refusals = Refusals(most=1)
    assert [refusals.admits(user, 0.0) for user in ("chen", "chen", "li")] == [True, False, True]
    assert refusals.over(refusals_end := 3600.0) == {"chen": 1}
    assert refusals.admits("chen", refusals_end)
