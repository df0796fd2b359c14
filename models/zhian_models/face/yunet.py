"""YuNet 2023mar: what the network wants and how its anchors are read (OpenCV Zoo, MIT; WIDER FACE)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zhian_models.face.candidates import Candidates, Floats
from zhian_models.face.letterbox import Canvas

STRIDES = (8, 16, 32)


class YuNet:
    """1x3xHxW BGR 0..255, sides multiples of 32; per stride cls, obj (1), bbox (4), kps (10), row by row.

    Decoded as in OpenCV's `FaceDetectorYN`: score = sqrt(cls * obj), centre and points in strides from the cell,
    width and height as logarithms in strides.
    """

    input_name = "input"

    def tensor(self, canvas: Canvas) -> Floats:
        """Turn a BGR canvas into the network's input."""
        return np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)

    def decode(self, outputs: Mapping[str, NDArray[np.float32]], size: tuple[int, int], threshold: float) -> Candidates:
        """Read every cell of a canvas of `size` (width, height) whose score exceeds `threshold`."""
        return Candidates.join([_level(outputs, stride, size[0] // stride, threshold) for stride in STRIDES])


def _level(outputs: Mapping[str, NDArray[np.float32]], stride: int, columns: int, threshold: float) -> Candidates:
    quality = np.clip(outputs[f"cls_{stride}"][0, :, 0], 0, 1) * np.clip(outputs[f"obj_{stride}"][0, :, 0], 0, 1)
    index = np.nonzero(quality > threshold**2)[0]
    cell = np.stack([index % columns, index // columns], axis=1).astype(np.float32)
    box = outputs[f"bbox_{stride}"][0, index]
    centre = (cell + box[:, :2]) * stride
    half = np.exp(box[:, 2:]) * stride / 2
    points = (outputs[f"kps_{stride}"][0, index].reshape(-1, 5, 2) + cell[:, None]) * stride
    corners = np.concatenate([centre - half, centre + half], axis=1)
    return Candidates(corners.astype(np.float32), points.astype(np.float32), np.sqrt(quality[index]))
