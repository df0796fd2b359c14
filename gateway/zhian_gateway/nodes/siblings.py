"""How far each node's decisions are known here, so that its siblings can tell silence from "nobody came"."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from ..ingest.sorting import Run
from ..store import counters
from ..store.tables import epochs, events

#: Heart-beats that wait for what they announce; at one in three seconds this is some minutes.
MOST_WAITING: Final = 100
#: Who asked within this time is told when somebody passes.
INTERESTED: Final = timedelta(seconds=60)


@dataclass
class _Heard:
    """Heart-beats as run, seq and when they came: the last that everything is known of, and those after it."""

    known: datetime | None = None
    waiting: deque[tuple[Run, int, datetime]] = field(default_factory=lambda: deque(maxlen=MOST_WAITING))


class Siblings:
    """A heart-beat names the last number that its node gave out; once all up to it is followed, the node is known of
    up to that moment. Any thread may use it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard: dict[str, _Heard] = {}
        self._asked: dict[str, datetime] = {}

    def hear(self, node: str, epoch: str, seq: int, at: datetime) -> None:
        """A heart-beat of a node of this site came."""
        with self._lock:
            self._heard.setdefault(node, _Heard()).waiting.append((Run(node, epoch), seq, at))

    def keep_only(self, nodes: Collection[str]) -> None:
        """Forget everybody else."""
        with self._lock:
            self._heard = {node: heard for node, heard in self._heard.items() if node in nodes}
            self._asked = {node: at for node, at in self._asked.items() if node in nodes}

    def asks(self, node: str, now: datetime) -> None:
        """A node wants to know of the others."""
        with self._lock:
            self._asked[node] = now

    def interested(self, node: str, now: datetime) -> bool:
        """Whether it asked lately."""
        with self._lock:
            return node in self._asked and now - self._asked[node] <= INTERESTED

    def ages_ms(self, followed: Mapping[Run, int], now: datetime) -> dict[str, int]:
        """Per node, how long ago it was where `followed` (by run: the last number without a hole) has come to."""
        with self._lock:
            for heard in self._heard.values():
                _advance(heard, followed)
            return {
                node: max(0, (now - heard.known) // timedelta(milliseconds=1))
                for node, heard in self._heard.items()
                if heard.known is not None
            }


def _advance(heard: _Heard, followed: Mapping[Run, int]) -> None:
    """Take over every heart-beat that everything is known of; a node that was rebuilt is in another run."""
    done = [place for place, (run, seq, _) in enumerate(heard.waiting) if followed.get(run, 0) >= seq]
    if done:
        heard.known = heard.waiting[done[-1]][2]
        for _ in range(done[-1] + 1):
            heard.waiting.popleft()


def followed(link: Connection, site: str) -> dict[Run, int]:
    """Up to which number each run is stored without a hole, and followed by the rules."""
    done = counters.current(link, "followed")
    found = {
        Run(row.node, row.epoch): row.through
        for row in link.execute(select(epochs.c.node, epochs.c.epoch, epochs.c.through).where(epochs.c.site == site))
    }
    ahead = (
        select(events.c.node, events.c.epoch, func.min(events.c.seq).label("seq"))
        .where(events.c.site == site, events.c.id > done)
        .group_by(events.c.node, events.c.epoch)
    )
    for row in link.execute(ahead):
        run = Run(row.node, row.epoch)
        found[run] = min(found.get(run, 0), row.seq - 1)
    return found
