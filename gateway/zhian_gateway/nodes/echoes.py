"""Knows what a broker delivers again: an old heart-beat after a newer one would seem to be another machine's. Pure."""

from __future__ import annotations

from collections import deque
from typing import Final

#: A minute of a thousand nodes; a broker repeats what it has no answer to after some ten seconds.
MOST: Final = 20_000


class Echoes:
    """The last messages of all nodes, by a hash of their bytes; each names its own moment, so no two are alike."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._order: deque[int] = deque()
        self._known: set[int] = set()

    def heard(self, node: str, body: bytes) -> bool:
        """Whether the node's message was heard before; it is remembered."""
        mark = hash((node, body))
        if mark in self._known:
            return True
        self._known.add(mark)
        self._order.append(mark)
        if len(self._order) > self._most:
            self._known.discard(self._order.popleft())
        return False
