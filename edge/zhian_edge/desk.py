"""Turns what was decided into committed events: stamped, their pictures kept, and held back while the disk is full."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import msgspec
import structlog
from zhian_wire.events import EventData

from zhian_edge.delivery.outbox import Draft, Outbox, pictures_of
from zhian_edge.delivery.spool import Spool
from zhian_edge.errors import NotWritten
from zhian_edge.process.clock import ClockTie

log = structlog.get_logger(__name__)

#: Decided while nothing could be written; about 100 MB of memory at most.
HELD: Final = 20_000
E = TypeVar("E", bound=EventData)


class Desk:
    """One thread uses it. While the disk is full, events wait in memory in the order of their decision."""

    def __init__(self, outbox: Outbox, spool: Spool, tie: ClockTie, committed: Callable[[], None]) -> None:
        """`committed` is called after every commit."""
        self._outbox = outbox
        self._spool = spool
        self._tie = tie
        self._committed = committed
        self._held: deque[Draft] = deque()
        self._state: dict[str, bytes | None] = {}
        self._waiting = False
        self.pictures_lost = 0
        self.events_lost = 0

    @property
    def held(self) -> int:
        """Events that wait for space."""
        return len(self._held)

    def commit(
        self, decided: Sequence[EventData], now_ms: int, state: Mapping[str, bytes | None] | None = None
    ) -> bool:
        """Commit everything that waits, in one transaction, with what `state` is to be kept beside it (None: deleted).

        False when nothing can be written yet.

        That is said in the log once when it begins and once when it ends.

        Raises:
            OutboxCorrupt: the database is damaged.
        """
        for data in decided:
            self._hold(Draft(self._with_pictures(data), self._tie.stamp(now_ms)))
        self._state |= state or {}
        if not self._held and not self._state:
            return True
        try:
            self._outbox.commit(list(self._held), self._state)
        except NotWritten as error:
            if not self._waiting:
                log.warning("events wait, since nothing can be written", waiting=len(self._held), error=str(error))
            self._waiting = True
            return False
        if self._waiting:
            log.info("events that waited are written", count=len(self._held))
        self._waiting = False
        self._held.clear()
        self._state = {}
        self._committed()
        return True

    def _hold(self, draft: Draft) -> None:
        if len(self._held) >= HELD:
            # They have no number yet, so no hole tells of them: the count does, in the node's state.
            self._held.popleft()
            self.events_lost += 1
        self._held.append(draft)

    def _with_pictures(self, data: E) -> E:
        """`data` with only those pictures that are there; what was lost is counted and said."""
        missing = {sha256 for sha256 in pictures_of(data) if not self._adopted(sha256)}
        if not missing:
            return data
        self.pictures_lost += len(missing)
        log.warning("event without its picture", pictures=sorted(missing))
        evidence = tuple(
            msgspec.structs.replace(piece, picture=None) if piece.picture in missing else piece
            for piece in data.evidence  # type: ignore[union-attr]
        )
        return msgspec.structs.replace(data, evidence=evidence)

    def _adopted(self, sha256: str) -> bool:
        try:
            return self._spool.adopt(sha256)
        except OSError as error:
            log.warning("picture cannot be kept", picture=sha256, error=str(error))
            return False
