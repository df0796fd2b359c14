"""Straightens a plate from its four corners."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = (104, 32)
"""Width and height that the plate reader was measured best at."""


def rectify(
    bgr: NDArray[np.uint8], corners: NDArray[np.float32], size: tuple[int, int] = SIZE, margin: float = 0.0
) -> NDArray[np.uint8]:
    """The plate as an upright picture of `size` (width, height).

    `margin` widens the four-sided cut on every side by that part of its own height; negative cuts tighter.
    What lies outside the picture is continued from its edge.
    """
    width, height = size
    rise = margin * height / (1 + 2 * margin)
    inner = np.array(
        [[rise, rise], [width - 1 - rise, rise], [width - 1 - rise, height - 1 - rise], [rise, height - 1 - rise]],
        dtype=np.float32,
    )
    source, shift = _reduced(bgr, corners, size)
    way = cv2.getPerspectiveTransform(((corners - shift[:2]) * shift[2]).astype(np.float32), inner)
    flags = cv2.INTER_LINEAR
    return np.asarray(cv2.warpPerspective(source, way, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _reduced(
    bgr: NDArray[np.uint8], corners: NDArray[np.float32], size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The cut around the corners, averaged down first where the plate is far bigger than `size`.

    A perspective warp samples points: shrinking by more than two it would skip strokes.
    """
    height, width = bgr.shape[:2]
    low = np.floor(corners.min(axis=0) - 0.5 * np.ptp(corners, axis=0))
    high = np.ceil(corners.max(axis=0) + 0.5 * np.ptp(corners, axis=0)) + 1
    x0, y0 = (int(v) for v in np.clip(low, 0, (width - 2, height - 2)))
    x1, y1 = (int(v) for v in np.clip(high, (x0 + 2, y0 + 2), (width, height)))
    cut = bgr[y0:y1, x0:x1]
    scale = min(1.0, 2 * size[0] / max(1.0, float(np.linalg.norm(corners[1] - corners[0]))))
    scale = max(scale, 1 / min(cut.shape[:2]))  # of a very flat cut a row is left
    if scale < 0.99:
        cut = np.asarray(cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return cut, np.array([x0, y0, scale], dtype=np.float32)


def sharpness(crop: NDArray[np.uint8]) -> float:
    """How crisp a rectified plate is, about 0 (mush) to 1, whatever its contrast.

    Variance of the Laplacian over the variance of the picture itself, squashed.
    """
    grey = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), dtype=np.float32)
    ratio = float(cv2.Laplacian(grey, cv2.CV_32F).var() / (grey.var() + 1.0))
    return ratio / (ratio + 1.0)


def aspect(corners: NDArray[np.float32]) -> float:
    """Width over height of the four-sided plate, from the means of its opposite sides."""
    top, right, bottom, left = (np.linalg.norm(corners[(i + 1) % 4] - corners[i]) for i in range(4))
    return float((top + bottom) / max(1.0, float(left + right)))


def whole(bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The corners of the picture itself: it may be a bare plate."""
    height, width = bgr.shape[:2]
    return np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], dtype=np.float32)
