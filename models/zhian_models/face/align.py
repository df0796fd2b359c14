"""Turns a face upright: five points onto ArcFace's template by a similarity transform."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.face.types import Picture

SIDE = 112
"""Pixels of an aligned crop's side."""

FINER = 2
"""How much finer `align_smoothly` samples before it averages; three times gave nothing more."""

TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Where ArcFace wants the five points in a crop of 112x112 (Deng et al. 2019; `insightface.utils.face_align`)."""

TEMPLATE.setflags(write=False)


def similarity(source: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the 2x3 rotation, scale and shift that moves `source` (n, 2) onto `target` with least squares.

    Umeyama, IEEE PAMI 13(4), 1991, equations 34-43. Raises ValueError when the points of `source` coincide.
    """
    origin, goal = source.mean(axis=0, dtype=np.float64), target.mean(axis=0, dtype=np.float64)
    from_points, to_points = source - origin, target - goal
    spread = float(np.mean(np.sum(from_points**2, axis=1)))
    if spread < 1e-12:
        raise ValueError("the points of a face coincide")
    u, strength, vt = np.linalg.svd(to_points.T @ from_points / len(source))
    mirror = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt)) or 1.0])
    rotation = u @ np.diag(mirror) @ vt
    turn = rotation * float(strength @ mirror) / spread
    return np.hstack([turn, (goal - turn @ origin)[:, None]])


def align(bgr: Picture, points: NDArray[np.float32]) -> Picture:
    """Cut the face with the five `points` (5, 2) out of `bgr`: 112x112x3, black where the picture ends."""
    return warp(bgr, similarity(points, TEMPLATE))


def align_smoothly(bgr: Picture, points: NDArray[np.float32], zoom: float) -> Picture:
    """As `align`, with the face `zoom` times as large, sampled twice as finely and averaged.

    A face that is larger in its picture than in the crop would alias otherwise.
    """
    middle = np.float32((SIDE - 1) / 2)
    goal = (TEMPLATE - middle) * np.float32(zoom) + middle
    matrix = similarity(points, (goal + np.float32(0.5)) * np.float32(FINER) - np.float32(0.5))
    side = SIDE * FINER
    fine = cv2.warpAffine(bgr, matrix, (side, side), flags=cv2.INTER_LINEAR, borderValue=0)
    return np.asarray(cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def warp(bgr: Picture, matrix: NDArray[np.float64]) -> Picture:
    """Apply a 2x3 `matrix` (picture to crop) and return the 112x112 crop."""
    return np.asarray(cv2.warpAffine(bgr, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=0), np.uint8)
