"""Looks at a place from close by, level: sure corners for a plate, and a verdict on what was only suspected."""

from __future__ import annotations

from math import atan2, ceil, cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.detect import Detects
from zhian_models.plate.geometry import overlap, upright
from zhian_models.plate.types import PlateBox

SUSPECTED = 0.08
"""Detection score from which a look from close by is worth its 2 ms. Most distant or turned plates of drawn scenes
that the whole picture's look gives less than `FAINT` have this; one photograph in five has such a place as well."""
FAINT = 0.35
"""Score from which a find counts by itself."""
SURE = 0.5
"""Score that a suspicion must reach from close by."""
MOST = 4
"""Suspicions of one picture that are looked at."""
_WIDTH = 150.0  # pixels along a plate at which corners are found best
_LEVEL = radians(9)  # what leans less is looked at as it stands
_AROUND = (0.5, 0.8)  # of the plate's width and of its height, on every side
_CUT = (320, 192)  # pixels of a cut: one size, for which a runtime may prepare itself
_SAME = 0.4  # overlap from which both looks show one plate
_MEAN = (104, 117, 123)  # the network's own grey


def confirmed(detector: Detects, bgr: NDArray[np.uint8], found: list[PlateBox]) -> list[PlateBox]:
    """Of what was found at `SUSPECTED` and above: what is sure, and of the rest what proves to be a plate."""
    sure = [box for box in found if box.score >= FAINT]
    faint = [box for box in found if box.score < FAINT and all(overlap(box.box, s.box) == 0 for s in sure)]
    for suspicion in sorted(faint, key=lambda box: -box.score)[:MOST]:
        close = look(detector, bgr, suspicion)
        if close is not None and close.score >= SURE and all(overlap(close.box, s.box) < _SAME for s in sure):
            sure.append(close)
    return sure


def look(detector: Detects, bgr: NDArray[np.uint8], box: PlateBox) -> PlateBox | None:
    """The plate in `box` with corners from close by; None where a close look shows none."""
    found = _aslant(detector, bgr, box) if abs(lean(box)) > _LEVEL else _as_it_stands(detector, bgr, box)
    near = [other for other in found if other.score >= FAINT and overlap(other.box, box.box) > _SAME]
    return max(near, key=lambda other: other.score, default=None)


def lean(box: PlateBox) -> float:
    """By how much the plate's upper and lower edge fall to the right, radians."""
    along = box.corners[1] - box.corners[0] + box.corners[2] - box.corners[3]
    return atan2(float(along[1]), float(along[0]))


def _as_it_stands(detector: Detects, bgr: NDArray[np.uint8], box: PlateBox) -> list[PlateBox]:
    x, y, width, height = box.box
    side, above = _AROUND[0] * width, _AROUND[1] * max(height, width / 3)
    x0, y0 = max(0, int(x - side)), max(0, int(y - above))
    x1, y1 = min(bgr.shape[1], int(x + width + side) + 1), min(bgr.shape[0], int(y + height + above) + 1)
    cut = bgr[y0:y1, x0:x1]
    if cut.size == 0:
        return []
    return [moved(other, (x0, y0)) for other in detector.detect_at(cut, _WIDTH / max(1.0, width), _CUT)]


def _aslant(detector: Detects, bgr: NDArray[np.uint8], box: PlateBox) -> list[PlateBox]:
    """Looked at in a cut that is turned until the plate lies level: the detector knows few that lean."""
    way = _levelling(box)
    source, shrunk = bgr, 1.0
    if (scale := float(np.hypot(*way[0, :2]))) < 0.5:  # a warp samples points: average first
        shrunk = 2 * scale
        source = np.asarray(cv2.resize(bgr, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA), np.uint8)
    step = way.copy()
    step[:, :2] /= shrunk
    cut = cv2.warpAffine(source, step, _CUT, flags=cv2.INTER_LINEAR, borderValue=_MEAN)
    return [turned(other, way) for other in detector.detect_at(np.asarray(cut, np.uint8), 1.0)]


def _levelling(box: PlateBox) -> NDArray[np.float64]:
    """From pixels of the picture to those of a cut with the plate level, `_WIDTH` wide and in the middle."""
    angle, middle = lean(box), box.corners.mean(axis=0)
    scale = _WIDTH / max(1.0, float(np.linalg.norm(box.corners[1] - box.corners[0])))
    turn = scale * np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    return np.hstack([turn, (np.array(_CUT) / 2 - turn @ middle)[:, None]])


def anywhere(detector: Detects, bgr: NDArray[np.uint8], degrees: float, longest: int) -> list[PlateBox]:
    """Suspected plates that lean by about `degrees`, for `look`: the whole picture is turned the other way."""
    height, width = bgr.shape[:2]
    scale = min(1.0, longest / max(width, height))
    small = bgr if scale == 1 else cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    size = ceil(width * scale), ceil(height * scale)
    way = np.asarray(cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1.0), np.float64)
    level = np.asarray(cv2.warpAffine(small, way, size, borderValue=_MEAN), np.uint8)
    way[:, :2] *= scale
    return [turned(box, way) for box in detector.detect_at(level, 1.0)]


def turned(box: PlateBox, way: NDArray[np.float64]) -> PlateBox:
    """`box`, found in a picture that `way` (2 x 3) made of another, in that other one."""
    back = cv2.invertAffineTransform(way)
    corners = (box.corners @ back[:, :2].T + back[:, 2]).astype(np.float32)
    return PlateBox(corners, upright(corners), box.score)


def moved(box: PlateBox, by: tuple[float, float]) -> PlateBox:
    """`box` in a picture in which it lies so much farther right and down."""
    x, y, width, height = box.box
    corners = (box.corners + np.array(by, dtype=np.float32)).astype(np.float32)
    return PlateBox(corners, (x + by[0], y + by[1], width, height), box.score)
