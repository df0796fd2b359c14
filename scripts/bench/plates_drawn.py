"""Plates drawn by the public measures and then spoiled as cameras spoil them: any number of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_models.plate.alphabet import DIGITS
from zhian_models.plate.draw import draw
from zhian_models.plate.grammar import LAYOUTS, MOST_LETTERS, Layout
from zhian_models.plate.types import Colour, Kind

_SCENE = (480, 360)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with one drawn plate in it."""

    bgr: NDArray[np.uint8]
    text: str
    kind: Kind
    colour: Colour
    rows: int


Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Level:
    """How far a drawn plate is spoiled; ranges are even, `turn` and `askew` standard deviations."""

    name: str
    wide: Range
    """Pixels along the plate."""
    light: Range
    """Of a plate in the sun."""
    blur: Range
    """Standard deviation, pixels."""
    noise: Range
    """Standard deviation of 255."""
    turn: float
    """Degrees."""
    askew: float
    """How far each corner is moved, part of the plate's width."""
    packing: tuple[int, int]
    """JPEG quality."""
    smear: Range = (0, 0)
    """Pixels that the picture moves while the shutter is open."""
    uneven: float = 0.0
    """How much darker the light is at one side of the picture than at the other, at most."""


EASY = Level("easy", (110, 200), (0.5, 1.15), (0.3, 0.8), (1, 4), 4.0, 0.02, (65, 92))
USUAL = Level("usual", (90, 200), (0.35, 1.15), (0.3, 1.1), (1, 6), 6.0, 0.03, (50, 92))
HARD = Level("hard", (70, 140), (0.2, 1.15), (0.5, 1.4), (2, 9), 9.0, 0.04, (35, 80))
GATE = Level("gate", (90, 260), (0.35, 1.15), (0.3, 1.0), (1, 7), 0.0, 0.0, (50, 92), smear=(0, 4), uneven=0.4)
"""A gate's camera by day, at dusk and under its lamp; place and turn come from the scene (`plates_scenes.VIEWS`)."""
LEVELS = {level.name: level for level in (EASY, USUAL, HARD)}
DIRT = 0.06
"""Part of a plate that mud covers, on average."""


@dataclass(frozen=True, slots=True)
class Made:
    """A plate that is made: one layout on one ground in one number of rows."""

    layout: Layout
    colour: Colour
    rows: int

    @property
    def name(self) -> str:
        """Kind, ground, rows and characters."""
        return f"{self.layout.kind} {self.colour} {self.rows} {len(self.layout.positions)}"


def drawn(count: int, seed: int = 1, level: Level = USUAL) -> Iterator[Drawn]:
    """`count` pictures of every layout, colour and number of rows that is made; equal for equal seeds and levels."""
    random = np.random.default_rng(seed)
    for made in MADE:
        for _ in range(count):
            text, plate = plate_of(made, random)
            yield Drawn(placed(plate, random, level), text, made.layout.kind, made.colour, made.rows)


def _is_made(kind: Kind, colour: Colour, rows: int) -> bool:
    """Layouts allow what readers may mistake for each other; not every combination is made."""
    if kind is Kind.CIVIL:
        return rows == 1 or colour is Colour.YELLOW
    return not (kind is Kind.NEV_LARGE and colour is Colour.GREEN)


MADE = tuple(
    Made(layout, colour, rows)
    for layout in LAYOUTS
    for colour in sorted(layout.colours)
    for rows in sorted(layout.rows)
    if _is_made(layout.kind, colour, rows)
)


def plate_of(made: Made, random: np.random.Generator, scale: float = 0.8) -> tuple[str, NDArray[np.uint8]]:
    """A text as issued, and the clean plate with it, `scale` pixels a millimetre."""
    text = _text(made.layout, random)
    return text, draw(text, made.layout.kind, made.colour, made.rows, scale)


