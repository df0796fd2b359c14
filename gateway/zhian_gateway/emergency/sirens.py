"""Sounds the sirens of all nodes while an emergency asks for it, and silences them when it is over.

Nodes are told again and again for as long as it goes on, and fall silent by themselves when they hear nothing more:
neither a killed gateway nor a cut cable leaves a siren that nobody can end.
"""

from __future__ import annotations

import queue
import uuid
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

import structlog
from zhian_wire import codec
from zhian_wire.commands import Answer, SoundSiren

from .. import moments
from ..lanes.ordering import LASTS, clock_of
from ..nodes import identity
from ..services import Services
from .board import Outcome
from .calls import under_way

log = structlog.get_logger(__name__)

#: A node sounds for so long after it was last told to.
HOLDS: Final = timedelta(seconds=120)
#: How often a node that sounds is told to go on.
RENEWED: Final = timedelta(seconds=15)
#: How often a node is told that has not answered.
INSISTS: Final = timedelta(seconds=2)
#: A node that never answers that it is silent falls silent by itself.
GIVES_UP: Final = HOLDS
MOST_WAITING: Final = 2000
PREFIX: Final = "siren-"

State = Literal["on", "off"]


class _Told(NamedTuple):
    state: State
    since: datetime
    at: datetime
    answer: str


class SirenKeeper:
    """`hear` is the broker's thread's, `step` one other thread's."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._came: queue.Queue[tuple[str, Answer]] = queue.Queue(MOST_WAITING)
        self._told: dict[str, _Told] = {}
        self._asked: dict[str, tuple[str, State]] = {}

    def hear(self, node: str, answer: Answer) -> None:
        """A node answered some command."""
        if answer.id.startswith(PREFIX) and not self._came.full():
            self._came.put_nowait((node, answer))

    def step(self) -> int:
        """Look once; always 0."""
        parts, now = self._services, self._services.clock()
        with parts.store.read() as link:
            wanted: State = "on" if any(row["siren"] for row in under_way(link, parts.site)) else "off"
            nodes = identity.every(link, parts.site)
        self._heed()
        self._told = {node: told for node, told in self._told.items() if node in nodes}
        for node in nodes:
            if self._is_due(node, wanted, now):
                self._tell(node, wanted, now)
        sounding = {node: _outcome(told) for node, told in self._told.items() if told.state == "on"}
        parts.sirens.outcomes = sounding
        return 0

    def _heed(self) -> None:
        for _ in range(self._came.qsize()):
            node, answer = self._came.get_nowait()
            asked = self._asked.pop(answer.id, None)
            told = self._told.get(node)
            if told is not None and asked == (node, told.state):
                self._told[node] = told._replace(answer=answer.result)

    def _is_due(self, node: str, wanted: State, now: datetime) -> bool:
        told = self._told.get(node)
        if wanted == "off" and (told is None or (told.state == "off" and self._is_silent(told, now))):
            return False
        if told is None or told.state != wanted:
            return True
        return now - told.at >= (INSISTS if not told.answer else RENEWED)

    def _is_silent(self, told: _Told, now: datetime) -> bool:
        return bool(told.answer) or now - told.since > GIVES_UP

    def _tell(self, node: str, state: State, now: datetime) -> None:
        parts = self._services
        before = self._told.get(node)
        same = before is not None and before.state == state
        ahead = clock_of(parts.presence.last(node))
        command = SoundSiren(
            id=f"{PREFIX}{uuid.uuid4().hex}",
            expires=moments.text(now + LASTS + ahead),
            who="gateway",
            state=state,
            until=moments.text(now + HOLDS + ahead),
        )
        self._asked = {**{k: v for k, v in self._asked.items() if v[0] != node}, command.id: (node, state)}
        since, answer = (before.since, before.answer) if before is not None and same else (now, "")
        self._told[node] = _Told(state, since, now, answer)
        if not same:
            log.info("siren.told", node=node, state=state)
        parts.publish(node, "command", codec.encode_message(command))


def _outcome(told: _Told) -> Outcome:
    if not told.answer:
        return "waiting"
    if told.answer == "done":
        return "sounding"
    return "none" if told.answer in ("refused", "unsupported") else "failed"
