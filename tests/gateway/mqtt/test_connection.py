"""A connection hears everything that it has room for, comes back by itself, and says why it could not."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.broker import Broker
from support.node import NodeClient
from support.ports import free_port
from support.waiting import eventually
from zhian_gateway.errors import BrokerFault
from zhian_gateway.mqtt import connection
from zhian_gateway.mqtt.connection import Connection, Door, _Pulse
from zhian_gateway.mqtt.packets import Published, Wanted

EVENTS = "zhian/v1/school/+/event"
TO_NODE = "zhian/v1/school/gate-1"


class Listener:
    """Remembers what a connection tells."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.opened_times = 0
        self.reasons: queue.Queue[str] = queue.Queue()
        self.has_room = True
        self.fault: Exception | None = None

    def room(self) -> bool:
        return self.has_room

    def heard(self, messages: Sequence[Published]) -> None:
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
        self.bodies += [message.body for message in messages]

    def opened(self) -> None:
        self.opened_times += 1

    def lost(self, reason: str) -> None:
        self.reasons.put(reason)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "broker").start()
    yield made
    made.kill()


@pytest.fixture
def ears() -> Listener:
    return Listener()


@contextmanager
def connected(port: int, ears: Listener, topics: Sequence[Wanted] = (Wanted(EVENTS, 1),)) -> Iterator[Connection]:
    made = Connection(Door("127.0.0.1", port, "gateway", topics), ears, first_s=0.05)
    made.start()
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def node(broker: Broker) -> Iterator[NodeClient]:
    made = NodeClient(broker.port, "gate-1")
    try:
        yield made
    finally:
        made.close()


@contextmanager
def answering(*answers: bytes) -> Iterator[int]:
    """A server that says each of these to one caller after another, and hangs up."""
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            caller, _ = door.accept()
            with caller:
                caller.recv(1000)
                caller.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield door.getsockname()[1]
    finally:
        thread.join(10)
        door.close()


def test_everything_is_heard_in_its_order_and_never_again(broker: Broker, ears: Listener) -> None:
    bodies = [f"{number:05}".encode() * 100 for number in range(3000)]
    with connected(broker.port, ears) as made, node(broker) as peer:
        eventually(lambda: made.connected, "the connection")
        for body in bodies:
            peer.send(body)
        eventually(lambda: len(ears.bodies) >= len(bodies), "all of them")
    assert ears.bodies == bodies
    # Once the broker has our word, it gives none of them to whoever comes next.
    with connected(broker.port, ears), node(broker) as peer:
        eventually(lambda: peer.send(b"last") or b"last" in ears.bodies, "a message after them")
    assert [body for body in ears.bodies if body != b"last"] == bodies


def test_who_wants_to_hear_nothing_stays_connected(broker: Broker, ears: Listener) -> None:
    with connected(broker.port, ears, topics=()) as made:
        eventually(lambda: made.connected, "the connection")
        made.keep(f"{TO_NODE}/roster", b"kept")
        eventually(lambda: not made._kept, "the broker's word")
    assert (ears.opened_times, ears.reasons.empty()) == (1, True)


def test_a_broker_that_comes_back_is_connected_to_again(broker: Broker, ears: Listener) -> None:
    with connected(broker.port, ears) as made, node(broker) as peer:
        eventually(lambda: made.connected, "the connection")
        broker.kill()
        eventually(lambda: not made.connected, "the loss")
        assert ears.reasons.get(timeout=5)
        broker.start()
        eventually(lambda: ears.opened_times == 2, "the second connection")
        eventually(lambda: peer.send(b"again") or b"again" in ears.bodies, "a message after it")


def test_who_has_no_room_hears_nothing_and_loses_nothing(broker: Broker, ears: Listener) -> None:
    with connected(broker.port, ears) as made, node(broker) as peer:
        eventually(lambda: made.connected, "the connection")
        ears.has_room = False
        # What it says still goes out, so the node's answer shows that it had time enough to hear.
        for number in range(50):
            peer.send(b"%d" % number)
            made.send(f"{TO_NODE}/receipt", b'{"node":"gate-1","epoch":"e1","through":%d,"store_id":"s"}' % number)
        eventually(lambda: len(peer.receipts) == 50, "what is said meanwhile")
        heard = len(ears.bodies)
        ears.has_room = True
        eventually(lambda: len(ears.bodies) == 50, "the rest")
    assert heard <= 50
    assert ears.bodies == [b"%d" % number for number in range(50)]


