"""Finds plates with their four corners (network clp_det, a RetinaFace with plate corners)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.plate.types import PlateBox

NETWORK = "clp_det"
_MEAN = (104.0, 117.0, 123.0)  # BGR, as the network was trained
_STRIDES = (8, 16, 32)
_PRIOR_SIDES = ((24, 48), (96, 192), (384, 768))  # pixels, two priors per cell and stride
_VARIANCES = (0.1, 0.2)  # of the centre and the corners, of the size
_GRID = 32  # sides must be multiples of the coarsest stride
_BEFORE_NMS = 300
_DARK = 64.0  # mean of a picture below which its shadows are lifted: at dusk that takes scores from .1 to .5
_BRIGHTEN = (255 * (np.arange(256) / 255) ** 0.7).astype(np.uint8)
_TOP_LEFT_FIRST = [2, 3, 0, 1]  # the network begins at the bottom right; we go clockwise from the top left


Canvas = tuple[int, int]
"""Width and height of what the network looks at, in pixels."""


class Runs(Protocol):
    """The part of a runtime that a stage needs."""

    def run(self, name: str, arrays: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        """Run the network `name` once."""


class Detects(Protocol):
    """What `PlateDetector` does for those who say themselves at which size a picture is looked at."""

    def detect_at(self, bgr: NDArray[np.uint8], scale: float, canvas: Canvas | None = None) -> list[PlateBox]:
        """All plates of `bgr`, in its own pixels."""


class PlateDetector:
    """Plates of a picture, biggest certainty first.

    `longest` is the longer side, in pixels, at which the picture is looked at; a smaller picture is not enlarged.
    """

    def __init__(self, runtime: Runs, longest: int = 640, threshold: float = 0.35, overlap: float = 0.4) -> None:
        self._runtime = runtime
        self._longest = longest
        self._threshold = threshold
        self._overlap = overlap

    def detect(self, bgr: NDArray[np.uint8]) -> list[PlateBox]:
        """All plates of `bgr` (h, w, 3), in its own pixels."""
        return self.detect_at(bgr, min(1.0, self._longest / max(bgr.shape[:2])))

    def detect_at(self, bgr: NDArray[np.uint8], scale: float, canvas: Canvas | None = None) -> list[PlateBox]:
        """All plates, looked at with `scale` times the picture's size; a runtime may prepare itself for a `canvas`.

        Without one the picture is filled up to the network's grid, so that its sides may be any multiple of that.
        """
        blob = _blob(bgr, scale, canvas)
        out = self._runtime.run(NETWORK, {"image": blob})
        return self._decode(out, blob.shape[2:], scale)

    def _decode(self, out: Mapping[str, NDArray[np.float32]], size: tuple[int, ...], scale: float) -> list[PlateBox]:
        scores = out["conf"][0, :, 1]
        chosen = np.flatnonzero(scores > self._threshold)
        chosen = chosen[np.argsort(-scores[chosen], kind="stable")][:_BEFORE_NMS]
        priors = _priors(size[0], size[1])[chosen]
        boxes = _decode_boxes(out["loc"][0, chosen], priors)
        corners = _decode_corners(out["landms"][0, chosen], priors)
        keep = cv2.dnn.NMSBoxes(boxes.tolist(), scores[chosen].tolist(), self._threshold, self._overlap)
        return [
            PlateBox(
                corners=(corners[i] / scale)[_TOP_LEFT_FIRST].astype(np.float32),
                box=tuple(float(v) / scale for v in boxes[i]),  # type: ignore[arg-type]
                score=float(scores[chosen][i]),
            )
            for i in np.asarray(keep, dtype=int).reshape(-1)
        ]


def _blob(bgr: NDArray[np.uint8], scale: float, canvas: Canvas | None) -> NDArray[np.float32]:
    """The picture at `scale` on a canvas, filled with the mean colour; one too small grows to a multiple of 32."""
    height, width = bgr.shape[:2]
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    if inner != (width, height):
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        bgr = np.asarray(cv2.resize(bgr, inner, interpolation=way), dtype=np.uint8)
    if bgr.mean() < _DARK:
        bgr = np.asarray(cv2.LUT(bgr, _BRIGHTEN), dtype=np.uint8)
    sides = np.maximum(canvas or (0, 0), inner)
    columns, rows = (-(-int(side) // _GRID) * _GRID for side in sides)
    padded = np.zeros((1, 3, rows, columns), dtype=np.float32)
    for channel, mean in enumerate(_MEAN):
        np.subtract(bgr[:, :, channel], np.float32(mean), out=padded[0, channel, : inner[1], : inner[0]])
    return padded


@lru_cache(maxsize=32)
def _priors(height: int, width: int) -> NDArray[np.float32]:
    """Centre and side (cx, cy, side) of every prior in pixels, in the network's order."""
    levels = []
    for stride, sides in zip(_STRIDES, _PRIOR_SIDES, strict=True):
        rows, columns = -(-height // stride), -(-width // stride)
        cy, cx = np.mgrid[:rows, :columns].astype(np.float32)
        centres = np.stack([(cx + 0.5) * stride, (cy + 0.5) * stride], axis=-1).reshape(-1, 1, 2)
        both = np.repeat(centres, len(sides), axis=1)
        side = np.broadcast_to(np.asarray(sides, dtype=np.float32)[None, :, None], (*both.shape[:2], 1))
        levels.append(np.concatenate([both, side], axis=-1).reshape(-1, 3))
    return np.concatenate(levels)


def _decode_boxes(loc: NDArray[np.float32], priors: NDArray[np.float32]) -> NDArray[np.float32]:
    """x, y, width, height in pixels of the network's input."""
    centres = priors[:, :2] + loc[:, :2] * _VARIANCES[0] * priors[:, 2:]
    sizes = priors[:, 2:] * np.exp(loc[:, 2:] * _VARIANCES[1])
    return np.concatenate([centres - sizes / 2, sizes], axis=1)


def _decode_corners(landmarks: NDArray[np.float32], priors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 4, 2) in pixels of the network's input, in the network's order."""
    offsets = landmarks.reshape(-1, 4, 2) * _VARIANCES[0] * priors[:, None, 2:]
    return (priors[:, None, :2] + offsets).astype(np.float32)
