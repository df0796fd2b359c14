"""How many refused looks of one user are written down: enough to be seen, too few to flood the record."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

#: What the audit calls it.
REFUSED: Final = "access.refused"
#: Of one user, in so many seconds; what comes beyond is counted, and told when the time is over.
MOST: Final = 20
WINDOW_S: Final = 3600.0


@dataclass
class _Window:
    began: float
    noted: int = 0
    passed_over: int = 0


class Refusals:
    """Counts by user; users are the site's own accounts, so there are only so many. Any thread may use it."""

    def __init__(self, most: int = MOST, window_s: float = WINDOW_S) -> None:
        self._most = most
        self._window_s = window_s
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def admits(self, user: str, now: float) -> bool:
        """Whether this refusal is to be written down; `now` is in seconds of a clock that only goes forward."""
        with self._lock:
            window = self._windows.setdefault(user, _Window(now))
            if window.noted < self._most:
                window.noted += 1
                return True
            window.passed_over += 1
            return False

    def over(self, now: float) -> dict[str, int]:
        """Ends the windows whose time is over; how many refusals each of these users had beyond what was written."""
        with self._lock:
            ended = [user for user, window in self._windows.items() if now - window.began >= self._window_s]
            gone = {user: self._windows.pop(user) for user in ended}
        return {user: window.passed_over for user, window in gone.items() if window.passed_over}
