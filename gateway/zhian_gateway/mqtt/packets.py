"""The packets of MQTT 3.1.1 (OASIS standard of 29 October 2014) that the gateway says and hears. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeAlias

from ..errors import BrokerFault

CONNACK: Final = 0x20
PUBLISH: Final = 0x30
PUBACK: Final = 0x40
SUBACK: Final = 0x90
PINGRESP: Final = 0xD0
#: Kinds that say nothing to a client which waits for nothing.
_SILENT: Final = frozenset({PINGRESP})
#: Kinds that have two bytes, neither more nor less.
_BRIEF: Final = frozenset({CONNACK, PUBACK})
#: Of a longer message only so much is kept, and it is told as if that were all: whoever reads it refuses it by its
#: length. Nothing honest comes near, and nobody may fill the memory.
LONGEST: Final = 1 << 20
#: What CONNACK says beside 0.
REFUSALS: Final = {
    1: "the broker does not speak MQTT 3.1.1",
    2: "the broker does not take the client id",
    3: "the broker is not ready",
    4: "bad user name or password",
    5: "not authorized",
}
_FAILED: Final = 0x80


class Published(NamedTuple):
    """A message; `number` is what its PUBACK must name, 0: none is wanted. `retained`: the broker had kept it."""

    topic: bytes
    body: bytes
    number: int
    retained: bool


class Connected(NamedTuple):
    """CONNACK; `refusal`: why not, in words, or empty."""

    refusal: str


class Subscribed(NamedTuple):
    """SUBACK; `refused`: how many of the subscriptions were."""

    refused: int


class Acknowledged(NamedTuple):
    """PUBACK: the broker has it, which says nothing of whoever it is for."""

    number: int


Packet: TypeAlias = Published | Connected | Subscribed | Acknowledged


def connect(client: str, *, keepalive_s: int, user: str = "", password: str = "") -> bytes:
    """CONNECT with a clean session."""
    flags, payload = 0x02, _text(client)
    if user:
        flags |= 0xC0
        payload += _text(user) + _text(password)
    return _packet(0x10, _text("MQTT") + bytes([4, flags]) + keepalive_s.to_bytes(2) + payload)


class Wanted(NamedTuple):
    """A subscription: to which topics, and with what QoS at most, 0 or 1."""

    topic: str
    qos: int


def subscribe(number: int, topics: Sequence[Wanted]) -> bytes:
    """SUBSCRIBE, each with its QoS."""
    return _packet(0x82, number.to_bytes(2) + b"".join(_text(each.topic) + bytes([each.qos]) for each in topics))


def publish(topic: str, body: bytes, *, number: int = 0, retain: bool = False) -> bytes:
    """PUBLISH, with QoS 1 where it has a number and QoS 0 where it has none."""
    head = PUBLISH | (0x02 if number else 0) | retain
    return _packet(head, _text(topic) + (number.to_bytes(2) if number else b"") + body)


def acknowledge(numbers: Iterable[int]) -> bytes:
    """A PUBACK each."""
    return b"".join(b"\x40\x02" + number.to_bytes(2) for number in numbers)


PING: Final = b"\xc0\x00"
DISCONNECT: Final = b"\xe0\x00"


def _text(text: str) -> bytes:
    said = text.encode()
    return len(said).to_bytes(2) + said


def _packet(head: int, body: bytes) -> bytes:
    left, size = len(body), bytearray([head])
    while True:
        left, byte = divmod(left, 128)
        size.append(byte | (0x80 if left else 0))
        if not left:
            return bytes(size) + body


class Reader:
    """Makes packets of a stream of bytes, however it is cut."""

    def __init__(self) -> None:
        self._held = b""
        self._passed_over = 0

    def feed(self, data: bytes) -> list[Packet]:
        """Every packet that is complete now.

        Raises:
            BrokerFault: this is no MQTT.
        """
        if self._passed_over:
            data, self._passed_over = data[self._passed_over :], max(0, self._passed_over - len(data))
        buffer = self._held + data if self._held else data
        found: list[Packet] = []
        place, end = 0, len(buffer)
        while end - place >= 2:
            size, begin = buffer[place + 1], place + 2
            if size & 0x80:
                sized = _long_size(buffer, place + 1)
                if sized is None:
                    break
                size, begin = sized
            kept = min(size, LONGEST)
            if begin + kept > end:
                break
            packet = _read(buffer[place], buffer, begin, begin + kept)
            if packet is not None:
                found.append(packet)
            self._passed_over = max(0, begin + size - end)
            place = min(begin + size, end)
        self._held = buffer[place:]
        return found


def _long_size(buffer: bytes, at: int) -> tuple[int, int] | None:
    """The remaining length that begins at `at`, and where it ends; None: not all of it is there."""
    size = 0
    for place in range(4):
        if at + place >= len(buffer):
            return None
        byte = buffer[at + place]
        size |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return size, at + place + 1
    raise BrokerFault("a packet's length has more than four bytes")


def _read(head: int, buffer: bytes, begin: int, end: int) -> Packet | None:
    """The packet whose variable header begins at `begin`; None for what needs no attention."""
    kind = head & 0xF0
    if kind == PUBLISH:
        return _published(head, buffer, begin, end)
    if kind in _SILENT:
        return None
    if end - begin < 2 or (kind in _BRIEF and end - begin > 2):
        raise BrokerFault(f"{end - begin} bytes are no packet of kind {kind:#x}")
    if kind == PUBACK:
        return Acknowledged(int.from_bytes(buffer[begin : begin + 2]))
    if kind == CONNACK:
        code = buffer[begin + 1]
        return Connected(REFUSALS.get(code, f"refused with code {code}") if code else "")
    if kind == SUBACK:
        return Subscribed(sum(code == _FAILED for code in buffer[begin + 2 : end]))
    raise BrokerFault(f"the broker sent a packet of kind {kind:#x}, which is not for a client")


def _published(head: int, buffer: bytes, begin: int, end: int) -> Published:
    if end - begin < 2:
        raise BrokerFault("a message without a topic")
    named = begin + 2 + (buffer[begin] << 8 | buffer[begin + 1])
    numbered = named + 2 if head & 0x06 else named
    if numbered > end:
        raise BrokerFault("a message is shorter than its topic")
    number = buffer[named] << 8 | buffer[named + 1] if head & 0x06 else 0
    return Published(buffer[begin + 2 : named], buffer[numbered:end], number, bool(head & 0x01))
