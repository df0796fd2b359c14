"""Sirens of a node: they sound as long as the gateway says so again and again, and fall silent by themselves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Literal

import structlog

from zhian_edge.acting import BarrierService
from zhian_edge.decision.actions import Act
from zhian_edge.errors import EdgeError
from zhian_edge.hal.contracts import Barrier
from zhian_edge.process.clock import mono_ms
from zhian_edge.signals import Acted

log = structlog.get_logger(__name__)

#: An order that waits for a device that is away; sounding and falling silent are given again when it is back.
EXPIRES_MS: Final = 5_000


class SirenService(BarrierService):
    """As a barrier that is held or shut; who leaves it leaves it silent."""

    def __init__(self, siren: Barrier) -> None:
        super().__init__(siren, 0, self._note)

    def close(self) -> None:
        """As `Service`; a node that stops must not leave it sounding, since nobody would silence it."""
        with suppress(EdgeError):
            self.barrier.shut()
        super().close()

    def _note(self, acted: Acted) -> None:
        log.info("siren", name=self.name, action=acted.action, result=acted.result, detail=acted.detail)


class Sirens:
    """All of a node. Any thread may give orders; they wait for no device."""

    def __init__(self, services: Sequence[SirenService]) -> None:
        self._services = tuple(services)
        self._lock = threading.Lock()
        self._end: threading.Timer | None = None
        # What sounded when the node was killed is silent until somebody says otherwise.
        self._order("close")

    def __len__(self) -> int:
        return len(self._services)

    def sound(self, for_s: float) -> None:
        """Sound for so long, unless this is said again before."""
        with self._lock:
            self._cancel()
            self._order("hold")
            self._end = threading.Timer(for_s, self.silence)
            self._end.daemon = True
            self._end.start()

    def silence(self) -> None:
        """Fall silent; may be said twice."""
        with self._lock:
            self._cancel()
            self._order("close")

    def _cancel(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _order(self, action: Literal["hold", "close"]) -> None:
        for service in self._services:
            service.order(Act(lane="", action=action, transaction="siren", expires_ms=mono_ms() + EXPIRES_MS))
