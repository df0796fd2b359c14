"""A thread that takes steps until it is told to stop; a step that fails is tried again, more slowly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.get_logger(__name__)
SLOWEST_S: Final = 30.0


class Loop:
    """Steps as long as there is work, then waits to be woken, or for `every_s`."""

    def __init__(self, name: str, step: Callable[[], int], every_s: float) -> None:
        self._name = name
        self._step = step
        self._every_s = every_s
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is work."""
        self._news.set()

    def stop(self) -> None:
        """End after the present step."""
        self._stopping.set()
        self._news.set()
        self._thread.join()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            self._news.clear()
            try:
                done = self._step()
            except Exception:
                # Whatever it was (a full disk, a locked database), giving up would be worse; said once per outage.
                if failures == 0:
                    log.exception("loop.failed", loop=self._name)
                failures += 1
                self._stopping.wait(min(0.5 * 2**failures, SLOWEST_S))
                continue
            if failures:
                log.info("loop.recovered", loop=self._name)
                failures = 0
            if not done:
                self._news.wait(self._every_s)
