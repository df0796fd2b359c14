"""One picture of one camera, and when it was taken; its pixels are converted only when somebody asks for them."""

from __future__ import annotations

import numpy as np

from zhian_edge.capture.pixels import ArrayPixels, Picture, Pixels, Region, Size, resize


class Frame:
    """One picture of one camera. Pixels are computed once per size and kept, read-only.

    Attributes:
        camera: id of the camera in the configuration.
        source: base name of the file, or the address without its password.
        index: number of the frame in its source, from 0.
        media_time_s: seconds since the first frame of the source.
        at_ms: monotonic milliseconds at capture; in a replay, of media time.
        width, height: in pixels, of the upright picture.

    One thread at a time may use a frame.
    """

    __slots__ = ("_bgr", "_luma", "_pixels", "at_ms", "camera", "height", "index", "media_time_s", "source", "width")

    def __init__(
        self, *, camera: str, source: str, index: int, media_time_s: float, at_ms: int, pixels: Pixels
    ) -> None:
        self.camera = camera
        self.source = source
        self.index = index
        self.media_time_s = media_time_s
        self.at_ms = at_ms
        self.width, self.height = pixels.size
        self._pixels = pixels
        self._luma: dict[Size, Picture] = {}
        self._bgr: dict[Size, Picture] = {}

    @classmethod
    def of_picture(
        cls,
        bgr: Picture,
        *,
        camera: str = "camera",
        source: str = "picture",
        index: int = 0,
        media_time_s: float = 0.0,
        at_ms: int | None = None,
    ) -> Frame:
        """A frame of a BGR array (height, width, 3), uint8, for photographs and drawn pictures."""
        at = round(media_time_s * 1000) if at_ms is None else at_ms
        pixels = ArrayPixels(np.ascontiguousarray(bgr))
        return cls(camera=camera, source=source, index=index, media_time_s=media_time_s, at_ms=at, pixels=pixels)

    def luma(self, width: int) -> Picture:
        """Grey picture (height, width), uint8, `width` pixels wide (never enlarged), in the frame's proportions."""
        size = self._size(width)
        if size not in self._luma:
            self._luma[size] = _kept(self._pixels.luma(size))
        return self._luma[size]

    def bgr(self, width: int | None = None) -> Picture:
        """Colour picture (height, width, 3), uint8: in full resolution, or `width` pixels wide (never enlarged)."""
        size = self._size(self.width if width is None else width)
        if size not in self._bgr:
            self._bgr[size] = _kept(self._pixels.bgr(size))
        return self._bgr[size]

    def crop(self, region: Region, longest: int | None = None) -> Picture:
        """Colour picture of `region` (x, y, width, height) in full resolution, cut to the frame.

        Costs only what it shows: the rest of the frame is not converted. Not kept. With `longest` the picture's
        sides are scaled down to that many pixels where they are longer.

        Raises:
            ValueError: nothing of the region lies in the frame.
        """
        x, y, width, height = region
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + width, self.width), min(y + height, self.height)
        if left >= right or top >= bottom:
            raise ValueError(f"region {region} lies outside of a frame of {self.width}x{self.height}")
        inside = (left, top, right - left, bottom - top)
        size = _at_most(longest, inside[2:])
        full = self._bgr.get((self.width, self.height))
        if full is not None:
            return resize(full[top:bottom, left:right], size).copy()
        return self._pixels.crop(inside, size)

    def _size(self, width: int) -> Size:
        if width >= self.width:
            return self.width, self.height
        return width, max(1, round(self.height * width / self.width))

    def __repr__(self) -> str:
        return f"Frame({self.camera} #{self.index} {self.media_time_s:.3f}s {self.width}x{self.height})"


def _at_most(longest: int | None, size: Size) -> Size:
    """`size` in its proportions, no side longer than `longest`."""
    scale = 1.0 if longest is None else min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _kept(picture: Picture) -> Picture:
    """Several stages share it, so a stage that draws must draw on a copy."""
    shared = picture.view()
    shared.flags.writeable = False
    return shared
