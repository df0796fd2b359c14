"""Works the queue off: as many at once as each provider takes, so that a slow one delays nobody else's notices.

What is sent when is decided in pure modules (`steps.py`, `lines.py`); here are the threads. Before a provider is
asked, the store says `sending`; afterwards, what became of it. A gateway that is killed in between finds it there: then
it may have been sent, and it goes on as after any other missing answer.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from queue import SimpleQueue
from typing import Final

import structlog
from sqlalchemy import Connection, select, update

from .. import moments
from ..cases.book import Book
from ..cases.signals import Clear, Raise
from ..config_types import Config
from ..store import Store
from ..store.faults import is_store_fault
from ..store.tables import notices
from .channels import Channels
from .claiming import LONGEST_QUIET, LONGEST_WAIT, Claim, Claimer, told
from .lines import Lines
from .naming import limit_of
from .outcomes import Outcome, unsure
from .rows import remembered, settled, standing, stepped
from .steps import after
from .texts import library

log = structlog.get_logger(__name__)

#: All providers together; each has its own smaller share.
MOST_THREADS: Final = 32
#: A clock that is put right by less makes nobody wait for long.
SET_BACK: Final = timedelta(seconds=5)


class Sender:
    """One thread calls `step`; the providers are asked in threads of its own.

    Args:
        book: where a provider in trouble is a case; None: nowhere.
    """

    def __init__(
        self, store: Store, channels: Channels, config: Config, clock: moments.Clock, *, book: Book | None = None
    ) -> None:
        self._store = store
        self._channels = channels
        self._config = config
        self._settings = config.notices
        self._clock = clock
        self._book = book
        self._lines = Lines(lambda line: limit_of(line, config.notices), config.notices.retry_s)
        self._claimer = Claimer(config, self._lines, library(config.notices.templates))
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="notice")
        self._flying: set[Future[None]] = set()
        self._back: SimpleQueue[tuple[str, Outcome]] = SimpleQueue()
        self._owed: SimpleQueue[tuple[Claim, Outcome]] = SimpleQueue()
        #: Called in one of its threads when something came back: there is room for more, and pages have news.
        self.changed: Callable[[], None] = lambda: None
        self._recovered = False
        self._seen = clock()

    def step(self) -> int:
        """Send off what is due, without waiting for any answer; how many."""
        if not self._recovered:
            self._recover()
        now = self._clock()
        if now < self._seen - SET_BACK:
            with self._store.write() as link:
                self._claimer.put_right(link, now, queued=timedelta(), held=timedelta())
        self._seen = now
        self._take_back(now)
        with self._store.read() as link:
            waiting = self._claimer.waiting(link, now)
            lines = [line for line in waiting if self._lines.moves(line, now)]
            full = [line for line in waiting if line not in lines and self._claimer.impatient(link, line, now)]
        if not lines and not full:
            return 0
        claims = self._claim(lines, full, now)
        self._flying.update(self._threads.submit(self._send, claim) for claim in claims)
        return len(claims)

    def _take_back(self, now: datetime) -> None:
        self._flying = {each for each in self._flying if not each.done()}
        while not self._back.empty():
            line, outcome = self._back.get()
            self._lines.give_back(line, outcome, now)
            self._tell_of_trouble(line, now)
        # What could not be written down, on a full disk perhaps, is as true as before.
        for _ in range(self._owed.qsize()):
            owed = self._owed.get()
            try:
                self._record(*owed)
            except Exception as error:
                if is_store_fault(error):
                    self._owed.put(owed)
                    raise
                self._give_up(owed[0], error)

    def _give_up(self, claim: Claim, error: Exception) -> None:
        """What came back cannot be kept as it is, for ever: so much is kept that it is not known to have arrived.

        Whatever the store still suffers from then, the others' notices do not wait for this one.
        """
        log.error("notice.given_up", notice=claim.row.id, error=type(error).__name__)
        said = {"state": "unsure", "error": "what became of it could not be written down"}
        mine = (notices.c.id == claim.row.id) & (notices.c.state == "sending")
        with self._store.write() as link:
            link.execute(update(notices).where(mine).values(said))
            told(link, claim.row, self._clock())

    def settle(self) -> None:
        """Wait until everything that was sent off has come back."""
        wait(self._flying)
        for each in self._flying:
            each.result()

    def close(self) -> None:
        """Wait for what is on its way, which takes a provider's time-out at most."""
        self._threads.shutdown(wait=True)

    def _claim(self, lines: Sequence[str], full: Sequence[str], now: datetime) -> Sequence[Claim]:
        with self._store.write() as link:
            claims: list[Claim] = []
            for line in full:
                self._claimer.see_to(link, line, now)
            for line in lines:
                if len(self._flying) + len(claims) < MOST_THREADS:
                    claims.extend(self._claimer.claim(link, line, now))
        # Only now: what was not written down is not on its way, and would never give its place back.
        for claim in claims:
            self._lines.take(claim.line, now)
        return claims

    def _send(self, claim: Claim) -> None:
        try:
            outcome = self._channels.send(claim.address, claim.message)
        except Exception as error:
            # A fault of ours, or of a provider's library: nobody knows how far it got. Its text may hold an address.
            where = traceback.extract_tb(error.__traceback__)[-1]
            fault = f"{type(error).__name__} at {where.filename}:{where.lineno}"
            log.error("notice.failed", notice=claim.row.id, line=claim.line, fault=fault)  # noqa: TRY400
            outcome = unsure("a fault while it was being sent")
        self._back.put((claim.line, outcome))
        try:
            self._record(claim, outcome)
        except Exception:
            # The store will work again; until then it is remembered here.
            log.exception("notice.unrecorded", notice=claim.row.id)
            self._owed.put((claim, outcome))
        self.changed()

    def _record(self, claim: Claim, outcome: Outcome) -> None:
        now, row = self._clock(), claim.row
        repeatable = self._channels.repeatable(claim.address)
        step = after(standing(row), outcome, self._settings, now, repeatable=repeatable)
        values = stepped(step)
        if outcome.asked:
            values["history"] = remembered(row.history, now, row.channel, outcome)
        if step.state == "sent":
            values |= {"sent_at": moments.text(now), "body": claim.message.body}
        elif step.standing.place != row.place:
            values |= self._claimer.at_place(row, step.standing.place)
        with self._store.write() as link:
            mine = (notices.c.id == row.id) & (notices.c.state == "sending")
            # As it is now, and held until it is written: it may have been taken back or erased meanwhile.
            present = link.execute(select(notices).where(mine).with_for_update()).one_or_none()
            if present is not None:
                link.execute(update(notices).where(mine).values(settled(values, row, present)))
                told(link, row, now)
            self._tell(link, row.line, outcome, moments.text(now))

    def _tell(self, link: Connection, line: str, outcome: Outcome, now: str) -> None:
        """A provider's trouble that does not end by itself is somebody's case; the next success closes it."""
        if self._book is None:
            return
        key = f"notices_undelivered/{line}"
        if outcome.kind == "delivered":
            self._book.clear(link, Clear(key=key, at=now, note="recovered"), now)
        elif outcome.whole and outcome.kind == "refused":
            self._book.raise_(link, self._case(line, outcome.reason, now), now)

    def _tell_of_trouble(self, line: str, now: datetime) -> None:
        """An outage may end by itself; once it lasts longer than a notice waits for a channel, somebody is to know."""
        reason = self._lines.long_in_trouble(line, self._settings.channel_s, now)
        if self._book is None or reason is None:
            return
        at = moments.text(now)
        with self._store.write() as link:
            self._book.raise_(link, self._case(line, reason, at), at)
        # Once: each further try would open again what somebody has acknowledged.
        self._lines.tell(line, now)

    def _case(self, line: str, reason: str, at: str) -> Raise:
        return Raise(
            key=f"notices_undelivered/{line}",
            kind="notices_undelivered",
            severity="major",
            node=self._config.site.id,
            at=at,
            detail=f"{line}: {reason}",
        )

    def _recover(self) -> None:
        """What a gateway that was killed had begun to send."""
        now = self._clock()
        with self._store.write() as link:
            self._claimer.put_right(link, now, queued=LONGEST_WAIT, held=LONGEST_QUIET)
            claims = self._claimer.begun(link, now)
        for claim in claims:
            self._record(claim, unsure("the gateway was stopped while it was being sent"))
        self._recovered = True
