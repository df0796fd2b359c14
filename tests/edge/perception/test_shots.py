"""The best few looks are kept, not all of one moment."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.perception import shots
from zhian_edge.perception.dossier import View


def view(at_ms: int, quality: float) -> View:
    return View(
        frame=at_ms // 40, at_ms=at_ms, media_time_s=at_ms / 1000, box=(0, 0, 1, 1), quality=quality,
        picture=np.zeros((1, 1, 3), np.uint8),
    )  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 5000), st.floats(0.01, 1)), max_size=40))
def test_there_are_never_too_many_and_never_two_of_one_moment(offered: list[tuple[int, float]]) -> None:
    kept: list[View] = []
    for at_ms, quality in sorted(offered):
        if shots.wanted(kept, quality, at_ms):
            shots.keep(kept, view(at_ms, quality))
    moments = sorted(v.at_ms for v in kept)
    assert len(kept) <= shots.KEEP
    assert all(b - a >= shots.APART_MS for a, b in itertools.pairwise(moments))


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=40))
def test_nothing_kept_is_much_worse_than_what_was_refused(qualities: list[float]) -> None:
    kept: list[View] = []
    for number, quality in enumerate(qualities):
        if shots.wanted(kept, quality, number * 1000):
            shots.keep(kept, view(number * 1000, quality))
    best = sorted(qualities, reverse=True)[: shots.KEEP]
    worst = min(v.quality for v in kept)
    assert len(kept) == min(len(qualities), shots.KEEP)
    assert worst * shots.BETTER >= best[-1] or worst == min(best)


def test_a_slightly_better_look_is_not_worth_an_embedding() -> None:
    kept = [view(n * 1000, 0.5) for n in range(shots.KEEP)]
    assert not shots.wanted(kept, 0.55, 9000)
    assert shots.wanted(kept, 0.6, 9000)


def test_the_best_look_stands_for_the_subject() -> None:
    kept = [view(0, 0.4), view(1000, 0.8), view(2000, 0.8)]
    assert shots.best(kept).at_ms == 1000
