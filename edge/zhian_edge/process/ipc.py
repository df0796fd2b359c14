"""What `gate` and `vision` say to each other over their socket: msgspec messages, each with its length before it."""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, TypeAlias

import msgspec
from zhian_wire.roster import Person

from zhian_edge.config.types import Config
from zhian_edge.errors import LinkLost
from zhian_edge.signals import CameraReport, Crossing, InView, Observation, VisionBeat

#: A part of a roster, of people with five templates each, is 10 MB.
MAX_BYTES: Final = 64 * 1024 * 1024
#: People in one part: those of a large site together are more than a message may be.
PART: Final = 1000
#: Exit code of vision (EX_CONFIG of sysexits.h): trying again changes nothing until a person has done something.
REFUSED: Final = 78
_LENGTH: Final = struct.Struct(">I")


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """First word of the gate: everything that vision needs; it reads no configuration of its own.

    `spool`: folder of the pictures. `trace`: file to write a trace to, if not empty.
    """

    config: Config
    spool: str
    trace: str = ""


class UseRoster(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Recognise these people from now on; with `more`, and those of the next word of this kind."""

    version: int
    persons: tuple[Person, ...]
    more: bool = False


def parts(version: int, persons: tuple[Person, ...]) -> Iterator[UseRoster]:
    """A roster as it is sent: at least one word, in order."""
    for start in range(0, max(len(persons), 1), PART):
        yield UseRoster(version=version, persons=persons[start : start + PART], more=start + PART < len(persons))


class CompareFaces(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Compare the faces at the cameras of `lane` 1:1 with these persons, until another word about it.

    `awaited`: as in `decision.actions.Compare`.
    """

    lane: str
    person_ids: tuple[str, ...]
    awaited: dict[str, int] = {}


class ShowCamera(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Send tiles of a camera until `until_ms` of the monotonic clock."""

    camera: str
    until_ms: int


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Say last words and end."""


class Tile(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A small picture of how a camera sees now, JPEG."""

    camera: str
    jpeg: bytes


ToVision: TypeAlias = Begin | UseRoster | CompareFaces | ShowCamera | Stop
ToGate: TypeAlias = Observation | InView | Crossing | CameraReport | VisionBeat | Tile


class ChannelClosed(LinkLost):
    """The other process is gone."""


class Channel:
    """One end of the socket. Any thread may send; one thread receives."""

    def __init__(self, sock: socket.socket, hears: object, send_within_s: int = 0) -> None:
        """`hears`: the union of messages that come from the other end; `send_within_s` 0: wait as long as it takes."""
        self._socket = sock
        # Python's own time-out would hold for both directions, and cut a long message short in the other thread.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("@ll", send_within_s, 0))
        self._readable = select.poll()
        self._readable.register(sock, select.POLLIN)
        self._decoder: msgspec.msgpack.Decoder[object] = msgspec.msgpack.Decoder(hears)
        self._encoder = msgspec.msgpack.Encoder()
        self._sending = threading.Lock()
        self._buffer = bytearray()

    def send(self, message: msgspec.Struct) -> None:
        """Send a message; waits while the other end does not read.

        Raises:
            ChannelClosed: nobody is there any more, or nobody reads.
        """
        body = self._encoder.encode(message)
        try:
            with self._sending:
                self._socket.sendall(_LENGTH.pack(len(body)) + body)
        except OSError as error:
            # Half a message may be out: nothing that follows could be read.
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            raise ChannelClosed(str(error)) from error

    def receive(self, timeout_s: float | None) -> object | None:
        """The next message; None when none is complete in time.

        Raises:
            ChannelClosed: the other end closed, or sent what is no message.
        """
        while (message := self._complete()) is None:
            try:
                if not self._readable.poll(None if timeout_s is None else timeout_s * 1000):
                    return None
                data = self._socket.recv(1 << 20)
            except OSError as error:
                raise ChannelClosed(str(error)) from error
            if not data:
                raise ChannelClosed("the other process closed the connection")
            self._buffer += data
        return message

    def close(self) -> None:
        """May be called twice."""
        self._socket.close()

    def _complete(self) -> object | None:
        if len(self._buffer) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer)
        if length > MAX_BYTES:
            raise ChannelClosed(f"a message of {length} bytes; at most {MAX_BYTES} are allowed")
        if len(self._buffer) < _LENGTH.size + length:
            return None
        body = bytes(self._buffer[_LENGTH.size : _LENGTH.size + length])
        del self._buffer[: _LENGTH.size + length]
        try:
            return self._decoder.decode(body)
        except msgspec.DecodeError as error:
            raise ChannelClosed(f"not a message: {error}") from error
