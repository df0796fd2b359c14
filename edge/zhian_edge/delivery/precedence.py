"""Alerts go first: whoever sends what can wait looks here before each piece of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

#: So long after an alert nothing else is sent, unless it has its receipt before: its way there, and once more for what
#: was lost of it. Then it is the others' turn for as long, however many alerts there are.
HOLD_S: Final = 0.5
#: Who waits looks again so often.
LOOK_S: Final = 0.05


class Precedence:
    """Between the thread that sends alerts and the one that sends pictures."""

    def __init__(self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep
        self._until = self._free_until = 0.0

    def claim(self) -> None:
        """An alert is sent now."""
        now = self._now()
        if now >= self._free_until:
            self._until, self._free_until = now + HOLD_S, now + 2 * HOLD_S

    def release(self) -> None:
        """Every alert has its receipt."""
        self._until = self._free_until = 0.0

    def give_way(self) -> None:
        """Return when nothing urgent is on its way any more, or it has had its time."""
        while (left := self._until - self._now()) > 0:
            self._sleep(min(left, LOOK_S))
