"""What a node that ended left behind at a lane: a barrier that is held still, or in its last pulse."""

from __future__ import annotations

from typing import Final

#: A fire input that does not answer by then keeps nobody's barrier open any longer.
INPUTS_MS: Final = 30_000


class Leftover:
    """Says when a barrier that nothing holds is to be closed after a restart: once, and on nobody's head.

    To close is an absolute state, and ends a pulse too (`hal.contracts.Barrier.shut`): so it waits for the longest
    pulse that may have been given before the restart, and for those that are given meanwhile. It also waits until every
    fire input of the lane has said how it is.
    """

    def __init__(self, pulse_ms: int) -> None:
        self._pulse_ms = pulse_ms
        self._due_ms: int | None = None
        self._patience_ms = 0

    def begin(self, now_ms: int) -> None:
        """The node was restarted."""
        self._due_ms, self._patience_ms = now_ms + self._pulse_ms, now_ms + INPUTS_MS

    def pulsed(self, expires_ms: int) -> None:
        """A pulse was ordered, to begin by then."""
        if self._due_ms is not None:
            self._due_ms = max(self._due_ms, expires_ms + self._pulse_ms)

    def settle(self) -> None:
        """The barrier was told to be held, or to close."""
        self._due_ms = None

    def due(self, now_ms: int, *, fire_known: bool) -> bool:
        """Whether it is to be closed now."""
        return self._due_ms is not None and now_ms >= self._due_ms and (fire_known or now_ms >= self._patience_ms)
