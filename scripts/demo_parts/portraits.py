"""The demo's own reel: known and unknown people from official portraits, and cars with drawn plates."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from rich.console import Console
from zhian_models.face.detect import open_detector
from zhian_models.face.types import FaceDetector
from zhian_models.fetching import pull
from zhian_models.plate.draw import draw
from zhian_models.plate.types import Colour, Kind
from zhian_models.progress_bars import ProgressBars
from zhian_models.runtime import open_runtime
from zhian_models.store import Store

from . import cutout, reel, scene
from .processes import DemoError

#: The reel is made again when its recipe changes.
RECIPE: Final = 4
ENROLLED: Final = "portrait_obama"
WALKING: Final = (("portrait_obama2", 0.42), ("portrait_biden", 0.6), ("portrait_obama3", 0.5))
CARS: Final = (
    ("京AF0236", Kind.CIVIL, Colour.BLUE, (96, 58, 36)),
    ("沪AD12345", Kind.NEV, Colour.GREEN, (222, 220, 216)),
)
CAPTION: Final = "demo reel, composed: official portraits (public domain), drawn gate and cars, synthetic plates"
PERSON_HEIGHT: Final = 760
CAR_WIDTH: Final = 900
CROSSING_S: Final = 7.0


def own_reel(home: Path, say: Callable[[str], None]) -> tuple[Path, Path]:
    """The reel and the folder of people to enrol, below `home`; made at the first call.

    Raises:
        DemoError: a portrait cannot be fetched, or no face is found in it.
    """
    folder = home / "demo-reel"
    path = folder / f"gate-{RECIPE}.mp4"
    people = folder / "people"
    if not path.is_file():
        store = Store(home)
        _fetch(store)
        say("Composing the demo's reel (once) ...")
        shutil.rmtree(folder, ignore_errors=True)
        enrolled = people / "guest-44"
        enrolled.mkdir(parents=True)
        shutil.copy(store.path(ENROLLED), enrolled / "1.jpg")
        (enrolled / "person.toml").write_text('name = "Barack Obama"\ngroup = "visitor"\n', encoding="utf-8")
        reel.write(path, scene.empty_gate(), _acts(store), CAPTION)
    return path, people


def _fetch(store: Store) -> None:
    wanted = [store.manifest.get(name) for name in (ENROLLED, *(name for name, _ in WALKING))]
    with ProgressBars(Console(stderr=True)) as bars:
        report = pull(store, wanted, progress=bars)
    for failed in report.failed:
        raise DemoError(f"{failed.name}: {failed.error}")


def _acts(store: Store) -> list[reel.Act]:
    detector = open_detector(open_runtime(store, ["centerface"]))
    walkers = [_walker(store.path(name), lane, detector) for name, lane in WALKING]
    drivers = [_driver(text, kind, colour, paint) for text, kind, colour, paint in CARS]
    return [walkers[0], walkers[1], drivers[0], walkers[2], drivers[1]]


def _walker(portrait: Path, lane: float, detector: FaceDetector) -> reel.Act:
    picture = np.asarray(cv2.imread(str(portrait)), dtype=np.uint8)
    faces = detector.detect(picture)
    if not faces:
        raise DemoError(f"no face was found in {portrait}; is it whole? (zhian-models verify)")
    _, mask = cutout.person(picture, faces[0].box)
    size = (round(picture.shape[1] * PERSON_HEIGHT / picture.shape[0]), PERSON_HEIGHT)
    return reel.Act(
        np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
        np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), dtype=np.float32),
        CROSSING_S,
        reel.on_foot(lane),
    )


def _driver(text: str, kind: Kind, colour: Colour, paint: tuple[int, int, int]) -> reel.Act:
    picture, mask = scene.car(draw(text, kind, colour), paint)
    size = (CAR_WIDTH, round(picture.shape[0] * CAR_WIDTH / picture.shape[1]))
    return reel.Act(
        np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
        np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), dtype=np.float32),
        CROSSING_S,
        reel.by_car,
    )
