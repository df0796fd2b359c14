"""A thousand nodes in one process: bare MQTT over sockets, each with its backlog, its pace, and now and then an alert.

They keep a real node's rules (`zhian_edge.delivery.pace`): an alert goes out at once, the backlog as receipts come, and
a heart-beat beside them.
"""

from __future__ import annotations

import random
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, Final, NamedTuple

from zhian_edge.delivery.pace import Pace
from zhian_wire import codec, times
from zhian_wire.events import Alert, Event, EventData
from zhian_wire.state import NodeState
from zhian_wire.topics import topic

SITE: Final = "school"
_PROOF: Final = re.compile(rb'"(\d+)":"')
_STRUCTURE: Final = b"\x00\x01"
WINDOW: Final = 224
RESEND_S: Final = 20.0
BEAT_S: Final = 3.0
#: Alerts before the storm.
CALM: Final = 20
#: Stands for an event's number until it is known.
_PLACE: Final = 1_999_999_999


def connect_packet(name: str) -> bytes:
    """CONNECT of MQTT 3.1.1 with a clean session."""
    said = name.encode()
    return _packet(0x10, b"\x00\x04MQTT\x04\x02\x00\x00" + len(said).to_bytes(2, "big") + said)


def subscribe_packet(to: str) -> bytes:
    """SUBSCRIBE with QoS 0: a receipt that is lost comes again."""
    return _packet(0x82, _STRUCTURE + len(to).to_bytes(2, "big") + to.encode() + b"\x00")


def publish_packet(to: bytes, number: int, body: bytes, *, retain: bool = False) -> bytes:
    """PUBLISH with QoS 1."""
    return _packet(0x32 | retain, len(to).to_bytes(2, "big") + to + (number % 65535 + 1).to_bytes(2, "big") + body)


def _packet(head: int, body: bytes) -> bytes:
    left, size = len(body), bytearray([head])
    while True:
        left, byte = divmod(left, 128)
        size.append(byte | (0x80 if left else 0))
        if not left:
            return bytes(size) + body


def _now() -> str:
    return times.to_text(datetime.now(UTC))


class Member:
    """One node: what it still has to send, and what is on its way."""

    def __init__(self, name: str, epoch: str, backlog: int, data: EventData) -> None:
        self.name = name
        self.epoch = epoch
        self.seq = backlog
        self.open: dict[int, float] = {}
        self.pace = Pace(WINDOW)
        self.subscribed = False
        self._next = 1
        self._backlog = backlog
        self._buffer = b""
        self._topic = topic(SITE, name, "event").encode()
        self._voice = topic(SITE, name, "state").encode()
        self._alerts: dict[int, bytes] = {}
        self._left = backlog
        self._around = self._encoded(_PLACE, data).split(str(_PLACE).encode())

    @property
    def done(self) -> bool:
        """Whether the whole backlog is receipted; of alerts there is always one on its way."""
        return not self._left

    def alert(self, data: Alert) -> bytes:
        """The next event, to be sent at once."""
        self.seq += 1
        body = self._encoded(self.seq, data)
        self._alerts[self.seq] = body
        self.open[self.seq] = time.monotonic()
        return publish_packet(self._topic, self.seq, body)

    def due(self) -> bytes:
        """As much of the backlog as may be sent now."""
        packets = []
        while self._next <= self._backlog and len(self.open) < self.pace.room:
            self.open[self._next] = time.monotonic()
            packets.append(publish_packet(self._topic, self._next, self._body(self._next)))
            self._next += 1
        return b"".join(packets)

    def beat(self) -> bytes:
        """A heart-beat, which the broker keeps."""
        said = NodeState(
            node=self.name, epoch=self.epoch, seq=self.seq, time=_now(), version="storm", outbox=self._left
        )
        return publish_packet(self._voice, self.seq, codec.encode_message(said), retain=True)

    def late(self, now: float) -> bytes:
        """What has no receipt for too long, once more."""
        again = [seq for seq, sent in self.open.items() if now - sent > RESEND_S]
        for seq in again:
            self.open[seq] = now
        bodies = ((seq, self._alerts.get(seq) or self._body(seq)) for seq in again)
        return b"".join(publish_packet(self._topic, seq, body) for seq, body in bodies)

    def take(self, data: bytes) -> None:
        """Settle what receipts name."""
        self._buffer += data
        now = time.monotonic()
        for head, body in self._packets():
            if head >> 4 == 9:
                self.subscribed = True
            elif head >> 4 == 3 and self.epoch.encode() in body:
                _, _, proof = body.partition(b'"proof":{')
                settled = [seq for seq in map(int, _PROOF.findall(proof)) if seq in self.open]
                sent = [self.open.pop(seq) for seq in settled]
                self._left -= sum(seq <= self._backlog for seq in settled)
                if sent:
                    self.pace.answered(len(sent), round((now - min(sent)) * 1000), round(now * 1000))

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        buffer, place = self._buffer, 0
        while place + 2 <= len(buffer):
            size, at, shift = 0, place + 1, 0
            while at < len(buffer):
                size |= (buffer[at] & 0x7F) << shift
                shift += 7
                at += 1
                if not buffer[at - 1] & 0x80:
                    break
            if at + size > len(buffer):
                break
            yield buffer[place], buffer[at : at + size]
            place = at + size
        self._buffer = buffer[place:]

    def _body(self, seq: int) -> bytes:
        """An event of the backlog, the same bytes each time. Real nodes have theirs ready and share no processor."""
        return str(seq).encode().join(self._around)

    def _encoded(self, seq: int, data: EventData) -> bytes:
        place: dict[str, Any] = {"site": SITE, "node": self.name, "epoch": self.epoch, "seq": seq}
        return codec.encode(Event(**place, boot="b1", mono_ms=seq, time=_now(), clock="trusted", data=data))


