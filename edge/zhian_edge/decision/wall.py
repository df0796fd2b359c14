"""Wall time for schedules, as the gate told it last, where it can be true; everything else goes by the monotonic
clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from zhian_wire.events import Event

from zhian_edge.signals import ClockTold

from .plausible import Plausible

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class WallClock:
    """Follows `ClockTold`, as far as it is plausible."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._told: ClockTold | None = None
        self._plausible = Plausible()

    def told(self, signal: ClockTold) -> None:
        """What both clocks say."""
        self._told = signal
        if signal.clock == "trusted":
            self._plausible.vouched(signal.wall_ms, signal.at_ms)
        elif self._plausible.believes(signal.wall_ms, signal.at_ms, signal.clock):
            self._plausible.said(signal.wall_ms, signal.clock)

    def issued(self, moment: datetime, at_ms: int) -> None:
        """The gateway's time when it made a roster that is here at `at_ms`."""
        self._plausible.made(round(moment.timestamp() * 1000), at_ms)
        if self._told is not None and self._told.clock == "trusted":
            self._plausible.vouched(self._told.wall_ms, self._told.at_ms)

    def reading(self, log: Iterable[Event], run: str, now_ms: int) -> Iterator[Event]:
        """The log of a node that was restarted, as boot `run`: what is read in passing says what time it was."""
        for event in log:
            self._plausible.logged(event, event.mono_ms if event.boot == run else now_ms)
            yield event

    def at(self, mono_ms: int) -> datetime | None:
        """UTC; None where nobody knows it, so that no schedule can be judged."""
        told = self._told
        if told is None or not self._plausible.believes(told.wall_ms, told.at_ms, told.clock):
            return None
        return EPOCH + timedelta(milliseconds=told.wall_ms + mono_ms - told.at_ms)

    def local(self, mono_ms: int) -> datetime | None:
        """The site's time."""
        moment = self.at(mono_ms)
        return None if moment is None else moment.astimezone(self._zone)
