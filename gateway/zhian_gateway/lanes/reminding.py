"""Tells nodes that come back what the site was ordered to be while they were away; each does it once, and answers."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection
from zhian_wire import codec, times
from zhian_wire.commands import Answer

from ..nodes import identity
from ..services import Services
from ..store import audit
from . import keeping
from .keeping import Kept, Place
from .ordering import LASTS, clock_of, command_id

#: So long a node has for its answer before it is told again; also who gave the order is still waiting for it by then.
PAUSE: Final = LASTS + timedelta(seconds=1)
#: Nodes answer as fast as they are asked, so more than this is somebody's mischief.
MOST_WAITING: Final = 2000


class Reminder:
    """`hear` is the broker's thread's, `step` is one other thread's."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._came: queue.Queue[tuple[str, Answer]] = queue.Queue(MOST_WAITING)
        self._told: dict[tuple[int, Place], datetime] = {}

    def hear(self, node: str, answer: Answer) -> None:
        """A node answered some command."""
        if not self._came.full():
            self._came.put_nowait((node, answer))

    def step(self) -> int:
        """Look once; always 0, since what is told now is not told again at once."""
        parts, now = self._services, self._services.clock()
        came = {(node, answer.id): answer for node, answer in self._drained()}
        with parts.store.read() as link:
            kept = keeping.current(link, parts.site, now)
            behind = [] if kept is None else list(self._behind(link, kept, now))
        if kept is None:
            self._told.clear()
            return 0
        for place in behind:
            answer = came.get((place[0], command_id(kept.press, *place)))
            if answer is not None:
                self._heed(kept, place, answer)
            elif self._is_as_wanted(kept, place):
                self._settle(kept, place, "needless")
            elif now - self._told.get((kept.id, place), times.from_text(kept.at)) >= PAUSE:
                self._tell(kept, place, now)
        return 0

    def _drained(self) -> Iterator[tuple[str, Answer]]:
        for _ in range(self._came.qsize()):
            yield self._came.get_nowait()

    def _behind(self, link: Connection, kept: Kept, now: datetime) -> Iterator[Place]:
        """The lanes that can be reached and have not heard of it."""
        parts, done = self._services, keeping.settled(link, kept)
        for node in identity.every(link, parts.site):
            heard = parts.presence.last(node)
            if heard is not None and parts.presence.state(node, now) != "offline":
                yield from ((node, lane) for lane in sorted(heard.state.lanes) if (node, lane) not in done)

    def _is_as_wanted(self, kept: Kept, place: Place) -> bool:
        """What is normal already needs no order that ends another one."""
        heard = self._services.presence.last(place[0])
        fresh = heard is not None and heard.at > times.from_text(kept.at)
        return kept.state == "normal" and fresh and heard is not None and heard.state.lanes.get(place[1]) == "normal"

    def _tell(self, kept: Kept, place: Place, now: datetime) -> None:
        parts = self._services
        if (kept.id, place) not in self._told:
            with parts.store.write() as link:
                self._note(link, "lane.again", place, f"{kept.words} (ordered by {kept.who} at {kept.at})")
        self._told[kept.id, place] = now
        errand = kept.errand(place, now, clock_of(parts.presence.last(place[0])))
        parts.publish(errand.node, "command", codec.encode_message(errand.command))

    def _heed(self, kept: Kept, place: Place, answer: Answer) -> None:
        """What is not final is told again: a disk that was full, a clock that was wrong."""
        if answer.result in keeping.FINAL:
            self._settle(kept, place, answer.result, f"{answer.result} {answer.detail}".strip())

    def _settle(self, kept: Kept, place: Place, result: str, said: str = "") -> None:
        told = (kept.id, place) in self._told
        with self._services.store.write() as link:
            keeping.settle(link, kept, place, result, self._services.now())
            # Where it was only ordered, whoever did so has audited the answer.
            if told and said:
                self._note(link, "lane.answer", place, said)

    def _note(self, link: Connection, action: str, place: Place, detail: str) -> None:
        parts = self._services
        subject = "/".join(place)
        audit.record(
            link, site=parts.site, at=parts.now(), who="gateway", action=action, subject=subject, detail=detail
        )
