"""Takes looks at a plate: one reader on one cut, prepared for what may be printed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zhian_models.plate import rows
from zhian_models.plate.alphabet import BLANK, FLOOR, INDEX, WIDTH
from zhian_models.plate.detect import Runs
from zhian_models.plate.judge import Look
from zhian_models.plate.read import BLIND, FirstReader, SecondReader
from zhian_models.plate.rectify import rectify
from zhian_models.plate.types import PlateBox

_CLOSE_MARGINS = (0.0, 0.06)
_SECOND_SIZE = (160, 48)
_SECOND_MARGIN = 0.06
_WIDE_SIZE = (240, 48)  # small characters, as armed police plates have, are only read when they are spread
_WIDE_MARGINS = (0.0, 0.06)
_ROW_WIDTHS = (72, 128)
_WIDE_ROW_WIDTHS = (96, 160)

Picture = NDArray[np.uint8]
Ink = Callable[[Picture], Picture]


def as_it_is(crop: Picture) -> Picture:
    """For plates whose characters have one colour."""
    return crop


def red_as_black(crop: Picture) -> Picture:
    """The darkest channel: on white, red characters (警, WJ) are as pale as the ground to a reader of grey."""
    return np.repeat(crop.min(axis=2, keepdims=True), 3, axis=2)


def with_red_end(look: Look) -> Look:
    """The same look at a plate whose last character is known to be red: most likely 警, which readers often drop."""
    if look.plain.text.endswith("警"):
        return look
    end = np.full((1, WIDTH), FLOOR, dtype=np.float32)
    end[0, [BLANK, INDEX["警"]]] = 0.3, 0.7
    return replace(look, frames=np.concatenate([look.frames, end]))


class Looker:
    """Both readers, and the cuts that each was measured best at."""

    def __init__(self, runtime: Runs) -> None:
        self._first = FirstReader(runtime)
        self._second = SecondReader(runtime)

    def first(self, crop: Picture) -> Look:
        """The first reader on a rectified plate."""
        return Look(self._first.read([crop])[0], blind=BLIND)

    def second(self, bgr: Picture, box: PlateBox) -> Look:
        """The second reader at its usual size."""
        return Look(self._second.read([rectify(bgr, box.corners, _SECOND_SIZE, _SECOND_MARGIN)])[0])

    def close(self, bgr: Picture, box: PlateBox, ink: Ink) -> list[Look]:
        """Both readers on several margins of corners that were found from close by; the second one spread wide."""
        firsts = self._first.read([rectify(bgr, box.corners, margin=margin) for margin in _CLOSE_MARGINS])
        plain, inked = (rectify(bgr, box.corners, _WIDE_SIZE, margin) for margin in _WIDE_MARGINS)
        seconds = self._second.read([plain, ink(inked)])
        return [Look(frames, weight=0.5, blind=BLIND) for frames in firsts] + [Look(frames) for frames in seconds]

    def in_rows(self, bgr: Picture, box: PlateBox, ink: Ink) -> list[Look]:
        """One look at the plate as one of two rows, one as a paper one with the date below its number."""
        line = rows.in_line(bgr, box.corners, _ROW_WIDTHS, 0)
        paper = rectify(bgr, rows.number(bgr, box.corners), _SECOND_SIZE)
        return [
            Look(self._second.read([ink(line)])[0], rows=2),
            Look(self._second.read([paper])[0], paper=True),
        ]

    def small_enlarged(self, bgr: Picture, box: PlateBox) -> list[Look]:
        """Looks at the plate as an old one of the armed police, with its small digits made large."""
        lines = [red_as_black(rows.small_enlarged(bgr, box.corners, cut)) for cut in range(rows.SMALL_CUTS)]
        return [Look(frames, small=True) for frames in self._second.read(lines)]

    def in_rows_close(self, bgr: Picture, box: PlateBox, ink: Ink) -> list[Look]:
        """The same with every cut of the upper row, spread wide."""
        lines = [ink(rows.in_line(bgr, box.corners, _WIDE_ROW_WIDTHS, cut)) for cut in range(rows.CUTS)]
        paper = rectify(bgr, rows.number(bgr, box.corners), _SECOND_SIZE)
        looks = [Look(frames, rows=2) for frames in self._second.read(lines)]
        return [*looks, Look(self._second.read([paper])[0], paper=True)]
