"""Which numbers of an epoch are there: the run without a hole, what lies above it, and the holes. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Range = tuple[int, int]


class Progress(NamedTuple):
    """`through`: highest seq up to which nothing is missing; `highest`: highest ever seen."""

    through: int = 0
    highest: int = 0

    def advance(self, above: Iterable[int]) -> Progress:
        """The progress once the numbers `above` (all that are there beyond `through`, in any order) count too."""
        through, highest = self.through, self.highest
        for seq in sorted(above):
            if seq == through + 1:
                through = seq
            highest = max(highest, seq)
        return Progress(through, highest)


def holes(progress: Progress, above: Iterable[int]) -> tuple[Range, ...]:
    """The missing ranges between `through` and `highest`, given the numbers that are there above `through`."""
    found: list[Range] = []
    expected = progress.through + 1
    for seq in sorted(above):
        if seq > expected:
            found.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return tuple(found)
