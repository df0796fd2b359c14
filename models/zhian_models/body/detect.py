"""NanoDet: people and vehicles of a picture, in its own pixels.

Contract of the network (RangiLyu/nanodet, 416, COCO): BGR, normalised, letterboxed; per stride the scores of 80
classes and, for the four sides of a box, a distribution over 0..10 strides whose mean is the distance from the
cell's centre (generalised focal loss, arXiv:2006.04388).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..face.letterbox import Letterbox, letterbox
from ..runtime import Runtime

Kind = Literal["person", "bicycle", "car", "motorcycle", "bus", "truck"]
Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]

NETWORK = "nanodet"
KINDS: tuple[Kind, ...] = ("person", "bicycle", "car", "motorcycle", "bus", "truck")
SIZES = ((256, 416), (416, 416))
"""Usual canvases (height, width): the first for 16:9 cameras, the second for upright or square pictures."""

COCO_INDEX = np.array([0, 1, 2, 3, 5, 7])
"""Where `KINDS` stand among the 80 classes of COCO."""

FAMILY = np.array([0, 1, 2, 1, 2, 2])
"""Of `KINDS`: person, two wheels, more wheels. One van is often a car and a truck; it is reported once."""

STRIDES = (8, 16, 32)
BINS = 11
MEAN = np.array([103.53, 116.28, 123.675], np.float32)
DEVIATION = np.array([57.375, 57.12, 58.395], np.float32)
THRESHOLD = 0.4
OVERLAP = 0.6
SIDES = 32


@dataclass(frozen=True, slots=True)
class Body:
    """A person or a vehicle: `box` is x, y, width, height in pixels of the given picture; `score` in 0..1."""

    kind: Kind
    score: float
    box: tuple[float, float, float, float]


class BodyDetector:
    """Finds bodies on a canvas of fixed `size` (height, width), multiples of 32."""

    def __init__(self, runtime: Runtime, size: tuple[int, int] = SIZES[0], threshold: float = THRESHOLD) -> None:
        if size[0] % SIDES or size[1] % SIDES or min(size) < SIDES:
            raise ValueError(f"the detector's size must be multiples of {SIDES}, not {size[0]}x{size[1]}")
        self._runtime = runtime
        self._size = size
        self._threshold = threshold

    def detect(self, bgr: Picture) -> list[Body]:
        """The bodies of `bgr` (height, width, 3), best score first."""
        canvas, placed = letterbox(bgr, (self._size[1], self._size[0]))
        scaled = (canvas.astype(np.float32) - MEAN) / DEVIATION
        outputs = self._runtime.run(NETWORK, {"input": scaled.transpose(2, 0, 1)[None]})
        corners, scores, kinds = decode(outputs, self._size, self._threshold)
        kept = suppress(corners, scores, FAMILY[kinds])
        return _bodies(corners[kept], scores[kept], kinds[kept], placed)


def decode(
    outputs: Mapping[str, NDArray[Any]], size: tuple[int, int], threshold: float
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Candidates on the canvas: corners (n, 4) x1 y1 x2 y2, scores (n,), indices into `KINDS` (n,)."""
    parts = [_decode_stride(outputs, stride, size, threshold) for stride in STRIDES]
    corners, scores, kinds = (np.concatenate(column) for column in zip(*parts, strict=True))
    return corners, scores, kinds


def _decode_stride(
    outputs: Mapping[str, NDArray[Any]], stride: int, size: tuple[int, int], threshold: float
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    classes = outputs[f"cls_{stride}"][0][:, COCO_INDEX]
    kinds = classes.argmax(axis=1)
    scores = classes[np.arange(len(classes)), kinds]
    chosen = np.flatnonzero(scores >= threshold)
    centres = _centres(size, stride)[chosen]
    left_top, right_bottom = np.split(_distances(outputs[f"reg_{stride}"][0][chosen]) * stride, 2, axis=1)
    return np.hstack([centres - left_top, centres + right_bottom]), scores[chosen], kinds[chosen]


def _distances(regression: Floats) -> Floats:
    """The mean of every side's distribution: (n, 44) to (n, 4) left, top, right, bottom, in strides."""
    logits = regression.reshape(-1, 4, BINS)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    expected = (weights / weights.sum(axis=2, keepdims=True)) @ np.arange(BINS, dtype=np.float32)
    return np.asarray(expected, np.float32)


@cache
def _centres(size: tuple[int, int], stride: int) -> Floats:
    """Centres (x, y) of all cells, row by row."""
    y, x = np.mgrid[: size[0] // stride, : size[1] // stride].astype(np.float32)
    return np.stack([x, y], axis=-1).reshape(-1, 2) * stride + np.float32(stride / 2)


def suppress(corners: Floats, scores: Floats, families: NDArray[np.intp]) -> NDArray[np.intp]:
    """Indices, best score first, of what overlaps no better candidate of its family by more than `OVERLAP`."""
    order = np.argsort(-scores, kind="stable")
    clash = (overlaps(corners) > OVERLAP) & (families[:, None] == families[None, :])
    kept: list[int] = []
    for index in order:
        if not clash[index, kept].any():
            kept.append(int(index))
    return np.array(kept, np.intp)


def overlaps(corners: Floats) -> Floats:
    """Intersection over union of every pair of boxes (n, 4): (n, n)."""
    low = np.maximum(corners[:, None, :2], corners[None, :, :2])
    high = np.minimum(corners[:, None, 2:], corners[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    area = np.prod(corners[:, 2:] - corners[:, :2], axis=1)
    return np.asarray(shared / np.maximum(area[:, None] + area[None, :] - shared, 1e-9), np.float32)


def _bodies(corners: Floats, scores: Floats, kinds: NDArray[np.intp], placed: Letterbox) -> list[Body]:
    boxes = placed.clip(placed.back(corners.reshape(-1, 2, 2)).reshape(-1, 4)).astype(float)
    return [
        Body(KINDS[kind], float(score), (x1, y1, x2 - x1, y2 - y1))
        for (x1, y1, x2, y2), score, kind in zip(boxes.tolist(), scores, kinds, strict=True)
    ]
