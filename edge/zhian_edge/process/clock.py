"""Ties the monotonic clock to wall time, and says how far the wall time can be believed.

The tie is pure: readings are handed in. `read_clock` and `boot_id` are the shell around it. The monotonic clock of
Linux is one for all processes of a boot, so `gate` and `vision` speak of the same milliseconds.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from zhian_wire import kernel_clock
from zhian_wire.events import Clock, ClockSync
from zhian_wire.times import to_text

#: Wall and monotonic clock may drift apart by this much before it counts as a step rather than as slewing.
STEP_MS: Final = 1000
#: No wall time before this program was written is true: boards without a battery wake up in 1970.
EARLIEST_MS: Final = round(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Reading(NamedTuple):
    """Both clocks at one moment.

    Attributes:
        mono_ms: monotonic milliseconds.
        wall_ms: milliseconds since 1970, UTC.
        synchronised: whether something disciplines the wall clock (NTP, PTP, GNSS).
    """

    mono_ms: int
    wall_ms: int
    synchronised: bool


class Stamp(NamedTuple):
    """What every event carries of time."""

    boot: str
    mono_ms: int
    time: str
    clock: Clock


class ClockTie:
    """The offset between both clocks, followed through slewing; a step is an event of its own.

    After a step nobody vouches for the wall time, until it is synchronised: the clock is `stepped`. Times that were
    handed out before stay as they are.
    """

    def __init__(self, boot: str, first: Reading) -> None:
        self._boot = boot
        self._offset_ms = first.wall_ms - first.mono_ms
        self._clock: Clock = _believed(first, stepped=False)

    @property
    def clock(self) -> Clock:
        return self._clock

    def step(self, reading: Reading) -> list[ClockSync]:
        """Follow a reading; an event when the wall clock was set, or became or ceased to be synchronised."""
        offset = reading.wall_ms - reading.mono_ms
        moved = offset - self._offset_ms
        jumped = abs(moved) > STEP_MS
        before = self._clock
        self._clock = _believed(reading, stepped=jumped or before == "stepped")
        self._offset_ms = offset
        if not jumped and before == self._clock:
            return []
        return [ClockSync(before=before, after=self._clock, offset_ms=moved, at_ms=reading.mono_ms)]

    def wall_ms(self, mono_ms: int) -> int:
        """Milliseconds since 1970 at a monotonic moment, by the present tie."""
        return mono_ms + self._offset_ms

    def stamp(self, mono_ms: int) -> Stamp:
        """Everything of time that an event of this moment carries."""
        wall = _EPOCH + timedelta(milliseconds=max(0, self.wall_ms(mono_ms)))
        return Stamp(self._boot, mono_ms, to_text(wall), self._clock)


def _believed(reading: Reading, *, stepped: bool) -> Clock:
    if reading.wall_ms < EARLIEST_MS:
        return "unsynced"
    if reading.synchronised:
        return "trusted"
    return "stepped" if stepped else "unsynced"


def mono_ms() -> int:
    """The monotonic clock in milliseconds."""
    return time.monotonic_ns() // 1_000_000


def read_clock() -> Reading:
    """Both clocks now, and whether the kernel counts its own as synchronised."""
    return Reading(mono_ms(), time.time_ns() // 1_000_000, kernel_clock.is_synchronised())


def boot_id() -> str:
    """The kernel's id of this boot; in a container that hides it, the moment of its own start instead."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return f"at-{time.time_ns() // 1_000_000_000 - time.monotonic_ns() // 1_000_000_000}"
