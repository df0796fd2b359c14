"""A four-sided plate becomes an upright picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from zhian_models.plate.draw import draw
from zhian_models.plate.rectify import aspect, rectify, sharpness, whole
from zhian_models.plate.rows import number, part
from zhian_models.plate.types import Colour, Kind

SQUARE = np.array([[10, 20], [50, 20], [50, 40], [10, 40]], np.float32)


def test_the_corners_become_the_corners() -> None:
    scene = np.zeros((60, 80, 3), np.uint8)
    scene[20:41, 10:51] = 200
    crop = rectify(scene, SQUARE, (104, 32))
    assert crop.shape == (32, 104, 3)
    assert crop.min() > 150


def test_a_margin_shows_what_lies_around() -> None:
    scene = np.zeros((60, 80, 3), np.uint8)
    scene[20:41, 10:51] = 200
    crop = rectify(scene, SQUARE, (104, 32), margin=0.2)
    assert crop[0].max() == 0
    assert crop[16, 52].min() == 200


def test_a_turned_plate_stands_upright() -> None:
    plate = draw("京A12345", Kind.CIVIL, Colour.BLUE, scale=0.5)
    height, width = plate.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 25, 1.0)
    turn[:, 2] += (60, 100)
    scene = np.asarray(cv2.warpAffine(plate, turn, (width + 120, height + 200)), np.uint8)
    corners = (whole(plate) @ turn[:, :2].T + turn[:, 2]).astype(np.float32)
    crop = rectify(scene, corners, (width, height))
    assert np.abs(crop.astype(int) - plate).mean() < 12


def test_corners_outside_the_picture_are_allowed() -> None:
    crop = rectify(np.full((20, 30, 3), 90, np.uint8), SQUARE - 25)
    assert crop.shape == (32, 104, 3)


def test_a_blurred_plate_is_less_sharp() -> None:
    plate = draw("京A12345", Kind.CIVIL, Colour.BLUE, scale=0.5)
    blurred = np.asarray(cv2.GaussianBlur(plate, (0, 0), 3), np.uint8)
    assert 0 <= sharpness(blurred) < sharpness(plate) <= 1


def test_aspect_is_width_over_height() -> None:
    assert aspect(SQUARE) == pytest.approx(2.0)


def test_a_part_is_taken_in_the_plates_own_perspective() -> None:
    assert np.allclose(part(SQUARE, (0.5, 1.0), (0.0, 0.5)), [[30, 20], [50, 20], [50, 30], [30, 30]], atol=1e-3)


@pytest.mark.parametrize("cut", [0.0, 0.25, 0.45])
def test_the_number_of_a_paper_plate_is_found_wherever_it_was_cut(cut: float) -> None:
    plate = draw("沪QJ4950", Kind.TEMPORARY, Colour.WHITE, scale=2.0)
    corners = part(whole(plate), (0.0, 1.0), (cut, 1.0))
    found = number(plate, corners)[:, 1] / plate.shape[0]
    assert found[:2] == pytest.approx(0.1, abs=0.08)
    assert found[2:] == pytest.approx(0.52, abs=0.08)
