"""Pixels of one picture, converted only as far as somebody asks: grey, small, full or a region of it.

A decoded frame is kept as its YUV planes. OpenCV resizes them before the colours are mixed, because swscale's default
filter costs several times as much, and a region is converted without the rest of the picture.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol, TypeAlias

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
#: Width and height in pixels.
Size = tuple[int, int]
#: x, y, width and height in pixels, inside the picture.
Region = tuple[int, int, int, int]

#: Weights of red and blue in luma, by FFmpeg's AVColorSpace: BT.709, FCC, BT.2020 (both); all others are BT.601,
#: which is also what FFmpeg assumes for a stream that does not say (ITU-T H.273, table 4).
_LUMA_WEIGHTS = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593)}
_BT601 = (0.299, 0.114)
_FULL_RANGE = 2
#: Pixels less than this times as wide as high, or as high as wide, are square: encoders state what rounding left over.
_SQUARE = 1.03
#: No camera has narrower or wider ones.
_WIDEST = 4.0
_PLANAR = {
    "yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "yuv440p", "yuvj440p", "yuv411p", "yuvj411p",
    "yuv410p",
}  # fmt: skip


class Pixels(Protocol):
    """What a frame can be asked for; sizes are those of the upright picture."""

    @property
    def size(self) -> Size: ...

    def luma(self, size: Size) -> Picture: ...

    def bgr(self, size: Size) -> Picture: ...

    def crop(self, region: Region, size: Size) -> Picture: ...


class ArrayPixels:
    """Pixels that already are a BGR array (height, width, 3), uint8: drawn pictures and photographs."""

    def __init__(self, bgr: Picture) -> None:
        self._bgr = bgr
        self.size: Size = (bgr.shape[1], bgr.shape[0])

    def luma(self, size: Size) -> Picture:
        return _picture(cv2.cvtColor(resize(self._bgr, size), cv2.COLOR_BGR2GRAY))

    def bgr(self, size: Size) -> Picture:
        return resize(self._bgr, size)

    def crop(self, region: Region, size: Size) -> Picture:
        x, y, width, height = region
        return resize(self._bgr[y : y + height, x : x + width], size).copy()


class DecodedPixels:
    """Pixels of a decoded video frame, turned upright by its rotation metadata, in the proportions it is to be seen in.

    `aspect`: how many times as wide as high a stored pixel is to be shown; the picture is only ever enlarged for it.
    """

    def __init__(self, decoded: av.VideoFrame, aspect: float = 1.0) -> None:
        self._decoded = decoded
        self._turns = round(decoded.rotation / 90) % 4  # counter-clockwise
        self._stretched = stretched((decoded.width, decoded.height), aspect)
        self.size: Size = self._stored(self._stretched)
        self._as_stored = not self._turns and self._stretched == (decoded.width, decoded.height)

    @cached_property
    def _planes(self) -> tuple[Picture, ...]:
        """Luma and, where the picture has colour, both chroma planes in their own size: views, not copies."""
        decoded = self._decoded
        name = decoded.format.name
        if name in {"gray", "gray8"}:
            return (_plane(decoded, 0),)
        if name in {"nv12", "nv21"}:
            pairs = _plane(decoded, 1, channels=2)
            first, second = (pairs[..., 0], pairs[..., 1]) if name == "nv12" else (pairs[..., 1], pairs[..., 0])
            return _plane(decoded, 0), np.ascontiguousarray(first), np.ascontiguousarray(second)
        if name not in _PLANAR:
            # 10 bit, packed and RGB pictures are rare enough for swscale; 4:4:4 keeps odd sizes and all colour.
            self._decoded = decoded = decoded.reformat(format="yuv444p")
        return _plane(decoded, 0), _plane(decoded, 1), _plane(decoded, 2)

    @cached_property
    def _matrix(self) -> NDArray[np.float32]:
        name, full = self._decoded.format.name, int(self._decoded.color_range) == _FULL_RANGE
        return _yuv_to_bgr(int(self._decoded.colorspace), full_range=full or name.startswith("yuvj"))

    def luma(self, size: Size) -> Picture:
        return self._upright(_thinned(self._planes[0], self._stored(size)))

    def bgr(self, size: Size) -> Picture:
        return self._upright(self._mix(self._planes, self._stored(size)))

    def crop(self, region: Region, size: Size) -> Picture:
        x, y, width, height = region
        if not self._as_stored:
            return resize(self._whole[y : y + height, x : x + width], size).copy()
        luma = self._planes[0]
        parts = [_region_of(plane, region, (luma.shape[1], luma.shape[0])) for plane in self._planes]
        return self._mix(parts, size)

    @cached_property
    def _whole(self) -> Picture:
        return self.bgr(self.size)

    def _stored(self, size: Size) -> Size:
        return size if self._turns % 2 == 0 else (size[1], size[0])

    def _mix(self, planes: tuple[Picture, ...] | list[Picture], size: Size) -> Picture:
        resized = [resize(plane, size) for plane in planes]
        if len(resized) == 1:
            return _picture(cv2.cvtColor(resized[0], cv2.COLOR_GRAY2BGR))
        return _picture(cv2.transform(cv2.merge(resized), self._matrix))

    def _upright(self, picture: Picture) -> Picture:
        return np.ascontiguousarray(np.rot90(picture, self._turns)) if self._turns else picture


def stretched(stored: Size, aspect: float) -> Size:
    """The size in square pixels; what differs by rounding, or cannot be meant, is taken for square."""
    width, height = stored
    if not (1 / _WIDEST <= aspect <= _WIDEST) or 1 / _SQUARE < aspect < _SQUARE:
        return stored
    return (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))


def resize(picture: Picture, size: Size) -> Picture:
    """`picture` in another size: averaged when it shrinks to half or less, else interpolated."""
    width, height = size
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    shrinks = picture.shape[1] >= 2 * width and picture.shape[0] >= 2 * height
    return _picture(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR))


def _thinned(picture: Picture, size: Size) -> Picture:
    """`picture` much smaller: the mean of 16 pixels spread over each new one, at a quarter of what all of them cost."""
    width, height = size
    if picture.shape[1] < 4 * width or picture.shape[0] < 4 * height:
        return resize(picture, size)
    twice = _picture(cv2.resize(picture, (2 * width, 2 * height), interpolation=cv2.INTER_LINEAR))
    return resize(twice, size)


def _plane(decoded: av.VideoFrame, index: int, channels: int = 1) -> Picture:
    plane = decoded.planes[index]
    padded = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    rows: Picture = padded[:, : plane.width * channels]
    return rows if channels == 1 else rows.reshape(plane.height, plane.width, channels)


def _region_of(plane: Picture, region: Region, full: Size) -> Picture:
    """The part of a plane, perhaps of lower resolution, that covers `region` of the full picture."""
    x, y, width, height = region
    across, down = round(full[0] / plane.shape[1]), round(full[1] / plane.shape[0])
    if across == down == 1:
        return plane[y : y + height, x : x + width]
    # One sample more on each side, cut off again after enlarging, so that borders match the whole picture's.
    left, top = max(x // across - 1, 0), max(y // down - 1, 0)
    right = min(-(-(x + width) // across) + 1, plane.shape[1])
    bottom = min(-(-(y + height) // down) + 1, plane.shape[0])
    part = plane[top:bottom, left:right]
    large = resize(part, (part.shape[1] * across, part.shape[0] * down))
    dx, dy = x - left * across, y - top * down
    return large[dy : dy + height, dx : dx + width]


def _yuv_to_bgr(colorspace: int, *, full_range: bool) -> NDArray[np.float32]:
    """3x4 matrix from (Y, U, V) in 0..255 to (B, G, R) (ITU-T H.273, equations 38 to 45 inverted)."""
    red, blue = _LUMA_WEIGHTS.get(colorspace, _BT601)
    green = 1 - red - blue
    luma, chroma, black = (1.0, 1.0, 0.0) if full_range else (255 / 219, 255 / 224, 16.0)
    to_blue, to_red = 2 * (1 - blue) * chroma, 2 * (1 - red) * chroma
    rows = np.array(
        [
            [luma, to_blue, 0],
            [luma, -to_blue * blue / green, -to_red * red / green],
            [luma, 0, to_red],
        ]
    )
    offset = -rows @ np.array([black, 128.0, 128.0])
    return np.column_stack([rows, offset]).astype(np.float32)


def _picture(array: object) -> Picture:
    """OpenCV's stubs promise less than it gives: 8 bits in, 8 bits out."""
    assert isinstance(array, np.ndarray)
    return array
