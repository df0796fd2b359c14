"""Detections come back in pixels of the given picture, corners from the top left, clockwise."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from zhian_models.plate.detect import PlateDetector


class OnePlate:
    """A network that sees one plate 48 x 16 around the cell (column 6, row 5) of stride 8."""

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = ()
        self.blob: NDArray[np.float32] | None = None

    def run(self, name: str, arrays: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        """As clp_det answers."""
        assert name == "clp_det"
        self.blob = arrays["image"]
        height, width = self.blob.shape[2:]
        count = sum(2 * (height // stride) * (width // stride) for stride in (8, 16, 32))
        loc, conf, marks = (np.zeros((1, count, n), np.float32) for n in (4, 2, 8))
        at = 2 * (5 * (width // 8) + 6)  # the prior of side 24
        conf[0, at, 1] = 0.9
        loc[0, at, 2:] = np.log([48 / 24, 16 / 24]) / 0.2
        offsets = np.array([[24, 8], [-24, 8], [-24, -8], [24, -8]], np.float32)
        marks[0, at] = (offsets / (0.1 * 24)).reshape(-1)
        return {"loc": loc, "conf": conf, "landms": marks}


CORNERS = np.array([[28, 36], [76, 36], [76, 52], [28, 52]], np.float32)


def test_a_small_picture_is_looked_at_as_it_is() -> None:
    (box,) = PlateDetector(OnePlate()).detect(np.zeros((96, 128, 3), np.uint8))
    assert box.score == pytest.approx(0.9)
    assert np.allclose(box.corners, CORNERS)
    assert box.box == pytest.approx((28, 36, 48, 16))


def test_a_big_picture_is_looked_at_smaller_and_answered_in_its_own_pixels() -> None:
    network = OnePlate()
    (box,) = PlateDetector(network, longest=128).detect(np.zeros((192, 256, 3), np.uint8))
    assert network.blob is not None
    assert network.blob.shape == (1, 3, 96, 128)
    assert np.allclose(box.corners, 2 * CORNERS)


def test_sides_are_filled_up_to_the_networks_grid() -> None:
    network = OnePlate()
    PlateDetector(network).detect(np.full((70, 101, 3), 200, np.uint8))
    assert network.blob is not None
    assert network.blob.shape == (1, 3, 96, 128)
    assert network.blob[0, :, 69, 100].tolist() == [96.0, 83.0, 77.0]
    assert not network.blob[0, :, 70:].any()


def test_below_the_threshold_there_is_nothing() -> None:
    assert PlateDetector(OnePlate(), threshold=0.95).detect(np.zeros((96, 128, 3), np.uint8)) == []


def test_a_dark_picture_is_lifted_and_a_bright_one_is_not() -> None:
    seen = []
    for grey in (20, 120):
        network = OnePlate()
        PlateDetector(network).detect(np.full((96, 128, 3), grey, np.uint8))
        assert network.blob is not None
        seen.append(float(network.blob[0, 0, 0, 0]) + 104)
    assert seen[0] > 35
    assert seen[1] == 120
