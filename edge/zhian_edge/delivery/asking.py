"""When a service asks the gateway: as soon as somebody says so, and every so often in any case."""

from __future__ import annotations

import threading


class Asking:
    """One thread waits for its `due`; any thread may `wake` it.

    Args:
        every_s: a word of the gateway that was lost costs at most this long.
        nap_s: `due` waits no longer than this, so that stopping is in time.
    """

    def __init__(self, every_s: float, nap_s: float) -> None:
        self._every_s = every_s
        self._nap_s = nap_s
        self._said = threading.Event()
        self._idle_s = 0.0

    def wake(self) -> None:
        """There is something to ask for."""
        self._said.set()

    def due(self) -> bool:
        """Wait a little; whether it is time to ask."""
        if not self._said.wait(self._nap_s):
            self._idle_s += self._nap_s
            if self._idle_s < self._every_s:
                return False
        self._said.clear()
        self._idle_s = 0.0
        return True
