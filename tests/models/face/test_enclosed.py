"""A face that is shown on a sheet or a screen lies in a rectangle; a person before a door does not."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.face.enclosed import enclosed
from zhian_models.face.types import Box, Picture

from .stand_ins import drawn_face

FACE: Box = (112.0, 61.0, 93.0, 114.0)


def scene(*, lean: float = 0.0, rim: tuple[int, int, int] | None = None, scale: float = 1.0) -> tuple[Picture, Box]:
    """The drawn face on a sheet of 320x240, held before a room of 1280x720; `rim` is the sheet's border."""
    sheet = drawn_face()
    if rim is not None:
        cv2.rectangle(sheet, (0, 0), (319, 239), rim, 10)
    turn = cv2.getRotationMatrix2D((160, 120), lean, scale)
    turn[:, 2] += (480, 240)
    room = np.full((720, 1280, 3), (150, 140, 130), np.uint8)
    mask = cv2.warpAffine(np.full(sheet.shape[:2], 255, np.uint8), turn, (1280, 720))
    shown = cv2.warpAffine(sheet, turn, (1280, 720))
    room[mask > 127] = shown[mask > 127]
    middle = turn @ np.array([FACE[0] + FACE[2] / 2, FACE[1] + FACE[3] / 2, 1.0])
    wide, high = FACE[2] * scale, FACE[3] * scale
    return room, (float(middle[0] - wide / 2), float(middle[1] - high / 2), wide, high)


@pytest.mark.parametrize("rim", [(235, 235, 235), (15, 15, 15)], ids=["paper", "phone"])
@pytest.mark.parametrize("lean", [-9.0, 0.0, 5.0])
@pytest.mark.parametrize("scale", [0.6, 1.0, 1.8])
def test_a_face_on_a_sheet_that_is_held_up_is_enclosed(rim: tuple[int, int, int], lean: float, scale: float) -> None:
    assert enclosed(*scene(lean=lean, rim=rim, scale=scale))


def living() -> Picture:
    """A drawn person with a body, before a door whose sides and lintel are seen."""
    room = np.full((720, 1280, 3), (150, 140, 130), np.uint8)
    cv2.rectangle(room, (440, 60), (840, 719), (60, 70, 90), -1)
    cv2.rectangle(room, (440, 60), (840, 719), (230, 230, 230), 8)
    cv2.ellipse(room, (640, 620), (190, 260), 0, 180, 360, (90, 60, 40), -1)
    cv2.ellipse(room, (640, 300), (50, 66), 0, 0, 360, (140, 172, 214), -1)
    return room


def test_a_person_before_a_door_is_not() -> None:
    assert not enclosed(living(), (590.0, 234.0, 100.0, 132.0))


def test_a_frame_that_does_not_hold_the_whole_face_is_none_of_its_own() -> None:
    room = living()
    cv2.rectangle(room, (600, 250), (680, 340), (255, 255, 255), 3)  # a pair of spectacles, say
    assert not enclosed(room, (590.0, 234.0, 100.0, 132.0))


@given(st.floats(-400, 1600), st.floats(-400, 1000), st.floats(0, 900), st.floats(0, 900))
def test_no_box_is_too_odd_to_be_asked_about(x: float, y: float, wide: float, high: float) -> None:
    assert enclosed(living(), (x, y, wide, high)) in {True, False}


def test_an_even_wall_encloses_nobody() -> None:
    assert not enclosed(np.full((400, 600, 3), 90, np.uint8), (250.0, 150.0, 80.0, 100.0))


def test_the_real_living_picture_is_not_enclosed(shared: Path) -> None:
    picture = cv2.imread(str(shared / "liveness" / "live-1.jpg"))
    assert not enclosed(np.asarray(picture, np.uint8), (95.0, 180.0, 230.0, 190.0))
