"""A small picture as blocks, and whether two of them show one scene; light does not count, pure.

Blocks are compared by their fine structure (the contrast and structure term of SSIM, Wang et al. 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Floats = NDArray[np.float32]

ACROSS: Final = 16
SIDE: Final = 5
"""Blocks across a picture, and their side in pixels of the picture that is compared: 80 pixels wide."""

NOISE: Final = 30.0
"""Variance (grey levels squared) that a sensor's noise may leave in a block; weaker structure is none."""

BROKEN: Final = 0.3
"""Structure of a block below which it shows something else: 1 is the same, .6 the same at a third of the contrast."""

BRIGHT: Final = 225.0
"""Mean grey above which a block without structure is washed out: it shows nothing, not something else."""

LEAST: Final = 5
"""Blocks with structure that a picture needs to be compared by it; else by its mean grey."""

SAME: Final = 1.0
"""Mean difference in grey levels below which nothing that counts has changed."""

GREY: Final = 25.0
"""Difference of mean grey between two pictures of nothing that are not the same nothing."""

MOVED: Final = 0.82
REACH: Final = SIDE
"""What is found again this well (correlation), at most so many pixels of 80 away, only moved: jumps reach .77 (19 of
20), people who set off .86 and more."""

BACK: Final = 0.35
"""Share below which the scene of before is there again."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far two pictures differ: shares of the blocks with structure, and of all, that show something else."""

    structure: float
    all: float


NOT_APART: Final = Apart(0.0, 0.0)


class Blocks(NamedTuple):
    """Mean and variance of every block, and which are washed out."""

    means: Floats
    variances: Floats
    washed: NDArray[np.bool_]


class Sketch:
    """A small copy of a picture, a whole number of blocks each way; what else is needed is computed when it is."""

    __slots__ = ("_computed", "grey")

    def __init__(self, grey: Floats) -> None:
        self.grey = grey
        self._computed: Blocks | None = None

    @classmethod
    def of(cls, luma: Grey) -> Sketch:
        """Of a grey picture of any size."""
        down = max(1, round(luma.shape[0] * ACROSS / luma.shape[1]))
        small = cv2.resize(luma, (ACROSS * SIDE, down * SIDE), interpolation=cv2.INTER_AREA)
        return cls(small.astype(np.float32))

    @property
    def blocks(self) -> Blocks:
        """Its blocks."""
        if self._computed is None:
            means = _blocks(self.grey)
            variances: Floats = _blocks(self.grey * self.grey) - means * means
            self._computed = Blocks(means, variances, (means > BRIGHT) & (variances < NOISE))
        return self._computed

    def differs(self, other: Sketch) -> float:
        """Mean difference in grey levels."""
        return cv2.norm(self.grey, other.grey, cv2.NORM_L1) / self.grey.size

    def apart(self, other: Sketch) -> Apart:
        """How far two of one shape differ."""
        if self.differs(other) < SAME:
            return NOT_APART
        ours, theirs = self.blocks, other.blocks
        both = ours.variances + theirs.variances
        shown = (both > 2 * NOISE) & ~(ours.washed | theirs.washed)
        count = int(np.count_nonzero(shown))
        if count < LEAST:
            differ = abs(float(ours.means.mean() - theirs.means.mean())) > GREY
            return Apart(1.0, 1.0) if differ else NOT_APART
        broken = int(np.count_nonzero(shown & self._broken(other, both)))
        return Apart(broken / count, broken / both.size)

    def moved_from(self, other: Sketch) -> bool:
        """Whether what changed since `other` was there before, a little aside."""
        rows, columns = np.nonzero(self._broken(other, self.blocks.variances + other.blocks.variances))
        if not rows.size:
            return True
        area = np.s_[
            SIDE * int(rows.min()) : SIDE * (int(rows.max()) + 1),
            SIDE * int(columns.min()) : SIDE * (int(columns.max()) + 1),
        ]
        return _found(np.ascontiguousarray(self.grey[area]), other.grey, area[0].start, area[1].start)[0] >= MOVED

    def shaken_from(self, other: Sketch) -> bool:
        """Whether it is `other`'s whole scene, the camera pushed a little aside."""
        height, width = self.grey.shape
        if height <= 2 * REACH:
            return False
        inner = np.ascontiguousarray(self.grey[REACH : height - REACH, REACH : width - REACH])
        alike, top, left = _found(inner, other.grey, REACH, REACH)
        if alike < MOVED or not (0 <= top <= 2 * REACH and 0 <= left <= 2 * REACH):
            return False
        aside = other.grey[top : top + inner.shape[0], left : left + inner.shape[1]]
        return Sketch(inner).apart(Sketch(np.ascontiguousarray(aside))).structure < BACK

    def _broken(self, other: Sketch, both: Floats) -> NDArray[np.bool_]:
        """Which blocks show something else; `both` are the variances of the two added up."""
        shared = _blocks(self.grey * other.grey) - self.blocks.means * other.blocks.means
        return (both > 2 * NOISE) & (2 * shared + NOISE < BROKEN * (both + NOISE))


def _found(part: Floats, whole: Floats, top: int, left: int) -> tuple[float, int, int]:
    """Where in `whole` the `part` from (top, left) fits best, at most `REACH` away: correlation, top, left."""
    around = cv2.copyMakeBorder(whole, REACH, REACH, REACH, REACH, cv2.BORDER_REPLICATE)
    height, width = part.shape
    searched = np.ascontiguousarray(around[top : top + height + 2 * REACH, left : left + width + 2 * REACH])
    _, best, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(searched, part, cv2.TM_CCOEFF_NORMED))
    return best, top + y - REACH, left + x - REACH


def _blocks(picture: Floats) -> Floats:
    """Means of all blocks, as two small matrix products."""
    height, width = picture.shape
    return np.asarray(_averages(height).T @ picture @ _averages(width), np.float32)


@cache
def _averages(length: int) -> Floats:
    """(length, blocks): each column averages one block."""
    return np.asarray(np.kron(np.eye(length // SIDE), np.full((SIDE, 1), 1 / SIDE)), np.float32)
