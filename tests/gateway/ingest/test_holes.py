"""Holes are asked for with patience, again and more slowly, and no more once they are filled."""

from __future__ import annotations

import itertools

from zhian_gateway.ingest.holes import MOST_RANGES, PATIENCE_S, SLOWEST_S, HoleWatch
from zhian_gateway.ingest.sorting import Run

RUN = Run("gate-1", "e1")


def test_a_message_that_was_overtaken_is_not_asked_for() -> None:
    watch = HoleWatch()
    assert watch.step({RUN: ((3, 4),)}, 0.0) == []
    assert watch.step({}, PATIENCE_S) == []


def test_a_hole_that_stays_is_asked_for_ever_more_slowly() -> None:
    watch = HoleWatch()
    asked = [now for now in range(0, 400) if watch.step({RUN: ((3, 4),)}, float(now))]
    waits = [later - earlier for earlier, later in itertools.pairwise(asked)]
    assert asked[0] == PATIENCE_S
    assert waits[:4] == [4, 8, 16, 32]
    assert max(waits) == SLOWEST_S


def test_something_that_came_makes_it_quick_again() -> None:
    watch = HoleWatch()
    for now in range(0, 100):
        watch.step({RUN: ((3, 9),)}, float(now))
    watch.step({RUN: ((5, 9),)}, 100.0)
    assert watch.step({RUN: ((5, 9),)}, 100.0 + PATIENCE_S) == [(RUN, ((5, 9),))]


def test_a_hole_is_asked_for_though_others_come_and_go_beside_it() -> None:
    watch = HoleWatch()
    asked = [watch.step({RUN: ((3, 4), (50 + now, 50 + now))}, float(now)) for now in range(int(PATIENCE_S) + 1)]
    assert asked[-1] == [(RUN, ((3, 4),))]
    assert not any(asked[:-1])


def test_a_request_stays_small_and_the_next_one_names_the_rest() -> None:
    watch = HoleWatch()
    gaps = {RUN: tuple((seq, seq) for seq in range(2, 1000, 2))}
    watch.step(gaps, 0.0)
    ((_, first),) = watch.step(gaps, PATIENCE_S)
    ((_, second),) = watch.step(gaps, PATIENCE_S)
    assert len(first) == len(second) == MOST_RANGES
    assert not set(first) & set(second)
