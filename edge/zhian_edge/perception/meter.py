"""Counts what each stage did and how long it took; the clock is given, so that stages need none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Meter:
    """Runs and nanoseconds per stage, and plain counts. `clock` gives nanoseconds."""

    def __init__(self, clock: Callable[[], int] = lambda: 0) -> None:
        self._clock = clock
        self.counts: Counter[str] = Counter()
        self.spent_ns: Counter[str] = Counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count one run of `name` and the time until the block ends."""
        start = self._clock()
        try:
            yield
        finally:
            self.counts[name] += 1
            self.spent_ns[name] += self._clock() - start

    def count(self, name: str, by: int = 1) -> None:
        """Count something that takes no time."""
        self.counts[name] += by

    def counters(self) -> dict[str, int]:
        """Runs by stage, and `<stage>_ms` where time was measured."""
        spent = {f"{name}_ms": round(ns / 1e6) for name, ns in self.spent_ns.items() if ns}
        return dict(sorted({**self.counts, **spent}.items()))
