"""How each node is, by the age of what it last said; a flag would lie when its owner died."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from zhian_wire import times
from zhian_wire.state import NodeState

State = Literal["online", "offline", "blind"]

#: A clock that is off by more is marked, in seconds.
CLOCK_OFF_S: Final = 1.0
#: Heart-beats that a clock is judged by: fewer say nothing, since one of them may have been long on its way.
LEAST_BEATS: Final = 3
MOST_BEATS: Final = 5


@dataclass(frozen=True)
class Heard:
    """A node's last heart-beat and when it came."""

    state: NodeState
    at: datetime


class Presence:
    """The last heart-beat of every node; any thread may ask."""

    def __init__(self, silent_s: float) -> None:
        self._silent_s = silent_s
        self._lock = threading.Lock()
        self._heard: dict[str, Heard] = {}
        self._ahead: dict[str, deque[float]] = {}

    def hear(self, node: str, state: NodeState, at: datetime) -> None:
        """A heart-beat came."""
        ahead = (times.from_text(state.time) - at).total_seconds()
        with self._lock:
            self._heard[node] = Heard(state, at)
            self._ahead.setdefault(node, deque(maxlen=MOST_BEATS)).append(ahead)

    def keep_only(self, nodes: Collection[str]) -> None:
        """Forget everybody else: whoever may publish under any name must not fill the memory."""
        with self._lock:
            self._heard = {node: heard for node, heard in self._heard.items() if node in nodes}
            self._ahead = {node: ahead for node, ahead in self._ahead.items() if node in nodes}

    def every(self) -> dict[str, Heard]:
        """What each node last said."""
        with self._lock:
            return dict(self._heard)

    def last(self, node: str) -> Heard | None:
        """What the node last said."""
        with self._lock:
            return self._heard.get(node)

    def state(self, node: str, now: datetime) -> State:
        """What can be said of the node now."""
        heard = self.last(node)
        if heard is None or (now - heard.at).total_seconds() > self._silent_s:
            return "offline"
        if heard.state.vision == "down" or any(camera.status == "blind" for camera in heard.state.cameras):
            return "blind"
        return "online"

    def clock_ahead_s(self, node: str) -> float | None:
        """How far the node's clock is ahead of this one, below zero: behind; None while too little was heard of it.

        A heart-beat that was underway for long seems to come from a slower clock, so the quickest of the last few
        counts.
        """
        with self._lock:
            ahead = self._ahead.get(node, ())
            return max(ahead) if len(ahead) >= LEAST_BEATS else None

    def clock_is_off(self, node: str) -> bool:
        """Whether that is more than nodes are allowed."""
        ahead = self.clock_ahead_s(node)
        return ahead is not None and abs(ahead) > CLOCK_OFF_S
