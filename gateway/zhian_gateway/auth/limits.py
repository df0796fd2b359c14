"""How often somebody may guess: an address is locked out, an account only answers more slowly, both for a time.

An account is never locked: whoever knows a guard's name could lock the guard out otherwise. Nor is a browser at which
the guard has signed in before, by whatever others do at the same address (`devices.py`).
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from ..errors import TooManyTries

MOST_FAILURES: Final = 5
WINDOW_S: Final = 300.0
#: Failures of one address at all accounts together: a building may share one.
MOST_OF_ADDRESS: Final = 30
#: How long a try at an account waits after one failure too many (twice as long after each further one), and at most.
FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 4.0
#: Keys remembered at most, so that many names do not fill the memory.
MOST_KEYS: Final = 10_000


class TryLimit:
    """Counts failures by key, and tries that are still being looked at; `now` is monotonic, in seconds."""

    def __init__(self, most: int = MOST_FAILURES, window_s: float = WINDOW_S) -> None:
        self._most = most
        self._window_s = window_s
        self._lock = threading.Lock()
        self._failures: dict[str, deque[float]] = {}

    def take(self, keys: tuple[str, ...], now: float) -> None:
        """Count a try before it is looked at, so that as many as come at once are as many; TooManyTries, uncounted."""
        with self._lock:
            if any(self._count(key, now) >= self._most for key in keys):
                raise TooManyTries(f"too many tries; wait {self._window_s / 60:.0f} minutes")
            self._add(keys, now)

    def give_back(self, keys: tuple[str, ...], at: float) -> None:
        """The try that was counted at that moment was no wrong one."""
        with self._lock:
            for key in keys:
                recent = self._failures.get(key)
                if recent and at in recent:
                    recent.remove(at)

    def pause(self, key: str, now: float) -> float:
        """Seconds that a try at `key` must wait before it is looked at."""
        with self._lock:
            beyond = self._count(key, now) - self._most
        return 0.0 if beyond < 0 else min(FIRST_PAUSE_S * 2.0 ** min(beyond, 16), LONGEST_PAUSE_S)

    def _count(self, key: str, now: float) -> int:
        recent = self._failures.get(key)
        while recent and now - recent[0] > self._window_s:
            recent.popleft()
        return len(recent or ())

    def fail(self, keys: tuple[str, ...], now: float) -> None:
        """One more failure, of what is slowed down and never stopped."""
        with self._lock:
            self._add(keys, now)

    def _add(self, keys: tuple[str, ...], now: float) -> None:
        for key in keys:
            # Who failed last is remembered longest.
            self._failures[key] = self._failures.pop(key, deque())
            self._failures[key].append(now)
        while len(self._failures) > MOST_KEYS:
            del self._failures[next(iter(self._failures))]

    def forget(self, keys: tuple[str, ...]) -> None:
        """It was right this time."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)
