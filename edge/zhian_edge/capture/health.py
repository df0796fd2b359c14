"""Whether a camera's pictures are worth anything: dark, covered, frozen, out of focus, or of another place; pure.

That no pictures come at all is not seen here but by their age (`supervisor.ServiceStatus`). What cannot be told apart:
a lens cap from a wall of one colour (both are `blocked`), and thick fog from a lens out of focus.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

import cv2
import numpy as np

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.health_cover import Cover
from zhian_edge.capture.health_view import View
from zhian_edge.capture.pixels import Picture

#: What is wrong with a camera's pictures; "" is nothing. `drift` is of their time stamps (`health_stamps`).
Cause = Literal["", "dark", "blocked", "frozen", "defocused", "moved", "drift"]
#: With these a camera still sees: where it should not look, or with wrong times.
SEEING: Final[frozenset[Cause]] = frozenset({"", "moved", "drift"})

#: Milliseconds that a finding must last before it holds; "" is the way back.
_HOLD_MS: Final[Mapping[Cause, int]] = MappingProxyType(
    # A coder that saves bits repeats a still picture exactly, but not over its key frames: mostly one to nine seconds
    # apart. Whoever depends on the camera must hear of it within 15 s.
    {"": 3_000, "dark": 5_000, "blocked": 5_000, "frozen": 10_000, "defocused": 30_000, "moved": 30_000}
)
_WIDTH: Final = 160
#: Fine enough for a lens out of focus, too coarse for most of a sensor's noise.
_FINE_WIDTH: Final = 320


@dataclass(frozen=True, slots=True)
class HealthLimits:
    """When a picture is no good. Brightness is luma, 0..255; coded black is 16 with most cameras.

    Attributes:
        sample_ms: one picture in so long is looked at.
        dark: the brightest hundredth of the picture is below this.
        flat: standard deviation of the brightness below which there is nothing to see.
        soft: share of its usual fine detail below which a picture is out of focus.
        learn: looks that make "usual"; before them nothing is called out of focus.
        hold_ms: how long a finding must last, by cause.
    """

    sample_ms: int = 1_000
    dark: float = 48.0
    flat: float = 5.0
    soft: float = 0.2
    learn: int = 60
    hold_ms: Mapping[Cause, int] = field(default_factory=lambda: _HOLD_MS)


class PictureHealth:
    """Follows the pictures of one camera. `cause` is what is wrong with them now."""

    def __init__(self, limits: HealthLimits | None = None) -> None:
        self._limits = limits or HealthLimits()
        self.cause: Cause = ""
        self._pending: Cause = ""
        self._pending_since = 0
        self._sampled_ms: int | None = None
        self._before: Picture | None = None
        self._usual: list[float] = []
        self._view = View()
        self._cover = Cover()

    def step(self, frame: Frame, now_ms: int) -> bool:
        """A frame came at `now_ms`; whether `cause` changed with it."""
        if self._sampled_ms is not None and now_ms - self._sampled_ms < self._limits.sample_ms:
            return False
        self._sampled_ms = now_ms
        found = self._judge(frame)
        if found != self._pending:
            self._pending, self._pending_since = found, now_ms
        if found == self.cause or now_ms - self._pending_since < self._limits.hold_ms[found]:
            return False
        self.cause = found
        return True

    def _judge(self, frame: Frame) -> Cause:
        small, before = frame.luma(_WIDTH), self._before
        self._before = small
        spread = float(small.std())
        if float(np.percentile(small, 99)) < self._limits.dark:
            return "dark"
        if spread < self._limits.flat:
            return "blocked"
        if before is not None and np.array_equal(before, small):
            return "frozen"
        if self._cover.step(small):
            return "blocked"
        edges = float(cv2.Laplacian(frame.luma(_FINE_WIDTH), cv2.CV_32F).var())
        if self._is_soft(edges / (spread * spread + 1)):
            return "defocused"
        return "moved" if self._view.step(small) else ""

    def _is_soft(self, detail: float) -> bool:
        """Compare with what is usual for this camera, which is learnt from what was not soft."""
        limits = self._limits
        if len(self._usual) >= limits.learn and detail < limits.soft * float(np.median(self._usual)):
            return True
        self._usual.append(detail)
        if len(self._usual) > 2 * limits.learn:
            del self._usual[: -limits.learn]
        return False
