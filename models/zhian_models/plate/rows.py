"""Plates in two rows: where the rows part, and both set into one line for the readers."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.rectify import rectify

SURELY_ONE = 2.7
"""Width over height above which no plate has two rows (two: 1.6 to 2.0 square on, one: 3.1 to 3.4)."""
_CUT = (192, 108)


def gap(crop: NDArray[np.uint8]) -> float:
    """Where the rows of a rectified plate part, as a part of its height (0.3 to 0.52)."""
    grey = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), dtype=np.float32)
    height = len(grey)
    strokes = np.abs(np.diff(grey[:, grey.shape[1] // 10 : -grey.shape[1] // 10], axis=1)).mean(axis=1)
    smooth = np.convolve(strokes, np.ones(5) / 5, mode="same")
    low, high = round(0.3 * height), round(0.52 * height)
    return (low + int(smooth[low:high].argmin())) / height


def one_line(
    bgr: NDArray[np.uint8], corners: NDArray[np.float32], height: int, part: float | None = None
) -> NDArray[np.uint8]:
    """The upper row set before the lower one, `height` pixels high.

    `part` is where the rows part; measured on the plate if it is not given.
    """
    crop = rectify(bgr, corners, _CUT, margin=0.03)
    split = round((gap(crop) if part is None else part) * len(crop))
    upper = crop[2 : split + 2, round(0.12 * _CUT[0]) : round(0.88 * _CUT[0])]
    lower = crop[split - 2 :]
    widths = (round(height * 1.5), round(height * 2.6))
    pieces = [
        cv2.resize(piece, (width, height), interpolation=cv2.INTER_LINEAR)
        for piece, width in zip((upper, lower), widths, strict=True)
    ]
    return np.asarray(np.hstack(pieces), dtype=np.uint8)
