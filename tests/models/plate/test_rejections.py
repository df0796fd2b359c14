"""Lettering that is no plate never becomes one, and every refusal is counted by its reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_models.plate.draw import draw
from zhian_models.plate.reader import NETWORKS, PlateReader
from zhian_models.plate.types import Colour, Kind, PlateBox, RejectReason
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store

BLUE, YELLOW, WHITE = (165, 62, 12), (20, 178, 236), (235, 236, 236)
CORNERS = np.array([[0, 0], [219, 0], [219, 69], [0, 69]], np.float32)
WHOLE = PlateBox(CORNERS, (0.0, 0.0, 220.0, 70.0), 0.9)


@pytest.fixture(scope="module")
def runtime(models_home: Path) -> Runtime:
    """The three networks of plates."""
    return open_runtime(Store(models_home), list(NETWORKS))


@pytest.fixture
def reader(runtime: Runtime) -> PlateReader:
    """A reader with its counters at zero."""
    return PlateReader(runtime)


def board(text: str, ground: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Lettering across a board that has the size and colour of a plate."""
    ink = (245, 245, 245) if sum(ground) < 350 else (22, 20, 20)
    canvas = np.full((140, 1400, 3), ground, np.uint8)
    cv2.putText(canvas, text, (15, 105), ink, cv2.FontFace("sans"), 85, 600)
    used = np.flatnonzero((canvas != np.array(ground, np.uint8)).any(axis=(0, 2)))
    return np.asarray(cv2.resize(canvas[:, : used.max() + 15], (220, 70), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.mark.parametrize("ground", [BLUE, YELLOW, WHITE])
@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "0512-65001234",
        "2013-04-30 12:00:05",
        "FORLAND",
        "AUDI A6L",
        "京东快递",
        "苏果超市",
        "停车场",
        "A1234",
    ],
)
def test_lettering_on_a_plates_board_is_no_plate(reader: PlateReader, text: str, ground: tuple[int, int, int]) -> None:
    assert reader.read_at(board(text, ground), WHOLE).reject is not None


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (np.full((70, 220, 3), 120, np.uint8), RejectReason.NO_TEXT),
        (board("SGMW", BLUE), RejectReason.TOO_SHORT),
        (board("FORLAND", BLUE), RejectReason.BAD_PROVINCE),
        (board("20130430120005", WHITE), RejectReason.BAD_LENGTH),
    ],
    ids=["grey", "badge", "maker", "stamp"],
)
def test_a_refusal_says_why(reader: PlateReader, picture: NDArray[np.uint8], reason: RejectReason) -> None:
    assert reader.read_at(picture, WHOLE).reject is reason


def test_refusals_are_counted_by_their_reason(reader: PlateReader) -> None:
    scene = np.full((400, 640, 3), 95, np.uint8)
    scene[200:270, 200:420] = cv2.resize(draw("京A12345", Kind.CIVIL, Colour.BLUE)[:, 130:], (220, 70))
    before = Counter(reader.rejected)
    assert reader.read(scene) == []
    assert sum(reader.rejected.values()) > sum(before.values())
    assert set(reader.rejected) <= set(RejectReason)
