"""Detectors look often while something happens, seldom while nothing does."""

from __future__ import annotations

from zhian_edge.perception.scheduler import Busy, Schedule

NOBODY = Busy(0, 0)
ONE = Busy(1, 0)
KNOWN = Busy(1, 1)


def looks(schedule: Schedule, moved: bool, busy: Busy, until_ms: int, start_ms: int = 0) -> int:
    return sum(schedule.due(now, moved, busy) for now in range(start_ms, until_ms, 40))


def test_movement_is_looked_at_at_the_configured_rate() -> None:
    assert looks(Schedule(5.0), True, NOBODY, 2000) == 10


def test_a_still_picture_without_anybody_is_not_looked_at() -> None:
    schedule = Schedule(5.0)
    schedule.due(0, True, NOBODY)
    assert looks(schedule, False, NOBODY, 60_000, 1000) == 0


def test_after_the_last_movement_there_is_one_more_look() -> None:
    schedule = Schedule(5.0)
    assert schedule.due(0, True, NOBODY)
    assert schedule.due(200, False, NOBODY)


def test_whoever_stands_still_is_checked_once_a_second() -> None:
    schedule = Schedule(5.0)
    schedule.due(0, True, ONE)
    assert 8 <= looks(schedule, False, ONE, 11_000, 1000) <= 11


def test_settled_tracks_halve_the_rate() -> None:
    assert looks(Schedule(5.0), True, KNOWN, 4000) == 10


def test_pressure_stretches_the_interval() -> None:
    schedule = Schedule(5.0)
    schedule.pressure = 2.0
    assert looks(schedule, True, ONE, 4000) == 10


def test_whoever_was_seen_once_is_looked_at_again_in_the_next_frame() -> None:
    schedule = Schedule(5.0)
    schedule.due(0, True, NOBODY)
    assert schedule.due(40, True, Busy(1, 0, fresh=1))


def test_under_pressure_nobody_is_hurried() -> None:
    schedule = Schedule(5.0)
    schedule.pressure = 2.0
    schedule.due(0, True, NOBODY)
    assert not schedule.due(40, True, Busy(1, 0, fresh=1))


def test_a_new_scene_is_looked_at_at_once() -> None:
    schedule = Schedule(5.0)
    schedule.due(0, True, ONE)
    schedule.restart()
    assert schedule.due(40, True, NOBODY)


def test_while_nothing_is_followed_looks_come_as_seldom_as_the_sense_asks() -> None:
    it = Schedule(5.0, search=2.0)
    searching = [now for now in range(0, 2000, 40) if it.due(now, True, Busy(0, 0))]
    following = [now for now in range(2000, 4000, 40) if it.due(now, True, Busy(1, 0))]
    assert (len(searching), len(following)) == (5, 10)
