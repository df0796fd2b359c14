"""How many messages are kept in one transaction: as many as are done in the time that an alert may wait for. Pure."""

from __future__ import annotations

from typing import Final

#: An alert that comes waits for the transaction under way, for its own, and perhaps for one of the rules.
GOAL_S: Final = 0.15
#: A batch with an alert in it, and the one after, for whose pen its rules wait, take so long. Where alerts never cease
#: in a storm all batches are such: shorter ones would cost the others more than the alert gains.
BESIDE_S: Final = 0.04
#: But of what a batch without an alert may have at least one part in so many: where each commit takes as long as that
#: by itself (a disk that turns, a server far away), smaller ones would only be more of them.
BESIDE_PART: Final = 4
LEAST: Final = 100
#: What trying again by halves means for all of them where one is bad, and what one transaction holds in memory.
MOST: Final = 4000
FIRST: Final = 500
#: By so much it changes at once; a disk that was busy for a moment says little.
STEP: Final = 2.0


class BatchSize:
    """Follows what the last full batches took: a slow disk makes them smaller, a fast one larger."""

    def __init__(self, goal_s: float) -> None:
        """`goal_s`: how long a batch may take."""
        self._goal_s = goal_s
        self._size = float(FIRST)

    @property
    def most(self) -> int:
        """How many at once, from `LEAST` to `MOST`."""
        return int(self._size)

    def kept(self, count: int, took_s: float) -> None:
        """So many were kept in so long, waiting for others not counted, whom smaller ones would make wait more often.

        A batch that was not full says nothing of a full one.
        """
        if count < self.most:
            return
        could = count * self._goal_s / max(took_s, self._goal_s / STEP)
        nearby = min(max(could, self._size / STEP), self._size * STEP)
        self._size = min(float(MOST), max(float(LEAST), nearby))


class BatchSizes:
    """How many at once: without an alert, and beside one."""

    def __init__(self) -> None:
        self._alone = BatchSize(GOAL_S)
        self._beside = BatchSize(BESIDE_S)

    @property
    def most(self) -> int:
        """Where no alert is among them."""
        return self._alone.most

    @property
    def beside(self) -> int:
        """Where one is, and in the batch after."""
        return max(self._beside.most, self._alone.most // BESIDE_PART)

    def kept(self, count: int, took_s: float) -> None:
        """As `BatchSize.kept`."""
        self._alone.kept(count, took_s)
        self._beside.kept(count, took_s)
