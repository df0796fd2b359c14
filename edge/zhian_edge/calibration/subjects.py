"""How large faces and plates are where the line is; what was seen is measured, nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from zhian_models.face.detect import open_detector
from zhian_models.face.quality import measure
from zhian_models.face.types import FaceDetector
from zhian_models.plate.detect import NETWORK as PLATES
from zhian_models.plate.detect import PlateDetector
from zhian_models.runtime import open_runtime
from zhian_models.store import Store

from zhian_edge.calibration.geometry import Line, distance
from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Point

Kind = Literal["face", "plate"]
_FACES: Final = "centerface"
#: A plate is looked for at most at this width, in pixels, and must be this certain: nothing is read here that could
#: tell a plate from lettering on a wall.
_PLATE_LOOK: Final = 1024
_PLATE_SCORE: Final = 0.85

#: Nearer to the line than this share of the picture's width counts as at the line.
NEAR: Final = 0.1
#: A turned face's eyes are closer together than the person is far away.
_FRONTAL: Final = 0.5
#: The least that carries a straight line through what was seen: how many, over which share of the height, how well,
#: and how far beyond them, in shares of what they span.
_FIT_COUNT: Final = 8
_FIT_SPAN: Final = 0.15
_FIT_QUALITY: Final = 0.8
_FIT_BEYOND: Final = 0.25


@dataclass(frozen=True, slots=True)
class Subject:
    """One face or plate in one frame: its middle in 0..1, and the pixels between the eyes or across the plate."""

    kind: Kind
    place: Point
    pixels: float
    frontal: bool = True


@dataclass(frozen=True, slots=True)
class Width:
    """Pixels between the eyes or across a plate, and by which right they are stated.

    `measured`: median of `count` looks at the line; `expected`: from how the size grows with nearness elsewhere in
    the picture; `anywhere`: no line is drawn, median of all looks.
    """

    pixels: float
    by: Literal["measured", "expected", "anywhere"]
    count: int


class Finder(Protocol):
    """Finds what passes in a frame."""

    def find(self, frame: Frame) -> list[Subject]: ...


class NetworkFinder:
    """Finds with the networks that the node itself uses."""

    def __init__(self, kinds: Sequence[Kind], store: Store) -> None:
        """Load what `kinds` need.

        Raises:
            ModelsError: a network is missing or damaged.
        """
        names = {"face": _FACES, "plate": PLATES}
        runtime = open_runtime(store, [names[kind] for kind in kinds])
        self._faces: FaceDetector | None = open_detector(runtime, _FACES) if "face" in kinds else None
        self._plates = PlateDetector(runtime, _PLATE_LOOK, _PLATE_SCORE) if "plate" in kinds else None

    def find(self, frame: Frame) -> list[Subject]:
        bgr = frame.bgr()
        found: list[Subject] = []
        for face in self._faces.detect(bgr) if self._faces else ():
            x, y, width, height = face.box
            place = ((x + width / 2) / frame.width, (y + height / 2) / frame.height)
            found.append(Subject("face", place, face.inter_eye, measure(bgr, face).pose >= _FRONTAL))
        for plate in self._plates.detect(bgr) if self._plates else ():
            x, y = plate.corners.mean(axis=0) / (frame.width, frame.height)
            found.append(Subject("plate", (float(x), float(y)), _across(plate.corners)))
        return found


def width_at(subjects: Sequence[Subject], kind: Kind, line: Line | None, aspect: float) -> Width | None:
    """How large `kind` is at `line`; None where what was seen does not carry a statement."""
    seen = [subject for subject in subjects if subject.kind == kind and subject.frontal]
    if line is None:
        return _median(seen, "anywhere")
    near = [subject for subject in seen if distance(line, subject.place, aspect) <= NEAR]
    if near:
        return _median(near, "measured")
    pixels = expected_at([(s.place[1], s.pixels) for s in seen], (line[0][1] + line[1][1]) / 2)
    return None if pixels is None else Width(pixels, "expected", len(seen))


def expected_at(seen: Sequence[tuple[float, float]], height: float) -> float | None:
    """Pixels expected at `height` (0..1 from the top) from (height, pixels) of what was seen elsewhere.

    Over level ground, things at one height above it appear in a size that is linear in the row where they appear
    (pinhole camera without roll). So a straight line is laid through what was seen, and believed only if there is
    enough of it, spread over the picture, close to that line, and not far from the asked row. Else None.
    """
    if len(seen) < _FIT_COUNT:
        return None
    rows, pixels = (np.array(values, np.float64) for values in zip(*seen, strict=True))
    low, high = float(rows.min()), float(rows.max())
    beyond = _FIT_BEYOND * (high - low)
    if high - low < _FIT_SPAN or not low - beyond <= height <= high + beyond:
        return None
    slope, base = np.polyfit(rows, pixels, 1)
    spread = float(((pixels - pixels.mean()) ** 2).sum())
    missed = float(((pixels - slope * rows - base) ** 2).sum())
    expected = float(slope * height + base)
    if slope <= 0 or expected <= 0 or missed > (1 - _FIT_QUALITY) * spread:
        return None
    return expected


def _median(subjects: Sequence[Subject], by: Literal["measured", "anywhere"]) -> Width | None:
    if not subjects:
        return None
    return Width(float(np.median([subject.pixels for subject in subjects])), by, len(subjects))


def _across(corners: NDArray[np.float32]) -> float:
    """Mean of a plate's upper and lower edge; corners from the upper left, clockwise."""
    upper, lower = corners[1] - corners[0], corners[2] - corners[3]
    return float((np.hypot(*upper) + np.hypot(*lower)) / 2)
