"""Which nodes to ask how much they decided, and what they answered. Pure: time is passed in, nothing is sent here."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from zhian_wire.commands import Answer, SignCount, Wipe

from .. import moments

EVERY: Final = timedelta(hours=1)
#: A question that is not answered by then is asked anew.
LASTS: Final = timedelta(minutes=1)


C = TypeVar("C", SignCount, Wipe)


class Count(NamedTuple):
    """A node's signed word: so many events of `epoch` on `day`."""

    node: str
    epoch: str
    day: str
    decided: int


@dataclass(frozen=True)
class _Open:
    node: str
    command: SignCount | Wipe
    until: datetime


@dataclass
class Questions:
    """What was asked and not answered. An answer counts only from the node that was asked, and once."""

    zone: ZoneInfo
    _open: dict[str, _Open] = field(default_factory=dict)
    _asked: dict[str, datetime] = field(default_factory=dict)

    def due(self, nodes: Collection[str], now: datetime) -> list[tuple[str, SignCount]]:
        """What to ask of `nodes` (those that are there): yesterday and today, every hour and after local midnight."""
        self._give_up(now)
        self._asked = {node: at for node, at in self._asked.items() if node in nodes}
        wanted = []
        for node in sorted(nodes):
            asked = self._asked.get(node)
            if asked is None or now - asked >= EVERY or self._day(asked) != self._day(now):
                self._asked[node] = now
                wanted += [
                    (node, self._count(node, day, now)) for day in (self._day(now - timedelta(days=1)), self._day(now))
                ]
        return wanted

    def wipe(self, node: str, now: datetime) -> Wipe:
        """The order to a revoked node; each has an id of its own, since a node never does one twice."""
        order = Wipe(id=uuid.uuid4().hex, expires=moments.text(now + LASTS), who="gateway", why="revoked")
        return self._opened(node, order, now)

    def counts(self, node: str, answer: Answer) -> list[Count]:
        """The signed counts that an answer holds."""
        asked = self._settled(node, answer, SignCount)
        if asked is None or answer.data.get("day") != asked.day:
            return []
        pairs = [(name, count) for name, count in answer.data.items() if name not in ("day", "decided")]
        return [
            Count(node, epoch, asked.day, count)
            for epoch, count in pairs
            if isinstance(count, int) and 0 <= count < 2**31
        ]

    def wiped(self, node: str, answer: Answer) -> bool:
        """Whether an answer says that a revoked node has deleted what it had."""
        return self._settled(node, answer, Wipe) is not None

    def _settled(self, node: str, answer: Answer, kind: type[C]) -> C | None:
        """The command of `kind` that this answers, when it was done."""
        asked = self._open.get(answer.id)
        if asked is None or asked.node != node or not isinstance(asked.command, kind):
            return None
        del self._open[answer.id]
        return asked.command if answer.result == "done" else None

    def _count(self, node: str, day: str, now: datetime) -> SignCount:
        expires = moments.text(now + LASTS)
        return self._opened(node, SignCount(id=uuid.uuid4().hex, expires=expires, who="gateway", day=day), now)

    def _opened(self, node: str, command: C, now: datetime) -> C:
        self._open[command.id] = _Open(node, command, now + LASTS)
        return command

    def _give_up(self, now: datetime) -> None:
        late = {key for key, asked in self._open.items() if asked.until <= now}
        for key in late:
            self._asked.pop(self._open.pop(key).node, None)

    def _day(self, moment: datetime) -> str:
        return moments.local_day(moment, self.zone)
