"""Tells systemd that the gateway is up, and goes on saying so only as long as every thread of it works."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from zhian_models.systemd import notify, watchdog_s

log = structlog.get_logger(__name__)


class Watchdog:
    """A thread that systemd hears while `alive` says so; without systemd it does nothing."""

    def __init__(self, alive: Callable[[], bool]) -> None:
        self._alive = alive
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog")
        self._every_s = watchdog_s()

    def start(self) -> None:
        """The gateway answers: begin."""
        notify("READY=1")
        if self._every_s is not None:
            self._thread.start()

    def stop(self) -> None:
        """It is about to end."""
        notify("STOPPING=1")
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        assert self._every_s is not None
        said = False
        # Twice as often as asked for, as sd_watchdog_enabled(3) advises.
        while not self._stopping.wait(self._every_s / 2):
            if self._alive():
                notify("WATCHDOG=1")
            elif not said:
                said = True
                log.critical("watchdog.silent", why="a thread has ended or hangs; systemd will restart the gateway")
