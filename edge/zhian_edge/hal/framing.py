"""Cuts a byte stream into frames, by a description of the frame; pure.

Serial lines lose and make up bytes. Nothing is believed but a frame whose marks, length and check all hold; what lies
between such frames is skipped byte by byte and counted, so that a frame that came whole is never lost to rubbish before
it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Final

Check = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Framing:
    """How a frame looks from outside. Offsets count from its first byte.

    Attributes:
        head, tail: fixed bytes at its ends; a frame without a head is found by its length and check alone.
        length_at, length_size: where its length stands, and in how many bytes, most significant first (0: it is fixed).
        length_adds: what the whole frame is longer than that number says.
        shortest, longest: a frame, whole; a length outside is none.
        check: whether its check sum holds.
        marks: bytes that can stand at an offset, so that rubbish is seen sooner.
        passing: byte strings that may come between frames and mean nothing (acknowledgements).
    """

    head: bytes
    tail: bytes
    length_at: int
    length_size: int
    length_adds: int
    shortest: int
    longest: int
    check: Check
    marks: tuple[tuple[int, frozenset[int]], ...] = ()
    passing: tuple[bytes, ...] = ()


class Deframer:
    """Takes bytes as they come, gives whole frames. Holds at most one frame's length of them back."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._buffer = bytearray()
        self.garbled = 0
        """Bytes that belonged to no frame."""

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that `data` completes."""
        self._buffer += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def pause(self, _rest_s: float = 0.0) -> list[bytes]:
        """Nothing came for longer than a frame takes: frames that wait behind the beginning of one that was cut off.

        A beginning with nothing behind it is kept, however long: its rest may still come over a slow converter.
        """
        frames: list[bytes] = []
        for at in range(1, len(self._buffer)):
            frame = self._at(at)
            if frame:
                self._skip(at)
                return self.feed(b"")
        return frames

    def _next(self) -> bytes | None:
        """Take the first frame out; None when more bytes are needed."""
        while self._buffer:
            passing = next((each for each in self._framing.passing if each.startswith(self._buffer[: len(each)])), None)
            if passing and len(self._buffer) < len(passing):
                return None
            if passing:
                del self._buffer[: len(passing)]
                continue
            frame = self._at(0)
            if frame is None:
                return None
            if frame:
                del self._buffer[: len(frame)]
                return frame
            self._skip(1)
        return None

    def _at(self, start: int) -> bytes | None:
        """The frame that begins at `start`: empty when none does, None when that cannot be said yet."""
        framing, buffer = self._framing, self._buffer
        seen = bytes(buffer[start : start + framing.longest])
        if not framing.head.startswith(seen[: len(framing.head)]):
            return b""
        if any(len(seen) > at and seen[at] not in allowed for at, allowed in framing.marks):
            return b""
        known = framing.length_at + framing.length_size
        if len(seen) < max(known, len(framing.head)):
            return None
        length = int.from_bytes(seen[framing.length_at : known]) + framing.length_adds
        if not framing.shortest <= length <= framing.longest:
            return b""
        if len(seen) < length:
            return None
        frame = seen[:length]
        return frame if frame.endswith(framing.tail) and framing.check(frame) else b""

    def _skip(self, count: int) -> None:
        del self._buffer[:count]
        self.garbled += count


def sum8(first: int, last: int) -> Check:
    """The byte at `last` (from the end: negative) is the sum of all from `first` up to it, modulo 256."""
    return lambda frame: sum(frame[first:last]) & 0xFF == frame[last]


def zero_sum8(first: int, end: int | None = None) -> Check:
    """All bytes from `first` to `end` add up to zero, modulo 256: the last of them is the two's complement."""
    return lambda frame: sum(frame[first:end]) & 0xFF == 0


def both(one: Check, other: Check) -> Check:
    """Two checks in one frame."""
    return lambda frame: one(frame) and other(frame)


def hex_xor(frame: bytes) -> bool:
    """Between first and last byte stand hexadecimal digits; as bytes, they cancel out: the last is the XOR."""
    try:
        return reduce(lambda a, b: a ^ b, bytes.fromhex(frame[1:-1].decode("ascii")), 0) == 0
    except ValueError:
        return False


def crc16(data: bytes) -> int:
    """CRC-16/MCRF4XX (reflected 0x1021, so 0x8408; begins with 0xFFFF), sent least significant byte first."""
    crc = 0xFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC[(crc ^ byte) & 0xFF]
    return crc


def crc16_holds(frame: bytes) -> bool:
    """A frame with its own CRC at the end leaves nothing."""
    return crc16(frame) == 0


def _crc_step(crc: int) -> int:
    for _ in range(8):
        crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return crc


_CRC: Final = tuple(_crc_step(byte) for byte in range(256))
