"""What a picture is like before anybody is in it: sharp, bright enough, not burnt; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from zhian_models.face.quality import sharpness

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.pixels import Picture

#: Side of a patch in pixels, and the mean gradient (brightness steps per pixel) that makes it worth judging.
_PATCH: Final = 96
_STRUCTURE: Final = 2.0
#: Fewer patches with structure than this, and sharpness cannot be told.
_PATCHES: Final = 3
#: Pictures looked at, evenly over the sample.
_LOOKS: Final = 5


@dataclass(frozen=True, slots=True)
class Optics:
    """Medians over some pictures of one camera.

    Attributes:
        sharpness: 0..1, that of the sharper quarter of all patches with structure; None where there are too few.
        brightness: mean, 0..255.
        burnt, black: share of the picture that is white or black without any detail.
    """

    sharpness: float | None
    brightness: float
    burnt: float
    black: float


def measure(frames: Sequence[Frame]) -> Optics | None:
    """Optics of a camera from frames of it; None without any frame."""
    chosen = frames[:: max(1, len(frames) // _LOOKS)][:_LOOKS]
    if not chosen:
        return None
    greys = [np.asarray(cv2.cvtColor(frame.bgr(), cv2.COLOR_BGR2GRAY), np.uint8) for frame in chosen]
    sharp = [value for grey in greys if (value := picture_sharpness(grey)) is not None]
    return Optics(
        sharpness=float(np.median(sharp)) if sharp else None,
        brightness=float(np.median([grey.mean() for grey in greys])),
        burnt=float(np.median([(grey >= 250).mean() for grey in greys])),
        black=float(np.median([(grey <= 10).mean() for grey in greys])),
    )


def picture_sharpness(grey: Picture) -> float | None:
    """0..1: how much fine structure is left beside the coarse, whatever the contrast; None where nothing has any.

    Real footage gives .67 to 1; the same with a Gaussian blur of 1.5 pixels .4 to .7, of 2 pixels .3 to .56, of 3
    pixels .16 to .33.
    """
    values = [sharpness(patch) for patch in _patches(grey) if _gradient(patch) >= _STRUCTURE]
    return float(np.percentile(values, 75)) if len(values) >= _PATCHES else None


def _patches(grey: Picture) -> list[Picture]:
    height, width = grey.shape
    rows, columns = range(0, height - _PATCH + 1, _PATCH), range(0, width - _PATCH + 1, _PATCH)
    return [grey[y : y + _PATCH, x : x + _PATCH] for y in rows for x in columns]


def _gradient(patch: Picture) -> float:
    soft = cv2.GaussianBlur(patch, (3, 3), 0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=1 / 8)
    return float(np.hypot(across, down).mean())
