"""CenterFace: what the network wants and how its heat map is read (published by Star-Clouds, MIT; WIDER FACE)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zhian_models.face.candidates import Candidates, Floats
from zhian_models.face.letterbox import Canvas

STRIDE = 4
INPUT = "input.1"
HEAT, SCALE, OFFSET, POINTS = "537", "538", "539", "540"


class CenterFace:
    """1x3xHxW RGB 0..255, sides multiples of 32; four maps at stride 4.

    Heat (1), scale (2: logarithm of height and width in strides), offset (2: y, x in strides) and five points
    (10: y, x each, as shares of the box from its upper left corner).
    """

    input_name = INPUT

    def tensor(self, canvas: Canvas) -> Floats:
        """Turn a BGR canvas into the network's input."""
        return np.ascontiguousarray(canvas[:, :, ::-1].transpose(2, 0, 1)[None], np.float32)

    def decode(self, outputs: Mapping[str, NDArray[np.float32]], size: tuple[int, int], threshold: float) -> Candidates:
        """Read every cell whose heat exceeds `threshold`; the maps carry the canvas' size themselves.

        The published decoder hangs the points on the box after cutting it at the picture's edge, which moves the
        points of a face that is cut; here they hang on the box as the network drew it.
        """
        del size
        row, column = np.nonzero(outputs[HEAT][0, 0] > threshold)
        scores = outputs[HEAT][0, 0, row, column]
        height, width = np.exp(outputs[SCALE][0][:, row, column]) * STRIDE
        offset_y, offset_x = outputs[OFFSET][0][:, row, column]
        left = (column + offset_x + 0.5) * STRIDE - width / 2
        top = (row + offset_y + 0.5) * STRIDE - height / 2
        shares = outputs[POINTS][0][:, row, column]
        points = np.stack([shares[1::2] * width + left, shares[0::2] * height + top], axis=2).transpose(1, 0, 2)
        corners = np.stack([left, top, left + width, top + height], axis=1)
        return Candidates(corners.astype(np.float32), points.astype(np.float32), scores.astype(np.float32))
