"""What a node does beside its work: forget the old ring, thin pictures, and say when the outbox gets full."""

from __future__ import annotations

import errno
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from zhian_wire.events import EventData, Health

from zhian_edge.config.types import Storage
from zhian_edge.delivery.outbox import Outbox
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.delivery.spool import Spool
from zhian_edge.errors import DiskFull, NotWritten
from zhian_edge.process.clock import mono_ms

log = structlog.get_logger(__name__)

EVERY_S: Final = 15.0
_NAP_S: Final = 0.5
#: No transaction stays open for so long, so no event will take these drafts any more.
DRAFT_S: Final = 3600.0
_MIB: Final = 1 << 20


class Fullness:
    """Whether too much waits for the gateway: said once when it begins, once when half of it is gone. Pure."""

    def __init__(self, node: str, limit: int) -> None:
        self._node = node
        self._limit = limit
        self._full = False

    def step(self, waiting: int, trouble: str) -> list[EventData]:
        """Events for a change, given what waits and what is wrong with the disk (`disk_short`, `disk_fails` or "")."""
        if not self._full and (waiting >= self._limit or trouble):
            self._full = True
            cause, detail = trouble or "undelivered", f"{waiting} events wait"
            return [Health(component="outbox", device=self._node, status="degraded", cause=cause, detail=detail)]
        if self._full and waiting <= self._limit // 2 and not trouble:
            self._full = False
            return [Health(component="outbox", device=self._node, status="ok")]
        return []


class Housekeeping:
    """A service (see `supervisor`); items are events about the node itself."""

    name = "housekeeping"

    def __init__(
        self,
        node: str,
        home: Path,
        storage: Storage,
        *,
        outbox: Outbox,
        book: PictureBook,
        spool: Spool,
        vouched_ms: Callable[[], int | None],
        forget_expired: Callable[[], None],
    ) -> None:
        """`vouched_ms` is wall time, None while nothing vouches for it.

        `forget_expired` drops people whose time is over; it is called at every round.
        """
        self._home = home
        self._storage = storage
        self._outbox = outbox
        self._book = book
        self._spool = spool
        self._vouched_ms = vouched_ms
        self._forget_expired = forget_expired
        self._fullness = Fullness(node, storage.outbox_alert_rows)
        self._failing: set[Callable[[], None]] = set()
        self._wanted = threading.Event()
        self._idle_s = EVERY_S

    def wake(self) -> None:
        """The disk is full: make room now."""
        self._wanted.set()

    def open(self) -> None:
        """Nothing to connect to."""

    def step(self) -> list[EventData]:
        """Wait a moment; when it is time, tidy up."""
        # Short waits, so that stopping the node does not take long.
        if not self._wanted.wait(_NAP_S):
            self._idle_s += _NAP_S
            if self._idle_s < EVERY_S:
                return []
        self._wanted.clear()
        self._idle_s = 0.0
        troubles = [self._done(duty) for duty in (self._forget_expired, self._thin, self._prune, self._sweep)]
        trouble = next(filter(None, troubles), "") or ("disk_short" if self._disk_is_short() else "")
        return self._fullness.step(self._outbox.open_count(), trouble)

    def _done(self, duty: Callable[[], None]) -> str:
        """Do one duty; a cause when the disk does not let it. Whatever becomes of it, the others are done too."""
        try:
            duty()
        except (NotWritten, OSError) as error:
            if duty not in self._failing:
                log.warning("housekeeping cannot be done", error=str(error))
            self._failing.add(duty)
            full = isinstance(error, DiskFull) or getattr(error, "errno", None) == errno.ENOSPC
            return "disk_short" if full else "disk_fails"
        self._failing.discard(duty)
        return ""

    def _thin(self) -> None:
        """Only pictures ever make room; events are never thinned."""
        # The files first, since on a full disk nothing can be written, not even that a row goes.
        excess = self._spool.excess(self._storage.picture_budget_mb * _MIB, self._storage.min_free_mb * _MIB)
        if excess:
            gone = self._spool.thin(self._book.thinnable(), excess)
            before = self._book.waiting()
            self._book.mark(gone, "thinned")
            log.warning("pictures thinned", count=len(gone), undelivered=before - self._book.waiting())

    def _prune(self) -> None:
        self._spool.remove(self._outbox.prune(self._vouched_ms(), self._storage.ring_days))

    def _sweep(self) -> None:
        self._spool.sweep(DRAFT_S, mono_ms() / 1000)

    def close(self) -> None:
        """Nothing to hang up."""

    def _disk_is_short(self) -> bool:
        """Half of the space that must stay free is gone although pictures were thinned."""
        return shutil.disk_usage(self._home).free < self._storage.min_free_mb * _MIB // 2
