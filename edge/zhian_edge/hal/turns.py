"""Turns on a line that several devices share: one at a time, and what opens doors before what only asks."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal, TypeAlias

#: `urgent` goes before every `patient` that waits, but for one between two urgent ones; what runs is ended by neither.
Turn: TypeAlias = Literal["urgent", "patient"]
#: How often one that waits asks whether it is to give way.
_ASKS_S: Final = 0.05


class GaveWay(Exception):
    """There is something better to do than to wait."""


def never() -> bool:
    """Of those that wait however long."""
    return False


class Turns:
    """Any thread may take one; it must not take another within. Each kind goes in the order in which it came."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._taken = False
        self._waiting: dict[Turn, deque[object]] = {"urgent": deque(), "patient": deque()}
        self._last: Turn = "patient"

    def waiting(self, turn: Turn) -> int:
        """How many of this kind wait."""
        return len(self._waiting[turn])

    @contextmanager
    def take(self, turn: Turn, gives_way: Callable[[], bool] = never) -> Iterator[None]:
        """Wait for it, however long, and have the line until the end of the block.

        Raises:
            GaveWay: `gives_way` said so while it waited.
        """
        ticket, waiting = object(), self._waiting[turn]
        with self._news:
            waiting.append(ticket)
            try:
                while self._taken or self._next() is not ticket:
                    if gives_way():
                        raise GaveWay
                    self._news.wait(_ASKS_S)
            finally:
                waiting.remove(ticket)
            self._taken, self._last = True, turn
        try:
            yield
        finally:
            with self._news:
                self._taken = False
                self._news.notify_all()

    def _next(self) -> object:
        """Whose turn it is."""
        urgent, patient = self._waiting["urgent"], self._waiting["patient"]
        return urgent[0] if urgent and (self._last == "patient" or not patient) else patient[0]
