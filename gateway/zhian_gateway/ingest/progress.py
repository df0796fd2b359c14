"""Which numbers of an epoch are there: the run without a hole, what lies above it, and the holes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

Range = tuple[int, int]
#: So many numbers above a hole are kept in mind; with more, the store is asked each time.
MOST_IN_MIND: Final = 1000


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


class Seen(NamedTuple):
    """A run's progress, and every number above `through` that needs not come any more; None: more than one keeps in
    mind.

    A thousand nodes that come back say what is new before their backlog, so a thousand runs have a hole at once.
    """

    progress: Progress = Progress()
    above: frozenset[int] | None = frozenset()

    @classmethod
    def of(cls, progress: Progress, above: Iterable[int]) -> Seen:
        """As much of it as one keeps in mind."""
        known = frozenset(above)
        return cls(progress, known if len(known) <= MOST_IN_MIND else None)

    def doubtful(self, seqs: Iterable[int]) -> list[int]:
        """Those that may be stored already; of the others it is known that they are not."""
        through, highest = self.progress
        if self.above is None:
            return [seq for seq in seqs if seq <= highest]
        return [seq for seq in seqs if seq <= through or seq in self.above]

    def advanced(self, more: Sequence[int]) -> tuple[Progress, frozenset[int]]:
        """The progress with `more` and all that is above it then; only where `above` is in mind."""
        assert self.above is not None
        settled = self.above.union(more)
        progress = self.progress.advance(settled)
        return progress, frozenset(seq for seq in settled if seq > progress.through)


def holes(progress: Progress, above: Iterable[int]) -> tuple[Range, ...]:
    """The missing ranges between `through` and `highest`, given the numbers that are there above `through`."""
    found: list[Range] = []
    expected = progress.through + 1
    for seq in sorted(above):
        if seq > expected:
            found.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return tuple(found)
