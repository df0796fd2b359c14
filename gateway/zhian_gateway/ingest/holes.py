"""Decides when to ask a node again for numbers that are missing. Pure: time is passed in, in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .progress import Range
from .sorting import Run

#: A hole younger than this is taken for a message that was overtaken.
PATIENCE_S: Final = 2.0
#: Asked again after twice as long each time, at most this.
SLOWEST_S: Final = 60.0
#: Ranges named in one request; the rest is asked for once these came.
MOST_RANGES: Final = 100


@dataclass
class _Wait:
    ranges: tuple[Range, ...]
    due: float
    delay: float


class HoleWatch:
    """Knows which holes were asked for and when."""

    def __init__(self) -> None:
        self._waits: dict[Run, _Wait] = {}

    def step(self, gaps: Mapping[Run, tuple[Range, ...]], now: float) -> list[tuple[Run, tuple[Range, ...]]]:
        """The requests that are due, given all present holes."""
        self._waits = {run: wait for run, wait in self._waits.items() if run in gaps}
        due: list[tuple[Run, tuple[Range, ...]]] = []
        for run, ranges in gaps.items():
            wait = self._waits.get(run)
            if wait is None or wait.ranges != ranges:
                # New, or something came of the last request: no reason to be slow.
                self._waits[run] = _Wait(ranges, now + PATIENCE_S, PATIENCE_S)
            elif now >= wait.due:
                wait.delay = min(wait.delay * 2, SLOWEST_S)
                wait.due = now + wait.delay
                due.append((run, ranges[:MOST_RANGES]))
        return due
