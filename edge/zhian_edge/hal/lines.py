"""Cuts a byte stream into lines of text, as scanners send what they read; pure.

A line has no check sum. So one is believed only when all of it is seen: after a pause, or behind a line's end,
printable to its own end, of a length that can be, and without a break in it. Everything else is counted and left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ENDS: Final = b"\r\n"
PRINTABLE: Final = range(0x20, 0x7F)
#: Between two bytes of one line; scanners send a line at once, and adapters hold bytes back for 16 ms.
GAP_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class Lines:
    """How a line looks.

    Attributes:
        shortest, longest: of its characters, without what ends it.
        check: whether it means anything.
    """

    shortest: int
    longest: int
    check: Callable[[bytes], bool]


class LineCutter:
    """Takes bytes as they come, gives whole lines without their ends. Holds one line back at most."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._line = bytearray()
        # What comes first may be the end of a line that began before anybody listened.
        self._spoilt = True
        self.garbled = 0
        """Bytes that belonged to no line."""

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that `data` completes."""
        return [line for byte in data if (line := self._take(byte))]

    def pause(self, rest_s: float) -> list[bytes]:
        """Nothing came for `rest_s`: a line that was cut off is none, and what comes now is the begin of one."""
        if rest_s >= GAP_S:
            self._drop()
            self._spoilt = False
        return []

    def _take(self, byte: int) -> bytes | None:
        if byte in ENDS:
            return self._end()
        if byte not in PRINTABLE or len(self._line) == self._lines.longest:
            self._spoilt = True
        if self._spoilt:
            self._drop()
            self.garbled += 1
        else:
            self._line.append(byte)
        return None

    def _end(self) -> bytes | None:
        line = bytes(self._line)
        self._line.clear()
        spoilt, self._spoilt = self._spoilt, False
        if spoilt or not line:
            return None
        if len(line) >= self._lines.shortest and self._lines.check(line):
            return line
        self.garbled += len(line)
        return None

    def _drop(self) -> None:
        self.garbled += len(self._line)
        self._line.clear()


def is_hex(line: bytes) -> bool:
    """Whole bytes in hexadecimal digits and nothing else."""
    return len(line) % 2 == 0 and all(byte in b"0123456789abcdefABCDEF" for byte in line)
