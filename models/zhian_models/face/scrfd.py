"""SCRFD with points: what the network wants and how its anchors are read (insightface packs: non-commercial)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zhian_models.face.candidates import Candidates, Floats
from zhian_models.face.letterbox import Canvas

STRIDES = (8, 16, 32)
ANCHORS = 2


class Scrfd:
    """1x3xHxW RGB (x - 127.5) / 128, sides multiples of 32; nine outputs in this order: scores of the strides
    8, 16, 32, then distances to the box' sides (left, top, right, bottom), then the points, all in strides.

    Two anchors share each cell. The outputs' names differ from pack to pack, so their order counts, as in
    `insightface.model_zoo.scrfd`; some packs carry a batch dimension and some do not.
    """

    def __init__(self, input_name: str = "input.1") -> None:
        self.input_name = input_name

    def tensor(self, canvas: Canvas) -> Floats:
        """Turn a BGR canvas into the network's input."""
        plane = canvas[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)
        return np.ascontiguousarray((plane - np.float32(127.5)) / np.float32(128.0))

    def decode(self, outputs: Mapping[str, NDArray[np.float32]], size: tuple[int, int], threshold: float) -> Candidates:
        """Read every anchor of a canvas of `size` (width, height) whose score reaches `threshold`."""
        maps = [value.reshape(-1, value.shape[-1]) for value in outputs.values()]
        levels = enumerate(STRIDES)
        return Candidates.join([_level(maps[at::3], stride, size[0] // stride, threshold) for at, stride in levels])


def _level(maps: list[NDArray[np.float32]], stride: int, columns: int, threshold: float) -> Candidates:
    scores, sides, points = maps
    index = np.nonzero(scores[:, 0] >= threshold)[0]
    cell = index // ANCHORS
    origin = np.stack([cell % columns, cell // columns], axis=1).astype(np.float32) * stride
    far = sides[index] * stride
    corners = np.concatenate([origin - far[:, :2], origin + far[:, 2:]], axis=1)
    dots = origin[:, None] + points[index].reshape(-1, 5, 2) * stride
    return Candidates(corners.astype(np.float32), dots.astype(np.float32), scores[index, 0].astype(np.float32))
