"""What came and is not kept yet: alerts go first, however much else is waiting, and nothing waits for ever."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final

from zhian_wire.events import TYPE_OF, Alert, Health

from .sorting import Message

#: As much as a storm has on its way: an alert that comes behind more waits for its turn at the broker. What is beyond
#: that the broker keeps.
MOST_WAITING: Final = 16_000
#: Of usual events that many are 20 MB; one may have a megabyte.
MOST_BYTES: Final = 64 << 20
#: One part in so many of each batch is for what is in no hurry: a node whose alarm never rests stops nobody's passages.
SHARE: Final = 8
#: How these begin; where a type stands behind so much, nobody is first.
_ALERT, _HEALTH = (f'"type":"{TYPE_OF[kind]}"'.encode() for kind in (Alert, Health))
_HEAD: Final = 512


def is_urgent(body: bytes) -> bool:
    """Whether it looks like an alert. Nothing rests on it but the order, so it is not read for that."""
    return body.find(_ALERT, 0, _HEAD) >= 0 or body.find(_HEALTH, 0, _HEAD) >= 0


class Waiting:
    """A queue with two lanes; any thread puts, one takes."""

    def __init__(self) -> None:
        self._urgent: deque[Message] = deque()
        self._others: deque[Message] = deque()
        self._news = threading.Event()
        self._hurried = False
        self._lock = threading.Lock()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._urgent) + len(self._others)

    @property
    def has_room(self) -> bool:
        """Whether more may be put; who puts more all the same loses nothing."""
        return len(self) < MOST_WAITING and self._bytes < MOST_BYTES

    def put(self, message: Message) -> None:
        """Let it wait; never waits itself."""
        with self._lock:
            self._bytes += len(message.body)
        (self._urgent if is_urgent(message.body) else self._others).append(message)
        if not self._news.is_set():
            self._news.set()

    @property
    def hurried(self) -> bool:
        """Whether somebody was in a hurry among those that were taken last."""
        return self._hurried

    def take(self, most: int, patience_s: float, beside: int) -> list[Message]:
        """At most so many, those in a hurry first but for a small share, each lane in its order; none: nothing came for
        so long.

        `beside`: how many at most where somebody is in a hurry, and the time after.
        """
        if not self._news.wait(patience_s):
            return []
        self._news.clear()
        share = min(len(self._others), most // SHARE)
        taken = _from(self._urgent, most - share)
        hurries = bool(taken)
        if hurries or self._hurried:
            most = min(most, max(len(taken) + share, beside))
        self._hurried = hurries
        taken += _from(self._others, most - len(taken))
        with self._lock:
            self._bytes -= sum(len(message.body) for message in taken)
        if self._urgent or self._others:
            self._news.set()
        return taken


def _from(lane: deque[Message], most: int) -> list[Message]:
    """The first of a lane; only one thread takes away, so what was counted is there."""
    return [lane.popleft() for _ in range(min(len(lane), most))]
