"""Plates in two rows: where either row lies."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


SURELY_ONE = 2.7
"""Width over height above which no plate has two rows (two: 1.6 to 2.0 square on, one: 3.1 to 3.4)."""
_LOWER = (0.32, 1.04)
_NUMBER = ((0.02, 0.58), (-0.02, 0.50), (-0.1, 0.45))
_UPPER = (((0.12, 0.88), (-0.07, 0.40)), ((0.16, 0.84), (-0.12, 0.42)), ((0.08, 0.92), (-0.04, 0.38)))
"""Where the rows lie on the plate, as parts of its width and height; detection cuts the upper one more or less."""


def lower(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """The corners of the lower row."""
    return part(corners, (-0.01, 1.01), _LOWER)


def uppers(corners: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The corners of the upper row, likeliest cut first."""
    return [part(corners, across, down) for across, down in _UPPER]


def numbers(corners: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The corners of the number of a paper plate, which carries a date below it."""
    return [part(corners, (0.0, 1.0), down) for down in _NUMBER]


def part(
    corners: NDArray[np.float32], across: tuple[float, float], down: tuple[float, float]
) -> NDArray[np.float32]:
    """The corners of a part of the plate, given as parts of its width and height (below 0 and above 1: outside)."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    way = cv2.getPerspectiveTransform(unit, corners.astype(np.float32))
    (left, right), (top, bottom) = across, down
    wanted = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], dtype=np.float32)
    return np.asarray(cv2.perspectiveTransform(wanted, way)[0], dtype=np.float32)
