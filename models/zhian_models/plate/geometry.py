"""Boxes and corners of plates (pure)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""x, y, width, height."""


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0.0, width) * max(0.0, height)
    return common / max(1e-9, one[2] * one[3] + other[2] * other[3] - common)


def upright(corners: NDArray[np.float32]) -> Box:
    """The box around four corners."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])


_RIM = 0.05


def cut_off(corners: NDArray[np.float32], width: int, height: int) -> bool:
    """Whether the plate reaches the edge of its picture, so that a part of it may lie beyond.

    Corners are exact to about `_RIM` of a plate's length: what ends so near the edge may go on behind it.
    """
    rim = _RIM * float(np.linalg.norm(corners[1] - corners[0]))
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return bool(left < rim or right > width - 1 - rim or top < 0 or bottom > height - 1)
