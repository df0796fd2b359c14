"""Where to look in a picture: at one size first, at others only where that one is unsure."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate import close
from zhian_models.plate.detect import PlateDetector
from zhian_models.plate.geometry import overlap
from zhian_models.plate.rectify import whole
from zhian_models.plate.types import PlateBox

_FIRST_LONGEST = 576  # pixels of the longer side: a fifth of what the next size costs
_SECOND_LONGEST = 1280
_TURNS = (20.0, -20.0)  # degrees: with what is found as it is, plates up to 35 are
_TURNED_LONGEST = 960
_FRAMED_LONGEST = (320, 224, 160, 128)
_BARE_WIDTHS = (160, 320)
_MOST = 4  # places of one stage
_SAME = 0.8  # overlap from which two places are one
_BARE_ASPECTS = (1.9, 7.0)  # of a plate cut at its edges: two rows 2.0, one row 3.1 and 3.4, aslant more
_MEAN = (104, 117, 123)  # the network's own grey
FILLS = 0.5
"""Of the picture's width: a plate so near is cut wrongly until it is seen from farther away."""


class Finder:
    """Plates of any size in any picture, a bare plate included; the detector must tell of suspicions too."""

    def __init__(self, detector: PlateDetector) -> None:
        self._detector = detector

    def stages(self, bgr: NDArray[np.uint8]) -> Iterator[list[PlateBox]]:
        """Places to read, in pixels of `bgr`: the cheap look first; ask for the next where nothing was readable.

        Each stage leaves out what an earlier one gave.
        """
        tried: list[PlateBox] = []
        for stage in self._bare_stages(bgr) if bare(bgr) else self._scene_stages(bgr):
            fresh = [box for box in stage if all(overlap(box.box, other.box) < _SAME for other in tried)][:_MOST]
            tried += fresh
            yield fresh

    def _scene_stages(self, bgr: NDArray[np.uint8]) -> Iterator[list[PlateBox]]:
        longest = max(bgr.shape[:2])
        first = self._detected(bgr, min(1.0, _FIRST_LONGEST / longest))
        if any(box.box[2] > FILLS * bgr.shape[1] for box in first):
            yield from self._bare_stages(bgr)
        yield first
        yield self._detected(bgr, min(2.0, _SECOND_LONGEST / longest))
        found: list[PlateBox] = []
        for side in _FRAMED_LONGEST:
            found += self._framed(bgr, side / longest)
        yield _merged(found)
        for degrees in _TURNS:
            yield self._leaning(bgr, degrees)

    def _detected(self, bgr: NDArray[np.uint8], scale: float) -> list[PlateBox]:
        """Plates, those included that only a look from close by shows to be some."""
        return close.confirmed(self._detector, bgr, self._detector.detect_at(bgr, scale))

    def _leaning(self, bgr: NDArray[np.uint8], degrees: float) -> list[PlateBox]:
        """Plates that lean so much that the detector misses them in the picture as it is."""
        suspected = close.anywhere(self._detector, bgr, degrees, _TURNED_LONGEST)
        looks = [close.look(self._detector, bgr, box) for box in suspected[:_MOST]]
        return _merged([box for box in looks if box is not None and box.score >= close.SURE])

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
        moved = [close.moved(box, (-pad[1], -pad[0])) for box in found if box.score >= close.FAINT]
        return [box for box in moved if _inside(box, width, height)]

    def closer(self, bgr: NDArray[np.uint8], box: PlateBox) -> PlateBox:
        """The same plate with corners from a close cut, or `box` itself where the cut shows none."""
        return close.look(self._detector, bgr, box) or box


def _whole(bgr: NDArray[np.uint8]) -> PlateBox:
    """The picture itself as a plate that nothing vouches for."""
    return PlateBox(whole(bgr), (0.0, 0.0, float(bgr.shape[1]), float(bgr.shape[0])), 0.0)


def bare(bgr: NDArray[np.uint8]) -> bool:
    """Whether the picture is likely a plate and nothing else."""
    height, width = bgr.shape[:2]
    return bool(height < 110 or (width < 400 and _BARE_ASPECTS[0] < width / height < _BARE_ASPECTS[1]))


def _inside(box: PlateBox, width: int, height: int) -> bool:
    """Whether the plate lies within the picture but for a rim: frames make up plates of their own."""
    x, y, w, h = box.box
    inner_w = min(x + w, width) - max(x, 0)
    inner_h = min(y + h, height) - max(y, 0)
    part = box.corners / (width, height)
    near = part.min() > -0.15 and part.max() < 1.15
    return bool(near and inner_w > 0 and inner_h > 0 and inner_w * inner_h > 0.75 * w * h)


def _merged(found: list[PlateBox]) -> list[PlateBox]:
    """The surest of what lies in one place, surest first."""
    kept: list[PlateBox] = []
    for box in sorted(found, key=lambda box: -box.score):
        if all(overlap(box.box, other.box) < _SAME for other in kept):
            kept.append(box)
    return kept
