"""Progress and holes agree with counting by hand, for any set of numbers in any pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.ingest.progress import MOST_IN_MIND, Progress, Seen, holes

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


@given(st.lists(st.sets(st.integers(1, 40), max_size=10), max_size=8), numbers)
def test_what_is_kept_in_mind_is_what_a_store_would_say(batches: list[set[int]], asked: set[int]) -> None:
    there: set[int] = set()
    seen = Seen()
    for batch in batches:
        seen = Seen.of(*seen.advanced(sorted(batch)))
        there |= batch
    assert seen.progress == Progress().advance(there)
    assert seen.above == {seq for seq in there if seq > seen.progress.through}
    assert seen.doubtful(sorted(asked)) == sorted(asked & there)


def test_of_too_many_numbers_only_the_store_knows() -> None:
    seen = Seen.of(Progress(0, 3 * MOST_IN_MIND), range(2, 2 * MOST_IN_MIND))
    assert seen.above is None
    assert seen.doubtful([1, 5, 3 * MOST_IN_MIND, 3 * MOST_IN_MIND + 1]) == [1, 5, 3 * MOST_IN_MIND]
