"""The three ways to look at a picture: for faces, plates, bodies. Each finding is data, an outline and a label."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from ..body import NETWORK as BODY_NETWORK
from ..body import BodyDetector
from ..face.detect import open_detector
from ..face.embed import Embedder, fuse
from ..face.enrol import find_faces
from ..face.liveness import Liveness
from ..face.quality import measure
from ..face.refine import ENROL_SIDES, open_refiner
from ..face.types import Face
from ..plate.detect import NETWORK as PLATE_DETECTOR
from ..plate.read import FIRST, SECOND
from ..plate.reader import PlateReader
from ..runtime import Runtime, open_runtime
from ..store import Store

Picture = NDArray[np.uint8]

DETECTOR, LIVENESS, EMBEDDING = "centerface", "fr_liveness", "fr_feature"
PLATE_NETWORKS = (PLATE_DETECTOR, FIRST, SECOND)
SIDES = 32
LARGEST_CANVAS = 1280
"""Pixels of the longer side on which faces of a still picture are looked for: there is time, unlike in video."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `data` as the JSON line has it, `outline` (n, 2) and `dots` (m, 2) in pixels, a label."""

    data: Mapping[str, Any]
    outline: NDArray[np.float32]
    dots: NDArray[np.float32]
    label: str


class Look(Protocol):
    """Looks at pictures for one kind of thing; `key` is its name in the JSON line."""

    key: str

    def find(self, bgr: Picture) -> list[Finding]:
        """What is in `bgr`, in its pixels."""
        ...


class FaceLook:
    """Faces with quality and liveness; with templates on request."""

    key = "faces"

    def __init__(self, store: Store, embedding: bool) -> None:
        names = [DETECTOR, LIVENESS] + [EMBEDDING] * embedding
        self._runtime = open_runtime(store, names)
        self._liveness = Liveness(self._runtime, (LIVENESS,))
        self._refiners = [open_refiner(self._runtime, DETECTOR, side) for side in ENROL_SIDES]
        self._embedder = Embedder(self._runtime, store.manifest.get(EMBEDDING)) if embedding else None

    def find(self, bgr: Picture) -> list[Finding]:
        """See Look."""
        small, scale = shrunk(bgr)
        detector = open_detector(self._runtime, DETECTOR, canvas(small.shape[1], small.shape[0]))
        return [self._finding(bgr, enlarged(face, 1 / scale)) for face in find_faces(detector, small)]

    def _finding(self, bgr: Picture, found: Face) -> Finding:
        """Points and template as enrolment takes them, so that what is shown is what is compared."""
        looks = [refiner.refine(bgr, found) for refiner in self._refiners]
        face = looks[0]
        quality = measure(bgr, face)
        data: dict[str, Any] = {
            "box": rounded(face.box),
            "points": [rounded(point) for point in face.points],
            "score": round(face.score, 4),
            "quality": {k: round(getattr(quality, k), 3) for k in ("size", "sharpness", "pose", "exposure")},
            "live": round(self._liveness.score(bgr, face.box), 4),
        }
        if self._embedder:
            template = fuse(self._embedder.embed([self._embedder.crop(bgr, look.points) for look in looks]))
            data["embedding"] = rounded(template, 6)
            data["key"] = self._embedder.key
        label = f"{face.score:.2f}  {quality.size:.0f} px  live {data['live']:.2f}"
        return Finding(data, corners_of(face.box), face.points, label)


class PlateLook:
    """Plates, of a whole picture or of a bare crop."""

    key = "plates"

    def __init__(self, store: Store) -> None:
        self._reader = PlateReader(open_runtime(store, PLATE_NETWORKS))

    def find(self, bgr: Picture) -> list[Finding]:
        """See Look."""
        findings = []
        for plate in self._reader.read(bgr):
            data = {
                "text": plate.text,
                "colour": str(plate.colour),
                "kind": str(plate.kind),
                "rows": plate.rows,
                "confidence": round(plate.confidence, 4),
                "characters": [[c, round(p, 4)] for c, p in plate.characters],
                "corners": [rounded(corner) for corner in plate.corners],
            }
            label = f"{plate.text}  {plate.colour}  {plate.confidence:.2f}"
            findings.append(Finding(data, plate.corners, NO_DOTS, label))
        return findings


class BodyLook:
    """People and vehicles."""

    key = "bodies"

    def __init__(self, store: Store) -> None:
        self._runtime: Runtime = open_runtime(store, [BODY_NETWORK])

    def find(self, bgr: Picture) -> list[Finding]:
        """See Look."""
        wide = bgr.shape[1] >= 1.3 * bgr.shape[0]
        detector = BodyDetector(self._runtime, (256, 416) if wide else (416, 416))
        return [
            Finding(
                {"kind": body.kind, "score": round(body.score, 4), "box": rounded(body.box)},
                corners_of(body.box),
                NO_DOTS,
                f"{body.kind} {body.score:.2f}",
            )
            for body in detector.detect(bgr)
        ]


NO_DOTS = np.zeros((0, 2), np.float32)

KINDS: Mapping[str, Callable[[Store, bool], Look]] = MappingProxyType(
    {
        "face": FaceLook,
        "plate": lambda store, _: PlateLook(store),
        "body": lambda store, _: BodyLook(store),
    }
)


def open_look(kind: str, store: Store, *, embedding: bool = False) -> Look:
    """Load what looking for `kind` (a key of KINDS) needs; raises MissingNetwork with the command that helps."""
    return KINDS[kind](store, embedding)


def shrunk(bgr: Picture) -> tuple[Picture, float]:
    """`bgr`, averaged down where it is far larger than any canvas, and the scale: nothing is lost but memory."""
    scale = min(1.0, 2 * LARGEST_CANVAS / max(bgr.shape[:2]))
    if scale == 1.0:
        return bgr, 1.0
    size = max(1, round(bgr.shape[1] * scale)), max(1, round(bgr.shape[0] * scale))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8), scale


def enlarged(face: Face, factor: float) -> Face:
    """The face in a picture that is `factor` times as large."""
    if factor == 1.0:
        return face
    x, y, w, h = (side * factor for side in face.box)
    return Face((x, y, w, h), (face.points + np.float32(0.5)) * np.float32(factor) - np.float32(0.5), face.score)


def canvas(width: int, height: int) -> tuple[int, int]:
    """The detector's canvas (width, height) for a picture: its own size up to LARGEST_CANVAS, in steps of 32."""
    scale = min(1.0, LARGEST_CANVAS / max(width, height))
    return _up(width * scale), _up(height * scale)


def _up(side: float) -> int:
    return max(SIDES, -(-round(side) // SIDES) * SIDES)


def corners_of(box: Sequence[float]) -> NDArray[np.float32]:
    """The four corners of x, y, width, height, clockwise from the top left."""
    x, y, w, h = box
    return np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], np.float32)


def rounded(values: Sequence[float] | NDArray[np.float32], digits: int = 2) -> list[float]:
    """Plain numbers, short enough to read."""
    return [round(float(value), digits) for value in values]
