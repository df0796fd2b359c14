"""Plates are found in the whole frame, in an area and about a place, each once and in pixels of the full frame."""

from __future__ import annotations

import numpy as np
import pytest
from scripted import frame
from zhian_edge.perception.attention import Where
from zhian_edge.perception.plate_finder import CANVASES, NEAR_CANVAS, PlateFinder
from zhian_models.plate.detect import Canvas
from zhian_models.plate.types import PlateBox

CORNERS = np.array([[60, 80], [140, 80], [140, 105], [60, 105]], np.float32)
BOX = (60.0, 80.0, 80.0, 25.0)
FRAME = 320
"""Pixels along the scripted frames."""


class Detector:
    """Sees one plate where `CORNERS` lie in the frame, whatever part of it is shown: `score` for each look."""

    def __init__(self, *scores: float, corner: tuple[int, int] = (0, 0), of: int = FRAME) -> None:
        self._scores = scores or (0.9,)
        self._corner = np.array(corner, np.float32)
        self._of = of
        self.looks: list[tuple[int, Canvas | None]] = []

    def detect_at(self, bgr: np.ndarray, scale: float, canvas: Canvas | None = None) -> list[PlateBox]:
        score = self._scores[min(len(self.looks), len(self._scores) - 1)]
        self.looks.append((bgr.shape[1], canvas))
        share = bgr.shape[1] / self._of
        corners = ((CORNERS - self._corner) * share).astype(np.float32)
        (x, y), (right, bottom) = corners[0], corners[2]
        return [PlateBox(corners, (float(x), float(y), float(right - x), float(bottom - y)), score)] if score else []


def test_a_detection_is_in_pixels_of_the_full_frame() -> None:
    (found,) = PlateFinder(Detector(), 160).everywhere(frame(0))
    assert found.box == pytest.approx(BOX)
    assert found.points is not None
    assert np.allclose(found.points, CORNERS)


def test_the_full_picture_is_looked_at_only_where_no_plate_is_plain_and_not_every_time() -> None:
    plain, faint = Detector(0.95), Detector(0.4)
    for detector in (plain, faint):
        it = PlateFinder(detector, 160)
        for n in range(9):
            it.everywhere(frame(n))
    assert [width for width, _ in plain.looks] == [160] * 9
    assert [width for width, _ in faint.looks].count(FRAME) == 3


def test_a_place_is_looked_at_in_a_small_cut_of_full_resolution() -> None:
    detector = Detector(corner=(0, 22), of=233)
    (found,) = PlateFinder(detector, 160).at(frame(0), Where((BOX,)))
    assert detector.looks == [(216, NEAR_CANVAS)]
    assert found.box == pytest.approx(BOX, abs=8)


def test_a_plate_that_a_cut_divides_is_left_to_another_look() -> None:
    detector = Detector(corner=(60, 0), of=120)
    assert PlateFinder(detector, 320).at(frame(0), Where((), (60, 0, 120, 120))) == []


def test_two_places_that_show_one_plate_find_it_once() -> None:
    detector = Detector(corner=(0, 22), of=233)
    found = PlateFinder(detector, 160).at(frame(0), Where((BOX, BOX)))
    assert len(detector.looks) == 2
    assert len(found) == 1


@pytest.mark.parametrize(("close", "found"), [(0.9, 1), (0.2, 0)])
def test_a_suspicion_is_looked_at_from_close_by_before_it_counts(close: float, found: int) -> None:
    class Suspects(Detector):
        """Sees a faint plate in the small picture, and the middle of every cut as one with `close`."""

        def detect_at(self, bgr: np.ndarray, scale: float, canvas: Canvas | None = None) -> list[PlateBox]:
            if not self.looks:
                return super().detect_at(bgr, scale, canvas)
            height, width = bgr.shape[:2]
            half = np.array([[-40, -12], [40, -12], [40, 13], [-40, 13]], np.float32)
            x, y = width / 2, height / 2
            return [PlateBox(half + np.array([x, y], np.float32), (x - 40, y - 12, 80.0, 25.0), close)]

    places = PlateFinder(Suspects(0.1), 160).everywhere(frame(0))
    assert len(places) == found
    assert all(place.score == close for place in places)


def test_areas_are_searched_on_few_canvases() -> None:
    detector = Detector(0.0)
    it = PlateFinder(detector, FRAME)
    for width in range(40, 320, 13):
        it.at(frame(0), Where((), (0, 0, width, 100)))
    assert {canvas for _, canvas in detector.looks} <= set(CANVASES)
