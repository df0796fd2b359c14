"""Whether `vision` lives: said once when it does not, once when it does again. Pure."""

from __future__ import annotations

from typing import Final

from zhian_wire.events import EventData, Health

#: No beat for so long: it hangs, and the guard must hear of it within 15 s. One inference takes tens of milliseconds, a
#: second at worst.
HUNG_MS: Final = 10_000
#: Loading and conditioning networks for the first time takes a while on a small machine.
START_MS: Final = 180_000


class Sight:
    """Remembers what was said of vision of `node`."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._lost = False

    def lost(self, cause: str, detail: str, at_ms: int) -> list[EventData]:
        """Vision ended or hangs: an event at first, nothing while it stays so."""
        if self._lost:
            return []
        self._lost = True
        return [
            Health(component="vision", device=self._node, status="down", cause=cause, detail=detail, since_ms=at_ms)
        ]

    def seen(self, at_ms: int) -> list[EventData]:
        """Vision speaks: an event when it had been lost."""
        if not self._lost:
            return []
        self._lost = False
        return [Health(component="vision", device=self._node, status="ok", since_ms=at_ms)]


class Pulse:
    """When vision must be taken for hung; `now` is monotonic milliseconds."""

    def __init__(self, started_ms: int) -> None:
        self._started_ms = started_ms
        self._beat_ms: int | None = None

    @property
    def beats(self) -> bool:
        """Whether it ever did."""
        return self._beat_ms is not None

    def beat(self, now_ms: int) -> None:
        """It beats."""
        self._beat_ms = now_ms

    def hangs(self, now_ms: int) -> bool:
        """Whether it has been silent for too long."""
        if self._beat_ms is None:
            return now_ms - self._started_ms > START_MS
        return now_ms - self._beat_ms > HUNG_MS
