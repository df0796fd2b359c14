"""How much of a backlog may be on its way at once: no more than keeps the way free for an alert. Pure.

A node that was cut off for a day shares its line, its broker and its gateway with its own alerts and with a thousand
other nodes that come back at the same moment. Whatever waits anywhere on the way is ahead of the next alert, so the
backlog holds back as soon as receipts take longer than they need to, after RFC 6817 (LEDBAT).
"""

from __future__ import annotations

from typing import Final

#: So much later than the quickest receipt, in milliseconds: a third of what an alert may take in all.
TARGET_MS: Final = 300
#: What a new connection begins with, and what is left when nothing comes back.
LEAST: Final = 4


class Pace:
    """Room for what is not urgent, from `LEAST` up to `most`."""

    def __init__(self, most: int) -> None:
        self._most = float(max(most, LEAST))
        self.begin()

    @property
    def room(self) -> int:
        """How many events may wait for their receipts."""
        return int(self._room)

    def begin(self) -> None:
        """A new connection: nothing is known of it."""
        self._room = float(min(LEAST, self._most))
        self._quickest_ms: int | None = None
        self._slowed_ms = 0
        self._probing = True

    def answered(self, count: int, delay_ms: int, now_ms: int) -> None:
        """A receipt for `count` events came, `delay_ms` after the first of them was sent."""
        self._quickest_ms = delay_ms if self._quickest_ms is None else min(self._quickest_ms, delay_ms)
        waited = delay_ms - self._quickest_ms
        if waited > TARGET_MS:
            self._slow(max(0.5, TARGET_MS / waited), delay_ms, now_ms)
            return
        off = 1 - waited / TARGET_MS
        # Twice as much each time until the queue is felt for the first time, then one more.
        self._probing = self._probing and off > 0.5
        more = count if self._probing else off * count / self._room
        self._room = min(self._most, self._room + more)

    def unanswered(self, now_ms: int) -> None:
        """No receipt came in time."""
        self._slow(0.5, 0, now_ms)

    def _slow(self, by: float, delay_ms: int, now_ms: int) -> None:
        """Once for all that was sent before it could have helped."""
        self._probing = False
        if now_ms - self._slowed_ms >= delay_ms:
            self._slowed_ms = now_ms
            self._room = max(float(LEAST), self._room * by)
