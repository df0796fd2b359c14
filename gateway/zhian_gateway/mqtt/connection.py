"""One connection to one broker, made again whenever it breaks. One thread reads and writes, any thread may send."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import structlog

from ..errors import BrokerFault
from . import packets
from .packets import Acknowledged, Connected, Published, Reader, Subscribed, Wanted

log = structlog.get_logger(__name__)

KEEPALIVE_S: Final = 15
CONNECT_S: Final = 5.0
#: How soon a lost broker is tried again, and how seldom in the end.
FIRST_S: Final = 1.0
SLOWEST_S: Final = 15.0
#: A read takes all that has come, up to this; so does a write.
AT_ONCE: Final = 256 * 1024
#: How soon somebody is asked again who had no room.
ROOM_S: Final = 0.01
#: What a broker that does not read can make us keep. What is lost then is asked for again.
MOST_UNSENT: Final = 8 * 1024 * 1024
_HANDSHAKES: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Ears(Protocol):
    """Whoever a connection is for; called in its thread, so nothing here may wait."""

    def room(self) -> bool:
        """Whether more may be heard. While not, the broker keeps it: TCP is the bound."""

    def heard(self, messages: Sequence[Published]) -> None:
        """All that came at once. The broker forgets them afterwards."""

    def opened(self) -> None:
        """The broker takes us."""

    def lost(self, reason: str) -> None:
        """There is no connection; told for each try."""


class Door(NamedTuple):
    """Where a broker is and who we are there. `topics`: what we subscribe to."""

    host: str
    port: int
    client: str
    topics: Sequence[Wanted]
    user: str = ""
    password: str = ""
    tls: ssl.SSLContext | None = None


class Connection:
    """What is sent while there is none is lost, but for what the broker is to keep."""

    def __init__(self, door: Door, ears: Ears, *, first_s: float = FIRST_S) -> None:
        self._door = door
        self._ears = ears
        self._first_s = first_s
        self._guard = threading.Lock()
        self._unsent = bytearray()
        self._number = 0
        self._kept: dict[str, tuple[int, bytes]] = {}
        self._awaited: dict[int, str] = {}
        self._is_open = False
        self._knocked = False
        self._knock, self._knocks = socket.socketpair()
        for end in (self._knock, self._knocks):
            end.setblocking(False)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"broker {door.host}:{door.port}")

    @property
    def connected(self) -> bool:
        """Whether the broker took us and has not gone silent."""
        return self._is_open

    def start(self) -> None:
        """Connect; a broker that is not there yet is tried again."""
        self._thread.start()

    def stop(self) -> None:
        """Say what is still unsaid, and goodbye."""
        self._stopping.set()
        self._wake()
        if self._thread.is_alive():
            self._thread.join()
        self._knock.close()
        self._knocks.close()

    def send(self, topic: str, body: bytes, *, number: bool = True) -> None:
        """A message, by QoS 1 with a number and by QoS 0 without. Nothing is known of it afterwards."""
        with self._guard:
            if not self._is_open or len(self._unsent) > MOST_UNSENT:
                return
            self._unsent += packets.publish(topic, body, number=self._next() if number else 0)
        self._wake()

    def keep(self, topic: str, body: bytes) -> None:
        """A message that the broker is to keep: the latest of a topic is sent until the broker has it."""
        with self._guard:
            known = self._kept.get(topic)
            if known is not None:
                self._awaited.pop(known[0], None)
            number = self._next()
            self._kept[topic] = number, body
            self._awaited[number] = topic
            if self._is_open:
                self._unsent += self._retained(topic)
        self._wake()

    def _next(self) -> int:
        self._number = self._number % 0xFFFF + 1
        return self._number

    def _retained(self, topic: str) -> bytes:
        number, body = self._kept[topic]
        return packets.publish(topic, body, number=number, retain=True)

    def _wake(self) -> None:
        with self._guard:
            if self._knocked:
                return
            self._knocked = True
        try:
            self._knock.send(b"\0")
        except OSError:
            return  # stopped meanwhile

    # The thread's own -------------------------------------------------------------------------------------------

    def _run(self) -> None:
        delay = self._first_s
        while not self._stopping.is_set():
            was_open = False
            try:
                with self._dialled() as link:
                    try:
                        self._live(link)
                    finally:
                        was_open = self._close()
            except (OSError, BrokerFault) as error:
                self._ears.lost(str(error) or type(error).__name__)
            except Exception:
                # Whatever a message did to its reader, a gateway that hears nothing any more would be worse.
                log.exception("broker.failed")
                self._ears.lost("a message could not be handled")
            delay = self._first_s if was_open else min(delay * 2, SLOWEST_S)
            self._stopping.wait(delay)

    def _dialled(self) -> socket.socket:
        link = socket.create_connection((self._door.host, self._door.port), CONNECT_S)
        # Without it receipts wait for the kernel to gather more, at 80 ms instead of 20.
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._door.tls is not None:
            try:
                link = self._door.tls.wrap_socket(link, server_hostname=self._door.host)
            except BaseException:
                link.close()
                raise
        link.setblocking(False)
        return link

    def _close(self) -> bool:
        """Forget what belonged to the connection; whether it had been open."""
        with self._guard:
            was_open, self._is_open = self._is_open, False
            self._unsent.clear()
        return was_open

    def _live(self, link: socket.socket) -> None:
        """Until it breaks or we stop."""
        login = (self._door.user, self._door.password)
        with self._guard:
            self._unsent += packets.connect(
                self._door.client, keepalive_s=KEEPALIVE_S, user=login[0], password=login[1]
            )
        reader, pulse = Reader(), _Pulse(time.monotonic())
        with selectors.DefaultSelector() as selector:
            selector.register(self._knocks, selectors.EVENT_READ)
            watched = selectors.EVENT_READ
            selector.register(link, watched)
            while not self._stopping.is_set():
                room = self._ears.room()
                wanted = (selectors.EVENT_READ if room else 0) | (selectors.EVENT_WRITE if self._unsent else 0)
                watched = _watch(selector, link, watched, wanted)
                ready = {key.fileobj for key, _ in selector.select(1.0 if room else ROOM_S)}
                if self._knocks in ready:
                    self._heed_knock()
                if room and link in ready:
                    self._hear(link, reader, pulse)
                self._say(link)
                if pulse.beat(time.monotonic(), is_open=self._is_open, deaf=not room):
                    with self._guard:
                        self._unsent += packets.PING
        self._bid_farewell(link)

    def _heed_knock(self) -> None:
        self._knocks.recv(64)
        # Only now: a knock that came between the two would be read here, and nobody would knock again.
        with self._guard:
            self._knocked = False

    def _hear(self, link: socket.socket, reader: Reader, pulse: _Pulse) -> None:
        data = _received(link)
        if not data:
            return
        pulse.heard(time.monotonic())
        came: list[Published] = []
        for packet in reader.feed(data):
            if isinstance(packet, Published):
                came.append(packet)
            elif isinstance(packet, Connected):
                self._open(packet)
            elif isinstance(packet, Acknowledged):
                self._forget(packet.number)
            elif isinstance(packet, Subscribed) and packet.refused:
                raise BrokerFault(f"the broker refuses {packet.refused} of the subscriptions")
        if came:
            self._ears.heard(came)
            with self._guard:
                self._unsent += packets.acknowledge(message.number for message in came if message.number)

    def _open(self, answer: Connected) -> None:
        if answer.refusal:
            raise BrokerFault(answer.refusal)
        with self._guard:
            self._is_open = True
            # A subscription to nothing is against the protocol: the broker would hang up.
            if self._door.topics:
                self._unsent += packets.subscribe(self._next(), self._door.topics)
            for topic in self._kept:
                self._unsent += self._retained(topic)
        self._ears.opened()

    def _forget(self, number: int) -> None:
        with self._guard:
            topic = self._awaited.pop(number, None)
            if topic is not None:
                del self._kept[topic]

    def _say(self, link: socket.socket) -> None:
        with self._guard:
            data = bytes(self._unsent[:AT_ONCE])
        if not data:
            return
        try:
            sent = link.send(data)
        except _HANDSHAKES:
            return
        with self._guard:
            del self._unsent[:sent]

    def _bid_farewell(self, link: socket.socket) -> None:
        with self._guard:
            data = bytes(self._unsent) + packets.DISCONNECT
        link.settimeout(1.0)
        link.sendall(data)


class _Pulse:
    """When to say that we are there, and when the broker is not. Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        self._heard = self._said = now

    def heard(self, now: float) -> None:
        """A sign of the broker."""
        self._heard = now

    def beat(self, now: float, *, is_open: bool, deaf: bool) -> bool:
        """Whether to say something. Who does not listen (`deaf`) cannot tell whether the broker speaks.

        Raises:
            BrokerFault: it has been silent for too long.
        """
        if deaf:
            self._heard = now
        patience = KEEPALIVE_S * 1.5 if is_open else CONNECT_S
        if now - self._heard > patience:
            raise BrokerFault(f"no word of the broker for {patience:.0f} s")
        if now - self._said < KEEPALIVE_S / 2:
            return False
        self._said = now
        return is_open


def _watch(selector: selectors.BaseSelector, link: socket.socket, watched: int, wanted: int) -> int:
    """Wait for other things of `link` from now on; a selector does not take "nothing"."""
    if wanted == watched:
        return watched
    if not wanted:
        selector.unregister(link)
    elif watched:
        selector.modify(link, wanted)
    else:
        selector.register(link, wanted)
    return wanted


def _received(link: socket.socket) -> bytes:
    """All that has come, up to `AT_ONCE`; nothing where TLS has no whole record yet.

    Raises:
        BrokerFault: the broker has closed the connection.
    """
    found: list[bytes] = []
    room = AT_ONCE
    while room > 0:
        try:
            data = link.recv(room)
        except _HANDSHAKES:
            break
        if not data:
            if found:
                break
            raise BrokerFault("the broker closed the connection")
        found.append(data)
        room -= len(data)
        if not isinstance(link, ssl.SSLSocket):
            # One call brings all that there is; of TLS it brings a record.
            break
    return b"".join(found)