class Plan(NamedTuple):
    """Who comes back with how much of what, to which broker's port."""

    port: int
    names: tuple[str, ...]
    epoch: str
    backlog: int
    alerts_per_s: float
    data: EventData


class Crowd:
    """All of them over one selector."""

    def __init__(self, port: int, members: Sequence[Member], chance: random.Random) -> None:
        self._members = members
        self._chance = chance
        self._selector = selectors.DefaultSelector()
        self._sockets: dict[str, socket.socket] = {}
        self._running = False
        for member in members:
            link = socket.create_connection(("127.0.0.1", port))
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            link.sendall(connect_packet(member.name) + subscribe_packet(topic(SITE, member.name, "receipt")))
            self._sockets[member.name] = link
            self._selector.register(link, selectors.EVENT_READ, member)

    def await_subscriptions(self) -> None:
        """Until every node hears its receipts."""
        while not all(member.subscribed for member in self._members):
            self._hear(0.1)

    def calm(self, alerts: int, alerts_per_s: float) -> None:
        """What goes before a storm: so many alerts one after the other, each of another node that says so.

        All others are silent, and are heard of first when they come back.
        """
        began = time.monotonic()
        for number in range(alerts):
            while time.monotonic() < began + number / alerts_per_s:
                self._hear(0.01)
            name = f"calm-{number}"
            data = Alert(key=name, kind="door_forced", severity="major", device="d", lane=name)
            member = self._members[number]
            self._send(member, member.beat())
            self._send(member, member.alert(data))

    def drain(self, alerts_per_s: float) -> tuple[float, dict[str, float]]:
        """Send everything; seconds until all is receipted, and when each alert was sent (wall time)."""
        self._running = True
        began = looked = time.monotonic()
        beats = 0
        sent: dict[str, float] = {}
        for member in self._members:
            self._send(member, member.due())
        drained = 0.0
        while not drained:
            self._hear(0.01)
            now = time.monotonic()
            while (now - began) * alerts_per_s > len(sent):
                member = self._chance.choice(self._members)
                name = f"storm-{len(sent)}"
                data = Alert(key=name, kind="door_forced", severity="major", device="d", lane=name)
                sent[name] = time.time()
                self._send(member, member.alert(data))
            # Each in turn, as they come by chance.
            while (now - began) * len(self._members) / BEAT_S > beats:
                member = self._members[beats % len(self._members)]
                self._send(member, member.beat())
                beats += 1
            if now - looked > 1:
                looked = now
                for member in self._members:
                    self._send(member, member.late(now))
                if all(member.done for member in self._members):
                    drained = now - began
        return drained, sent

    def _hear(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            member: Member = key.data
            member.take(self._sockets[member.name].recv(65536))
            if member.subscribed and self._running:
                self._send(member, member.due())

    def _send(self, member: Member, data: bytes) -> None:
        if data:
            self._sockets[member.name].sendall(data)


def main(plan: Plan, pipe: Connection) -> None:
    """The process: say when all are connected and when it was calm for a while; at the word drain, and report."""
    members = [Member(name, plan.epoch, plan.backlog, plan.data) for name in plan.names]
    crowd = Crowd(plan.port, members, random.Random(10))
    crowd.await_subscriptions()
    pipe.send("connected")
    pipe.recv()
    crowd.calm(CALM, plan.alerts_per_s)
    pipe.send("ready")
    pipe.recv()
    pipe.send(crowd.drain(plan.alerts_per_s))
