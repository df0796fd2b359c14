"""An event's time is what was believed when it happened; a clock that is set later is an event of its own."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.process.clock import EARLIEST_MS, ClockTie, Reading, boot_id, mono_ms, read_clock
from zhian_wire.events import PLAIN_NAME, ClockSync

NOW = EARLIEST_MS + 86_400_000


def test_a_synchronised_clock_is_trusted() -> None:
    assert ClockTie("b", Reading(0, NOW, True)).clock == "trusted"


def test_a_clock_that_nobody_vouches_for_is_unsynced() -> None:
    assert ClockTie("b", Reading(0, NOW, False)).clock == "unsynced"


def test_a_board_that_wakes_up_in_1970_is_unsynced_whatever_its_kernel_says() -> None:
    tie = ClockTie("b", Reading(5, 12, True))
    assert tie.stamp(6) == ("b", 6, "1970-01-01T00:00:00.013Z", "unsynced")


def test_a_late_synchronisation_is_one_event_and_changes_nothing_before_it() -> None:
    tie = ClockTie("b", Reading(0, 0, False))
    before = tie.stamp(1000)
    assert tie.step(Reading(2000, NOW, True)) == [
        ClockSync(before="unsynced", after="trusted", offset_ms=NOW - 2000, at_ms=2000)
    ]
    assert before.time == "1970-01-01T00:00:01.000Z"
    assert tie.stamp(2001).time == "2026-01-02T00:00:00.001Z"
    assert tie.step(Reading(3000, NOW + 1000, True)) == []


def test_slewing_is_followed_in_silence() -> None:
    tie = ClockTie("b", Reading(0, NOW, True))
    assert tie.step(Reading(1000, NOW + 1900, True)) == []
    assert tie.wall_ms(1000) == NOW + 1900


def test_a_clock_set_by_hand_is_stepped_until_it_is_synchronised() -> None:
    tie = ClockTie("b", Reading(0, NOW, False))
    assert [e.after for e in tie.step(Reading(1000, NOW + 60_000, False))] == ["stepped"]
    assert tie.step(Reading(2000, NOW + 61_000, False)) == []
    assert tie.clock == "stepped"
    assert [e.after for e in tie.step(Reading(3000, NOW + 62_000, True))] == ["trusted"]


def test_losing_the_time_server_is_said() -> None:
    tie = ClockTie("b", Reading(0, NOW, True))
    assert [(e.before, e.after) for e in tie.step(Reading(1000, NOW + 1000, False))] == [("trusted", "unsynced")]


@given(st.lists(st.tuples(st.integers(1, 5000), st.integers(-3000, 3000), st.booleans())))
def test_every_step_of_the_wall_clock_is_accounted_for(steps: list[tuple[int, int, bool]]) -> None:
    mono, wall = 0, NOW
    tie = ClockTie("b", Reading(mono, wall, True))
    for passed, jump, synchronised in steps:
        mono, wall = mono + passed, wall + passed + jump
        events = tie.step(Reading(mono, wall, synchronised))
        assert (abs(jump) > 1000) <= bool(events)
        assert all(event.offset_ms == jump for event in events)
        assert tie.wall_ms(mono) == wall


def test_the_real_clocks_can_be_read() -> None:
    assert read_clock().mono_ms <= mono_ms()
    assert re.match(PLAIN_NAME, boot_id())
