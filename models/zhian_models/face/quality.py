"""How good a look at a face is for recognition: five plain measures and one score, a third of a millisecond."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.face.align import SIDE, TEMPLATE, similarity, warp
from zhian_models.face.types import EYE_LEFT, EYE_RIGHT, MOUTH_LEFT, MOUTH_RIGHT, NOSE, Face, Picture

NOSE_DEPTH = 0.52
"""How far the nose's tip stands out of the eyes' and mouth's plane, in distances from eyes to mouth.

From ArcFace's template: inter-eye distance 35.2, eyes to mouth 40.7; a nose stands out by about .6 of the former.
"""
NOSE_HEIGHT = 0.54
"""Where the nose lies between eyes (0) and mouth (1): the median of upright photographs (ArcFace's template: .495)."""


@dataclass(frozen=True)
class Quality:
    """One look at one face; everything but `size`, `yaw` and `roll` is 0 (useless) to 1 (as good as it gets).

    `size`: pixels between the eyes. `sharpness`: what the picture resolves, in an aligned crop. `pose`: how frontal
    (`yaw` and `roll` in degrees, rough, from five points). `exposure`: neither dark, nor burnt, nor flat. `border`:
    share of the face inside the picture. `score`: their product (size counted from 6 to 24 pixels, border from .4 to
    .9), so that one bad measure is enough; it weighs a track's shots (`embed.fuse`).
    """

    size: float
    sharpness: float
    pose: float
    exposure: float
    border: float
    yaw: float
    roll: float
    score: float


def measure(bgr: Picture, face: Face) -> Quality:
    """Measure the look that `bgr` gives at `face`."""
    try:
        matrix = similarity(face.points, TEMPLATE)
    except ValueError:  # five points in one place: no face that anybody could be recognised by
        return Quality(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    grey = np.asarray(cv2.cvtColor(warp(bgr, matrix), cv2.COLOR_BGR2GRAY), np.uint8)[20:108, 16:96]
    size = face.inter_eye
    sharp, (yaw, pose), exposed = sharpness(grey), frontal(face.points), exposure(grey)
    border = inside(matrix, bgr.shape[1], bgr.shape[0])
    score = ramp(size, 6, 24) * sharp * pose * exposed * ramp(border, 0.4, 0.9)
    return Quality(size, sharp, pose, exposed, border, yaw, roll(face.points), score)


def ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`, straight between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def sharpness(grey: NDArray[np.uint8]) -> float:
    """How much fine structure is left beside the coarse, in the direction that has least of it: 0..1.

    The mean second difference along rows, columns and both diagonals, the least of the four, over the mean gradient:
    the ratio knows no contrast, and the least direction notices what was moved. One smoothing before keeps sensor
    noise from counting as structure. At 0 a template has nothing left of its person, at .4 three quarters, at .75
    nine tenths (blur, shrinking and motion laid over good pictures; docs/recognition.md).
    """
    soft = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.float32)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=1 / 8)
    coarse = float(np.hypot(across, down).mean())
    return ramp(min(_second_differences(soft)) / max(coarse, 2.0), 0.12, 0.30)


def _second_differences(soft: NDArray[np.float32]) -> list[float]:
    middle = 2 * soft[1:-1, 1:-1]
    pairs = (
        (soft[1:-1, :-2], soft[1:-1, 2:], 1),
        (soft[:-2, 1:-1], soft[2:, 1:-1], 1),
        (soft[:-2, :-2], soft[2:, 2:], 2),  # a diagonal's step is longer by the root of two
        (soft[2:, :-2], soft[:-2, 2:], 2),
    )
    return [float(np.abs(middle - one - other).mean()) / step for one, other, step in pairs]


def frontal(points: NDArray[np.float32]) -> tuple[float, float]:
    """Return (yaw in degrees, how frontal 0..1) from five points.

    The nose leaves the line from eyes to mouth by NOSE_DEPTH * sin(yaw) of that line's length, and moves along it
    with the pitch. 1 when frontal, 0 from 60 degrees or with the nose a quarter of the line too high or too low.
    """
    eyes = (points[EYE_LEFT] + points[EYE_RIGHT]) / 2
    down = (points[MOUTH_LEFT] + points[MOUTH_RIGHT]) / 2 - eyes
    length = float(np.hypot(*down))
    if length < 1e-6:
        return 90.0, 0.0
    nose = points[NOSE] - eyes
    aside = float(down[1] * nose[0] - down[0] * nose[1]) / length**2
    height = float(down @ nose) / length**2
    yaw = math.degrees(math.asin(max(-1.0, min(1.0, aside / NOSE_DEPTH))))
    turned = 1 - (yaw / 60) ** 2
    nodded = 1 - ((height - NOSE_HEIGHT) / 0.25) ** 2
    return yaw, max(0.0, turned) * max(0.0, nodded)


def roll(points: NDArray[np.float32]) -> float:
    """Return how far the head leans, in degrees; positive when the picture's right eye lies lower."""
    dx, dy = points[EYE_RIGHT] - points[EYE_LEFT]
    return math.degrees(math.atan2(dy, dx))


def exposure(grey: NDArray[np.uint8]) -> float:
    """1 for a face lit well; falls with burnt or black areas, with a dark or glaring mean, with too little contrast."""
    mean, deviation = float(grey.mean()), float(grey.std())
    lost = float(np.mean((grey < 3) | (grey > 252)))
    lit = min(ramp(mean, 4, 40), ramp(255 - mean, 10, 60))
    return lit * ramp(deviation, 2, 12) * ramp(0.8 - lost, 0, 0.5)


def inside(matrix: NDArray[np.float64], width: int, height: int) -> float:
    """Return the share of the aligned crop that lies inside a picture of `width` x `height`."""
    steps = np.arange(4, SIDE, 8, dtype=np.float64)
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    source = (grid - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    return float(np.mean(np.all((source >= 0) & (source <= [width - 1, height - 1]), axis=1)))
