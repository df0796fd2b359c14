"""Alignment: every face comes to lie where the networks were taught to see it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.face.align import SIDE, TEMPLATE, align, align_smoothly, similarity, warp

shifts = st.floats(-500, 500, allow_nan=False)
scales = st.floats(0.05, 20, allow_nan=False)
turns = st.floats(-np.pi, np.pi, allow_nan=False)


def moved(points: np.ndarray, scale: float, turn: float, x: float, y: float) -> np.ndarray:
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return (points @ (scale * rotation).T + [x, y]).astype(np.float32)


@given(scales, turns, shifts, shifts)
def test_a_face_at_any_place_size_and_lean_lands_on_the_template(scale: float, turn: float, x: float, y: float) -> None:
    points = moved(TEMPLATE, scale, turn, x, y)
    matrix = similarity(points, TEMPLATE)
    landed = points @ matrix[:, :2].T + matrix[:, 2]
    assert np.abs(landed - TEMPLATE).max() < 0.05


@given(st.lists(st.tuples(st.floats(10, 100), st.floats(10, 100)), min_size=5, max_size=5, unique=True))
def test_the_map_keeps_angles_and_never_mirrors(spots: list[tuple[float, float]]) -> None:
    points = np.array(spots, np.float32)
    if np.ptp(points, axis=0).max() < 1:
        return
    turn = similarity(points, TEMPLATE)[:, :2]
    assert np.linalg.det(turn) >= 0
    assert np.allclose(turn[0, 0], turn[1, 1], atol=1e-6)
    assert np.allclose(turn[0, 1], -turn[1, 0], atol=1e-6)


def test_points_in_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="coincide"):
        similarity(np.full((5, 2), 7, np.float32), TEMPLATE)


def test_the_crop_is_the_size_the_networks_want() -> None:
    picture = np.full((50, 80, 3), 200, np.uint8)
    crop = align(picture, TEMPLATE * 0.5)
    assert crop.shape == (SIDE, SIDE, 3)
    assert crop.dtype == np.uint8
    assert crop[:95].min() == 200
    assert crop[-1].max() == 0  # where the picture ends, the crop is black


def test_a_face_that_already_lies_right_is_left_alone() -> None:
    picture = np.random.default_rng(7).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    assert np.abs(align(picture, TEMPLATE).astype(int) - picture.astype(int)).max() <= 2
    assert np.array_equal(warp(picture, np.array([[1.0, 0, 0], [0, 1, 0]])), picture)


def test_a_smooth_crop_shows_the_same_face_at_the_asked_size() -> None:
    rows, columns = np.indices((400, 400))
    smooth = np.repeat(((rows + 2 * columns) / 6).astype(np.uint8)[..., None], 3, axis=2)
    points = TEMPLATE * 2 + np.float32(60)
    assert np.abs(align_smoothly(smooth, points, 1.0).astype(int) - align(smooth, points).astype(int)).max() <= 2
    outer, inner = align_smoothly(smooth, points, 0.8)[..., 0], align(smooth, points)[..., 0]
    assert int(outer[-1, -1]) - int(outer[0, 0]) == pytest.approx(1.25 * (int(inner[-1, -1]) - int(inner[0, 0])), abs=4)


def test_a_large_face_does_not_alias_in_a_smooth_crop() -> None:
    checks = (np.indices((448, 448)).sum(axis=0) % 2 * 255).astype(np.uint8)
    picture, points = np.repeat(checks[..., None], 3, axis=2), TEMPLATE * 3.0 + np.float32(20)
    assert align_smoothly(picture, points, 1.0).std() < 0.6 * align(picture, points).std()


@pytest.mark.filterwarnings("ignore")  # insightface calls what scikit-image has deprecated
def test_template_and_warp_equal_insightface_s_own() -> None:
    face_align = pytest.importorskip("insightface.utils.face_align")
    assert np.array_equal(face_align.arcface_dst, TEMPLATE)
    picture = np.random.default_rng(11).integers(0, 256, (240, 320, 3), np.uint8)
    points = moved(TEMPLATE, 0.8, 0.3, 90, 40) + np.random.default_rng(3).normal(0, 2, (5, 2)).astype(np.float32)
    assert np.allclose(face_align.estimate_norm(points), similarity(points, TEMPLATE), atol=1e-4)
    assert np.abs(face_align.norm_crop(picture, points).astype(int) - align(picture, points).astype(int)).max() <= 2
