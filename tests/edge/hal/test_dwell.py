"""A tag in the field is told once; a tag that comes back is told again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.hal.dwell import REMEMBERED, Dwell

TAG = "E2000017221101441890ABCD"


def test_a_tag_that_stays_is_told_once() -> None:
    dwell = Dwell(1000)
    assert [dwell.step(TAG, ms) for ms in range(0, 60_000, 20)].count(True) == 1
    assert dwell.repeats == 2999


def test_a_tag_that_was_away_is_told_again() -> None:
    dwell = Dwell(1000)
    assert [dwell.step(TAG, ms) for ms in (0, 999, 1998, 2998)] == [True, False, False, True]


def test_tags_do_not_hide_each_other() -> None:
    dwell = Dwell(1000)
    assert [dwell.step(card, 0) for card in ("AA01", "AA02", "AA01", "AA02")] == [True, True, False, False]


def test_a_weak_tag_is_elsewhere_until_it_comes_near() -> None:
    dwell = Dwell(1000, min_dbm=-60)
    assert [dwell.step(TAG, 0, -70), dwell.step(TAG, 10, -59.5), dwell.step(TAG, 20, -80)] == [False, True, False]
    assert dwell.weak == 2


def test_a_glimpse_is_not_enough_where_several_sightings_are_asked_for() -> None:
    dwell = Dwell(1000, sightings=3)
    assert [dwell.step(TAG, ms) for ms in (0, 2000, 2100, 2200, 2300)] == [False, False, False, True, False]


def test_the_installer_sees_how_long_and_how_strongly() -> None:
    dwell = Dwell(1000)
    for ms, dbm in ((0, -70.0), (100, -50.5), (200, -61.0)):
        dwell.step(TAG, ms, dbm)
    assert dwell.present(300) == [(TAG, 0, 200, 3, -50.5, True)]
    assert dwell.present(1200) == []


def test_a_flood_of_made_up_tags_takes_no_more_room() -> None:
    dwell = Dwell(1000)
    for n in range(3 * REMEMBERED):
        dwell.step(f"{n:08X}", n)
    assert len(dwell.present(0)) <= REMEMBERED


@given(st.lists(st.tuples(st.sampled_from(("AA", "BB")), st.integers(0, 1500)), max_size=60))
def test_a_tag_is_told_exactly_when_it_comes(steps: list[tuple[str, int]]) -> None:
    dwell, now, last = Dwell(1000), 0, dict[str, int]()
    for card, pause in steps:
        now += pause
        assert dwell.step(card, now) == (now - last.get(card, -1000) >= 1000)
        last[card] = now
