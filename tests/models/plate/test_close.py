"""A look from close by gives sure corners, level or turned, and tells plates from what only might be one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from zhian_models.plate import close
from zhian_models.plate.detect import Canvas
from zhian_models.plate.geometry import cut_off, overlap, upright
from zhian_models.plate.types import PlateBox

Picture = NDArray[np.uint8]


def plate(middle: tuple[float, float], width: float, degrees: float = 0.0, score: float = 0.9) -> PlateBox:
    """A plate three times as long as high."""
    half = np.array([[-3, -1], [3, -1], [3, 1], [-3, 1]], np.float32) * np.float32(width / 6)
    turn = cv2.getRotationMatrix2D((0, 0), -degrees, 1.0)[:, :2]
    corners = (half @ turn.T + middle).astype(np.float32)
    return PlateBox(corners, upright(corners), score)


class Whitest:
    """Finds the smallest four-sided area around what is white, as sure as `score`; nothing without white."""

    def __init__(self, score: float = 0.9) -> None:
        self.score = score
        self.looks = 0

    def detect_at(self, bgr: Picture, scale: float, canvas: Canvas | None = None) -> list[PlateBox]:
        self.looks += 1
        spots = cv2.findNonZero((bgr.min(axis=2) > 200).astype(np.uint8))
        if spots is None:
            return []
        box = cv2.boxPoints(cv2.minAreaRect(spots))
        by_height = box[np.argsort(box[:, 1])]
        top, bottom = by_height[:2], by_height[2:]
        corners = np.array([*top[np.argsort(top[:, 0])], *bottom[np.argsort(-bottom[:, 0])]], np.float32)
        return [PlateBox(corners, upright(corners), self.score)]


def scene(*plates: PlateBox) -> Picture:
    """White plates on black."""
    picture = np.zeros((300, 500, 3), np.uint8)
    for box in plates:
        cv2.fillConvexPoly(picture, box.corners.round().astype(np.int32), (255, 255, 255))
    return picture


@pytest.mark.parametrize("degrees", [0, 5, 14, -20, 28])
@pytest.mark.parametrize("width", [40, 90, 160, 400])
def test_corners_come_back_in_pixels_of_the_picture_however_the_plate_leans(degrees: float, width: float) -> None:
    there = plate((240, 150), width, degrees)
    found = close.look(Whitest(), scene(there), plate((242, 148), width, degrees))
    assert found is not None
    assert overlap(found.box, there.box) > 0.8


def test_a_leaning_plate_is_shown_level() -> None:
    there = plate((240, 150), 120, 25)
    seen: list[PlateBox] = []

    class Watching(Whitest):
        def detect_at(self, bgr: Picture, scale: float, canvas: Canvas | None = None) -> list[PlateBox]:
            seen.extend(super().detect_at(bgr, scale, canvas))
            return seen

    close.look(Watching(), scene(there), there)
    assert abs(close.lean(seen[0])) < 0.05


def test_nothing_there_is_none() -> None:
    assert close.look(Whitest(), scene(), plate((240, 150), 80)) is None


@pytest.mark.parametrize(("score", "kept"), [(0.9, 2), (0.4, 1)])
def test_a_suspicion_counts_only_where_a_close_look_is_sure(score: float, kept: int) -> None:
    plain, faint = plate((100, 80), 90), plate((350, 220), 60, score=0.1)
    boxes = close.confirmed(Whitest(score), scene(faint), [faint, plain])
    assert boxes[0] is plain
    assert len(boxes) == kept


def test_a_part_of_what_is_sure_is_no_suspicion() -> None:
    plain = plate((100, 80), 90)
    detector = Whitest()
    assert close.confirmed(detector, scene(plain), [plain, plate((110, 82), 40, score=0.2)]) == [plain]
    assert detector.looks == 0


def test_suspicions_of_one_picture_are_bounded() -> None:
    detector = Whitest()
    close.confirmed(detector, scene(), [plate((30 * n, 100), 20, score=0.1) for n in range(1, 15)])
    assert detector.looks == 4


def test_a_turned_picture_is_answered_in_its_own_pixels() -> None:
    there = plate((260, 140), 90, 20)
    (found,) = close.anywhere(Whitest(), scene(there), 20.0, 400)
    assert np.allclose(found.corners, there.corners, atol=4)


@given(st.floats(-60, 560), st.floats(-40, 340), st.floats(40, 200), st.floats(-30, 30))
def test_a_plate_that_goes_beyond_the_picture_is_cut_off(x: float, y: float, width: float, degrees: float) -> None:
    box = plate((x, y), width, degrees)
    beyond = box.corners.min() < 0 or box.corners[:, 0].max() > 499 or box.corners[:, 1].max() > 299
    assert cut_off(box.corners, 500, 300) or not beyond


@pytest.mark.parametrize(("x", "cut"), [(250, False), (60, False), (50, True), (440, False), (449, True)])
def test_a_plate_that_ends_at_the_edge_may_go_on_behind_it(x: float, cut: bool) -> None:
    assert cut_off(plate((x, 150), 100).corners, 500, 300) is cut
