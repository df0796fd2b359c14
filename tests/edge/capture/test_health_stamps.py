"""Time stamps that run too fast or too slow are told; a network that stalls, or a poor quartz, is not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from zhian_edge.capture.health_stamps import StampDrift

MINUTES = 15


def feed(drift: StampDrift, rate: float, *, begin_s: float = 0, delay: Callable[[float], float] = lambda _: 0) -> None:
    """Five frames a second; the camera gains `rate` seconds per second."""
    for number in range(MINUTES * 60 * 5):
        now = begin_s + number / 5
        drift.step(now * (1 + rate), now + delay(now))


@pytest.mark.parametrize(("rate", "drifting"), [(0, False), (2e-4, False), (-2e-4, False), (0.01, True), (-0.01, True)])
def test_stamps_are_judged_by_how_fast_they_run(rate: float, drifting: bool) -> None:
    drift = StampDrift()
    feed(drift, rate)
    assert drift.drifting == drifting
    assert drift.rate == pytest.approx(-rate, abs=1e-4)


def test_a_network_that_stalls_is_no_drift() -> None:
    chance = np.random.default_rng(2)
    drift = StampDrift()
    feed(drift, 0, delay=lambda now: float(chance.exponential(0.3)) + (3 if now % 100 < 8 else 0))
    assert not drift.drifting


def test_a_jump_of_time_begins_anew() -> None:
    drift = StampDrift()
    feed(drift, 0)
    feed(drift, 0, begin_s=MINUTES * 60, delay=lambda _: 500)
    assert not drift.drifting


def test_it_is_told_until_it_runs_well_again_also_over_a_reconnect() -> None:
    drift = StampDrift()
    feed(drift, 0.01)
    drift.restart()
    assert drift.drifting
    feed(drift, 0, begin_s=MINUTES * 60)
    assert not drift.drifting
