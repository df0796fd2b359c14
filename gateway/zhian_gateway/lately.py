"""What many pages ask again and again: the last answer stands for as long as it was dear."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Final, NamedTuple, TypeVar, cast

Answer = TypeVar("Answer")

#: What is found so soon is found anew each time, in seconds.
CHEAP_S: Final = 0.05
#: Else asking takes no more than one part in so many of the time.
SHARE: Final = 20
#: However dear it was, it is not older than this, in seconds.
OLDEST_S: Final = 60.0
#: Answers that are kept; beyond that all are forgotten.
MOST: Final = 1000


class _Known(NamedTuple):
    answer: Any
    until_s: float


class Lately:
    """Answers by question; any thread may ask. Of those who ask the same at once one finds out for all.

    Args:
        now: seconds that never go back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._guard = threading.Lock()
        self._known: dict[Hashable, _Known] = {}
        self._asking: dict[Hashable, threading.Lock] = {}

    def of(self, question: Hashable, find: Callable[[], Answer]) -> Answer:
        """The last answer, or what `find` finds now; what it raises is remembered by nobody."""
        with self._guard:
            known = self._known.get(question)
            turn = self._asking.setdefault(question, threading.Lock())
        if known is not None and self._now() < known.until_s:
            return cast(Answer, known.answer)
        with turn:
            again = self._known.get(question)
            if again is not None and self._now() < again.until_s:
                return cast(Answer, again.answer)
            began = self._now()
            answer = find()
            ended = self._now()
            with self._guard:
                if len(self._known) >= MOST:
                    self._known.clear()
                    self._asking.clear()
                lasts_s = min(SHARE * (ended - began), OLDEST_S) if ended - began > CHEAP_S else 0.0
                self._known[question] = _Known(answer, ended + lasts_s)
        return answer
