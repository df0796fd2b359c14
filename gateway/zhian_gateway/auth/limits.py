"""How often somebody may guess: an address is locked out, an account only answers more slowly, both for a time.

An account is never locked: whoever knows a guard's name could lock the guard out otherwise. Nor is a browser at which
the guard has signed in before, by whatever others do at the same address (`devices.py`).
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from concurrent.futures import Future
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
#: As many wait for others to be looked at; who comes then is told to come again.
MOST_WAITING: Final = 64

Keys = tuple[str, ...]


class TryLimit:
    """Counts failures by key, and apart from them tries that are still being looked at; `now` is monotonic, in seconds.

    Both together are never more than failures may be: of many that come at once no more are looked at than of as many
    in a row. But a try that may yet be right shuts nobody out: who comes meanwhile waits for what becomes of it.
    """

    def __init__(self, most: int = MOST_FAILURES, window_s: float = WINDOW_S) -> None:
        self._most = most
        self._window_s = window_s
        self._lock = threading.Lock()
        self._failures: dict[str, deque[float]] = {}
        self._looked_at: Counter[str] = Counter()
        self._waiting: list[Future[None]] = []

    @property
    def waiting(self) -> int:
        """How many wait for what becomes of others."""
        with self._lock:
            return sum(not each.done() for each in self._waiting)

    def begin(self, keys: Keys, now: float) -> Future[None] | None:
        """Count a try before it is looked at; else, not counted, what is done when it is worth asking again.

        Raises:
            TooManyTries: wrong too often, or too many wait.
        """
        with self._lock:
            self._check(keys, now)
            if all(self._count(key, now) + self._looked_at[key] < self._most for key in keys):
                self._looked_at.update(keys)
                return None
            return self._wait()

    def end(self, keys: Keys, now: float, *, wrong: bool) -> None:
        """What was begun is over: a failure, or none."""
        with self._lock:
            if wrong:
                self._add(keys, now)
            self._looked_at.subtract(keys)
            for key in keys:
                if self._looked_at[key] <= 0:
                    del self._looked_at[key]
            self._wake()

    def spend(self, keys: Keys, now: float) -> None:
        """Count what is never given back; TooManyTries, uncounted."""
        with self._lock:
            self._check(keys, now)
            self._add(keys, now)

    def give_back(self, keys: Keys, at: float) -> None:
        """What was counted by `fail` at that moment was no failure."""
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

    def fail(self, keys: Keys, now: float) -> None:
        """One more failure, of what is slowed down and never stopped."""
        with self._lock:
            self._add(keys, now)

    def forget(self, keys: Keys) -> None:
        """It was right this time."""
        with self._lock:
            for key in keys:
                self._failures.pop(key, None)
            self._wake()

    def _check(self, keys: Keys, now: float) -> None:
        if any(self._count(key, now) >= self._most for key in keys):
            raise TooManyTries(f"too many tries; wait {self._window_s / 60:.0f} minutes")

    def _count(self, key: str, now: float) -> int:
        recent = self._failures.get(key)
        while recent and now - recent[0] > self._window_s:
            recent.popleft()
        return len(recent or ())

    def _add(self, keys: Keys, now: float) -> None:
        for key in keys:
            # Who failed last is remembered longest.
            self._failures[key] = self._failures.pop(key, deque())
            self._failures[key].append(now)
        while len(self._failures) > MOST_KEYS:
            del self._failures[next(iter(self._failures))]

    def _wait(self) -> Future[None]:
        self._waiting = [each for each in self._waiting if not each.done()]
        if len(self._waiting) >= MOST_WAITING:
            raise TooManyTries("too many come at once; try again in a minute")
        self._waiting.append(Future())
        return self._waiting[-1]

    def _wake(self) -> None:
        """Each asks again by itself: who came first need not be of the key that has a place now."""
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            # Whoever gave up waiting has cancelled it.
            if each.set_running_or_notify_cancel():
                each.set_result(None)
