"""Enrolment: pictures of a person become templates, with a reason for every picture that is no good.

The gateway and a replay call the same functions, so both know the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from zhian_models.face.detect import open_detector
from zhian_models.face.embed import Embedder, Templates, fuse
from zhian_models.face.errors import NoPictures
from zhian_models.face.quality import Quality, measure
from zhian_models.face.refine import ENROL_SIDES, REFINES, Refiner, open_refiner
from zhian_models.face.types import Face, FaceDetector, Picture
from zhian_models.manifest import Manifest, Precision
from zhian_models.picture_size import MOST_PIXELS, pixels
from zhian_models.runtime import Runtime

Code = Literal[
    "unreadable", "no_face", "two_faces", "small", "blurred", "turned", "dark", "cut", "few_pictures", "nothing_usable"
]

ENOUGH = 3
"""Pictures a person should have: one look misses 17 % of hard faces with one, 5 % with three (docs/recognition.md)."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})

_NO_PICTURE = "the file is no picture"

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


def pictures_in(folder: Path) -> list[Path]:
    """The pictures that lie in `folder`, by name: no hidden files (`._1.jpg` of a Mac), no folders, no pipes."""
    found = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith("."))
    return sorted(path for path in found if path.is_file() or not path.exists())


def nothing_in(folder: Path, person_id: str) -> str:
    """What to put into a folder without pictures, and what lies there that is none."""
    others = sorted(path.name for path in folder.iterdir() if path.is_file() and path.suffix not in {"", ".toml"})
    instead = f" ({', '.join(others[:3])} cannot be read as one)" if others else ""
    return (
        f"no picture in it{instead}: put three or more of {person_id} there, such as 1.jpg, 2.jpg, 3.jpg "
        f"({', '.join(sorted(SUFFIXES))})"
    )


@dataclass(frozen=True, eq=False)
class _Look:
    """A picture's face: one crop per closer look at it, and how good it is."""

    name: str
    crops: tuple[Picture, ...]
    quality: Quality


class Enroller:
    """Turns pictures into templates with one detector, its refiners and one embedder.

    Each refiner's alignment gives a template of its own; a picture's template is their mean, so that the error of one
    alignment does not become a part of the person.
    """

    def __init__(self, detector: FaceDetector, embedder: Embedder, refiners: Sequence[Refiner] = ()) -> None:
        self._detector = detector
        self._refiners = tuple(refiners)
        self._embedder = embedder
        self.key = embedder.key

    def enrol_folder(self, person_id: str, folder: Path) -> Enrolment:
        """Enrol the pictures that lie in `folder`; NoPictures if none does."""
        paths = pictures_in(folder)
        if not paths:
            raise NoPictures(f"{folder}: {nothing_in(folder, person_id)}")
        return self.enrol_pictures(person_id, ((path.name, picture_or_fault(path)) for path in paths))

    def enrol_pictures(self, person_id: str, pictures: Iterable[tuple[str, Picture | str | None]]) -> Enrolment:
        """Enrol named pictures; in place of one that could not be read stands why, or None."""
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
            self._templates(looks),
            tuple(look.name for look in looks),
            tuple(look.quality for look in looks),
            tuple(warnings),
        )

    def _look(self, name: str, picture: Picture | str | None) -> _Look | Warn:
        if picture is None or isinstance(picture, str):
            return Warn("unreadable", picture or _NO_PICTURE, name)
        faces = find_faces(self._detector, picture)
        if not faces:
            return Warn("no_face", "no face was found", name)
        if not _one_meant(faces):
            return Warn("two_faces", f"{len(faces)} faces of like size: it is not clear which is meant", name)
        face = _largest(faces)
        refined = [refiner.refine(picture, face) for refiner in self._refiners] or [face]
        quality = measure(picture, refined[0])
        useless = _useless(quality)
        if useless:
            return Warn(useless, _TEXTS[useless].format(quality), name)
        return _Look(name, tuple(self._embedder.crop(picture, one.points) for one in refined), quality)

    def _templates(self, looks: Sequence[_Look]) -> Templates:
        if not looks:
            return np.zeros((0, 0), np.float32)
        return np.stack([fuse(self._embedder.embed(look.crops)) for look in looks])


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


_TEXTS: Mapping[Code, str] = {
    "small": "{0.size:.0f} pixels between the eyes; 40 are good",
    "blurred": "out of focus, moved or enlarged (sharpness {0.sharpness:.2f} of 1)",
    "turned": "turned by about {0.yaw:.0f} degrees, or nodding",
    "dark": "too dark, too bright or too flat (exposure {0.exposure:.2f} of 1)",
    "cut": "the picture's edge cuts the face",
}


def _useless(quality: Quality) -> Code | None:
    """Why this look would make a template that resembles every other bad look more than its own person.

    Blurred or dark faces of different people reach .8 among each other (docs/recognition.md).
    """
    if quality.size < 8:
        return "small"
    if quality.exposure < 0.1:
        return "dark"
    return "blurred" if quality.sharpness < 0.15 else None


def _faults(look: _Look) -> Iterator[Warn]:
    quality = look.quality
    faults: dict[Code, bool] = {
        "small": quality.size < 20,
        "blurred": quality.sharpness < 0.4,
        "turned": quality.pose < 0.6,
        "dark": quality.exposure < 0.5,
        "cut": quality.border < 0.5,
    }
    for code, faulty in faults.items():
        if faulty:
            yield Warn(code, _TEXTS[code].format(quality), look.name, used=True)


def _too_few(count: int) -> Iterator[Warn]:
    if not count:
        yield Warn("nothing_usable", "no picture could be used: this person will never be recognised")
    elif count < ENOUGH:
        yield Warn("few_pictures", f"{count} usable, at least {ENOUGH} are asked for: more passages will be missed")


def read_picture(path: Path) -> Picture | None:
    """Return a file's picture, upright by its EXIF, or None if it is none, or one that is too large to be decoded.

    What does not say at its head how large it is, is none: decoders know dozens of kinds, some of which name
    gigabytes in a line.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if (size := pixels(data)) is None or size > MOST_PIXELS:
        return None
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if picture is None else np.asarray(picture, np.uint8)


def picture_or_fault(path: Path) -> Picture | str:
    """`read_picture`, or in words why it cannot be read."""
    picture = read_picture(path)
    if picture is not None:
        return picture
    try:
        return _fault(path.read_bytes())
    except OSError as error:
        return f"the file cannot be read ({error.strerror})"


def _fault(data: bytes) -> str:
    if not data:
        return "the file is empty"
    if size := pixels(data):
        if size > MOST_PIXELS:
            return f"{size / 1e6:.0f} million pixels; save it with at most {MOST_PIXELS / 1e6:.0f} million"
        return "the picture is damaged or was cut off"
    if data[4:8] == b"ftyp":
        return "HEIC or AVIF, as telephones write it; save it as JPEG"
    if data.startswith((b"GIF8", b"II*\0", b"MM\0*")):
        return "GIF or TIFF; save it as JPEG or PNG"
    return _NO_PICTURE


def open_enroller(
    runtime: Runtime,
    manifest: Manifest,
    *,
    detector: str = "centerface",
    network: str = "fr_feature",
    precision: Precision = "f32",
) -> Enroller:
    """Return an enroller over a runtime that has loaded `detector` and `network`."""
    refiners = [open_refiner(runtime, detector, side) for side in ENROL_SIDES] if detector in REFINES else []
    return Enroller(open_detector(runtime, detector), Embedder(runtime, manifest.get(network), precision), refiners)
