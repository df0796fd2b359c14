"""What a node does beside its work: forget the old ring, thin pictures, and say when the outbox gets full."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from zhian_wire.events import Alert, EventData, Health

from zhian_edge.config.types import Storage
from zhian_edge.delivery.outbox import Outbox
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.delivery.spool import Spool

log = structlog.get_logger(__name__)

EVERY_S: Final = 15.0
_NAP_S: Final = 0.5
#: No transaction stays open for so long, so no event will take these drafts any more.
DRAFT_S: Final = 3600.0
_DAY_MS: Final = 86_400_000
_MIB: Final = 1 << 20


class Fullness:
    """Whether too much waits for the gateway: said once when it begins, once when half of it is gone. Pure."""

    def __init__(self, node: str, limit: int) -> None:
        self._node = node
        self._limit = limit
        self._full = False

    def step(self, waiting: int, disk_is_short: bool) -> list[EventData]:
        """Events for a change, given what waits."""
        if not self._full and (waiting >= self._limit or disk_is_short):
            self._full = True
            cause = "disk_short" if disk_is_short else "undelivered"
            health = Health(component="outbox", device=self._node, status="degraded", cause=cause)
            detail = f"{cause}: {waiting} events wait"
            key = f"{self._node}/outbox_full"
            return [health, Alert(key=key, kind="outbox_full", severity="major", device=self._node, detail=detail)]
        if self._full and waiting <= self._limit // 2 and not disk_is_short:
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
        wall_ms: Callable[[], int],
        forget_expired: Callable[[], None],
    ) -> None:
        """`forget_expired` drops people whose time is over; it is called at every round."""
        self._home = home
        self._storage = storage
        self._outbox = outbox
        self._book = book
        self._spool = spool
        self._wall_ms = wall_ms
        self._forget_expired = forget_expired
        self._fullness = Fullness(node, storage.outbox_alert_rows)
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
        self.tidy()
        self._forget_expired()
        return self._fullness.step(self._outbox.open_count(), self._disk_is_short())

    def tidy(self) -> None:
        """Forget what the ring need not hold, and thin pictures; events are never thinned."""
        # Pictures first, since on a full disk nothing can be written, not even that a row goes.
        excess = self._spool.excess(self._storage.picture_budget_mb * _MIB, self._storage.min_free_mb * _MIB)
        if excess:
            gone = self._spool.thin(self._book.thinnable(), excess)
            log.warning("pictures thinned", count=len(gone))
            self._book.mark(gone, "thinned")
        self._spool.remove(self._outbox.prune(self._wall_ms(), self._storage.ring_days * _DAY_MS))
        self._spool.sweep(DRAFT_S)

    def close(self) -> None:
        """Nothing to hang up."""

    def _disk_is_short(self) -> bool:
        """Half of the space that must stay free is gone although pictures were thinned."""
        return shutil.disk_usage(self._home).free < self._storage.min_free_mb * _MIB // 2
