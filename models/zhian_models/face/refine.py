"""A second, closer look that puts a face's five points right before it is aligned.

A detector at video size sees a face on a few cells; on a cut of its own the same network places the points better,
which raises the similarity of the same person (docs/recognition.md) for a third of a detection's time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from zhian_models.face.detect import open_detector
from zhian_models.face.types import Face, FaceDetector, Picture
from zhian_models.runtime import Runtime

ZOOM = 2.0
"""The cut is so many times the face's larger side: at 1.5 and at 3 the points came out worse."""

VIDEO_SIDE = 192
"""Pixels of the cut's side for a look at a moving face; the face is then about 96 pixels wide."""

ENROL_SIDES = (192, 384)
"""Enrolment has time for two cuts; a third gave nothing more."""

REFINES = frozenset({"centerface"})
"""Networks whose points gain by a closer look; YuNet places those of large faces worse than of small ones."""

MIRRORED = np.array([1, 0, 2, 4, 3])
"""Where each of the five points is found in the mirror image."""


@dataclass(frozen=True, eq=False)
class _Cut:
    """A square around a face, scaled to `side`: picture = cut / scale + corner."""

    pixels: Picture
    corner: NDArray[np.float32]
    scale: float

    def back(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(points / np.float32(self.scale) + self.corner, np.float32)


class Refiner:
    """Looks again at a found face, and at its mirror image, and takes the mean of both answers."""

    def __init__(self, detector: FaceDetector, side: int) -> None:
        """`detector` must look at a canvas of `side` x `side`."""
        self._detector = detector
        self._side = side

    def refine(self, bgr: Picture, face: Face) -> Face:
        """Return `face` with better points; unchanged where the closer look finds nothing that matches it."""
        cut = _cut(bgr, face, self._side)
        plain = self._points(cut.pixels, face)
        mirror = self._points(np.ascontiguousarray(cut.pixels[:, ::-1]), face)
        found = [] if plain is None else [plain]
        if mirror is not None:
            found.append(_unmirrored(mirror, self._side))
        if not found:
            return face
        return replace(face, points=cut.back(np.mean(found, axis=0, dtype=np.float32)))

    def _points(self, pixels: Picture, face: Face) -> NDArray[np.float32] | None:
        """The points of the face in the middle, if it is as large as the one that was cut out."""
        middle, width = self._side / 2, self._side / ZOOM * face.box[2] / max(face.box[2:])
        near = [f for f in self._detector.detect(pixels) if 0.5 < f.box[2] / max(width, 1e-6) < 2]
        if not near:
            return None
        best = min(near, key=lambda f: abs(f.box[0] + f.box[2] / 2 - middle) + abs(f.box[1] + f.box[3] / 2 - middle))
        return best.points if _covers(best, middle) else None


class MirrorRefiner(Refiner):
    """Looks again at the mirror image only, and takes the mean of its points and those that the face was found with.

    Half of a `Refiner`'s cost; for a face that was found on a cut of its own, and so has good points already.
    """

    def refine(self, bgr: Picture, face: Face) -> Face:
        """Return `face` with better points; unchanged where the mirror image shows nothing that matches it."""
        cut = _cut(bgr, face, self._side)
        mirror = self._points(np.ascontiguousarray(cut.pixels[:, ::-1]), face)
        if mirror is None:
            return face
        return replace(face, points=(face.points + cut.back(_unmirrored(mirror, self._side))) / np.float32(2))


def _unmirrored(points: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    return np.asarray(np.stack([side - 1 - points[:, 0], points[:, 1]], axis=1)[MIRRORED], np.float32)


def _covers(face: Face, middle: float) -> bool:
    x, y, w, h = face.box
    return x < middle < x + w and y < middle < y + h


def _cut(bgr: Picture, face: Face, side: int) -> _Cut:
    x, y, w, h = face.box
    span = max(w, h, 1.0) * ZOOM
    corner = np.array([x + w / 2 - span / 2, y + h / 2 - span / 2], np.float32)
    scale = side / span
    matrix = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]], np.float64)
    method = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
    pixels = cv2.warpAffine(bgr, matrix, (side, side), flags=method, borderValue=0)
    return _Cut(np.asarray(pixels, np.uint8), corner, scale)


def open_refiner(runtime: Runtime, name: str = "centerface", side: int = VIDEO_SIDE) -> Refiner:
    """Return a refiner over the manifest's detection network `name`, which should be one of REFINES."""
    return Refiner(open_detector(runtime, name, (side, side)), side)


def open_mirror_refiner(runtime: Runtime, name: str = "centerface", side: int = VIDEO_SIDE) -> MirrorRefiner:
    """Return the cheaper one, for faces of a video."""
    return MirrorRefiner(open_detector(runtime, name, (side, side)), side)
