"""The delivery thread: events out, receipts and commands in, a heart-beat beside them, over whichever broker is up."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, Final, NamedTuple

import structlog
from zhian_wire.codec import decode_message, encode_message
from zhian_wire.commands import RosterNotice
from zhian_wire.errors import DecodeError
from zhian_wire.receipts import Receipt
from zhian_wire.state import NodeState

from zhian_edge.errors import EdgeError, LinkLost
from zhian_edge.process.clock import mono_ms

from .courier import URGENT, Courier
from .credentials import Credentials
from .link import Answered, Arrived, Inbox, Link, Lost, Wake
from .orders import Orders
from .outbox import Identity, Outcome, Row

log = structlog.get_logger(__name__)

BEAT_MS: Final = 3000
#: A broker at which no gateway is heard for so long, while events wait for receipts, is left for the next of the list.
DEAF_MS: Final = 60_000
#: What only a gateway sends.
GATEWAYS_WORDS: Final = frozenset({"receipt", "command"})
#: A step waits no longer than this, so that stopping and beating are in time.
_WAIT_MS: Final = 500


class Calls(NamedTuple):
    """What the rest of the gate does for delivery.

    Attributes:
        state: the heart-beat, made anew each time.
        wall_ms: wall time now; 0 while nothing vouches for it.
        settled: receipts changed something.
        roster: the gateway has a roster of this version.
        presence: it knows who is where, in this version.
        urgent: something urgent is sent now; what can wait had better not stand in its way.
        calm: nothing urgent waits for its receipt.
    """

    state: Callable[[], NodeState]
    wall_ms: Callable[[], int]
    settled: Callable[[Outcome], None]
    roster: Callable[[int], None]
    presence: Callable[[int], None] = lambda _version: None
    urgent: Callable[[], None] = lambda: None
    calm: Callable[[], None] = lambda: None


class Delivery:
    """A service (see `supervisor`): `open` connects to the next broker of the list, items are what the gateway said."""

    name = "link"

    def __init__(
        self,
        brokers: Sequence[str],
        identity: Identity,
        credentials: Credentials,
        *,
        courier: Courier,
        orders: Orders,
        calls: Calls,
        deaf_ms: int = DEAF_MS,
    ) -> None:
        self._brokers = brokers
        self._turn = 0
        self._identity = identity
        self._credentials = credentials
        self._courier = courier
        self._orders = orders
        self._calls = calls
        self._deaf_ms = deaf_ms
        self._inbox: Inbox = queue.SimpleQueue()
        self._link: Link | None = None
        self._beat_ms = 0
        self._gateway_ms = 0
        self._notice = RosterNotice(version=-1)
        self._judging: Thread | None = None

    @property
    def linked(self) -> bool:
        """Whether a broker is reached."""
        return self._link is not None

    @property
    def unanswered_ms(self) -> int:
        """For how long events have been waiting over a link that is up, and no gateway was heard; 0: none waits so."""
        link = self._link
        return 0 if link is None else max(mono_ms() - self._gateway_ms, 0)

    def wake(self) -> None:
        """There is something to send; any thread may say so."""
        self._inbox.put(Wake())

    def open(self) -> None:
        self.close()
        broker = self._brokers[self._turn % len(self._brokers)]
        # Whatever comes of this one, the next try is at the next one.
        self._turn += 1
        self._inbox = queue.SimpleQueue()
        try:
            link = Link(broker, self._identity, self._credentials, self._inbox)
        except EdgeError:
            # A node that was revoked is shut out here, and hears by HTTP that it was.
            self._calls.roster(self._notice.version)
            raise
        self._turn -= 1
        self._courier.connected()
        self._beat_ms = 0
        self._gateway_ms = mono_ms()
        self._link = link
        log.info("link up", broker=broker)

    def step(self) -> list[str]:
        """Take in what came, send what may be sent; the kinds of messages that came.

        Raises:
            LinkLost: the connection is gone.
        """
        link = self._link
        if link is None:
            raise LinkLost("not open")
        self._beat(link)
        came = self._take(link)
        self._look_for_gateway(came)
        self._send(link, self._courier.next_rows(mono_ms()))
        return came

    def close(self) -> None:
        if self._link is not None:
            # A last word, so that the gateway knows what is still open here; a link that is gone carries none.
            with suppress(EdgeError):
                self._link.publish("state", encode_message(self._calls.state()), retain=True)
            self._link.close()
            self._link = None

    def _look_for_gateway(self, came: Sequence[str]) -> None:
        """LinkLost where a broker works but nobody behind it does, and there is another one to try."""
        now = mono_ms()
        if self._courier.next_due_ms() is None or any(kind in GATEWAYS_WORDS for kind in came):
            self._gateway_ms = now
        elif len(self._brokers) > 1 and now - self._gateway_ms > self._deaf_ms:
            self._turn += 1
            raise LinkLost("no gateway is heard at this broker")

    def _send(self, link: Link, rows: Sequence[Row]) -> None:
        if any(row.priority == URGENT for row in rows):
            self._calls.urgent()
        elif not self._courier.hurrying:
            self._calls.calm()
        for row in rows:
            link.publish("event", row.body)
        if self._courier.word(mono_ms()):
            link.nudge()

    def _beat(self, link: Link) -> None:
        now = mono_ms()
        if now >= self._beat_ms:
            self._beat_ms = now + BEAT_MS
            link.publish("state", encode_message(self._calls.state()), retain=True)

    def _take(self, link: Link) -> list[str]:
        arrived = self._wait()
        receipts = [_decoded(each, Receipt) for each in arrived if each.kind == "receipt"]
        if receipts:
            known = [each for each in receipts if each is not None]
            outcome = self._courier.receive(known, self._calls.wall_ms(), mono_ms())
            self._calls.settled(outcome)
        for each in arrived:
            if each.kind == "command":
                self._obey(link, each.body)
            elif each.kind == "roster" and (notice := _decoded(each, RosterNotice)):
                self._noticed(notice)
        return [each.kind for each in arrived]

    def _noticed(self, notice: RosterNotice) -> None:
        """The same again may be about another store's roster; people who pass change the presence alone."""
        passed = notice.version == self._notice.version and notice.presence != self._notice.presence
        self._notice = notice
        if not passed:
            self._calls.roster(notice.version)
        if notice.presence:
            self._calls.presence(notice.presence)

    def _wait(self) -> list[Arrived]:
        """Whatever is in the inbox, after waiting for the first."""
        now = mono_ms()
        dues = (self._courier.next_due_ms(), self._courier.next_word_ms(now))
        wait = min([_WAIT_MS, *(max(due - now, 0) for due in dues if due is not None)])
        arrived: list[Arrived] = []
        try:
            message = self._inbox.get(timeout=wait / 1000)
            while True:
                if isinstance(message, Lost):
                    raise LinkLost(message.reason)
                if isinstance(message, Answered) and self._link is not None:
                    self._link.publish("answer", message.body)
                if isinstance(message, Arrived):
                    arrived.append(message)
                message = self._inbox.get_nowait()
        except queue.Empty:
            return arrived

    def _obey(self, link: Link, body: bytes) -> None:
        try:
            if self._orders.takes_long(body):
                self._execute_beside(body)
            else:
                link.publish("answer", self._orders.execute(body))
        except DecodeError as error:
            log.warning("command cannot be read", error=str(error))

    def _execute_beside(self, body: bytes) -> None:
        """In a thread of its own, so that alerts do not wait; one at a time: whoever gets no answer asks again."""
        if self._judging is not None and self._judging.is_alive():
            return
        inbox = self._inbox
        self._judging = Thread(target=lambda: inbox.put(Answered(self._orders.execute(body))), daemon=True)
        self._judging.start()


def _decoded(message: Arrived, kind: Any) -> Any:
    """The message, or None with a line in the log: what cannot be read must not end the link."""
    try:
        return decode_message(message.body, kind)
    except DecodeError as error:
        log.warning("message cannot be read", kind=message.kind, error=str(error))
        return None