def soil(plate: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """The plate with mud on it: soft blotches, thin enough that most of what is below shows through."""
    height, width = plate.shape[:2]
    coarse = random.normal(0, 1, (5, 16)).astype(np.float32)
    spots = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    spots += 0.5 * cv2.resize(random.normal(0, 1, (20, 64)).astype(np.float32), (width, height))
    edge = float(np.quantile(spots, 1 - random.uniform(0, 2 * DIRT)))
    mud = 0.6 * np.clip((spots - edge) / 0.4, 0, 1)[..., None]
    brown = np.array([70, 90, 105], np.float32) * random.uniform(0.6, 1.3)
    return np.asarray(np.clip(plate * (1 - mud) + brown * mud, 0, 255), dtype=np.uint8)


def _text(layout: Layout, random: np.random.Generator) -> str:
    """A text as issued: no issuing letter O, no more letters in a serial number than there are, 粤Z for two kinds."""
    text = ""
    while not layout.fits(text):
        text = _any_text(layout, random)
    return text


def _any_text(layout: Layout, random: np.random.Generator) -> str:
    free = [at for at, allowed in enumerate(layout.positions) if "0" in allowed and "A" in allowed]
    letters = random.permutation(free)[: random.integers(MOST_LETTERS + 1)]
    text = ""
    for at, allowed in enumerate(layout.positions):
        digits = at in free and at not in letters
        choice = DIGITS if digits else "".join(c for c in allowed if c != "O" and (at not in free or c.isalpha()))
        text += choice[random.integers(len(choice))]
    return text


def placed(plate: NDArray[np.uint8], random: np.random.Generator, level: Level) -> NDArray[np.uint8]:
    """A board seen somewhere in front of the camera, spoiled as `level` says."""
    return spoil(_place(plate, random, level), random, level)


def _place(plate: NDArray[np.uint8], random: np.random.Generator, level: Level) -> NDArray[np.uint8]:
    """The plate on a plain car-like ground, seen from somewhere in front of it."""
    shade = random.integers(30, 200)
    scene = np.full((_SCENE[1], _SCENE[0], 3), shade, dtype=np.uint8)
    cv2.rectangle(scene, (40, 100), (440, 300), tuple(int(v) for v in random.integers(20, 220, 3)), -1)
    height, width = plate.shape[:2]
    wide = random.uniform(*level.wide)
    high = wide * height / width
    centre = np.array([random.uniform(170, 310), random.uniform(150, 240)])
    corners = centre + np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    corners += random.normal(0, level.askew * wide, (4, 2)) * (1.0, 0.6)
    turn = cv2.getRotationMatrix2D(tuple(centre), float(random.normal(0, level.turn)), 1.0)
    corners = corners @ turn[:, :2].T + turn[:, 2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    way = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    small = cv2.GaussianBlur(plate, (0, 0), max(0.3, 0.35 * width / wide))
    laid = cv2.warpPerspective(small, way, _SCENE)
    cover = cv2.warpPerspective(np.full((height, width), 255, dtype=np.uint8), way, _SCENE)[..., None] / 255
    return np.asarray(laid * cover + scene * (1 - cover), dtype=np.uint8)


def spoil(scene: NDArray[np.uint8], random: np.random.Generator, level: Level) -> NDArray[np.uint8]:
    """Light, blur, movement, noise and compression."""
    light = scene.astype(np.float32) * random.uniform(*level.light) * random.uniform(0.9, 1.1, 3)
    if level.uneven:
        across = np.linspace(1, 1 - random.uniform(0, level.uneven), scene.shape[1], dtype=np.float32)
        light *= (across if random.random() < 0.5 else across[::-1])[None, :, None]
    blurred = cv2.GaussianBlur(light, (0, 0), random.uniform(*level.blur))
    if level.smear[1]:
        blurred = cv2.filter2D(blurred, -1, _movement(random.uniform(*level.smear), random.uniform(0, np.pi)))
    noisy = np.clip(blurred + random.normal(0, random.uniform(*level.noise), blurred.shape), 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(*level.packing))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), dtype=np.uint8)


def _movement(length: float, angle: float) -> NDArray[np.float32]:
    """The kernel of a movement by `length` pixels along `angle` while the shutter is open."""
    kernel = np.zeros((9, 9), np.float32)
    for at in np.linspace(-0.5, 0.5, 33) * length:
        kernel[round(4 + at * np.sin(angle)), round(4 + at * np.cos(angle))] += 1
    return kernel / kernel.sum()
