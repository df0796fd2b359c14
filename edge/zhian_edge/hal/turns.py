"""Turns on a line that several devices share: one at a time, and what opens doors before what only asks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

#: `urgent` goes before every `patient` that waits; what runs is ended by neither.
Turn: TypeAlias = Literal["urgent", "patient"]


class Turns:
    """Any thread may take one; it must not take another within."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._taken = False
        self._urgent = 0

    @property
    def urgent(self) -> int:
        """How many urgent ones wait."""
        return self._urgent

    @contextmanager
    def take(self, turn: Turn) -> Iterator[None]:
        """Wait for it, however long, and have the line until the end of the block."""
        with self._news:
            if turn == "urgent":
                self._urgent += 1
                self._news.wait_for(lambda: not self._taken)
                self._urgent -= 1
            else:
                self._news.wait_for(lambda: not self._taken and not self._urgent)
            self._taken = True
        try:
            yield
        finally:
            with self._news:
                self._taken = False
                self._news.notify_all()
