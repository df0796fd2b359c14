"""A thread that takes steps until it is told to stop; a step that fails is tried again, more slowly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from .errors import StoreAway
from .operations.vitals import LoopState

log = structlog.get_logger(__name__)
SLOWEST_S: Final = 30.0
#: How soon a step is tried again while the database cannot be reached.
AWAY_S: Final = 1.0


class Loop:
    """Steps as long as there is work, then waits to be woken, or for `every_s`.

    `rest_s`: however often it is woken, without work it waits at least so long.
    """

    def __init__(self, name: str, step: Callable[[], int], every_s: float, rest_s: float = 0.0) -> None:
        self._name = name
        self._step = step
        self._every_s = every_s
        self._rest_s = rest_s
        self._news = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)
        self._since: float | None = None
        self._failures = 0
        self._error = ""

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

    def state(self) -> LoopState:
        """How it is, for any thread."""
        since = self._since
        running = 0.0 if since is None else time.monotonic() - since
        return LoopState(self._name, self._thread.is_alive(), running, self._failures, self._error)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            self._since = time.monotonic()
            try:
                done = self._step()
            except Exception as error:
                self._since = None
                self._fail(error)
                continue
            self._since = None
            if self._failures:
                log.info("loop.recovered", loop=self._name)
                self._failures, self._error = 0, ""
            if not done and not self._stopping.wait(self._rest_s):
                self._news.wait(max(0.0, self._every_s - self._rest_s))

    def _fail(self, error: Exception) -> None:
        """Whatever it was (a full disk, a locked database), giving up would be worse; said once per outage."""
        # The store itself says that it is away, for all of us.
        away = isinstance(error, StoreAway)
        if self._failures == 0 and not away:
            log.exception("loop.failed", loop=self._name)
        self._failures += 1
        # The kind of error alone: its text may hold somebody's data.
        self._error = type(error).__name__
        self._stopping.wait(AWAY_S if away else min(0.5 * 2**self._failures, SLOWEST_S))
