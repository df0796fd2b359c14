"""Drawn attacks: what a camera might see of a printed picture or a phone that shows one. Synthetic, all of them.

Made of photographs of living people: a border of paper or a dark bezel, perspective, ink's or a screen's contrast, the
screen's grid (which gives moire when it is sampled), glare, and then the same camera as for everybody else. No paper
and no screen was ever before a camera here: whoever finds these proves little about real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Box = tuple[float, float, float, float]

WIDTH, HEIGHT = 1280, 720
TILT = 0.06
FINE = 3
"""A pixel of the picture is so many rows and columns of the drawn screen."""
FACE = (90, 200)
"""Pixels of a face's width before the camera."""


@dataclass(frozen=True, eq=False)
class Source:
    """A photograph of a living person and the box (x, y, width, height) of their face."""

    picture: Picture
    box: Box


def live(source: Source, _room: Picture, rng: np.random.Generator) -> Picture:
    """The photograph alone, as large as an attack's: no border, and nothing of the room."""
    scale = rng.uniform(*FACE) / source.box[2]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return _camera(cv2.resize(source.picture, None, fx=scale, fy=scale, interpolation=method).astype(np.float32), rng)


def printed(source: Source, room: Picture, rng: np.random.Generator) -> Picture:
    """A print with a white border, held before the camera: less contrast, warmer, soft, with a shine."""
    ink = source.picture.astype(np.float32)
    ink = 128 + (ink - 128) * rng.uniform(0.6, 0.85) + rng.uniform(5, 25)
    ink *= np.array([rng.uniform(0.88, 0.98), 1.0, rng.uniform(1.0, 1.06)], np.float32)
    ink = _shine(cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.4, 1.0)), rng)
    rim = int(0.06 * max(ink.shape[:2]))
    paper = cv2.copyMakeBorder(ink, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(225, 232, 235))
    return _camera(_placed(paper, _moved(source.box, 1, rim, rim), room, rng), rng)


def phone(source: Source, room: Picture, rng: np.random.Generator) -> Picture:
    """A phone with a dark bezel: brighter, bluer, with the grid of its pixels and a reflection."""
    fine = cv2.resize(source.picture, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    rows, columns = np.indices(fine.shape[:2])
    for channel in range(3):
        fine[..., channel] *= np.where(columns % 3 == channel, 1.5, 0.7)
    fine *= np.where(rows % 3 == 0, 0.75, 1.1)[..., None]
    shown = fine * rng.uniform(1.0, 1.25) * np.array([1.08, 1.0, 0.95], np.float32)
    shown = _shine(shown, rng)
    rim = int(0.05 * max(shown.shape[:2]))
    device = cv2.copyMakeBorder(shown, 2 * rim, 2 * rim, rim, rim, cv2.BORDER_CONSTANT, value=(18, 18, 18))
    return _camera(_placed(device, _moved(source.box, FINE, rim, 2 * rim), room, rng), rng)


KINDS: Mapping[str, Callable[[Source, Picture, np.random.Generator], Picture]] = {
    "live, drawn": live,
    "attack:print, drawn": printed,
    "attack:phone, drawn": phone,
}
"""How each label's picture is made of a photograph, a room and chance."""


def _moved(box: Box, times: int, right: int, down: int) -> Box:
    """`box` in a picture that was enlarged and got a rim."""
    x, y, w, h = (side * times for side in box)
    return x + right, y + down, w, h


def _placed(sheet: Floats, box: Box, room: Picture, rng: np.random.Generator) -> Floats:
    """`sheet` before `room`, so that the face in `box` is as wide as FACE says, its corners off by TILT of its side."""
    x, y, w, h = box
    scale = rng.uniform(*FACE) / w
    height, width = sheet.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    goal = (corners - [x + w / 2, y + h / 2]) * scale
    goal += [rng.uniform(0.4, 0.6) * WIDTH, rng.uniform(0.4, 0.55) * HEIGHT]
    goal += rng.uniform(-TILT, TILT, (4, 2)) * scale * min(width, height)
    matrix = cv2.getPerspectiveTransform(corners, goal.astype(np.float32))
    scene = cv2.warpPerspective(sheet, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, (WIDTH, HEIGHT))[..., None]
    return np.asarray(scene * mask + room.astype(np.float32) * (1 - mask), np.float32)


def _shine(sheet: Floats, rng: np.random.Generator) -> Floats:
    """A soft bright spot, as a lamp leaves on paper and glass."""
    height, width = sheet.shape[:2]
    rows, columns = np.indices((height, width), dtype=np.float32)
    away = np.hypot((columns / width - rng.uniform(0, 1)) * 2, (rows / height - rng.uniform(0, 1)) * 2)
    return np.asarray(
        sheet + rng.uniform(20, 90) * np.exp(-((away / rng.uniform(0.2, 0.6)) ** 2))[..., None], np.float32
    )


def _camera(scene: Floats, rng: np.random.Generator) -> Picture:
    """The lens, the sensor and the compression that everybody is seen through."""
    soft = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.4, 0.9))
    noisy = soft * rng.uniform(0.75, 1.1) + rng.normal(0, rng.uniform(1, 4), soft.shape)
    sent = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    return np.asarray(cv2.imdecode(sent, cv2.IMREAD_COLOR), np.uint8)
