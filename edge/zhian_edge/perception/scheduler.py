"""When a detector looks at a camera's picture: often while something happens, seldom while nothing does."""

from __future__ import annotations

from dataclasses import dataclass

LOOSE_MS = 15
"""Frames do not come to the millisecond; a look this much too early is on time."""

LINGER_MS = 700
"""After the last movement looks go on for this long: whoever has just stopped must be found once more."""

CHECK_MS = 1000
"""While tracks stand still they are looked at this often."""


@dataclass(frozen=True)
class Busy:
    """What there is to follow: `tracks` in all, `settled` with nothing more to learn, `fresh` seen once only."""

    tracks: int
    settled: int
    fresh: int = 0


class Schedule:
    """Looks of one detector at one camera; `rate` a second, half of that when every track is settled.

    Whoever was seen once only is looked at again in the next frame: it may have been nothing, and if it was somebody,
    each look that comes sooner lets the name be said sooner.

    `search` stretches the interval while something moves but nothing of the detector's kind is followed.

    `pressure` (1: none) stretches the interval while the node cannot keep up; the shell sets it from its backlog.
    """

    def __init__(self, rate: float, search: float = 1.0) -> None:
        self._interval_ms = 1000 / rate
        self._search = search
        self._last_ms: int | None = None
        self._moved_ms: int | None = None
        self.pressure = 1.0

    def due(self, now_ms: int, moved: bool, busy: Busy) -> bool:
        """Whether to look now. Saying yes counts as the look."""
        if moved:
            self._moved_ms = now_ms
        if self._last_ms is not None and now_ms - self._last_ms < self._wait_ms(now_ms, busy) - LOOSE_MS:
            return False
        if not busy.tracks and not self._lively(now_ms):
            return False
        self._last_ms = now_ms
        return True

    def restart(self) -> None:
        """Another scene, or a card that waits for somebody in view: look at once."""
        self._last_ms = None

    def _lively(self, now_ms: int) -> bool:
        return self._moved_ms is not None and now_ms - self._moved_ms <= LINGER_MS

    def _wait_ms(self, now_ms: int, busy: Busy) -> float:
        if not self._lively(now_ms):
            return max(CHECK_MS, self._interval_ms)
        if busy.fresh and self.pressure == 1:
            return 0
        return self._interval_ms * self.pressure * self._ease(busy)

    def _ease(self, busy: Busy) -> float:
        if not busy.tracks:
            return self._search
        return 2.0 if busy.settled == busy.tracks else 1.0
