"""How many messages are kept in one transaction: as many as are done in the time that an alert may wait for. Pure."""

from __future__ import annotations

from typing import Final

#: An alert that comes waits for the transaction under way, for its own, and perhaps for one of the rules.
GOAL_S: Final = 0.15
LEAST: Final = 100
#: What trying again by halves means for all of them where one is bad, and what one transaction holds in memory.
MOST: Final = 4000
#: With an alert goes such a part of what would be kept at once, and in the batch after, for whose pen its rules wait.
#: Fewer would cost the others more than the alert gains.
BESIDE: Final = 0.25
#: By so much it changes at once; a disk that was busy for a moment says little.
STEP: Final = 2.0


class BatchSize:
    """Follows what the last full batches took: a slow disk makes them smaller, a fast one larger."""

    def __init__(self) -> None:
        self._size = 500.0

    @property
    def most(self) -> int:
        """How many at once, from `LEAST` to `MOST`."""
        return int(self._size)

    @property
    def beside(self) -> int:
        """How many at once where an alert is among them."""
        return max(LEAST, int(self._size * BESIDE))

    def kept(self, count: int, took_s: float) -> None:
        """So many were kept in so long, waiting for others not counted, whom smaller ones would make wait more often.

        A batch that was not full says nothing of a full one.
        """
        if count < self.most:
            return
        change = GOAL_S / max(took_s, GOAL_S / STEP)
        self._size = min(float(MOST), max(float(LEAST), self._size * max(change, 1 / STEP)))
