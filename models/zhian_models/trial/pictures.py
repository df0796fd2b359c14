"""Reading pictures that people have lying about: any depth, any orientation, any name."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import UnreadablePicture

LARGEST = 200_000_000
"""Pixels: a picture beyond is refused by its header, before it fills the memory of a small computer."""

JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG segment that states the size (start of frame)."""


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture in `path` as BGR (height, width, 3), 8 bits, upright by its EXIF.

    Grey becomes BGR, 16 bits become 8, an alpha channel is dropped. Raises UnreadablePicture with the reason.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadablePicture(f"{path}: {error.strerror}") from error
    if not data:
        raise UnreadablePicture(f"{path}: the file is empty")
    width, height = stated_size(data)
    if width * height > LARGEST:
        raise UnreadablePicture(f"{path}: {width}x{height} pixels are too many; {LARGEST / 1e6:.0f} million are read")
    return _decoded(path, data)


def _decoded(path: Path, data: bytes) -> NDArray[np.uint8]:
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise UnreadablePicture(f"{path}: {error.err}") from error
    if picture is None:
        raise UnreadablePicture(f"{path}: not a picture, or one of a kind that cannot be read")
    return np.asarray(picture, np.uint8)


def stated_size(data: bytes) -> tuple[int, int]:
    """Width and height that a PNG's, BMP's or JPEG's header states; (0, 0) if it is something else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"BM") and len(data) >= 26:
        width, height = struct.unpack("<ii", data[18:26])
        return abs(width), abs(height)
    return _jpeg_size(data) if data.startswith(b"\xff\xd8") else (0, 0)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker, length = data[position + 1], int.from_bytes(data[position + 2 : position + 4], "big")
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return 0, 0
