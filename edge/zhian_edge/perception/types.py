"""What the stages of perception hand each other within one camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from zhian_wire.events import BodyKind

from zhian_edge.config.types import Sense

Picture = NDArray[np.uint8]
"""BGR, (height, width, 3), 0..255."""

Box = tuple[float, float, float, float]
"""x, y, width, height in pixels of the full-resolution frame."""


@dataclass(frozen=True, eq=False)
class Detection:
    """Something found in one frame, in pixels of the full-resolution frame.

    Attributes:
        points: a face's five points (5, 2), a plate's four corners (4, 2), None for a body.
        label: kind of a body.
    """

    kind: Sense
    box: Box
    score: float
    points: NDArray[np.float32] | None = None
    label: BodyKind | None = None
