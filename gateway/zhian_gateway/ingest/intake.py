"""Ingest: gathers what came, keeps it by the batch, sends receipts, asks for what is missing."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Final, Protocol

import structlog
from zhian_wire import codec, topics
from zhian_wire.commands import Resend

from .. import moments
from ..nodes import identity
from ..operations.vitals import Counts
from ..store import Store
from ..store.faults import is_store_fault
from .batching import BatchSizes
from .holes import HoleWatch
from .keeping import Keeper
from .progress import Progress, Range, holes
from .rows import Rows
from .sorting import Message, Run
from .waiting import Waiting

log = structlog.get_logger(__name__)

#: How long a step waits for a message.
PATIENCE_S: Final = 0.2
HOLE_LOOK_S: Final = 1.0
#: A thousand nodes that send their backlogs have a hole each, which is being filled: to look at all of them each second
#: would be a thirtieth of the time.
PRESSED_LOOK_S: Final = 5.0
#: A site's busiest minute leaves some tens of events waiting; a thousand nodes that come back leave thousands.
PRESSED: Final = 300
#: Nodes hold back as soon as receipts are late, so that little waits here however much they have. One that comes back
#: alone sends less than this in a second.
PRESSED_PER_S: Final = 1500
RESEND_LASTS: Final = timedelta(minutes=1)


class Outlet(Protocol):
    """Where receipts and commands go."""

    def publish(self, node: str, kind: topics.Down, body: bytes) -> None:
        """Send it, or lose it: nodes ask again."""


class Intake:
    """Batches follow the load: while one is committed the next one gathers, up to a bound. One thread steps it."""

    def __init__(
        self,
        store: Store,
        keeper: Keeper,
        rows: Rows,
        outlet: Outlet,
        *,
        site: str,
        clock: moments.Clock,
        on_commit: Callable[[], None],
        counts: Counts | None = None,
    ) -> None:
        self._store = store
        self._keeper = keeper
        self._rows = rows
        self._outlet = outlet
        self._site = site
        self._clock = clock
        self._on_commit = on_commit
        self._counts = counts or Counts()
        self._waiting = Waiting()
        self._size = BatchSizes()
        self._watch = HoleWatch()
        self._gapped: dict[Run, Progress] = {}
        self._closing = threading.Event()
        self._looked = self._asked = monotonic()
        self._came = 0
        self._per_s = 0.0

    @property
    def waiting(self) -> int:
        """How many messages are taken and not kept yet."""
        return len(self._waiting)

    @property
    def has_room(self) -> bool:
        """Whether more may be put."""
        return self._waiting.has_room

    @property
    def is_pressed(self) -> bool:
        """Whether so much waits, or came within the last second, that everything else had better wait."""
        return len(self._waiting) > PRESSED or self._per_s > PRESSED_PER_S

    def put(self, node: str, body: bytes, _retained: bool = False) -> None:
        """Take a message from the broker's thread; that one asks for `has_room` before."""
        if not self._closing.is_set():
            self._waiting.put(Message(node, body))

    def close(self) -> None:
        """Take no more; what is not committed has no receipt, so nodes send it again."""
        self._closing.set()

    def step(self) -> int:
        """Keep one batch, if there is any, and look for holes now and then; how many messages there were."""
        batch = self._waiting.take(self._size.most, PATIENCE_S, self._size.beside)
        if batch:
            self._counts.messages.inc(len(batch))
            if self._keep(batch):
                self._size.kept(len(batch), self._keeper.took_s)
            # While the rules leave the pen to the intake, they would look for an alert in vain.
            if self._waiting.hurried or not self.is_pressed:
                self._on_commit()
        self._came += len(batch)
        since = monotonic() - self._looked
        if since >= HOLE_LOOK_S:
            self._looked += since
            self._came, self._per_s = 0, self._came / since
            if not self.is_pressed or monotonic() - self._asked >= PRESSED_LOOK_S:
                self._asked = monotonic()
                self._ask_for_holes()
        return len(batch)

    def _keep(self, batch: list[Message]) -> bool:
        """Whether all of them were kept at once: only then the time of it says something."""
        try:
            with self._counts.commits.time():
                receipts = self._keeper.keep(batch)
        except Exception as error:
            if is_store_fault(error):
                # No receipt is sent, so every node sends again.
                raise
            if len(batch) == 1:
                self._counts.poison.inc()
                log.exception("ingest.poison", node=batch[0].peer)
                return False
            # Nothing in a message may stop the others: by halves down to the bad one, which is named.
            middle = len(batch) // 2
            for half in (batch[:middle], batch[middle:]):
                self._keep(half)
            return False
        for receipt in receipts:
            self._outlet.publish(receipt.node, "receipt", codec.encode_message(receipt))
        self._counts.receipts.inc(len(receipts))
        return True

    def _ask_for_holes(self) -> None:
        with self._store.read() as link:
            admitted = identity.every(link, self._site)
            gapped = self._rows.gapped(link)
            # A hole that is being filled needs no request; a thousand nodes with a backlog have one each.
            resting = {run: now for run, now in gapped.items() if self._rests(self._gapped.get(run), now)}
            self._gapped = gapped
            gaps = {
                run: holes(progress, self._keeper.settled(link, run, progress.through))
                for run, progress in resting.items()
                if run.node in admitted
            }
        for run, ranges in self._watch.step(gaps, monotonic()):
            self._outlet.publish(run.node, "command", codec.encode_message(self._resend(run, ranges)))

    def _rests(self, before: Progress | None, now: Progress) -> bool:
        """Whether nothing came of a run's first hole; its node may tell of something new all the while.

        In a storm that is the backlog behind what was urgent, and to look at every hole would cost the others.
        """
        if before is None:
            return False
        return before == now if self.is_pressed else before.through == now.through

    def _resend(self, run: Run, ranges: tuple[Range, ...]) -> Resend:
        expires = moments.text(self._clock() + RESEND_LASTS)
        return Resend(id=uuid.uuid4().hex, expires=expires, who="gateway", epoch=run.epoch, ranges=ranges)
