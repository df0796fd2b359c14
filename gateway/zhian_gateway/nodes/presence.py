"""How each node is, by the age of what it last said; a flag would lie when its owner died."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from zhian_wire.state import NodeState

State = Literal["online", "offline", "blind"]


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

    def hear(self, node: str, state: NodeState, at: datetime) -> None:
        """A heart-beat came."""
        with self._lock:
            self._heard[node] = Heard(state, at)

    def keep_only(self, nodes: Collection[str]) -> None:
        """Forget everybody else: whoever may publish under any name must not fill the memory."""
        with self._lock:
            self._heard = {node: heard for node, heard in self._heard.items() if node in nodes}

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
