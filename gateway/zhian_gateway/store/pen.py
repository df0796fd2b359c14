"""The one pen that writes: whoever came first writes first.

SQLite lets waiting writers ask again and again, so a thread that writes without a pause could keep the others out.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Pen:
    """A lock that is handed over in the order of asking; it cannot be taken twice by one thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Event] = deque()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the pen, and hand it on afterwards."""
        turn = threading.Event()
        with self._guard:
            if self._held:
                self._waiting.append(turn)
            else:
                self._held = True
                turn.set()
        turn.wait()
        try:
            yield
        finally:
            with self._guard:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._held = False
