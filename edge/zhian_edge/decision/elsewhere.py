"""Whether one card is shown at two lanes of a node within a time in which nobody gets from one to the other."""

from __future__ import annotations

from typing import Final

#: Nobody takes a card from one reader to that of another lane sooner: from one arm's reach into the next.
AT_ONCE_MS: Final = 1000


class Elsewhere:
    """Where each card was shown last."""

    def __init__(self) -> None:
        self._shown: dict[str, tuple[str, int]] = {}

    def shown(self, card: str, lane: str, at_ms: int) -> tuple[str, int] | None:
        """A card is shown; the other lane at which it was too, and so many milliseconds apart, where that cannot be."""
        self._shown = {key: where for key, where in self._shown.items() if abs(at_ms - where[1]) <= AT_ONCE_MS}
        before, self._shown[card] = self._shown.get(card), (lane, at_ms)
        return None if before is None or before[0] == lane else (before[0], abs(at_ms - before[1]))
