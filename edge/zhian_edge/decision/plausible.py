"""Whether a wall time that nobody vouches for can be true, by what this node knows: its log, its roster, its own age.

All times are milliseconds since 1970. What is certain was vouched for: by NTP, or by the gateway that made the roster.
What is not certain is what this node's own clock said before, as long as that could be true itself.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from zhian_wire.events import Clock, Event
from zhian_wire.times import from_text

#: No wall time before this program was written is true: boards without a battery wake up in 1970.
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
EARLIEST_MS: Final = round(EARLIEST.timestamp() * 1000)
_DAY_MS: Final = 86_400_000
#: A clock that nobody sets is slow by minutes a month, or by a time zone; hours off it is better than none.
SLACK_MS: Final = _DAY_MS
#: So long a node may lie in a cupboard.
LONGEST_MS: Final = 366 * _DAY_MS


class Plausible:
    """Bounds for the time. The least that it can be goes on with the monotonic clock.

    When the gateway made the newest roster stands apart from what NTP said: its clock may have been wrong before that.
    """

    def __init__(self) -> None:
        self._vouched: int | None = None
        self._made: int | None = None
        self._made_ms: int | None = None
        self._said: dict[int, int] = {}

    def vouched(self, wall_ms: int, at_ms: int) -> None:
        """At `at_ms` it was just this time, as NTP says: nothing else counts any more."""
        self._vouched, self._made = wall_ms - at_ms, None
        self._said = {}

    def not_before(self, wall_ms: int, at_ms: int) -> None:
        """At `at_ms` it was this time or later, as NTP said."""
        offset = wall_ms - at_ms
        self._vouched = offset if self._vouched is None else max(self._vouched, offset)

    def made(self, wall_ms: int, at_ms: int) -> None:
        """At `at_ms` there is a roster that the gateway made at this time; the same one again says nothing new."""
        if wall_ms >= EARLIEST_MS and wall_ms != self._made_ms:
            self._made_ms, self._made = wall_ms, wall_ms - at_ms

    def said(self, wall_ms: int, clock: Clock) -> None:
        """The clock said so. Who set it back while the node ran meant it: what it said before was wrong."""
        if clock == "stepped":
            self._set_back(wall_ms)
        self._said[wall_ms // _DAY_MS] = wall_ms

    def believes(self, wall_ms: int, at_ms: int, clock: Clock) -> bool:
        """Whether it can be this time at `at_ms`; `clock`: how far it is vouched for."""
        if wall_ms < EARLIEST_MS or clock == "trusted":
            return wall_ms >= EARLIEST_MS
        least = max((bound + at_ms for bound in (self._vouched, self._made) if bound is not None), default=None)
        latest = self._latest(least)
        if latest is None:
            return True
        floor = least if clock == "stepped" else latest
        return (floor is None or wall_ms >= floor - SLACK_MS) and wall_ms <= latest + LONGEST_MS

    def logged(self, event: Event, at_ms: int) -> None:
        """An event of before a restart, each in its order; `at_ms`: when it was, or now, where that was another boot.

        Days on which the clock was believed already are not judged again: there may be 50,000 events.
        """
        wall_ms = round(from_text(event.time).timestamp() * 1000)
        if event.clock == "trusted":
            self._set_back(wall_ms)
            self.not_before(wall_ms, at_ms)
        elif wall_ms // _DAY_MS in self._said and event.clock == "unsynced":
            self._said[wall_ms // _DAY_MS] = wall_ms
        elif self.believes(wall_ms, at_ms, event.clock):
            self.said(wall_ms, event.clock)

    def _set_back(self, wall_ms: int) -> None:
        """Later times than this one, which came after them, were wrong."""
        self._said = {day: ms for day, ms in self._said.items() if ms <= wall_ms}

    def _latest(self, least: int | None) -> int | None:
        """The newest time that is known, each within reach of the one before it; None: none is."""
        latest = least
        for ms in sorted(self._said.values()):
            if latest is None or latest < ms <= latest + LONGEST_MS:
                latest = ms
        return latest
