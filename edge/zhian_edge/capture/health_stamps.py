"""Whether a camera's time stamps run as fast as our clock. Pure.

A network only delays, so the earliest arrivals of each minute tell how media time lies along our clock; how that
changes over minutes is the drift. The times of capture follow a bad quartz (`live.ArrivalClock`); what is told here is
beyond it: a wrong rate in the camera's settings, or stamps that it makes up.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StampLimits:
    """When stamps are no good.

    Attributes:
        window_s: the earliest arrival of so many seconds counts.
        windows: of these the drift is measured over, and at least half of them.
        wrong: seconds of drift per second; a quartz that is worn out or too hot is a tenth of it off.
        right: below this it is well again.
        jump_s: media time that jumps this far begins anew.
    """

    window_s: float = 30.0
    windows: int = 20
    wrong: float = 0.002
    right: float = 0.001
    jump_s: float = 10.0


class StampDrift:
    """Follows the stamps of one camera. `drifting` is whether they are no good; `rate` what was measured last."""

    def __init__(self, limits: StampLimits | None = None) -> None:
        self._limits = limits or StampLimits()
        self.drifting = False
        self.rate = 0.0
        self._earliest: deque[tuple[float, float]] = deque(maxlen=self._limits.windows)
        self._window: tuple[float, float] | None = None
        self._began_s = 0.0

    def restart(self) -> None:
        """The source was opened anew: how its time lies along ours is unknown, its rate is not."""
        self._earliest.clear()
        self._window = None

    def step(self, media_time_s: float, arrived_s: float) -> bool:
        """A frame of `media_time_s` arrived at `arrived_s`; returns `drifting`."""
        offset = arrived_s - media_time_s
        if self._window is not None and abs(offset - self._window[1]) > self._limits.jump_s:
            self.restart()
        if self._window is None:
            self._window, self._began_s = (arrived_s, offset), arrived_s
        elif offset < self._window[1]:
            self._window = (arrived_s, offset)
        if arrived_s - self._began_s >= self._limits.window_s:
            self._earliest.append(self._window)
            self._window = None
            self._measure()
        return self.drifting

    def _measure(self) -> None:
        if len(self._earliest) < self._limits.windows // 2:
            return
        (begin_s, first), (end_s, last) = self._earliest[0], self._earliest[-1]
        self.rate = (last - first) / (end_s - begin_s)
        self.drifting = abs(self.rate) > (self._limits.right if self.drifting else self._limits.wrong)
