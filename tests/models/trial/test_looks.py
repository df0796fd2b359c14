"""Looks answer pictures of every size and shape, in the given picture's pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from zhian_models.face.types import Face
from zhian_models.store import Store
from zhian_models.trial import KINDS, Look, open_look
from zhian_models.trial.looks import LARGEST_CANVAS, enlarged, shrunk


@pytest.fixture(scope="module")
def looks(models_home: Path) -> dict[str, Look]:
    return {kind: open_look(kind, Store(models_home)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 2), (10, 14)])
def test_a_picture_of_an_odd_shape_holds_nothing(looks: dict[str, Look], kind: str, size: tuple[int, int]) -> None:
    assert looks[kind].find(np.full((*size, 3), 99, np.uint8)) == []


def test_a_huge_picture_is_searched_small_and_answered_large() -> None:
    small, scale = shrunk(np.zeros((6000, 8 * LARGEST_CANVAS, 3), np.uint8))
    assert max(small.shape) == 2 * LARGEST_CANVAS
    face = Face((10.0, 20.0, 30.0, 40.0), np.array([[9.5, 19.5]] * 5, np.float32), 0.9)
    large = enlarged(face, 1 / scale)
    assert large.box == pytest.approx((40, 80, 120, 160))
    assert large.points[0] == pytest.approx([39.5, 79.5])


def test_a_usual_picture_is_searched_as_it_is() -> None:
    picture = np.zeros((720, 1280, 3), np.uint8)
    assert shrunk(picture)[0] is picture
