"""Whether a good part of a lens is covered: places that used to show something show nothing, the others still do. Pure.

Dusk and fog take from everywhere; a hand, tape, spray, a leaf or a parked lorry's side takes from one part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_edge.capture.pixels import Picture

_ACROSS: Final = 16
_Spread = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CoverLimits:
    """When a part is covered; looks come about once a second.

    Attributes:
        shows: standard deviation of the brightness within a block, of 16 across, that usually shows something.
        nothing: below this it shows nothing now.
        share: of the blocks that usually show something, so many show nothing.
        keeps: the median of the others keeps at least this share of its usual spread.
        learn: looks that make "usual".
        follow: looks over which it follows.
    """

    shows: float = 6.0
    nothing: float = 2.0
    share: float = 0.35
    keeps: float = 0.6
    learn: int = 60
    follow: int = 300


class Cover:
    """Follows how much each part of one camera's pictures shows."""

    def __init__(self, limits: CoverLimits | None = None) -> None:
        self._limits = limits or CoverLimits()
        self._usual: _Spread | None = None
        self._looks = 0

    def step(self, luma: Picture) -> bool:
        """A grey picture (height, width) was looked at; whether a part of the lens is covered."""
        spread = _spread(luma)
        if self._usual is None or self._usual.shape != spread.shape:
            self._usual, self._looks = spread.copy(), 1
            return False
        covered = self._looks > self._limits.learn and self._is_covered(spread, self._usual)
        if not covered:
            self._looks += 1
            cv2.accumulateWeighted(spread, self._usual, 1 / min(self._looks, self._limits.follow))
        return covered

    def _is_covered(self, spread: _Spread, usual: _Spread) -> bool:
        limits = self._limits
        showed = usual > limits.shows
        nothing = showed & (spread < limits.nothing)
        others = showed & ~nothing
        if not others.any() or np.count_nonzero(nothing) < limits.share * np.count_nonzero(showed):
            return False
        return float(np.median(spread[others] / usual[others])) >= limits.keeps


def _spread(luma: Picture) -> _Spread:
    """Standard deviation of the brightness in each block."""
    size = (_ACROSS, max(1, round(_ACROSS * luma.shape[0] / luma.shape[1])))
    grey = luma.astype(np.float32)
    mean, square = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (grey, grey * grey))
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)), np.float32)
