"""Enrolment: pictures of a person become templates, with a reason for every picture that is no good.

The gateway and a replay call the same functions, so both know the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from zhian_models.face.align import align
from zhian_models.face.detect import open_detector
from zhian_models.face.embed import Embedder, Templates
from zhian_models.face.errors import NoPictures
from zhian_models.face.quality import Quality, measure
from zhian_models.face.types import Face, FaceDetector, Picture
from zhian_models.manifest import Manifest, Precision
from zhian_models.runtime import Runtime

Code = Literal[
    "unreadable", "no_face", "two_faces", "small", "blurred", "turned", "dark", "cut", "few_pictures", "nothing_usable"
]

ENOUGH = 3
"""Pictures a person should have: with one, a quarter of the hard Asian part is missed, with three 8 % (DESIGN 7)."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})

CLEARLY_LARGER = 1.5
"""Two faces: the larger is meant when it is this many times as wide as the next; otherwise nobody can tell."""


@dataclass(frozen=True)
class Warn:
    """What is wrong with one picture, or (without `picture`) with the whole enrolment; `used`: still enrolled."""

    code: Code
    text: str
    picture: str | None = None
    used: bool = False


@dataclass(frozen=True, eq=False)
class Enrolment:
    """One person's templates (n, d), the key they belong to, the pictures they came from, and what was wrong."""

    person_id: str
    key: str
    templates: Templates
    pictures: tuple[str, ...]
    qualities: tuple[Quality, ...]
    warnings: tuple[Warn, ...]


@dataclass(frozen=True, eq=False)
class _Look:
    """A picture's face, cut out and judged."""

    name: str
    crop: Picture
    quality: Quality


class Enroller:
    """Turns pictures into templates with one detector and one embedder."""

    def __init__(self, detector: FaceDetector, embedder: Embedder) -> None:
        self._detector = detector
        self._embedder = embedder

    def enrol_folder(self, person_id: str, folder: Path) -> Enrolment:
        """Enrol the pictures that lie in `folder`; NoPictures if none does."""
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
        if not paths:
            raise NoPictures(f"{folder}: no picture ({', '.join(sorted(SUFFIXES))}) to enrol {person_id} from")
        return self.enrol_pictures(person_id, ((path.name, read_picture(path)) for path in paths))

    def enrol_pictures(self, person_id: str, pictures: Iterable[tuple[str, Picture | None]]) -> Enrolment:
        """Enrol named pictures; a picture that is None could not be read."""
        looks: list[_Look] = []
        warnings: list[Warn] = []
        for name, picture in pictures:
            look = self._look(name, picture)
            if isinstance(look, Warn):
                warnings.append(look)
            else:
                looks.append(look)
                warnings.extend(_faults(look))
        warnings.extend(_too_few(len(looks)))
        return Enrolment(
            person_id,
            self._embedder.key,
            self._embedder.embed([look.crop for look in looks]),
            tuple(look.name for look in looks),
            tuple(look.quality for look in looks),
            tuple(warnings),
        )

    def _look(self, name: str, picture: Picture | None) -> _Look | Warn:
        if picture is None:
            return Warn("unreadable", "the file is no picture", name)
        faces = find_faces(self._detector, picture)
        if not faces:
            return Warn("no_face", "no face was found", name)
        if not _one_meant(faces):
            return Warn("two_faces", f"{len(faces)} faces of like size: it is not clear which is meant", name)
        face = _largest(faces)
        return _Look(name, align(picture, face.points), measure(picture, face))


def find_faces(detector: FaceDetector, picture: Picture) -> list[Face]:
    """Find the faces of a still picture, also of a tight cut: where nothing is found, look again with a rim around.

    A face that fills the picture is larger than the detectors were taught; a rim of half a picture makes it smaller.
    """
    faces = detector.detect(picture)
    if faces:
        return faces
    rim = max(picture.shape[:2]) // 2
    wider = cv2.copyMakeBorder(picture, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    return [_shift(face, rim, picture.shape) for face in detector.detect(np.asarray(wider, np.uint8))]


def _shift(face: Face, rim: int, shape: tuple[int, ...]) -> Face:
    x, y, w, h = face.box
    left, top = max(x - rim, 0.0), max(y - rim, 0.0)
    right, bottom = min(x - rim + w, float(shape[1])), min(y - rim + h, float(shape[0]))
    return Face((left, top, right - left, bottom - top), face.points - np.float32(rim), face.score)


def _largest(faces: Sequence[Face]) -> Face:
    return max(faces, key=lambda face: face.box[2])


def _one_meant(faces: Sequence[Face]) -> bool:
    widths = sorted((face.box[2] for face in faces), reverse=True)
    return len(widths) == 1 or widths[0] >= CLEARLY_LARGER * widths[1]


def _faults(look: _Look) -> Iterator[Warn]:
    quality = look.quality
    if quality.size < 24:
        yield Warn("small", f"{quality.size:.0f} pixels between the eyes; 40 are good", look.name, used=True)
    if quality.sharpness < 0.25:
        yield Warn("blurred", "out of focus, moved or enlarged", look.name, used=True)
    if quality.pose < 0.5:
        yield Warn("turned", f"turned by about {abs(quality.yaw):.0f} degrees, or nodding", look.name, used=True)
    if quality.exposure < 0.5:
        yield Warn("dark", "too dark, too bright or too flat", look.name, used=True)
    if quality.border < 0.8:
        yield Warn("cut", "the picture's edge cuts the face", look.name, used=True)


def _too_few(count: int) -> Iterator[Warn]:
    if not count:
        yield Warn("nothing_usable", "no picture could be used: this person will never be recognised")
    elif count < ENOUGH:
        yield Warn("few_pictures", f"{count} usable, at least {ENOUGH} are asked for: more passages will be missed")


def read_picture(path: Path) -> Picture | None:
    """Return a file's picture, upright by its EXIF, or None if it is none."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError:
        return None
    if not data.size:
        return None
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, np.uint8)


def open_enroller(
    runtime: Runtime,
    manifest: Manifest,
    *,
    detector: str = "centerface",
    network: str = "fr_feature",
    precision: Precision = "f32",
) -> Enroller:
    """Return an enroller over a runtime that has loaded `detector` and `network`."""
    return Enroller(open_detector(runtime, detector), Embedder(runtime, manifest.get(network), precision))
