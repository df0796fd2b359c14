"""Progress and holes agree with counting by hand, for any set of numbers in any pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.ingest.progress import Progress, holes

numbers = st.sets(st.integers(1, 60))


@given(numbers)
def test_through_is_the_longest_run_from_one(there: set[int]) -> None:
    progress = Progress().advance(there)
    assert set(range(1, progress.through + 1)) <= there
    assert progress.through + 1 not in there
    assert progress.highest == max(there, default=0)


@given(numbers, numbers)
def test_two_steps_are_as_good_as_one(first: set[int], second: set[int]) -> None:
    once = Progress().advance(first | second)
    half = Progress().advance(first)
    assert half.advance({seq for seq in first | second if seq > half.through}) == once


@given(numbers)
def test_holes_are_exactly_what_is_missing(there: set[int]) -> None:
    progress = Progress().advance(there)
    gaps = holes(progress, {seq for seq in there if seq > progress.through})
    missing = {seq for first, last in gaps for seq in range(first, last + 1)}
    assert missing == set(range(1, progress.highest + 1)) - there
