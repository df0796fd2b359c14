"""Reads plates of a picture: one look where that is enough, more where it is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zhian_models.plate import colour as colours
from zhian_models.plate import rows
from zhian_models.plate.alphabet import SYMBOLS
from zhian_models.plate.certain import STRAIN, refusal
from zhian_models.plate.close import SUSPECTED
from zhian_models.plate.detect import NETWORK as DETECTOR
from zhian_models.plate.detect import PlateDetector, Runs
from zhian_models.plate.find import FILLS, Finder, bare
from zhian_models.plate.fuzzy import edits
from zhian_models.plate.geometry import cut_off, overlap, upright
from zhian_models.plate.judge import Look, Verdict, agreed, judge, obvious, supports
from zhian_models.plate.looks import Looker, as_it_is, red_as_black, with_red_end
from zhian_models.plate.read import BLIND, FIRST, SECOND
from zhian_models.plate.rectify import aspect, rectify, sharpness
from zhian_models.plate.types import Colour, Kind, Plate, PlateBox, Reading, RejectReason

Weighs = Callable[[list[Look], dict[Colour, float]], Verdict | None]
"""What becomes of looks that are not obvious, given how well each colour fits; may add further ones."""
NETWORKS = (DETECTOR, FIRST, SECOND)
"""What a runtime must have loaded."""
_MAYBE = 1.0  # cost within which a colour is not ruled out
_HALF = 4  # of the characters of a plate
_SAME_PLACE = 0.25
_POOR_CORNERS = 0.15  # looks at corners that were so much surer from close by are forgotten
_FIRST_AT_A_GLANCE = 2 / 3
_SAME_PLATE = 2  # edits by which two readings of one plate may differ
_SMALLEST = 18.0  # pixels along the plate's upper edge


class PlateReader:
    """All plates of a picture, with every rejection counted by its reason in `rejected`."""

    def __init__(self, runtime: Runs) -> None:
        self._finder = Finder(PlateDetector(runtime, threshold=SUSPECTED))
        self._looker = Looker(runtime)
        self.rejected: Counter[RejectReason] = Counter()

    def read(self, bgr: NDArray[np.uint8]) -> list[Plate]:
        """Plates of a whole picture or of a bare crop (h, w, 3), surest first."""
        for boxes in self._finder.stages(bgr):
            plates = self._plates(bgr, [box for box in boxes if self._is_whole(bgr, box)])
            if plates:
                return _distinct(plates)
        return []

    def _is_whole(self, bgr: NDArray[np.uint8], box: PlateBox) -> bool:
        """Whether nothing of the plate lies beyond the picture, unless the picture is little more than the plate."""
        if bare(bgr) or box.box[2] > FILLS * bgr.shape[1] or not cut_off(box.corners, bgr.shape[1], bgr.shape[0]):
            return True
        self.rejected[RejectReason.CUT_OFF] += 1
        return False

    def _plates(self, bgr: NDArray[np.uint8], boxes: list[PlateBox]) -> list[Plate]:
        """The plates in `boxes`, each place once."""
        plates: list[Plate] = []
        for box in boxes:
            if all(overlap(box.box, upright(plate.corners)) < _SAME_PLACE for plate in plates):
                reading = self.read_at(bgr, box)
                plates += [_plate(reading)] if self._accepted(reading) else []
        return plates

    def _accepted(self, reading: Reading) -> bool:
        if reading.reject is not None:
            self.rejected[reading.reject] += 1
        return reading.reject is None

    def glance_at(self, bgr: NDArray[np.uint8], box: PlateBox) -> Reading:
        """What one look of the first reader tells, and where that is unsure one of the second: a third of the cost.

        Enough for a plate that is seen again and again; plates of two rows, paper ones and the like need `read_at`.
        """
        return self._read(bgr, box, _at_a_glance)

    def read_at(self, bgr: NDArray[np.uint8], box: PlateBox) -> Reading:
        """The plate in `box`; the reading says itself where it is none to report."""
        return self._read(bgr, box, lambda looks, fit: self._at_length(bgr, box, looks, fit))

    def contradicts(self, bgr: NDArray[np.uint8], box: PlateBox, text: str) -> bool:
        """Whether `box` plainly shows another plate than `text`; where it does not, one look mostly tells."""
        first = BLIND.isdisjoint(text)
        look = self._looker.first(rectify(bgr, box.corners)) if first else self._looker.second(bgr, box)
        if supports(look, text):
            return False
        reading = self.read_at(bgr, box)
        return reading.reject is None and edits(reading.text, text) > _SAME_PLATE

    def _read(self, bgr: NDArray[np.uint8], box: PlateBox, unsure: Weighs) -> Reading:
        crop = rectify(bgr, box.corners)
        if np.linalg.norm(box.corners[1] - box.corners[0]) < _SMALLEST:
            return _nothing(box, RejectReason.TOO_SMALL, crop)
        fit = colours.costs(colours.measure(crop))
        looks = [self._looker.first(crop)]
        verdict = obvious(looks[0], fit)
        if verdict is None:
            looks.append(self._looker.second(bgr, box))
            verdict = agreed(looks[1], looks[0], fit)
        if verdict is None:
            verdict = unsure(looks, fit)
        return _reading(verdict, looks, box, crop)

    def _at_length(
        self, bgr: NDArray[np.uint8], box: PlateBox, looks: list[Look], fit: dict[Colour, float]
    ) -> Verdict | None:
        """What all layouts and arrangements make of it; adds to `looks` while that is unsure."""
        ink = red_as_black if fit[Colour.WHITE] < min(fit.values()) + _MAYBE else as_it_is
        if _two_rows_possible(box, fit):
            looks += self._looker.in_rows(bgr, box, ink)
        crop = rectify(bgr, box.corners)
        red_end = ink is red_as_black and colours.ends_in_red(crop)
        small_digits = ink is red_as_black and (colours.starts_in_red(crop) or any(map(_like_police, looks)))
        if red_end:
            looks[:] = map(with_red_end, looks)
        if small_digits:
            looks += [replace(look, small=True) for look in looks if _all_digits_seen(look)]
            looks += self._looker.small_enlarged(bgr, self._finder.closer(bgr, box))
        verdict = judge(looks, fit)
        if verdict is None or _settled(verdict) or _hopeless(verdict, looks):
            return verdict
        closer = self._finder.closer(bgr, box)
        fit = colours.costs(colours.measure(rectify(bgr, closer.corners)))
        if verdict.layout.kind is Kind.TEMPORARY:
            verdict = judge(looks, fit) or verdict
            if _clear(verdict):
                return verdict
        if closer.score > box.score + _POOR_CORNERS:
            looks.clear()
        close = self._looker.close(bgr, closer, ink)
        looks += map(with_red_end, close) if red_end else close
        if small_digits:
            looks += self._looker.small_enlarged(bgr, closer)
        if _rows_matter(verdict) and _two_rows_possible(closer, fit):
            looks += self._looker.in_rows_close(bgr, closer, ink)
        return judge(looks, fit)


def _at_a_glance(looks: list[Look], fit: dict[Colour, float]) -> Verdict | None:
    """One look of each reader; the first, which is wrong with the greater certainty, weighs as at length."""
    return judge([replace(look, weight=_FIRST_AT_A_GLANCE) if look.blind else look for look in looks], fit)


def _two_rows_possible(box: PlateBox, fit: dict[Colour, float]) -> bool:
    """Whether the plate is tall enough, or white: detection may have taken only the number of a paper plate."""
    white = min(fit, key=lambda colour: fit[colour]) is Colour.WHITE
    return aspect(box.corners) < (rows.SURELY_ONE_IF_WHITE if white else rows.SURELY_ONE)


def _clear(verdict: Verdict) -> bool:
    """Whether more looks would hardly change it."""
    return verdict.strain < 1.0 and verdict.margin > 2.0 and verdict.confidence > 0.6


def _settled(verdict: Verdict) -> bool:
    """Whether a first judgement stands. A paper plate's never does: corners that take a frame in look pale too."""
    return _clear(verdict) and verdict.layout.kind is not Kind.TEMPORARY


