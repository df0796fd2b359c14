"""The demo's own reel: a guest and a stranger from official portraits, and cars with drawn plates."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import msgspec
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
from .prompting import Cue, Timetable

#: The reel is made again when its recipe changes.
RECIPE: Final = 8
ENROLLED: Final = "portrait_obama"
PORTRAITS: Final = (ENROLLED, "portrait_obama2", "portrait_obama3", "portrait_biden")
CARS: Final = (
    ("京AF0236", Kind.CIVIL, Colour.BLUE, (96, 58, 36)),
    ("沪AD12345", Kind.NEV, Colour.GREEN, (222, 220, 216)),
)
CAPTION: Final = "demo reel, composed: official portraits (public domain), drawn gate and cars, synthetic plates"
PERSON_HEIGHT: Final = 760
CAR_WIDTH: Final = 900
CROSSING_S: Final = 7.0
#: Whoever is refused stands there until it is certain, and goes back.
REFUSED_S: Final = 9.0
#: So long after somebody with a card the next one comes without any.
BEHIND_S: Final = 2.2
#: A card is presented so long after its scene began: near enough to be seen.
PRESENTED_S: Final = 2.6
#: Where the gate is: whoever leaves to the right of the camera is inside.
LINE: Final = ((0.8, 1.0), (0.8, 0.15))
GUEST: Final = "guest-44"
CARD: Final = "04A1B2C3D4E580"


class OwnReel(NamedTuple):
    """The reel, the folder of people to enrol, and when cards are presented in it."""

    path: Path
    people: Path
    timetable: Timetable


class Played(NamedTuple):
    """A scene, and when the guest's card is presented in it, seconds after its begin; 0: it is not."""

    acts: reel.Scene
    presented_s: float = 0.0


def own_reel(home: Path, say: Callable[[str], None]) -> OwnReel:
    """The reel, the folder of people to enrol and what happens at the reader, below `home`; made at the first call.

    Raises:
        DemoError: a portrait cannot be fetched, or no face is found in it.
    """
    folder = home / "demo-reel"
    path, timetable, recipe = folder / "gate.mp4", folder / "gate.json", folder / "recipe"
    people = folder / "people"
    if not (recipe.is_file() and recipe.read_text(encoding="utf-8") == str(RECIPE)):
        store = Store(home)
        _fetch(store)
        say("Composing the demo's reel (once) ...")
        shutil.rmtree(folder, ignore_errors=True)
        enrolled = people / GUEST
        enrolled.mkdir(parents=True)
        shutil.copy(store.path(ENROLLED), enrolled / "1.jpg")
        about = f'name = "奥巴马 Barack Obama"\ncards = ["{CARD}"]\nplates = ["{CARS[0][0]}"]\n'
        (enrolled / "person.toml").write_text(about, encoding="utf-8")
        scenes = _scenes(store)
        reel.write(path, scene.empty_gate(), [played.acts for played in scenes], CAPTION)
        timetable.write_bytes(msgspec.json.encode(_timetable(scenes)))
        recipe.write_text(str(RECIPE), encoding="utf-8")
    return OwnReel(path, people, msgspec.json.decode(timetable.read_bytes(), type=Timetable))


def _fetch(store: Store) -> None:
    wanted = [store.manifest.get(name) for name in PORTRAITS]
    with ProgressBars(Console(stderr=True)) as bars:
        report = pull(store, wanted, progress=bars)
    for failed in report.failed:
        raise DemoError(f"{failed.name}: {failed.error}")


def _scenes(store: Store) -> list[Played]:
    """A stranger with the guest's card; the guest, with the stranger close behind; cars, and the guest alone.

    Nobody leaves on one side and is on the other a moment later: what follows them would take it for one way.
    """
    detector = open_detector(open_runtime(store, ["centerface"]))

    def walker(name: str, way: reel.Way, seconds: float = CROSSING_S, after_s: float = 0.0) -> reel.Act:
        return _walker(store.path(name), way, seconds, after_s, detector)

    cars = [_driver(text, kind, colour, paint) for text, kind, colour, paint in CARS]
    behind = walker("portrait_biden", reel.on_foot(0.3), after_s=BEHIND_S)
    return [
        Played((walker("portrait_biden", reel.turning_back(0.6), REFUSED_S),), PRESENTED_S),
        Played((walker("portrait_obama3", reel.on_foot(0.6)), behind), PRESENTED_S),
        Played((cars[0],)),
        Played((walker("portrait_obama2", reel.on_foot(0.42)),), PRESENTED_S),
        Played((cars[1],)),
    ]


def _timetable(scenes: Sequence[Played]) -> Timetable:
    *begins, seconds = reel.starts([played.acts for played in scenes])
    shown = [(at + played.presented_s, CARD) for at, played in zip(begins, scenes, strict=True) if played.presented_s]
    return Timetable(seconds=seconds, cues=tuple(Cue(at_s=round(at, 3), card=card) for at, card in shown))


def _walker(portrait: Path, way: reel.Way, seconds: float, after_s: float, detector: FaceDetector) -> reel.Act:
    picture = np.asarray(cv2.imread(str(portrait)), dtype=np.uint8)
    faces = detector.detect(picture)
    if not faces:
        raise DemoError(f"no face was found in {portrait}; is it whole? (zhian-models verify)")
    _, mask = cutout.person(picture, faces[0].box)
    size = (round(picture.shape[1] * PERSON_HEIGHT / picture.shape[0]), PERSON_HEIGHT)
    return reel.Act(
        np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8),
        np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), dtype=np.float32),
        seconds,
        way,
        after_s,
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
