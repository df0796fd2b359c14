"""What desks' readers were shown, kept in memory only, for the one person who asked for it just now."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from zhian_wire.commands import Listen, Presented

from . import moments
from .errors import Conflict

#: Whoever does not ask again within so long has left the page, and the reader is free for others.
HELD_FOR: Final = timedelta(seconds=10)
#: A node is told again after so long: it may have started meanwhile, and know of nobody who listens.
TOLD_EVERY: Final = timedelta(seconds=3)
#: Later than this a card was not meant for what the page shows now.
LATE_MS: Final = 5000


class Shown(NamedTuple):
    """A card that was shown to a reader; `number` is greater than any before."""

    number: int
    card: str
    at: datetime


class Asked(NamedTuple):
    """What somebody who listens is told: the latest card after the number that they named, and what is to be done.

    Attributes:
        number: to be named the next time.
        command: to be sent to the node; None while it was told just now.
        began: nobody, or somebody else, held the reader before.
    """

    number: int
    shown: Shown | None
    command: Listen | None
    began: bool


@dataclass
class _Held:
    user: str
    until: datetime
    told: datetime
    shown: Shown | None = None
    reads: set[str] = field(default_factory=set)


class DeskReaders:
    """Who listens to which reader; any thread may use it. One person at a time: a card belongs to one page's field."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[str, str], _Held] = {}
        self._number = 0

    def ask(
        self, key: tuple[str, str], user: str, now: datetime, *, after: int | None, ahead: timedelta = timedelta()
    ) -> Asked:
        """Listen from now on (`after` is None) or still, and hear what came since number `after`.

        Args:
            key: node and reader.
            ahead: how far the node's clock is ahead, since the command ends by that clock.

        Raises:
            Conflict: somebody else listens to it.
        """
        with self._lock:
            held = self._holding(key, now)
            if held is not None and held.user != user:
                raise Conflict(f"{held.user} is reading a card with {key[1]}: try again in a moment")
            began = held is None
            if held is None:
                held = self._held[key] = _Held(user, now, now - TOLD_EVERY)
            if after is None:
                held.shown = None
            held.until = now + HELD_FOR
            command = self._command(held, key[1], now, ahead)
            latest = held.shown if held.shown is not None and held.shown.number > (after or 0) else None
            return Asked(
                self._next(now) if after is None else latest.number if latest else after, latest, command, began
            )

    def put(self, node: str, reader: str, said: Presented, now: datetime) -> None:
        """A card was shown; passed over when nobody listens, it comes twice, or it is of a while ago."""
        with self._lock:
            held = self._holding((node, reader), now)
            if held is None or said.read in held.reads or said.age_ms > LATE_MS:
                return
            held.reads.add(said.read)
            held.shown = Shown(self._next(now), said.card, now)

    def holders(self, now: datetime) -> Mapping[tuple[str, str], str]:
        """Who listens to which reader now."""
        with self._lock:
            return {key: held.user for key, held in self._held.items() if held.until > now}

    def _holding(self, key: tuple[str, str], now: datetime) -> _Held | None:
        self._held = {each: held for each, held in self._held.items() if held.until > now}
        return self._held.get(key)

    def _next(self, now: datetime) -> int:
        """Greater than all before, also than those of before a restart."""
        self._number = max(self._number + 1, round(now.timestamp() * 1000))
        return self._number

    @staticmethod
    def _command(held: _Held, reader: str, now: datetime, ahead: timedelta) -> Listen | None:
        if now - held.told < TOLD_EVERY:
            return None
        held.told = now
        expires = moments.text(now + HELD_FOR + ahead)
        return Listen(id=uuid.uuid4().hex, expires=expires, who=held.user, reader=reader)
