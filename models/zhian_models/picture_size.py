"""How large a picture says that it is, before anybody makes room for it.

A few kilobytes of PNG can unfold to gigabytes. What is read here are the few bytes of the head alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

#: More than any camera at a gate has (8K is 33 million); decoded that is 150 MB.
MOST_PIXELS: Final = 50_000_000

_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: Start-of-frame markers of JPEG (ITU-T T.81, table B.1): all of C0 to CF but DHT, JPG and DAC.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Markers without a length.
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def pixels(data: bytes) -> int | None:
    """Width times height as a PNG, JPEG, WebP or BMP claims it; None where it is none, or its head is broken."""
    for begins, read in _KINDS.items():
        if data.startswith(begins):
            return read(data)
    return None


def _png(data: bytes) -> int | None:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return int.from_bytes(data[16:20], "big") * int.from_bytes(data[20:24], "big")


def _jpeg(data: bytes) -> int | None:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            return int.from_bytes(data[at + 5 : at + 7], "big") * int.from_bytes(data[at + 7 : at + 9], "big")
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _webp(data: bytes) -> int | None:
    """As RFC 9649 has the three kinds of a first chunk: lossy, lossless, and extended."""
    if data[8:12] != b"WEBP" or len(data) < 30:
        return None
    if data[12:16] == b"VP8X":
        return (_little(data, 24, 3) + 1) * (_little(data, 27, 3) + 1)
    if data[12:16] == b"VP8 ":
        return (_little(data, 26, 2) & 0x3FFF) * (_little(data, 28, 2) & 0x3FFF)
    if data[12:16] == b"VP8L":
        bits = _little(data, 21, 4)
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return None


def _bmp(data: bytes) -> int | None:
    """A height below zero is that of a picture whose first row is the top one."""
    if len(data) < 26:
        return None
    if _little(data, 14, 4) == 12:
        return _little(data, 18, 2) * _little(data, 20, 2)
    width, height = (int.from_bytes(data[at : at + 4], "little", signed=True) for at in (18, 22))
    return abs(width) * abs(height)


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


_KINDS: Final[Mapping[bytes, Callable[[bytes], int | None]]] = {
    _PNG: _png,
    b"\xff\xd8\xff": _jpeg,
    b"RIFF": _webp,
    b"BM": _bmp,
}
