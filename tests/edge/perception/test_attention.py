"""Where a detector looks: every subject in its place, every newcomer within the time that is promised."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import frame
from zhian_edge.perception.attention import MOST_PLACES, WHOLE_MS, WIDE_MS, Attention, Where
from zhian_edge.perception.geometry import Region
from zhian_edge.perception.tracker import Track
from zhian_edge.perception.types import Box

STEP_MS = 200
PLACE = (20.0, 20.0, 30.0, 30.0)


def track(box: Box = PLACE, *, missed: bool = False) -> Track:
    made = Track(1, box, 0)
    made.hits, made.missed = 3, missed
    return made


def looks(
    attention: Attention, count: int, tracks: Sequence[Track] = (), who: Sequence[Box] = (), start: int = 0
) -> list[Where | None]:
    return [attention.where(frame(n, who=who), tracks, n * STEP_MS) for n in range(start, start + count)]


def holds(area: Region, box: Box) -> bool:
    x, y, w, h = area
    return x <= box[0] and y <= box[1] and x + w >= box[0] + box[2] and y + h >= box[1] + box[3]


def test_the_first_look_and_the_first_after_a_cut_are_everywhere() -> None:
    attention = Attention()
    assert looks(attention, 1) == [None]
    looks(attention, 3, start=1)
    attention.restart()
    assert looks(attention, 1, start=4) == [None]


def test_whoever_is_followed_is_looked_for_in_his_place() -> None:
    attention = Attention()
    _, *after = looks(attention, WIDE_MS // STEP_MS, [track()])
    assert after == [Where((PLACE,))] * len(after)


def test_the_whole_picture_is_searched_from_time_to_time() -> None:
    told = looks(Attention(), 61, [track()])
    assert told.count(None) == 1 + 60 * STEP_MS // WHOLE_MS


def test_somebody_seen_once_is_looked_for_all_around_where_frames_are_slow() -> None:
    attention, once = Attention(), Track(1, PLACE, 0)
    attention.where(frame(0), [], 0)
    (quick,) = [attention.where(frame(1, who=[(60.0, 20.0, 30.0, 30.0)]), [once], 40)]
    assert quick == Where((PLACE,))
    slow = attention.where(frame(1, who=[(60.0, 20.0, 30.0, 30.0)]), [once], 120)
    assert slow is not None
    assert slow.area is not None


@given(box=st.tuples(st.integers(0, 280), st.integers(0, 140), st.integers(16, 40), st.integers(16, 40)))
def test_a_newcomer_lies_in_the_area_that_is_searched(box: tuple[int, int, int, int]) -> None:
    attention = Attention()
    looks(attention, 1)
    for where in looks(attention, 1, who=[box], start=40):
        assert where is None or (where.area is not None and holds(where.area, box))


def test_a_newcomer_is_looked_for_in_time_while_others_are_followed() -> None:
    attention = Attention()
    looks(attention, 2, [track()])
    told = looks(attention, WIDE_MS // STEP_MS, [track()], who=[(250.0, 100.0, 30.0, 30.0)], start=2)
    assert any(where is None or where.area is not None for where in told)


def test_nothing_is_searched_where_nothing_changed_and_nobody_is() -> None:
    assert looks(Attention(), 5)[1:] == [Where(())] * 4


def test_a_place_inside_the_searched_area_is_not_searched_twice() -> None:
    attention = Attention()
    newcomer = (30.0, 30.0, 40.0, 40.0)
    looks(attention, 1, [track((40.0, 40.0, 10.0, 10.0))])
    (where,) = looks(attention, 1, [track((40.0, 40.0, 10.0, 10.0))], who=[newcomer], start=5)
    assert where is not None
    assert where.area is not None
    assert where.places == ()


@pytest.mark.parametrize(("missed", "searches"), [(False, 4), (True, 7)])
def test_somebody_out_of_sight_is_searched_for_twice_as_often(missed: bool, searches: int) -> None:
    attention, lost = Attention(), track(missed=missed)
    moving: list[list[Box]] = [[(200.0, 90.0, 30.0, 30.0)], []]
    told = [attention.where(frame(n, who=moving[n // 2 % 2]), [lost], n * STEP_MS) for n in range(13)]
    assert sum(where is None or where.area is not None for where in told) == searches


def test_in_a_crowd_the_whole_picture_is_cheaper() -> None:
    crowd = [track((30.0 * n, 20.0, 20.0, 20.0)) for n in range(MOST_PLACES + 1)]
    assert looks(Attention(), 4, crowd) == [None] * 4
