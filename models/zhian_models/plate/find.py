"""Where to look in a picture: at one size first, at others only where that one is unsure."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.detect import PlateDetector
from zhian_models.plate.rectify import whole
from zhian_models.plate.types import PlateBox

_FIRST_LONGEST = 576  # pixels of the longer side: a fifth of what the next size costs
_SECOND_LONGEST = 1280
_FRAMED_LONGEST = (320, 224, 160, 128)
_BARE_WIDTHS = (160, 320)
_MOST = 4  # places of one stage
_SAME = 0.8  # overlap from which two places are one
_CLOSE_WIDTH = 150.0  # pixels along a plate at which corners are found best
_MEAN = (104, 117, 123)  # the network's own grey


class Finder:
    """Plates of any size in any picture, a bare plate included."""

    def __init__(self, detector: PlateDetector) -> None:
        self._detector = detector

    def stages(self, bgr: NDArray[np.uint8]) -> Iterator[list[PlateBox]]:
        """Places to read, in pixels of `bgr`: the cheap look first; ask for the next where nothing was readable.

        Each stage leaves out what an earlier one gave.
        """
        tried: list[PlateBox] = []
        for stage in self._bare_stages(bgr) if _bare(bgr) else self._scene_stages(bgr):
            fresh = [box for box in stage if all(overlap(box.box, other.box) < _SAME for other in tried)][:_MOST]
            tried += fresh
            yield fresh

    def _scene_stages(self, bgr: NDArray[np.uint8]) -> Iterator[list[PlateBox]]:
        longest = max(bgr.shape[:2])
        yield self._detector.detect_at(bgr, min(1.0, _FIRST_LONGEST / longest))
        yield self._detector.detect_at(bgr, min(2.0, _SECOND_LONGEST / longest))
        found: list[PlateBox] = []
        for side in _FRAMED_LONGEST:
            found += self._framed(bgr, side / longest)
        yield _merged(found)

    def _bare_stages(self, bgr: NDArray[np.uint8]) -> Iterator[list[PlateBox]]:
        for width in _BARE_WIDTHS:
            yield self._framed(bgr, width / bgr.shape[1])
        yield [_whole(bgr)]

    def _framed(self, bgr: NDArray[np.uint8], scale: float) -> list[PlateBox]:
        """Looked at with a frame around it: a plate that touches the border has no surroundings otherwise.

        A plate that fills the picture, a paper one above all, is only seen whole so, and from farther away.
        """
        height, width = bgr.shape[:2]
        pad = (height // 3, width // 3)
        framed = cv2.copyMakeBorder(bgr, pad[0], pad[0], pad[1], pad[1], cv2.BORDER_CONSTANT, value=_MEAN)
        found = self._detector.detect_at(np.asarray(framed, dtype=np.uint8), scale)
        moved = [_shifted(box, (-pad[1], -pad[0])) for box in found]
        return [box for box in moved if _inside(box, width, height)]

    def closer(self, bgr: NDArray[np.uint8], box: PlateBox) -> PlateBox:
        """The same plate with corners from a close cut, or `box` itself where the cut shows none."""
        x, y, width, height = box.box
        x0, y0 = max(0, int(x - 0.5 * width)), max(0, int(y - 0.8 * max(height, width / 3)))
        x1 = min(bgr.shape[1], int(x + 1.5 * width) + 1)
        y1 = min(bgr.shape[0], int(y + height + 0.8 * max(height, width / 3)) + 1)
        cut = bgr[y0:y1, x0:x1]
        if cut.size == 0:
            return box
        found = self._detector.detect_at(cut, _CLOSE_WIDTH / max(1.0, width))
        near = [_shifted(other, (x0, y0)) for other in found]
        near = [other for other in near if overlap(other.box, box.box) > 0.4]
        return max(near, key=lambda other: other.score, default=box)


def _whole(bgr: NDArray[np.uint8]) -> PlateBox:
    """The picture itself as a plate that nothing vouches for."""
    return PlateBox(whole(bgr), (0.0, 0.0, float(bgr.shape[1]), float(bgr.shape[0])), 0.0)


def _bare(bgr: NDArray[np.uint8]) -> bool:
    height, width = bgr.shape[:2]
    return bool(height < 110 or (width < 400 and 2.0 < width / height < 7.0))


def _inside(box: PlateBox, width: int, height: int) -> bool:
    """Whether the plate lies within the picture but for a rim: frames make up plates of their own."""
    x, y, w, h = box.box
    inner_w = min(x + w, width) - max(x, 0)
    inner_h = min(y + h, height) - max(y, 0)
    part = box.corners / (width, height)
    near = part.min() > -0.15 and part.max() < 1.15
    return bool(near and inner_w > 0 and inner_h > 0 and inner_w * inner_h > 0.75 * w * h)


def _shifted(box: PlateBox, by: tuple[float, float]) -> PlateBox:
    x, y, width, height = box.box
    corners = (box.corners + np.array(by, dtype=np.float32)).astype(np.float32)
    return PlateBox(corners, (x + by[0], y + by[1], width, height), box.score)


def overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Intersection over union of two boxes (x, y, width, height)."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0.0, width) * max(0.0, height)
    return common / max(1e-9, one[2] * one[3] + other[2] * other[3] - common)


def upright(corners: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """The box (x, y, width, height) around four corners."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


def _merged(found: list[PlateBox]) -> list[PlateBox]:
    """The surest of what lies in one place, surest first."""
    kept: list[PlateBox] = []
    for box in sorted(found, key=lambda box: -box.score):
        if all(overlap(box.box, other.box) < _SAME for other in kept):
            kept.append(box)
    return kept
