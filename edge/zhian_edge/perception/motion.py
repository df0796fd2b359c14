"""Whether something in the picture moved, and whether it was cut; looks at a small grey picture only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from .cuts import Cuts

LUMA_WIDTH = 160
"""Pixels: a person 30 pixels high at 720p still covers some ten pixels of the small picture."""

STEP = 14
"""Grey levels by which a pixel must differ to have changed; sensor noise is below, after smoothing."""

SHARE = 0.0012
"""Share of pixels that must have changed: 17 of 160x90."""

RESTLESS: Final = 3.0
"""A pixel must differ by so many times more than it usually does from frame to frame: leaves, water, a bad lamp."""

LEARN: Final = 0.02
LEARN_MS: Final = 100
"""Share of the newest difference in what is usual, taken at most this often: who passes leaves hardly a trace."""

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Change:
    """What happened since the frame before.

    Attributes:
        moved: something moved since the last frame that was looked at.
        cut: another scene, or another time of the same one; nothing may be carried over.
        shaken: so different that an association needs a second witness; holds until somebody looked.
        unsure: it may be a cut, which the next frames tell; until then nothing may be looked at.
    """

    moved: bool
    cut: bool
    shaken: bool
    unsure: bool = False


class MotionGate:
    """Compares each small grey picture with those before (cuts) and with the last one looked at (movement)."""

    def __init__(self) -> None:
        self._latest: Grey | None = None
        self._looked: Grey | None = None
        self._usual: NDArray[np.float32] | None = None
        self._learnt_ms = 0
        self._cuts = Cuts()
        self._shaken = False

    def step(self, luma: Grey, now_ms: int) -> Change:
        """`luma` (height, width), `LUMA_WIDTH` wide. The first picture counts as moved."""
        before, self._latest = self._latest, np.asarray(cv2.blur(luma, (3, 3)), np.uint8)
        verdict = self._cuts.step(luma, now_ms)
        if verdict.cut:
            self._looked = self._usual = None
        elif before is not None and now_ms - self._learnt_ms >= LEARN_MS:
            self._learn(before, self._latest)
            self._learnt_ms = now_ms
        self._shaken = verdict.doubt or (self._shaken and not verdict.cut)
        return Change(moved=self._moved(self._latest), cut=verdict.cut, shaken=self._shaken, unsure=verdict.unsure)

    def looked(self) -> None:
        """The latest picture was looked at: movement counts from here, so that slow movement adds up."""
        self._looked = self._latest
        self._shaken = False

    def _learn(self, before: Grey, now: Grey) -> None:
        differs = _differs(before, now)
        if self._usual is None or self._usual.shape != differs.shape:
            self._usual = np.zeros(differs.shape, np.float32)
        cv2.accumulateWeighted(differs, self._usual, LEARN)

    def _moved(self, now: Grey) -> bool:
        if self._looked is None or self._looked.shape != now.shape:
            return True
        beyond = cv2.subtract(_differs(self._looked, now), STEP)  # type: ignore[call-overload] # a number for each pixel
        if self._usual is not None and self._usual.shape == now.shape:
            beyond = cv2.subtract(beyond, cv2.convertScaleAbs(self._usual, alpha=RESTLESS))
        return cv2.countNonZero(beyond) >= SHARE * now.size


def _differs(before: Grey, now: Grey) -> Grey:
    """Grey levels by which each pixel changed, but for what the whole picture did: a lamp, the exposure."""
    lighter = float(cv2.mean(now)[0] - cv2.mean(before)[0])
    raised = cv2.add(before, lighter) if lighter >= 0 else cv2.subtract(before, -lighter)  # type: ignore[call-overload]
    return np.asarray(cv2.absdiff(now, raised), np.uint8)
