"""Alerts go first: whoever sends what can wait looks here before each piece of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

#: So long after an alert nothing else is sent: its way there, and once more for what was lost of it.
HOLD_S: Final = 0.5
#: Nobody waits longer than this in one go, however many alerts there are: the gateway leaves who is silent for 20 s.
LONGEST_S: Final = 2.0


class Precedence:
    """Between the thread that sends alerts and the one that sends pictures."""

    def __init__(self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> None:
        self._now = now
        self._sleep = sleep
        self._until = 0.0

    def claim(self) -> None:
        """An alert is sent now."""
        self._until = self._now() + HOLD_S

    def give_way(self) -> None:
        """Return when nothing urgent is on its way any more, or after `LONGEST_S`."""
        end = self._now() + LONGEST_S
        while (now := self._now()) < min(self._until, end):
            self._sleep(min(self._until, end) - now)
