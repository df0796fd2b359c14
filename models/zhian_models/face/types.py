"""What face recognition hands around: a found face and the detector's contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""BGR, (height, width, 3), 0..255."""

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels of the given picture."""

EYE_LEFT, EYE_RIGHT, NOSE, MOUTH_LEFT, MOUTH_RIGHT = range(5)
"""Order of the five points; left and right are the picture's, not the person's."""


@dataclass(frozen=True, eq=False)
class Face:
    """A found face.

    `points` is float32 (5, 2), x and y in pixels of the given picture, in the order above; points may lie
    outside the picture where the face is cut by its edge. `score` is the detector's, in 0..1.
    """

    box: Box
    points: NDArray[np.float32]
    score: float

    @property
    def inter_eye(self) -> float:
        """Pixels between the eyes."""
        return float(np.hypot(*(self.points[EYE_RIGHT] - self.points[EYE_LEFT])))


class FaceDetector(Protocol):
    """Finds faces; scales the picture to its network's size itself and answers in the picture's pixels."""

    def detect(self, bgr: Picture) -> list[Face]:
        """Return the faces of `bgr`, best score first."""
        ...
