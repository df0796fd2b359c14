"""Tells a look from a page that was left open and refreshes itself: pure but for what it remembers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

#: A page that is open shows the same day again and again; so long that counts as one look.
ONE_LOOK: Final = timedelta(minutes=10)
#: Older ones are forgotten, so that it does not grow.
MOST: Final = 2000


class Looks:
    """Who looked at what lately; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[tuple[str, ...], datetime] = {}

    @contextmanager
    def recording(self, look: tuple[str, ...], now: datetime) -> Iterator[bool]:
        """Whether it is to be recorded now, inside; as `is_new`, but a look that could not be recorded was none."""
        new = self.is_new(look, now)
        try:
            yield new
        except BaseException:
            if new:
                with self._lock:
                    self._last.pop(look, None)
            raise

    def is_new(self, look: tuple[str, ...], now: datetime) -> bool:
        """Whether this is a look of its own, to be put on the record; it then covers the next `ONE_LOOK`."""
        with self._lock:
            before = self._last.get(look)
            if before is not None and timedelta(0) <= now - before < ONE_LOOK:
                return False
            self._last.pop(look, None)
            self._last[look] = now
            while len(self._last) > MOST:
                del self._last[next(iter(self._last))]
            return True
