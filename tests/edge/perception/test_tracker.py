"""Tracks: one per subject; separated subjects never swap, a cut ends all."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.perception.tracker import PATIENCE_MS, STANDING_MS, Tracker
from zhian_edge.perception.types import Box, Detection


def face(box: Box) -> Detection:
    return Detection("face", box, 0.9)


def tracker() -> Tracker:
    return Tracker(count(1))


def test_a_subject_that_moves_keeps_its_track() -> None:
    it = tracker()
    ids = {it.step([face((100 + 30 * n, 50, 80, 100))], 200 * n).matches[0].track.id for n in range(10)}
    assert ids == {1}


def test_a_fast_subject_is_expected_where_it_is_going() -> None:
    it = tracker()
    ids = [it.step([face((100 + 70 * n, 50, 80, 80))], 200 * n).matches[0].track.id for n in range(8)]
    assert set(ids) == {1}


@pytest.mark.parametrize("rate", [5, 8, 10, 15, 25, 60])
def test_who_walks_across_is_followed_by_slow_and_fast_cameras(rate: int) -> None:
    """1.5 m/s, a face of .16 m and 60 pixels."""
    it, step = tracker(), 1.5 / 0.16 * 60 / rate
    ids = [it.step([face((100 + step * n, 50, 60, 60))], 1000 * n // rate).matches[0].track.id for n in range(6)]
    assert set(ids) == {1}


@given(
    st.lists(st.tuples(st.floats(-8, 8), st.floats(-8, 8)), min_size=2, max_size=4),
    st.integers(3, 25),
    st.randoms(use_true_random=False),
)
def test_ids_never_swap_for_subjects_that_stay_apart(
    speeds: list[tuple[float, float]], steps: int, random: object
) -> None:
    it = tracker()
    owner: dict[int, int] = {}
    for n in range(steps):
        order = list(range(len(speeds)))
        random.shuffle(order)  # type: ignore[attr-defined]
        boxes = [(1000.0 * i + speeds[i][0] * n, 300 + speeds[i][1] * n, 90.0, 110.0) for i in order]
        matches = {m.detection.box: m for m in it.step([face(b) for b in boxes], 200 * n).matches}
        for i, box in zip(order, boxes, strict=True):
            assert owner.setdefault(i, matches[box].track.id) == matches[box].track.id
            assert not matches[box].doubtful


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 600)), max_size=6))
def test_a_cut_ends_all_tracks_and_nothing_is_carried_over(places: list[tuple[float, float]]) -> None:
    it = tracker()
    found = [face((x, y, 60, 60)) for x, y in places]
    before = {m.track.id for m in it.step(found, 0).matches}
    assert {t.id for t in it.cut()} == before
    assert not it.tracks
    assert not before & {m.track.id for m in it.step(found, 40).matches}


@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 600)), max_size=6))
def test_every_detection_has_exactly_one_track(places: list[tuple[float, float]]) -> None:
    it = tracker()
    for now in (0, 200, 400):
        found = [face((x + now / 10, y, 60, 60)) for x, y in places]
        matches = it.step(found, now).matches
        assert sorted(id(m.detection) for m in matches) == sorted(map(id, found))
        assert len({m.track.id for m in matches}) == len(found)


def test_two_who_meet_are_doubtful() -> None:
    it = tracker()
    it.step([face((100, 100, 80, 80)), face((200, 100, 80, 80))], 0)
    meeting = it.step([face((145, 100, 80, 80)), face((155, 100, 80, 80))], 200)
    assert all(match.doubtful for match in meeting.matches)


def test_a_subject_that_comes_back_after_a_gap_is_doubtful_and_after_a_long_one_is_new() -> None:
    it = tracker()
    it.step([face((100, 100, 80, 80))], 0)
    (again,) = it.step([face((100, 100, 80, 80))], 800).matches
    assert (again.track.id, again.doubtful) == (1, True)
    late = it.step([face((100, 100, 80, 80))], 800 + PATIENCE_MS + 1)
    assert late.matches[0].new
    assert [t.id for t in late.ended] == [1]


def test_a_shaken_picture_makes_everything_doubtful() -> None:
    it = tracker()
    it.step([face((100, 100, 80, 80))], 0)
    assert it.step([face((100, 100, 80, 80))], 200, shaken=True).matches[0].doubtful


def test_who_stands_still_stays_tracked_without_a_look_but_not_for_ever() -> None:
    it = tracker()
    it.step([face((100, 100, 80, 80))], 0)
    for now in range(0, STANDING_MS + 5000, 40):
        it.still(now)
    (match,) = it.step([face((100, 100, 80, 80))], STANDING_MS + PATIENCE_MS - 1).matches
    assert match.track.id == 1
    assert it.step([], STANDING_MS + PATIENCE_MS * 3).ended


def test_who_stood_still_until_now_is_not_expected_to_leap() -> None:
    it = tracker()
    for at_ms in (0, 40, 240):
        it.step([face((100, 50, 80, 100))], at_ms)
    it.still(280)
    it.step([face((106, 50, 80, 100))], 280)
    assert it.tracks[0].expected(480)[0] < 150


def test_who_was_missed_by_a_look_does_not_stand_still() -> None:
    it = tracker()
    it.step([face((100, 100, 80, 80))], 0)
    it.step([], 200)
    it.still(1000)
    assert [t.id for t in it.step([], PATIENCE_MS + 1).ended] == [1]


def test_a_split_track_ends_and_its_detection_begins_another() -> None:
    it = tracker()
    it.step([face((100, 100, 80, 80))], 0)
    (match,) = it.step([face((100, 100, 80, 80))], 800).matches
    other = it.split(match, 800)
    assert other.new
    assert other.track.id == 2
    assert [t.id for t in it.tracks] == [2]
