"""Finds faces in the whole of a frame, in a part of it, or near the place where one is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np
from zhian_models.face.detect import VIDEO_SIZE
from zhian_models.face.types import Face, FaceDetector

from zhian_edge.capture.frame import Frame

from .attention import Where
from .geometry import Region, clipped, inside, overlap, widened
from .types import Box, Detection

Canvas = tuple[int, int]
"""Width and height of what a detector looks at, in pixels."""

NEAR: Final = 2.5
"""Sides of a face that are searched about the place where it is expected: room for a step aside."""

NEAR_CANVAS: Final[Canvas] = (160, 160)
"""The expected face is then 64 pixels wide, in the middle of what detectors are trained on."""

CANVASES: Final[tuple[Canvas, ...]] = ((256, 256), (256, 384), (640, 192), (448, 384), VIDEO_SIZE)
"""What areas are searched in, by rising cost; few, because a runtime prepares itself for each."""

RIM: Final = 0.02
"""A face this close to the border of a cut, in its sides, may be divided by it."""

TWICE: Final = 0.3
PART: Final = 0.8
"""Overlap from which two finds are one face, as in the detector itself; the share of one that lies in a surer one from
which it is only a part of it."""


class FindsFaces(Protocol):
    """What `FaceFinder` does."""

    def everywhere(self, frame: Frame) -> Sequence[Detection]: ...

    def at(self, frame: Frame, where: Where) -> Sequence[Detection]: ...


class FaceFinder:
    """Searches at the resolution at which the whole frame fills `VIDEO_SIZE`, and near a place at that of the face."""

    def __init__(self, detector: Callable[[Canvas], FaceDetector]) -> None:
        """`detector(canvas)` gives one that looks at canvases of that size."""
        self._open = detector
        self._detectors = {canvas: detector(canvas) for canvas in (NEAR_CANVAS, *CANVASES)}

    def everywhere(self, frame: Frame) -> Sequence[Detection]:
        """All faces of the frame."""
        canvas = _canvases(frame)[-1]
        small = frame.bgr(int(frame.width * _scale(frame)))
        scale = frame.width / small.shape[1]
        return _distinct([_placed(face, scale) for face in self._detector(canvas).detect(small)])

    def at(self, frame: Frame, where: Where) -> Sequence[Detection]:
        """The faces of `where`, each once."""
        found = [] if where.area is None else self._within(frame, where.area, _canvas_for(where.area, frame))
        for place in where.places:
            region = clipped(widened(place, NEAR), frame.width, frame.height)
            found += [] if region is None else self._within(frame, region, NEAR_CANVAS)
        return _distinct(found)

    def _detector(self, canvas: Canvas) -> FaceDetector:
        """Those of cameras on end are opened when the first of their frames comes."""
        if canvas not in self._detectors:
            self._detectors[canvas] = self._open(canvas)
        return self._detectors[canvas]

    def _within(self, frame: Frame, region: Region, canvas: Canvas) -> list[Detection]:
        """The faces of `region`, without those that it divides: they are another place's."""
        fit = min(canvas[0] / region[2], canvas[1] / region[3])
        picture = frame.crop(region, max(1, int(fit * max(region[2:]))))
        scale = region[2] / picture.shape[1]
        faces = [_placed(face, scale, region[:2]) for face in self._detector(canvas).detect(picture)]
        return [face for face in faces if not _divided(face.box, region, frame)]


def _canvases(frame: Frame) -> Sequence[Canvas]:
    """`CANVASES`, on end for a camera that is."""
    if frame.height <= frame.width:
        return CANVASES
    return [(height, width) for width, height in CANVASES]


def _scale(frame: Frame) -> float:
    """Of a search of the whole frame; small pictures are not enlarged."""
    width, height = _canvases(frame)[-1]
    return min(1.0, width / frame.width, height / frame.height)


def _canvas_for(area: Region, frame: Frame) -> Canvas:
    """The smallest on which `area` is no smaller than in a search of the whole frame."""
    scale, canvases = _scale(frame), _canvases(frame)
    width, height = int(area[2] * scale), int(area[3] * scale)
    return next((canvas for canvas in canvases if canvas[0] >= width and canvas[1] >= height), canvases[-1])


def _placed(face: Face, scale: float, corner: tuple[float, float] = (0, 0)) -> Detection:
    x, y, w, h = (side * scale for side in face.box)
    points = face.points * np.float32(scale) + np.array(corner, np.float32)
    return Detection("face", (x + corner[0], y + corner[1], w, h), face.score, points)


def _divided(box: Box, region: Region, frame: Frame) -> bool:
    """Whether the region's border, where it is not the frame's own, cuts through the face."""
    x, y, w, h = box
    left, top, width, height = region
    rim = RIM * max(w, h)
    return (
        (left > 0 and x - left < rim)
        or (top > 0 and y - top < rim)
        or (left + width < frame.width and left + width - x - w < rim)
        or (top + height < frame.height and top + height - y - h < rim)
    )


def _distinct(found: list[Detection]) -> list[Detection]:
    """Each face once: places that lie close together show the same ones, and half a face may look like one."""
    kept: list[Detection] = []
    for face in sorted(found, key=lambda other: -other.score):
        if all(overlap(face.box, other.box) < TWICE and inside(face.box, other.box) < PART for other in kept):
            kept.append(face)
    return kept
