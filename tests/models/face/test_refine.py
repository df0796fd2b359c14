"""A closer look puts the points right, and never makes another face of the one it was asked about."""

from __future__ import annotations

import numpy as np
import pytest
from zhian_models.face.refine import MirrorRefiner, Refiner
from zhian_models.face.types import Face, Picture

SIDE = 192
POINTS = np.array([[90, 100], [130, 100], [110, 125], [95, 145], [125, 145]], np.float32)
FACE = Face((70.0, 60.0, 80.0, 100.0), POINTS, 0.9)
PICTURE = np.zeros((300, 300, 3), np.uint8)


class Sees:
    """A detector that answers, in turn, what it was told to."""

    def __init__(self, *answers: list[Face]) -> None:
        self._answers = list(answers)

    def detect(self, bgr: Picture) -> list[Face]:
        assert bgr.shape == (SIDE, SIDE, 3)
        return self._answers.pop(0)


def on_cut(points: np.ndarray, box: tuple[float, float, float, float] = (57.6, 48.0, 76.8, 96.0)) -> Face:
    """A face as seen on the cut around FACE: 200 pixels of the picture from (10, 10) become 192."""
    return Face(box, ((points - 10) * 0.96).astype(np.float32), 0.8)


def mirrored(face: Face) -> Face:
    points = face.points * [-1, 1] + [SIDE - 1, 0]
    return Face(face.box, points[[1, 0, 2, 4, 3]].astype(np.float32), face.score)


def test_points_are_the_mean_of_the_look_and_its_mirror_image() -> None:
    plain, mirror = on_cut(POINTS + 1), mirrored(on_cut(POINTS + 3))
    better = Refiner(Sees([plain], [mirror]), SIDE).refine(PICTURE, FACE)
    assert np.allclose(better.points, POINTS + 2, atol=0.01)
    assert (better.box, better.score) == (FACE.box, FACE.score)


@pytest.mark.parametrize(
    "answers", [([], []), ([on_cut(POINTS, (0.0, 0.0, 77.0, 40.0))], []), ([on_cut(POINTS, (90, 90, 10, 12))], [])]
)
def test_without_a_matching_face_nothing_changes(answers: tuple[list[Face], list[Face]]) -> None:
    assert Refiner(Sees(*answers), SIDE).refine(PICTURE, FACE) is FACE


def test_one_of_the_two_looks_is_enough() -> None:
    better = Refiner(Sees([], [mirrored(on_cut(POINTS + 2))]), SIDE).refine(PICTURE, FACE)
    assert np.allclose(better.points, POINTS + 2, atol=0.01)


def test_the_cheaper_refiner_takes_the_mean_of_the_points_as_found_and_the_mirror_image() -> None:
    better = MirrorRefiner(Sees([mirrored(on_cut(POINTS + 2))]), SIDE).refine(PICTURE, FACE)
    assert np.allclose(better.points, POINTS + 1, atol=0.01)
    assert MirrorRefiner(Sees([]), SIDE).refine(PICTURE, FACE) is FACE


def test_a_neighbour_is_not_taken_for_the_face_in_the_middle() -> None:
    neighbour = on_cut(POINTS + 60, (110.0, 100.0, 76.8, 90.0))
    better = Refiner(Sees([neighbour, on_cut(POINTS + 2)], []), SIDE).refine(PICTURE, FACE)
    assert np.allclose(better.points, POINTS + 2, atol=0.01)
