"""What a stream's packets are like while nothing happens, and when they stop being so. Pure.

Each sort of slice has a level of its own: the median of its quiet sizes and how far they scatter. What lies above is
summed up, so that a small rise that stays counts like a large one.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

#: A median absolute deviation times this is the standard deviation of a normal distribution.
_SIGMA: Final = 1.4826
#: Nine tenths of a normal distribution lie below so many standard deviations.
_NINE_TENTHS: Final = 1.2816
#: Packets of one sort that make its level.
_REMEMBER: Final = 150
#: Spreads above the level that a packet may have at any time, and so many count for one packet at most.
_SLACK: Final = 2.0
_MOST: Final = 8.0
#: Packets in a row over which something that happens is spread, for `Stir.least_bytes`.
_RISE: Final = 10


class Level:
    """The quiet size of one sort of packets: their median, and how far they scatter around it, in bytes."""

    #: Packets after which the level is computed anew.
    _EVERY = 10

    def __init__(self, remember: int = _REMEMBER) -> None:
        self._sizes: deque[int] = deque(maxlen=remember)
        self._new = 0
        self.median = 0.0
        self.spread = 1.0

    def learn(self, size: int) -> None:
        """A quiet packet had `size` bytes."""
        self._sizes.append(size)
        self._new += 1
        if self._new >= self._EVERY or len(self._sizes) <= self._EVERY:
            self._new = 0
            self._compute()

    def excess(self, size: int) -> float:
        """How many spreads `size` lies above the level."""
        return (size - self.median) / self.spread

    def _compute(self) -> None:
        sizes = np.array(self._sizes)
        self.median = float(np.median(sizes))
        scatter = _SIGMA * float(np.median(np.abs(sizes - self.median)))
        # A camera that shows some pictures twice has two sizes of packets; the median knows only one of them.
        upper = (float(np.quantile(sizes, 0.9)) - self.median) / _NINE_TENTHS
        # A still picture's packets are all of a dozen bytes; two bytes more are no movement.
        self.spread = max(scatter, upper, 0.08 * self.median, 12.0)


class Stir:
    """Adds up what lies above the quiet levels (CUSUM, Page 1954).

    Args:
        alarm: the sum, in spreads, from which on the stream is stirring.

    Attributes:
        learnt: quiet packets that were learnt from.
        rising_s: since when the sum is above nothing; None while it is not.
    """

    def __init__(self, alarm: float = 10.0) -> None:
        self._alarm = alarm
        self._levels: dict[int, Level] = {}
        self._sum = 0.0
        self.learnt = 0
        self.rising_s: float | None = None

    def restart(self) -> None:
        """Forget the sum, not the levels."""
        self._sum, self.rising_s = 0.0, None

    def learn(self, size: int, sort: int) -> None:
        """A packet of `size` bytes came while nothing happened."""
        self.learnt += 1
        self._levels.setdefault(sort, Level()).learn(size)

    def step(self, size: int, sort: int, now_s: float, doubt: float) -> bool:
        """Whether the stream stirs with this packet; `doubt` times the usual alarm is asked. Quiet packets teach."""
        level = self._levels.get(sort) or max(self._levels.values(), key=lambda each: each.median)
        above = min(level.excess(size), _MOST) - _SLACK
        self._sum = max(0.0, self._sum + above)
        self.rising_s = (now_s if self.rising_s is None else self.rising_s) if self._sum else None
        if above <= 0:
            self.learn(size, sort)
        return self._sum > self._alarm * doubt

    def least_bytes(self, doubt: float) -> float:
        """So many bytes beyond the usual, within some packets, are surely an alarm."""
        widest = max((level.spread for level in self._levels.values()), default=float("inf"))
        return (self._alarm * doubt + _RISE * _SLACK) * widest
