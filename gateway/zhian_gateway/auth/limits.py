"""How often somebody may guess: failures are counted per name and per address, and forgotten with time."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from typing import Final

from ..errors import TooManyTries

MOST_FAILURES: Final = 5
WINDOW_S: Final = 300.0
#: Keys remembered at most, so that many names do not fill the memory.
MOST_KEYS: Final = 10_000


class TryLimit:
    """Counts failures by key; `now` is monotonic, in seconds."""

    def __init__(self, most: int = MOST_FAILURES, window_s: float = WINDOW_S) -> None:
        self._most = most
        self._window_s = window_s
        self._lock = threading.Lock()
        self._failures: dict[str, deque[float]] = defaultdict(deque)

    def check(self, keys: tuple[str, ...], now: float) -> None:
        """TooManyTries when one of the keys has failed too often."""
        with self._lock:
            for key in keys:
                recent = self._failures.get(key)
                while recent and now - recent[0] > self._window_s:
                    recent.popleft()
                if recent and len(recent) >= self._most:
                    raise TooManyTries(f"too many tries; wait {self._window_s / 60:.0f} minutes")

    def fail(self, keys: tuple[str, ...], now: float) -> None:
        """One more failure."""
        with self._lock:
            if len(self._failures) >= MOST_KEYS:
                self._failures.clear()
            for key in keys:
                self._failures[key].append(now)

    def forget(self, keys: tuple[str, ...]) -> None:
        """It was right this time."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)
