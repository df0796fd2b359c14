"""Nodes that heed what guards order, without a broker between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from zhian_gateway.services import Services
from zhian_wire import times, topics
from zhian_wire.codec import decode_message
from zhian_wire.commands import Answer, Command, RosterNotice
from zhian_wire.state import NodeState


class Nodes:
    """Nodes at the other end: each does a command once and answers it; `says` may put another answer, or None."""

    def __init__(self) -> None:
        self.parts: Services | None = None
        self.told: list[tuple[str, Command]] = []
        self.heard: list[tuple[str, Command]] = []
        self.says: dict[str, Answer | None] = {}
        self.notices: list[tuple[str, RosterNotice]] = []
        self._done: set[str] = set()

    def __call__(self, node: str, kind: topics.Down, body: bytes) -> None:
        if kind == "roster":
            self.notices.append((node, decode_message(body, RosterNotice)))
            return
        assert kind == "command" and self.parts is not None
        command = decode_message(body, Command)
        self.told.append((node, command))
        if command.id not in self._done:
            self.heard.append((node, command))
        answer = self.says.get(node, Answer(id=command.id, result="done"))
        if answer is not None:
            self._done.add(command.id)
            self.parts.orders.take_answer(node, Answer(id=command.id, result=answer.result, detail=answer.detail))


def hear(parts: Services, node: str, *lanes: str, ahead_s: float = 0) -> None:
    shown = times.to_text(parts.clock() + timedelta(seconds=ahead_s))
    standings: dict[str, Any] = dict.fromkeys(lanes, "normal")
    state = NodeState(node=node, epoch="e1", seq=0, time=shown, version="1", lanes=standings)
    parts.presence.hear(node, state, parts.clock())
