"""Whether a camera sees: no pictures, dark, covered, frozen or out of focus; pure, told once each way.

What it cannot tell apart: a lens cap from a wall of one colour (both are `blocked`), and fog from a lens out of focus.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

import cv2
import numpy as np

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.pixels import Picture
from zhian_edge.signals import CameraReport

Cause = Literal["", "no_frames", "dark", "blocked", "frozen", "defocused"]

#: Milliseconds that a finding must last before it is told; "" is the way back.
_HOLD_MS: Final[Mapping[Cause, int]] = MappingProxyType(
    # A coder that saves bits repeats a still picture exactly, but not over its key frames: seconds apart.
    {"": 3_000, "dark": 5_000, "blocked": 5_000, "frozen": 20_000, "defocused": 30_000}
)
_WIDTH: Final = 160
_FINE_WIDTH: Final = 640


@dataclass(frozen=True, slots=True)
class HealthLimits:
    """When a picture is no good. Brightness is luma, 0..255; coded black is 16 with most cameras.

    Attributes:
        stale_ms: no frame for so long is `no_frames`.
        sample_ms: one picture in so long is looked at.
        dark: the brightest hundredth of the picture is below this.
        flat: standard deviation of the brightness below which there is nothing to see.
        soft: share of its usual fine detail below which a picture is out of focus.
        learn: looks that make "usual"; before them nothing is called out of focus.
        hold_ms: how long a finding must last, by cause.
    """

    stale_ms: int = 5_000
    sample_ms: int = 1_000
    dark: float = 48.0
    flat: float = 5.0
    soft: float = 0.2
    learn: int = 60
    hold_ms: Mapping[Cause, int] = field(default_factory=lambda: _HOLD_MS)


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture shows: its brightest hundredth, spread of brightness, and fine detail for that spread."""

    bright: float
    spread: float
    detail: float

    @classmethod
    def at(cls, frame: Frame) -> Look:
        small, fine = frame.luma(_WIDTH), frame.luma(_FINE_WIDTH)
        spread = float(small.std())
        edges = float(cv2.Laplacian(fine, cv2.CV_32F).var())
        return cls(float(np.percentile(small, 99)), spread, edges / (spread * spread + 1))


class CameraHealth:
    """Follows one camera. `step` takes its frames, `tick` the time; both give a report only when something changed."""

    def __init__(self, camera: str, started_ms: int, limits: HealthLimits | None = None) -> None:
        self._camera = camera
        self._limits = limits or HealthLimits()
        self._started_ms = started_ms
        self._status: Literal["ok", "blind", "starting"] = "starting"
        self._cause: Cause = ""
        self._detail = ""
        self._pending: Cause = ""
        self._pending_since = started_ms
        self._last_frame_ms: int | None = None
        self._sampled_ms: int | None = None
        self._frames = 0
        self._before: Picture | None = None
        self._usual: list[float] = []

    def step(self, frame: Frame, now_ms: int) -> CameraReport | None:
        """A frame came."""
        self._frames += 1
        self._last_frame_ms = now_ms
        if self._status == "starting" or self._cause == "no_frames":
            self._pending, self._pending_since = "", now_ms
            return self._change("", now_ms, "")
        if self._sampled_ms is not None and now_ms - self._sampled_ms < self._limits.sample_ms:
            return None
        self._sampled_ms = now_ms
        return self._found(self._judge(frame), now_ms)

    def tick(self, now_ms: int, detail: str = "") -> CameraReport | None:
        """Time passed; `detail` says why no frames come, where somebody knows."""
        since = self._started_ms if self._last_frame_ms is None else self._last_frame_ms
        if now_ms - since <= self._limits.stale_ms or self._cause == "no_frames":
            return None
        self._before = None
        return self._change("no_frames", now_ms, detail)

    def report(self, now_ms: int, dropped: int = 0) -> CameraReport:
        """How the camera is now, for the heart-beat."""
        return CameraReport(
            camera=self._camera,
            at_ms=now_ms,
            status=self._status,
            cause=self._cause,
            detail=self._detail,
            last_frame_ms=self._last_frame_ms,
            frames=self._frames,
            dropped=dropped,
        )

    def _judge(self, frame: Frame) -> Cause:
        small, before = frame.luma(_WIDTH), self._before
        self._before = small
        look = Look.at(frame)
        if look.bright < self._limits.dark:
            return "dark"
        if look.spread < self._limits.flat:
            return "blocked"
        if before is not None and np.array_equal(before, small):
            return "frozen"
        return "defocused" if self._is_soft(look.detail) else ""

    def _is_soft(self, detail: float) -> bool:
        """Compare with what is usual for this camera, which is learnt from what was not soft."""
        limits = self._limits
        if len(self._usual) >= limits.learn and detail < limits.soft * float(np.median(self._usual)):
            return True
        self._usual.append(detail)
        if len(self._usual) > 2 * limits.learn:
            del self._usual[: -limits.learn]
        return False

    def _found(self, cause: Cause, now_ms: int) -> CameraReport | None:
        if cause != self._pending:
            self._pending, self._pending_since = cause, now_ms
        if cause == self._cause or now_ms - self._pending_since < self._limits.hold_ms[cause]:
            return None
        return self._change(cause, now_ms, "")

    def _change(self, cause: Cause, now_ms: int, detail: str) -> CameraReport:
        self._status = "blind" if cause else "ok"
        self._cause, self._detail = cause, detail
        return self.report(now_ms)
