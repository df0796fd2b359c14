"""Whether a camera still looks where it did: its fixed edges against those learnt over minutes. Pure.

Edges, not brightness, and relative to the picture's own contrast, so that lamps and the sun do not count; averaged over
some looks, so that who passes leaves no trace. Edges that fit better elsewhere are a camera that was pushed; edges that
fit nowhere are another view altogether.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_edge.capture.pixels import Picture

_Edges = NDArray[np.float32]
#: The border that is left out, so that the rest can be sought as far away; a share of the picture on each side.
_INNER: Final = 0.15


@dataclass(frozen=True, slots=True)
class ViewLimits:
    """When a view counts as another one; looks come about once a second.

    Attributes:
        learn: looks of one steady scene that make its reference.
        recent: looks that what is seen now is averaged over.
        follow: looks over which the reference follows (the sun, the seasons) while nothing moved.
        shift: share of the picture's width that the edges must have moved.
        back: share below which a moved camera counts as turned back.
        alike: correlation of edges above which two pictures show one place.
        better: by this the correlation elsewhere must exceed that in place.
        strange: correlation in place below which it is another place, wherever that fits.
        accept: looks after which a new view is taken for granted.
    """

    learn: int = 90
    recent: int = 8
    follow: int = 600
    shift: float = 0.0125
    back: float = 0.006
    alike: float = 0.5
    better: float = 0.05
    strange: float = 0.4
    accept: int = 1800


class View:
    """Follows where one camera looks. `moved` is whether it looks elsewhere than it used to."""

    def __init__(self, limits: ViewLimits | None = None) -> None:
        self._limits = limits or ViewLimits()
        self.moved = False
        self._reference: _Edges | None = None
        self._recent: _Edges | None = None
        self._looks = 0
        self._moved_for = 0

    def step(self, luma: Picture) -> bool:
        """A grey picture (height, width) was looked at; returns `moved`."""
        edges = _edges(luma)
        if self._reference is None or self._recent is None or self._reference.shape != edges.shape:
            self._begin(edges)
            return self.moved
        cv2.accumulateWeighted(edges, self._recent, 1 / self._limits.recent)
        self._looks += 1
        if self._looks <= self._limits.learn:
            self._learn(edges, self._reference, self._recent)
        else:
            self._judge(edges, self._reference, self._recent)
        return self.moved

    def _begin(self, edges: _Edges) -> None:
        self._reference, self._recent = edges.copy(), edges.copy()
        self._looks, self._moved_for, self.moved = 0, 0, False

    def _learn(self, edges: _Edges, reference: _Edges, recent: _Edges) -> None:
        if _found(reference, recent)[0] < self._limits.alike:
            self._begin(edges)  # the scene is not steady yet
            return
        cv2.accumulateWeighted(edges, reference, 1 / (self._looks + 1))

    def _judge(self, edges: _Edges, reference: _Edges, recent: _Edges) -> None:
        here, there, far = _found(reference, recent)
        self.moved = self._elsewhere(here, there, far)
        if not self.moved:
            self._moved_for = 0
            if here > self._limits.alike:  # what half covers the view is not learnt
                cv2.accumulateWeighted(edges, reference, 1 / self._limits.follow)
            return
        self._moved_for += 1
        if self._moved_for > self._limits.accept:
            self._begin(recent)

    def _elsewhere(self, here: float, there: float, far: float) -> bool:
        limits = self._limits
        if there > limits.alike and there > here + limits.better:
            return far > (limits.back if self.moved else limits.shift)
        return here < limits.strange


def _edges(luma: Picture) -> _Edges:
    """Strength of the edges, 0 to 1, relative to what is usual in this picture."""
    smooth = cv2.GaussianBlur(luma, (3, 3), 0).astype(np.float32)
    strength = cv2.magnitude(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1))
    return np.asarray(strength / (strength + strength.mean() + 1), np.float32)


def _found(reference: _Edges, recent: _Edges) -> tuple[float, float, float]:
    """Correlation (-1 to 1) of the reference's inner part in place and where it fits best, and how far that is away.

    Distance as a share of the width. (OpenCV 5's phase correlation writes into its arguments.)
    """
    height, width = reference.shape
    top, left = round(height * _INNER), round(width * _INNER)
    inner = reference[top : height - top, left : width - left]
    fits = cv2.matchTemplate(recent, np.ascontiguousarray(inner), cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(fits)
    return float(fits[top, left]), best, float(np.hypot(x - left, y - top)) / width
