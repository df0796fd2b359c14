"""Plates whose characters are not of one height in one row: where the parts lie, and how they become one line."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.rectify import rectify

SURELY_ONE = 2.7
SURELY_ONE_IF_WHITE = 3.1
"""Width over height above which no plate has two rows (two: 1.6 to 2.0 square on, one: 3.1 to 3.4)."""
_LOWER = (0.32, 1.04)
_SOUGHT = (-0.5, 1.1)
_UPPER = (((0.16, 0.84), (-0.12, 0.42)), ((0.12, 0.88), (-0.07, 0.40)), ((0.08, 0.92), (-0.04, 0.38)))
"""Where the rows lie on the plate, as parts of its width and height; detection cuts the upper one more or less."""
CUTS = len(_UPPER)


def in_line(
    bgr: NDArray[np.uint8], corners: NDArray[np.float32], widths: tuple[int, int], cut: int, height: int = 48
) -> NDArray[np.uint8]:
    """Both rows as one line, the upper one first: readers know lines, not two characters by themselves.

    `widths` are those of the upper and the lower part; `cut` counts through `CUTS` ways to take the upper row.
    """
    across, down = _UPPER[cut]
    upper = rectify(bgr, part(corners, across, down), (widths[0], height))
    lower = rectify(bgr, part(corners, (-0.01, 1.01), _LOWER), (widths[1], height))
    return np.hstack([upper, lower])


_BEGIN, _END = ((-0.02, 0.225), (-0.06, 1.06)), ((0.375, 1.03), (-0.06, 1.06))
_SMALL = (((0.225, 0.38), (0.42, 0.92)), ((0.205, 0.39), (0.36, 0.97)))
SMALL_CUTS = len(_SMALL)
_SMALL_WIDTHS = (64, 48, 160)


def small_enlarged(
    bgr: NDArray[np.uint8], corners: NDArray[np.float32], cut: int, height: int = 48
) -> NDArray[np.uint8]:
    """An old armed police plate as one line of equal height: WJ, its two small low digits, five digits.

    `cut` counts through `SMALL_CUTS` ways to take the small digits.
    """
    parts = zip((_BEGIN, _SMALL[cut], _END), _SMALL_WIDTHS, strict=True)
    return np.hstack([rectify(bgr, part(corners, *where), (width, height)) for where, width in parts])


def number(bgr: NDArray[np.uint8], corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """The corners of the number of a paper plate, which carries a date below it.

    Detection takes such a plate for a car's and cuts it anywhere, so the number is sought from half a height above:
    the tall band in which the most ink stands.
    """
    above, below = _SOUGHT
    tall = rectify(bgr, part(corners, (0.0, 1.0), _SOUGHT), (200, 160))
    ink = cv2.morphologyEx(cv2.cvtColor(tall, cv2.COLOR_BGR2GRAY), cv2.MORPH_BLACKHAT, np.ones((15, 25), np.uint8))
    _, dark = cv2.threshold(ink, 0, 255, cv2.THRESH_OTSU)
    density = np.minimum(0.5, (dark[:, 10:190] > 0).mean(axis=1))
    top, bottom = (above + (below - above) * row / len(density) for row in _band(density))
    rim = 0.1 * (bottom - top)
    return part(corners, (-0.03, 1.04), (top - rim, bottom + rim))


def _band(density: NDArray[np.float64]) -> tuple[int, int]:
    """First and last row of the tall band with the most ink."""
    window = len(density) // 4
    middle = int(np.convolve(density, np.ones(window) / window, mode="same").argmax())
    smooth = np.convolve(density, np.ones(5) / 5, mode="same")
    enough = 0.45 * float(np.median(smooth[max(0, middle - window // 3) : middle + window // 3]))
    top = bottom = middle
    while top > 0 and smooth[top - 1] > enough:
        top -= 1
    while bottom < len(density) - 1 and smooth[bottom + 1] > enough:
        bottom += 1
    return top, bottom


def part(corners: NDArray[np.float32], across: tuple[float, float], down: tuple[float, float]) -> NDArray[np.float32]:
    """The corners of a part of the plate, given as parts of its width and height (below 0 and above 1: outside)."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    way = cv2.getPerspectiveTransform(unit, corners.astype(np.float32))
    (left, right), (top, bottom) = across, down
    wanted = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], dtype=np.float32)
    return np.asarray(cv2.perspectiveTransform(wanted, way)[0], dtype=np.float32)
