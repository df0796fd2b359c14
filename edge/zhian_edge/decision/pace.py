"""How people go through a lane: how long after their card they are over the line, and whether they are seen by then."""

from __future__ import annotations

from statistics import median
from typing import Final

#: A hand may reach the reader a moment after the body was over the line.
LATE_MS: Final = 500
#: So many of the last are learnt from, so many at least.
LESSONS: Final = 60
FEW: Final = 8
#: Nobody walks like a clock, whatever few lessons say.
LEAST_SPREAD_MS: Final = 150.0
#: Most that a difference in time costs: whoever dawdles is still nearer than nobody.
FAR: Final = 4.0
#: Whoever presents a card is in view by then, or so soon after, where this share of those before were.
COMING_MS: Final = 300
WATCHED: Final = 0.9
#: Nobody overtakes where so few did.
ORDERLY: Final = 0.9


class Pace:
    """How long after presenting a card people go over the line here.

    Learnt from those whose face is known as the card owner's, and from those who came alone.
    """

    def __init__(self) -> None:
        self._seen: list[int] = []
        self._watched: list[bool] = []
        self._in_line: list[bool] = []

    def learn(self, read_ms: int, crossed_ms: int, seen_ms: int | None) -> None:
        """`seen_ms`: since when they were in view, where that is known."""
        self._seen = [*self._seen[1 - LESSONS :], crossed_ms - read_ms]
        if seen_ms is not None:
            self._watched = [*self._watched[1 - LESSONS :], seen_ms <= read_ms + COMING_MS]

    def line_up(self, *, in_line: bool) -> None:
        """Somebody of whom it is certain overtook nobody of whom it is between card and line, or did."""
        self._in_line = [*self._in_line[1 - LESSONS :], in_line]

    @property
    def in_line(self) -> bool:
        """Whether people go through here one behind the other, as all but few did: not where several walk abreast."""
        return len(self._in_line) >= FEW and sum(self._in_line) >= ORDERLY * len(self._in_line)

    @property
    def watched(self) -> bool:
        """Whether whoever presents a card here is in view already, as all but few were."""
        return len(self._watched) >= FEW and sum(self._watched) >= WATCHED * len(self._watched)

    @property
    def ms(self) -> float:
        """A step or two, until something is known."""
        return median(self._seen) if len(self._seen) >= FEW else 1000.0

    @property
    def spread_ms(self) -> float:
        """Standard deviation, as the median distance tells it (1.48 of it in a normal distribution)."""
        if len(self._seen) < FEW:
            return 400.0
        usual = self.ms
        return max(1.48 * median(abs(each - usual) for each in self._seen), LEAST_SPREAD_MS)

    @property
    def soonest_ms(self) -> float:
        """Nobody is over the line sooner after presenting a card; nor before it, where the reader comes first."""
        before = 0 if len(self._seen) >= FEW and self.ms > 2 * self.spread_ms else -LATE_MS
        return max(self.ms - max(6 * self.spread_ms, LATE_MS), before)

    def still_coming(self, ago_ms: float) -> bool:
        """Whether somebody who presented a card so long ago may well be on their way to the line."""
        return ago_ms < self.ms + 2 * self.spread_ms

    def hurried(self, apart_ms: float) -> bool:
        """Whether it is sooner after presenting a card than hardly anybody is over the line; to dawdle is common."""
        return apart_ms < self.ms - 3 * self.spread_ms

    def usual(self, apart_ms: float, spreads: int = 4) -> bool:
        """Whether somebody who presented a card so long before may well be the one who crossed.

        While little is known of the lane, nobody who was over the line before the card was read.
        """
        spreads = spreads if len(self._seen) >= FEW else min(spreads, 2)
        return abs(apart_ms - self.ms) <= spreads * self.spread_ms

    def cost(self, apart_ms: float) -> float:
        """Of a card that was presented so long before the line was crossed; two spreads cost one."""
        off = (apart_ms - self.ms) / (2 * self.spread_ms)
        return FAR * off * off / (FAR + off * off)
