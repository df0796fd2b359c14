"""The bad line is as bad as it says: its rate, its delay, its losses, and no more room before it than it has."""

from __future__ import annotations

import random

import pytest

from .badline.shaping import Profile, Shaper

PACKET = 1500


def shaper(**changes: float) -> Shaper:
    return Shaper(Profile(**({"loss": 0.0} | changes)), random.Random(1))  # type: ignore[arg-type]


def test_packets_leave_one_after_the_other_at_the_lines_rate() -> None:
    line = shaper(bit_per_s=512_000, delay_ms=100)
    arrivals = [line.step(PACKET, 5.0) for _ in range(10)]
    assert arrivals == pytest.approx([5.1 + n * PACKET * 8 / 512_000 for n in range(1, 11)])
    assert line.step(PACKET, 60.0) == pytest.approx(60.1 + PACKET * 8 / 512_000)


def test_what_does_not_fit_before_the_line_is_dropped() -> None:
    line = shaper(buffer=4 * PACKET)
    assert [line.step(PACKET, 1.0) is None for _ in range(6)] == [False] * 4 + [True] * 2
    assert (line.carried, line.dropped, line.lost) == (4, 2, 0)


def test_the_share_that_is_lost_has_taken_its_time_on_the_line() -> None:
    line = shaper(loss=0.05, buffer=10**9)
    last = max(each for n in range(20_000) if (each := line.step(PACKET, 0.0)) is not None)
    assert line.lost / 20_000 == pytest.approx(0.05, abs=0.006)
    assert last == pytest.approx(0.1 + 20_000 * PACKET * 8 / 512_000, rel=1e-3)
