"""A line between node and broker that repeats messages, cuts them short and breaks off, as bad luck has it."""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from ...support.ports import free_port

_PUBLISH: Final = 3


class Mischief(NamedTuple):
    """How probable each is, per message."""

    repeat: float = 0.0
    truncate: float = 0.0
    cut: float = 0.0


CALM: Final = Mischief()


class _Cut(Exception):
    """The line breaks off here."""


class NoisyLine:
    """Listens on a port of its own and passes MQTT on to `target`; what it did is counted in `done`."""

    def __init__(self, target: int, chance: random.Random) -> None:
        self.port = free_port()
        self.mischief = CALM
        self.done: Counter[str] = Counter()
        self._target = target
        self._chance = chance
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._admit, name="noisy line", daemon=True).start()

    @property
    def url(self) -> str:
        """As configurations name it."""
        return f"mqtt://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _admit(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=2)
            except OSError:
                near.close()
                continue
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                end.settimeout(None)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError, _Cut):
            for packet in _packets(source):
                for piece in self._changed(packet, sink):
                    sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _changed(self, packet: bytes, sink: socket.socket) -> Iterator[bytes]:
        """What is passed on in the packet's place."""
        if packet[0] >> 4 != _PUBLISH or self.mischief == CALM:
            yield packet
            return
        with self._lock:
            die, place = self._chance.random(), self._chance.random()
        repeat, truncate, cut = self.mischief
        if die < cut:
            self.done["cut"] += 1
            sink.sendall(packet[: int(len(packet) * place)])
            raise _Cut
        if die < cut + truncate:
            self.done["truncated"] += 1
            yield _truncated(packet, place)
            return
        yield packet
        if die < cut + truncate + repeat:
            self.done["repeated"] += 1
            yield packet


def _packets(source: socket.socket) -> Iterator[bytes]:
    """Whole MQTT packets."""
    buffer = b""
    while data := source.recv(65536):
        buffer += data
        while (length := _length(buffer)) and len(buffer) >= length:
            yield buffer[:length]
            buffer = buffer[length:]


def _length(buffer: bytes) -> int:
    """Of the packet at the beginning; 0: not known yet."""
    value = 0
    for place, byte in enumerate(buffer[1:5]):
        value |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            return 2 + place + value
    return 0


def _truncated(packet: bytes, place: float) -> bytes:
    """The same PUBLISH with a part of its payload, well-formed otherwise."""
    head = 1
    while packet[head] & 0x80:
        head += 1
    body = packet[head + 1 :]
    fixed = 2 + int.from_bytes(body[:2], "big") + (2 if packet[0] & 0x06 else 0)
    body = body[: fixed + int((len(body) - fixed) * place)]
    left, size = len(body), bytearray()
    while True:
        left, byte = divmod(left, 128)
        size.append(byte | (0x80 if left else 0))
        if not left:
            return packet[:1] + bytes(size) + body