def _hopeless(verdict: Verdict, looks: list[Look]) -> bool:
    """Whether no look saw half a plate's text: more of them would be spent on a grille or a wall."""
    return verdict.strain > STRAIN and max(len(look.plain.text) for look in looks) < _HALF


def _like_police(look: Look) -> bool:
    """Whether the look shows what may be an old armed police plate, its two small digits seen or not."""
    return re.fullmatch(r"WJ[0-9]{5,7}", look.plain.text) is not None


def _all_digits_seen(look: Look) -> bool:
    """Whether the look shows an old armed police plate whole, small digits and all, as it stands."""
    return look.rows == 1 and re.fullmatch(r"WJ[0-9]{7}", look.plain.text) is not None


def _rows_matter(verdict: Verdict) -> bool:
    """Whether the plate may be more than the one line that explains it so far."""
    return verdict.rows == 2 or verdict.layout.kind is Kind.TEMPORARY or verdict.strain > STRAIN / 2


def _reading(verdict: Verdict | None, looks: list[Look], box: PlateBox, crop: NDArray[np.uint8]) -> Reading:
    if verdict is None:
        return _nothing(box, RejectReason.NO_TEXT, crop)
    return Reading(
        text=verdict.text,
        kind=verdict.layout.kind,
        colour=verdict.colour,
        rows=verdict.rows,
        confidence=verdict.confidence,
        positions=tuple(_spread(row) for row in verdict.positions),
        where=box,
        sharpness=sharpness(crop),
        reject=refusal(verdict, looks[-1].plain.text),
        readers=len({look.blind for look in looks}),
    )


def _spread(row: NDArray[np.float32]) -> dict[str, float]:
    likely = np.flatnonzero(row[1:] > 0.002)
    return {SYMBOLS[at]: float(row[at + 1]) for at in likely}


def _nothing(box: PlateBox, reason: RejectReason, crop: NDArray[np.uint8]) -> Reading:
    return Reading("", None, Colour.BLUE, 1, 0.0, (), box, sharpness(crop), reason)


def _plate(reading: Reading) -> Plate:
    assert reading.kind is not None
    characters = tuple((c, round(p.get(c, 0.0), 4)) for c, p in zip(reading.text, reading.positions, strict=True))
    return Plate(
        reading.text, reading.colour, reading.kind, reading.rows, reading.confidence, characters,
        reading.where.corners, reading.where.score,
    )  # fmt: skip


def _distinct(plates: list[Plate]) -> list[Plate]:
    """One plate per text, the surest."""
    best: dict[str, Plate] = {}
    for plate in sorted(plates, key=lambda plate: -plate.confidence):
        best.setdefault(plate.text, plate)
    return list(best.values())
