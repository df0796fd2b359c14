"""How large a picture says that it is, before anybody makes room for it.

A few kilobytes of PNG can unfold to gigabytes. What is read here are the few bytes of the head alone.
"""

from __future__ import annotations

from typing import Final

#: More than any camera at a gate has (8K is 33 million); decoded that is 150 MB.
MOST_PIXELS: Final = 50_000_000

_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: Start-of-frame markers of JPEG (ITU-T T.81, table B.1): all of C0 to CF but DHT, JPG and DAC.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Markers without a length.
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def pixels(data: bytes) -> int | None:
    """Width times height as a PNG or JPEG claims it; None where it is neither, or its head is broken."""
    if data.startswith(_PNG):
        return _png(data)
    return _jpeg(data) if data.startswith(b"\xff\xd8\xff") else None


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