def test_what_the_broker_is_to_keep_is_said_once_it_is_there(tmp_path: Path, ears: Listener) -> None:
    broker = Broker(tmp_path / "broker")
    with connected(broker.port, ears) as made:
        made.keep(f"{TO_NODE}/roster", b"old")
        made.keep(f"{TO_NODE}/roster", b"new")
        made.send(f"{TO_NODE}/command", b"lost, as nobody can hear it now")
        assert ears.reasons.get(timeout=5)
        broker.start()
        eventually(lambda: made.connected and not made._kept, "the broker's word")
        with node(broker) as peer:
            eventually(lambda: peer.rosters, "what it kept")
            assert (peer.rosters, peer.commands) == ([b"new"], [])
    broker.kill()


def test_a_message_that_its_reader_cannot_stand_does_not_make_it_deaf(broker: Broker, ears: Listener) -> None:
    with connected(broker.port, ears) as made, node(broker) as peer:
        eventually(lambda: made.connected, "the connection")
        ears.fault = ZeroDivisionError()
        peer.send(b"first")
        assert ears.reasons.get(timeout=5) == "a message could not be handled"
        eventually(lambda: b"first" in ears.bodies or peer.send(b"second") or b"second" in ears.bodies, "the next")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"\x20\x02\x00\x05", "not authorized"),
        (b"\x20\x02\x00\x00\x90\x03\x00\x01\x80", "the broker refuses 1 of the subscriptions"),
        (b"HTTP/1.1 400 Bad Request\r\n" + b" " * 100, "84 bytes are no packet of kind 0x40"),
        (b"", "the broker closed the connection"),
    ],
)
def test_what_a_broker_says_instead_is_told(ears: Listener, answer: bytes, reason: str) -> None:
    with answering(answer) as port, connected(port, ears):
        said = ears.reasons.get(timeout=10)
    assert said == reason


def test_nobody_there_is_told_and_tried_again(ears: Listener) -> None:
    with connected(free_port(), ears):
        assert "refused" in ears.reasons.get(timeout=5)
        assert "refused" in ears.reasons.get(timeout=5)


def test_a_silent_broker_is_noticed_but_not_while_nobody_listens() -> None:
    pulse, patience = _Pulse(0.0), connection.KEEPALIVE_S * 1.5
    assert not pulse.beat(1.0, is_open=True, deaf=False)
    assert pulse.beat(8.0, is_open=True, deaf=False)
    assert not pulse.beat(9.0, is_open=True, deaf=False)
    for second in range(10, 100):
        pulse.beat(float(second), is_open=True, deaf=True)
    pulse.beat(99.0 + patience, is_open=True, deaf=False)
    with pytest.raises(BrokerFault, match="no word"):
        pulse.beat(99.1 + patience, is_open=True, deaf=False)
    with pytest.raises(BrokerFault, match="5 s"):
        _Pulse(0.0).beat(5.1, is_open=False, deaf=False)


class Knocks:
    """The end that the thread reads; somebody knocks at the very moment before it does."""

    def __init__(self, end: socket.socket, knock: Callable[[], None]) -> None:
        self._end = end
        self._knock = knock

    def recv(self, most: int) -> bytes:
        self._knock()
        return self._end.recv(most)


def test_a_knock_that_comes_while_another_is_heeded_keeps_no_later_one_out(ears: Listener) -> None:
    made = Connection(Door("127.0.0.1", free_port(), "test", ()), ears)
    end = made._knocks
    with made._knock, end:
        made._wake()
        made._knocks = Knocks(end, made._wake)  # type: ignore[assignment]
        made._heed_knock()
        made._wake()
        # A word that is sent now is told of at once, and waits for no look around.
        assert end.recv(64)
