"""Whether the picture moved, was shaken or was cut; looks at a small grey picture only."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

LUMA_WIDTH = 160
"""Pixels: a person 30 pixels high at 720p still covers some ten pixels of the small picture."""

STEP = 14
"""Grey levels by which a pixel must differ to have changed; sensor noise is below, after smoothing."""

SHARE = 0.0012
"""Share of pixels that must have changed: 17 of 160x90."""

CUT_BELOW = 0.6
"""Correlation of two pictures in a row below which they show two scenes; frames of one scene stay above .8."""

JUMP_BELOW = 0.92
JUMP_TIMES = 5.0
"""Within one scene pictures change smoothly: whoever comes near or passes before the lens changes them a little more
with every frame. A likeness below `JUMP_BELOW` that is `JUMP_TIMES` farther from 1 than any of the last frames' is a
jump in time: somebody is there or gone from one frame to the next. (In the development reels jumps are 50 times
farther, the liveliest scenes 2.5 times.)"""

RECENT = 8
"""Frames that the liveliness of a scene is taken from; a jump needs at least three."""

PROMPT_MS = 130
"""Only frames that follow each other this closely show a jump; where frames were dropped, much may happen between."""

CALM = 0.004
"""Change between frames that a calm scene may have at any time."""

DOUBT_BELOW = 0.85
"""Below this something passed right before the lens, or the camera was pushed: associations are checked."""


@dataclass(frozen=True)
class Change:
    """What happened since the frame before.

    Attributes:
        moved: something moved since the last frame that was looked at.
        cut: another scene, or another time of the same one; nothing may be carried over.
        shaken: so different that an association needs a second witness.
    """

    moved: bool
    cut: bool
    shaken: bool


class MotionGate:
    """Compares each small grey picture with the one before (cuts) and with the last one looked at (movement)."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._looked: NDArray[np.uint8] | None = None
        self._changes: deque[float] = deque(maxlen=RECENT)
        self._last_ms = 0

    def step(self, luma: NDArray[np.uint8], now_ms: int) -> Change:
        """`luma` (height, width), `LUMA_WIDTH` wide. The first picture counts as moved."""
        prompt = now_ms - self._last_ms <= PROMPT_MS
        self._last_ms = now_ms
        small = np.asarray(cv2.blur(luma, (3, 3)), np.uint8)
        before, self._before = self._before, small
        if before is None or before.shape != small.shape:
            self._looked = None
            self._changes.clear()
            return Change(moved=True, cut=before is not None, shaken=False)
        alike = likeness(before, small)
        cut = alike < CUT_BELOW or (prompt and self._jumped(alike))
        if cut:
            self._changes.clear()
        else:
            self._changes.append(1 - alike)
        return Change(moved=cut or self._moved(small), cut=cut, shaken=alike < DOUBT_BELOW or self._dissolved(small))

    def looked(self) -> None:
        """The latest picture was looked at: movement counts from here, so that slow movement adds up."""
        self._looked = self._before

    def _jumped(self, alike: float) -> bool:
        if alike >= JUMP_BELOW or len(self._changes) < 3:
            return False
        return 1 - alike > JUMP_TIMES * max(CALM, *self._changes)

    def _dissolved(self, small: NDArray[np.uint8]) -> bool:
        """Whether little is left of the picture that was looked at last, though it went step by step."""
        return self._looked is not None and likeness(self._looked, small) < CUT_BELOW

    def _moved(self, small: NDArray[np.uint8]) -> bool:
        if self._looked is None:
            return True
        changed = int(np.count_nonzero(cv2.absdiff(small, self._looked) > STEP))
        return changed >= SHARE * small.size


def likeness(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Correlation of two grey pictures, -1..1; brightness and contrast do not count, so a lamp is no cut.

    Two flat pictures are alike when their greys are.
    """
    x, y = a.astype(np.float32), b.astype(np.float32)
    x, y = x - x.mean(), y - y.mean()
    spread = float(np.sqrt((x * x).mean() * (y * y).mean()))
    if spread < 4.0:  # two grey levels of deviation each: nothing to correlate
        return 1.0 if abs(float(a.mean()) - float(b.mean())) < 25 and (x * x).mean() < 16 > (y * y).mean() else 0.0
    return float((x * y).mean()) / spread
