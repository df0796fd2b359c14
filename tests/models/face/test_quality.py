"""Quality: every measure falls when its own fault grows, and is never mistaken about a good look."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from zhian_models.face.align import TEMPLATE
from zhian_models.face.quality import Quality, exposure, frontal, measure, roll, sharpness
from zhian_models.face.types import Face, Picture


def textured(seed: int = 4) -> Picture:
    """Noise with structure at every scale, as a picture of 160x160 with a face's template in its middle."""
    rng = np.random.default_rng(seed)
    layers = [
        cv2.resize(rng.uniform(-1, 1, (n, n)), (160, 160), interpolation=cv2.INTER_CUBIC) * 200 / n
        for n in (5, 10, 20, 40, 80)
    ]
    grey = np.clip(120 + sum(layers), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def face(shift: float = 24.0, scale: float = 1.0) -> Face:
    points = (TEMPLATE * scale + shift).astype(np.float32)
    return Face((shift, shift, 112 * scale, 112 * scale), points, 0.9)


def look(picture: Picture, of: Face | None = None) -> Quality:
    return measure(picture, of or face())


def test_a_good_look_is_good_in_every_way() -> None:
    quality = look(textured())
    assert min(quality.sharpness, quality.pose, quality.exposure, quality.border) > 0.8
    assert quality.score > 0.7
    assert quality.size == pytest.approx(35.2, abs=0.1)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p, n: cv2.GaussianBlur(p, (0, 0), n),
        lambda p, n: cv2.blur(p, (1 + 3 * n, 1)),
        lambda p, n: cv2.blur(p, (1, 1 + 3 * n)),
        lambda p, n: cv2.filter2D(p, -1, np.eye(1 + 2 * n) / (1 + 2 * n)),
    ],
    ids=["blur", "moved sideways", "moved down", "moved aslant"],
)
def test_what_is_blurred_or_moved_is_less_sharp_the_more_it_is(spoil: object) -> None:
    sharp = [look(np.asarray(spoil(textured(), n), np.uint8)).sharpness for n in (1, 2, 4)]  # type: ignore[operator]
    assert look(textured()).sharpness >= sharp[0] > sharp[1] > sharp[2]
    assert sharp[2] < 0.45


def test_sharpness_does_not_take_contrast_for_structure() -> None:
    flat = np.clip(textured().astype(float) * 0.75 + 30, 0, 255).astype(np.uint8)
    assert look(flat).sharpness == pytest.approx(look(textured()).sharpness, abs=0.1)


@pytest.mark.parametrize("gain", [0.3, 0.15, 0.05])
def test_a_darker_face_is_exposed_worse(gain: float) -> None:
    assert (
        look((textured() * gain).astype(np.uint8)).exposure
        < look((textured() * (gain + 0.15)).astype(np.uint8)).exposure
    )


def test_black_burnt_and_flat_faces_are_useless() -> None:
    for value in (0, 255, 120):
        assert exposure(np.full((80, 80), value, np.uint8)) == 0


def turned(degrees: float) -> NDArray[np.float32]:
    """The template's points as a turned head shows them: x shrinks, the nose's tip moves by its depth."""
    angle = np.radians(degrees)
    points = TEMPLATE - TEMPLATE.mean(axis=0)
    depth = np.array([0, 0, 21.0, 0, 0])
    return np.stack([points[:, 0] * np.cos(angle) + depth * np.sin(angle), points[:, 1]], axis=1).astype(np.float32)


@pytest.mark.parametrize("degrees", [-40, -20, 0, 20, 40])
def test_yaw_is_read_from_five_points(degrees: float) -> None:
    yaw, _ = frontal(turned(degrees) * 3)
    assert abs(yaw) == pytest.approx(abs(degrees), abs=5)


@given(st.floats(-np.pi, np.pi), st.floats(0.2, 10))
def test_leaning_or_coming_nearer_is_not_turning(lean: float, scale: float) -> None:
    rotation = np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]])
    points = (TEMPLATE @ rotation.T * scale).astype(np.float32)
    assert frontal(points)[1] == pytest.approx(frontal(TEMPLATE)[1], abs=1e-3)
    assert np.cos(np.radians(roll(points)) - lean) == pytest.approx(1, abs=1e-3)


def test_a_face_cut_by_the_edge_says_how_much_is_left() -> None:
    assert look(textured()).border == 1
    assert look(textured(), face(shift=-56)).border == pytest.approx(0.25, abs=0.1)


def test_points_in_one_place_are_no_look_at_all() -> None:
    nothing = Face((0, 0, 10, 10), np.full((5, 2), 9, np.float32), 0.9)
    assert measure(textured(), nothing).score == 0


@given(st.integers(0, 2**32 - 1))
def test_every_measure_stays_between_nothing_and_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    picture = rng.integers(0, 256, (40, 60, 3), np.uint8)
    quality = measure(picture, Face((0, 0, 1, 1), rng.uniform(-50, 100, (5, 2)).astype(np.float32), 0.5))
    for value in (quality.sharpness, quality.pose, quality.exposure, quality.border, quality.score):
        assert 0 <= value <= 1


def test_sharpness_of_a_plain_wall_is_nothing() -> None:
    assert sharpness(np.full((80, 80), 128, np.uint8)) == 0
