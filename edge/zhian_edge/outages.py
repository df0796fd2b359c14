"""Tells how devices are: once when one is lost for longer than a moment, refuses or hangs, and once when it is well."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, Literal

from zhian_wire.events import Health

from zhian_edge.errors import EdgeError, Permanent
from zhian_edge.hal.services import Said
from zhian_edge.hal.table import Kind
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.supervisor import Service

#: An outage that is shorter is only logged; what has failed must work for so long to be well again, so that a device
#: that comes and goes is one outage.
OUTAGE_MS: Final = 3000
#: A driver that has not come back for so long hangs. Each bounds its waits: one look at a device takes some seconds at
#: most, also behind others on the same line, and its opening 17 s (`hal.drivers.onvif`).
HANGS_MS: Final = 10_000
OPENING_MS: Final = 30_000
#: How often that is looked at.
LOOK_S: Final = 0.5


class Told:
    """A device's service that tells how it is. A fault of the driver itself is an outage as every other.

    `overdue` is asked by another thread than the device's own.

    Args:
        kind: as `Health.component`.
    """

    def __init__(
        self, inner: Service[Said], kind: Kind, tell: Callable[[Health], None], clock: Callable[[], int] = mono_ms
    ) -> None:
        self._inner = inner
        self._kind = kind
        self._tell = tell
        self._clock = clock
        self._lock = threading.Lock()
        self._busy: tuple[int, int] | None = None
        self._since_ms: int | None = None
        self._failed_ms = 0
        self._said = False
        self._cause: Literal["", "lost", "refused"] = ""

    @property
    def name(self) -> str:
        """Of the device."""
        return self._inner.name

    @property
    def cause(self) -> Literal["", "lost", "refused"]:
        """Why it cannot be used just now, be it for a moment only; empty while it works."""
        return self._cause

    def open(self) -> None:
        """As `Service`."""
        self._busy = self._clock(), OPENING_MS
        try:
            self._inner.open()
        except Exception as error:  # also what no driver should raise: a device that cannot be used is always told
            self._failed(error)
            raise
        finally:
            self._busy = None

    def step(self) -> Sequence[Said]:
        """As `Service`."""
        self._busy = self._clock(), HANGS_MS
        try:
            said = self._inner.step()
        except Exception as error:  # as in `open`
            self._failed(error)
            raise
        finally:
            self._busy = None
        self._works()
        return said

    def close(self) -> None:
        """As `Service`."""
        self._inner.close()

    def overdue(self) -> None:
        """Look whether the driver hangs, and tell it once."""
        with self._lock:
            busy = self._busy
            if busy is None or self._said or self._clock() - busy[0] < busy[1]:
                return
            self._cause, self._since_ms, self._failed_ms = "lost", busy[0], self._clock()
            self._say_down(f"its driver has not come back for {busy[1] // 1000} s", busy[0])

    def _works(self) -> None:
        with self._lock:
            self._cause = ""
            if self._since_ms is None or self._clock() - self._failed_ms < OUTAGE_MS:
                return
            self._since_ms = None
            if self._said:
                self._said = False
                self._tell(Health(component=self._kind, device=self.name, status="ok"))

    def _failed(self, error: Exception) -> None:
        with self._lock:
            now = self._failed_ms = self._clock()
            self._since_ms = now if self._since_ms is None else self._since_ms
            refused = isinstance(error, Permanent)
            self._cause = "refused" if refused else "lost"
            if self._said or (not refused and now - self._since_ms < OUTAGE_MS):
                return
            known = isinstance(error, EdgeError)
            self._say_down(str(error) if known else f"{type(error).__name__}: {error}", self._since_ms)

    def _say_down(self, detail: str, since_ms: int) -> None:
        """The caller holds the lock."""
        self._said = True
        self._tell(
            Health(
                component=self._kind,
                device=self.name,
                status="down",
                cause=self._cause,
                detail=detail,
                since_ms=since_ms,
            )
        )


class Watch:
    """Looks after devices whose drivers do not come back; a `Service` that gives nothing itself."""

    name = "devices"

    def __init__(self, devices: Sequence[Told]) -> None:
        self._devices = devices

    def open(self) -> None:
        """There is nothing to open."""

    def step(self) -> Sequence[Said]:
        """One look at all of them."""
        time.sleep(LOOK_S)
        for device in self._devices:
            device.overdue()
        return []

    def close(self) -> None:
        """There is nothing to close."""
