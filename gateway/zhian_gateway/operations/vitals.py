"""What the running parts say of themselves, for whoever asks how the gateway is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from prometheus_client import CollectorRegistry, Counter, Histogram

#: A step that takes longer hangs: the longest honest one waits for a database that is being restored or vacuumed.
HANGS_S: Final = 120.0
#: Upper bounds of the histogram of commits, in seconds.
_COMMITS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class LoopState(NamedTuple):
    """One thread of the gateway.

    Attributes:
        running_s: how long its present step takes already; 0 while it waits.
        failures: steps that failed since the last one that did not.
    """

    name: str
    alive: bool
    running_s: float
    failures: int
    error: str = ""

    @property
    def hangs(self) -> bool:
        """Whether its step will hardly end."""
        return self.running_s > HANGS_S


class Counts:
    """What ingest has done since the start; Prometheus' own types, which any thread may use."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter("zhian_ingest_messages", "Messages taken from the broker.", registry=self.registry)
        self.receipts = Counter("zhian_ingest_receipts", "Receipts sent after a commit.", registry=self.registry)
        self.poison = Counter("zhian_ingest_poison", "Messages that could not be kept.", registry=self.registry)
        self.commits = Histogram(
            "zhian_ingest_commit_seconds",
            "Time to keep a batch and commit it.",
            buckets=_COMMITS,
            registry=self.registry,
        )


class Vitals:
    """Any thread may use it.

    Attributes:
        counts: what ingest has done.
        waiting: asks how many messages wait to be kept; set once, at the start.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.counts = Counts()
        self.waiting: Callable[[], int] = lambda: 0
        self._lock = threading.Lock()
        self._loops: list[Callable[[], LoopState]] = []
        self._brokers: Callable[[], Sequence[float | None]] | None = None

    def follow(self, state: Callable[[], LoopState]) -> None:
        """Ask this thread too."""
        with self._lock:
            self._loops.append(state)

    def follow_brokers(self, away_since: Callable[[], Sequence[float | None]]) -> None:
        """Ask since when each broker does not answer, in seconds of the monotonic clock; None: it answers."""
        self._brokers = away_since

    def brokers(self) -> tuple[int, int]:
        """How many answer, of how many."""
        away = self._brokers() if self._brokers else ()
        return sum(since is None for since in away), len(away)

    def loops(self) -> Sequence[LoopState]:
        """Every thread as it is now."""
        with self._lock:
            asked = tuple(self._loops)
        return [ask() for ask in asked]

    def broker_lost_s(self) -> float | None:
        """For how long no broker has answered, in seconds; 0: one does. None: there is no link."""
        if self._brokers is None:
            return None
        away = self._brokers()
        began = [since for since in away if since is not None]
        return time.monotonic() - max(began) if len(began) == len(away) else 0.0

    def alive(self) -> bool:
        """Whether every thread is there and none hangs: what systemd's watchdog is told."""
        return all(state.alive and not state.hangs for state in self.loops())
