"""Wall time for schedules, as the gate told it last; everything else goes by the monotonic clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from zhian_edge.signals import ClockTold

#: No wall time before this program was written is true: boards without a battery wake up in 1970.
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class WallClock:
    """Follows `ClockTold`."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._offset_ms: int | None = None

    def told(self, signal: ClockTold) -> None:
        self._offset_ms = signal.wall_ms - signal.at_ms

    def at(self, mono_ms: int) -> datetime | None:
        """UTC; None where nobody knows it, so that no schedule can be judged."""
        if self._offset_ms is None:
            return None
        moment = _EPOCH + timedelta(milliseconds=max(0, mono_ms + self._offset_ms))
        return moment if moment >= EARLIEST else None

    def local(self, mono_ms: int) -> datetime | None:
        """The site's time."""
        moment = self.at(mono_ms)
        return None if moment is None else moment.astimezone(self._zone)
