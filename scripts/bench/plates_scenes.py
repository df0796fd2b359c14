"""Drawn plates on drawn cars at a gate, at a camera's size: distant, turned, large, two at once, cut by the edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from plates_drawn import GATE, MADE, Level, Range, plate_of, soil, spoil

Picture = NDArray[np.uint8]
SIZE = (1280, 720)


@dataclass(frozen=True, slots=True)
class View:
    """How plates stand in a scene.

    Attributes:
        wide: pixels along the plate.
        turn: degrees, either way.
        plates: how many cars there are.
        hidden: part of the plate's width that lies beyond the picture's edge; none of it may be read as whole.
    """

    wide: Range = (90, 260)
    turn: Range = (0, 8)
    plates: int = 1
    hidden: Range = (0, 0)


VIEWS = {
    "gate": View(),
    "small": View(wide=(76, 84)),
    "turned": View(wide=(110, 260), turn=(15, 30)),
    "large": View(wide=(450, 900)),
    "two": View(wide=(90, 180), plates=2),
    "cut": View(wide=(110, 260), hidden=(0.12, 0.6)),
}


def scenes(name: str, count: int, seed: int, level: Level = GATE) -> Iterator[tuple[str, tuple[str, ...], Picture]]:
    """Kind, texts to be read and picture: `count` of every made plate, equal for equal seeds.

    Of a cut plate no text is to be read.
    """
    view = VIEWS[name]
    random = np.random.default_rng(seed)
    for made in MADE:
        for _ in range(count):
            scene = _yard(random)
            others = [MADE[random.integers(len(MADE))] for _ in range(view.plates - 1)]
            plates = [plate_of(each, random) for each in (made, *others)]
            places = [_car(scene, plate, view, random, nth) for nth, (_, plate) in enumerate(plates)]
            for (_, plate), (centre, wide) in zip(plates, places, strict=True):
                _mount(scene, plate, _corners(plate, centre, wide, view, random), random)
            _stamp(scene, random)
            texts = tuple(text for text, _ in plates)
            yield made.name, () if view.hidden[1] else texts, spoil(scene, random, level)


def _yard(random: np.random.Generator) -> Picture:
    """Wall above, ground below, both with the coarse and fine structure of real surfaces, and a band of shadow."""
    width, height = SIZE
    scene = np.empty((height, width, 3), np.float32)
    horizon = int(random.integers(height // 5, height // 2))
    scene[:horizon] = random.integers(60, 220, 3)
    scene[horizon:] = random.integers(60, 150)
    for cells, strength in ((8, 18), (40, 12), (180, 10)):
        structure = random.normal(0, strength, (cells * height // width + 1, cells)).astype(np.float32)
        scene += cv2.resize(structure, SIZE, interpolation=cv2.INTER_CUBIC)[..., None]
    edge = random.uniform(0, width, 2)
    shadow = np.array([[edge[0], 0], [edge[0] + 500, 0], [edge[1] + 500, height], [edge[1], height]], np.int32)
    cover = cv2.GaussianBlur(cv2.fillPoly(np.zeros((height, width), np.float32), [shadow], 1.0), (0, 0), 6)
    scene *= (1 - 0.45 * cover)[..., None]
    return np.clip(scene, 0, 255).astype(np.uint8)


def _car(
    scene: Picture, plate: Picture, view: View, random: np.random.Generator, place: int
) -> tuple[NDArray[np.float64], float]:
    """A car's front with body, windscreen, grille, lamps and a badge; the plate's middle and width on it."""
    wide = float(random.uniform(*view.wide))
    high = wide * plate.shape[0] / plate.shape[1]
    centre = _centre(scene, view, (wide, high), random, place)
    paint = tuple(int(v) for v in random.integers(15, 235, 3))
    dark = tuple(v // 3 for v in paint)
    x, y, unit = int(centre[0]), int(centre[1]), wide / 0.44  # pixels a metre: a plate is .44 m long
    _block(scene, (x, y - int(0.75 * unit)), (1.45 * unit, 0.6 * unit), dark)
    _block(scene, (x, y), (1.8 * unit, 1.1 * unit), paint)
    for bar in range(5):
        _block(scene, (x, y - int((0.22 + 0.05 * bar) * unit)), (0.8 * unit, 0.018 * unit), dark)
    for side in (-1, 1):
        _block(scene, (x + side * int(0.68 * unit), y - int(0.28 * unit)), (0.3 * unit, 0.16 * unit), (225, 230, 232))
    cv2.putText(scene, "BYD" if random.random() < 0.5 else "长安", (x - int(0.1 * unit), y - int(0.45 * unit)),
                (200, 200, 205), cv2.FontFace("sans"), max(8, int(0.09 * unit)), 600)  # fmt: skip
    return centre, wide


def _centre(
    scene: Picture, view: View, size: tuple[float, float], random: np.random.Generator, place: int
) -> NDArray[np.float64]:
    """The plate's middle: whole within the picture, or hidden in part beyond the left or right edge."""
    height, width = scene.shape[:2]
    wide, high = size
    reach = 0.55 * wide + 0.3 * high + 8
    share = width / view.plates
    low, top = reach + place * share, max(reach * 0.6, 0.3 * height)
    x = random.uniform(low, max(low + 1, (place + 1) * share - reach))
    if view.hidden[1]:
        inside = (0.5 - random.uniform(*view.hidden)) * wide
        x = inside if random.random() < 0.5 else width - inside
    return np.array([x, random.uniform(top, max(top + 1, height - 0.6 * reach - 20))])


def _block(scene: Picture, middle: tuple[int, int], size: tuple[float, float], colour: tuple[int, ...]) -> None:
    (x, y), (w, h) = middle, size
    cv2.rectangle(scene, (int(x - w / 2), int(y - h / 2)), (int(x + w / 2), int(y + h / 2)), colour, -1)


def _corners(
    plate: Picture, centre: NDArray[np.float64], wide: float, view: View, random: np.random.Generator
) -> NDArray[np.float32]:
    """Where the plate's corners lie: a little askew, and turned as the view says."""
    high = wide * plate.shape[0] / plate.shape[1]
    corners = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    corners += random.normal(0, 0.015 * wide, (4, 2)) * (1.0, 0.5)
    angle = np.radians(random.uniform(*view.turn) * random.choice((-1, 1)))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(corners @ turn.T + centre, np.float32)


def _mount(scene: Picture, plate: Picture, corners: NDArray[np.float32], random: np.random.Generator) -> None:
    """The plate with its dirt on the car."""
    height, width = plate.shape[:2]
    wide = float(np.linalg.norm(corners[1] - corners[0]))
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    way = cv2.getPerspectiveTransform(source, corners)
    soft = cv2.GaussianBlur(soil(plate, random), (0, 0), max(0.3, 0.35 * width / wide))
    size = (scene.shape[1], scene.shape[0])
    laid = cv2.warpPerspective(soft, way, size, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.full((height, width), 255, np.uint8), way, size)[..., None] / 255
    scene[:] = (laid * cover + scene * (1 - cover)).astype(np.uint8)


def _stamp(scene: Picture, random: np.random.Generator) -> None:
    """What cameras write into their pictures."""
    digits = [int(d) for d in random.integers(10, size=6)]
    text = "2026-0{}-1{} 1{}:2{}:3{} 校门{}".format(*digits)
    cv2.putText(scene, text, (24, 40), (245, 245, 245), cv2.FontFace("sans"), 26, 500)
