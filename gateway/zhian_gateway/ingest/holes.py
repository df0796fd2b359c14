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
#: Ranges named in one request; the rest is asked for in the next.
MOST_RANGES: Final = 100


@dataclass
class _Wait:
    due: float
    delay: float

    def asked(self, now: float) -> None:
        self.delay = min(self.delay * 2, SLOWEST_S)
        self.due = now + self.delay


class HoleWatch:
    """Knows which holes were asked for and when; each waits for itself, whatever comes and is overtaken beside it."""

    def __init__(self) -> None:
        self._waits: dict[Run, dict[Range, _Wait]] = {}

    def step(self, gaps: Mapping[Run, tuple[Range, ...]], now: float) -> list[tuple[Run, tuple[Range, ...]]]:
        """The requests that are due, given all present holes."""
        due: list[tuple[Run, tuple[Range, ...]]] = []
        waits: dict[Run, dict[Range, _Wait]] = {}
        for run, ranges in gaps.items():
            known = self._waits.get(run, {})
            # A hole that is new, or of which something came, is waited for anew: no reason to be slow.
            waits[run] = {each: known.get(each) or _Wait(now + PATIENCE_S, PATIENCE_S) for each in ranges}
            asked = tuple(each for each in ranges if now >= waits[run][each].due)[:MOST_RANGES]
            for each in asked:
                waits[run][each].asked(now)
            if asked:
                due.append((run, asked))
        self._waits = waits
        return due
