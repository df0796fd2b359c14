"""Which push services are in trouble: each pauses by itself, so that one that is not reached delays no other's."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from .lines import Limit, Lines
from .outcomes import Outcome, later

#: How many at once and in a minute is for the line of Web Push itself to say.
_ANY: Final = Limit(at_once=1_000_000, per_minute=1_000_000_000)


class PushHosts:
    """Any thread may use it.

    Args:
        first_pause_s: after the first trouble with a service; it doubles.
        most_s: the one that tries is back after so long at the latest.
        patience_s: where none takes anything for longer, it is all of Web Push that is in trouble.
    """

    def __init__(self, first_pause_s: float, most_s: float, patience_s: float) -> None:
        self._lock = threading.Lock()
        self._most = timedelta(seconds=most_s)
        self._patience = timedelta(seconds=patience_s)
        self._hosts = Lines(lambda _: _ANY, first_pause_s)
        #: Those that were well when they were last asked; since when there is trouble and none is.
        self._well: set[str] = set()
        self._down_since: datetime | None = None

    def enter(self, host: str, now: datetime) -> Outcome | None:
        """None: ask it, and `leave` afterwards. Else why it is spared: after trouble one alone tries."""
        with self._lock:
            if self._hosts.free(host, now):
                self._hosts.take(host, now)
                return None
            soon = (now + self._most, self._hosts.reason(host, now))
            until, reason = self._hosts.paused(host, now) or soon
        return replace(later(reason, (until - now).total_seconds()), asked=False)

    def leave(self, host: str, outcome: Outcome, now: datetime) -> Outcome:
        """What became of it, as it stands for Web Push as a whole."""
        with self._lock:
            self._hosts.give_back(host, outcome, now)
            if not outcome.whole:
                self._well.add(host)
                self._down_since = None
                return outcome
            self._well.discard(host)
            if self._well:
                return replace(outcome, whole=False)
            self._down_since = min(self._down_since or now, now)
            return replace(outcome, whole=now - self._down_since > self._patience)
