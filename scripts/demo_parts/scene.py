"""Draws the place where the demo's own reel happens: a school gate at noon, and a car that comes to its barrier."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
WIDTH: Final = 1280
HEIGHT: Final = 720
HORIZON: Final = 300
#: Everything is drawn this much larger and shrunk, which is the simplest way to smooth edges.
FINE: Final = 2


def empty_gate() -> Image:
    """The gate without anybody: (720, 1280, 3), BGR."""
    picture = _sky_and_ground()
    _school(picture)
    _wall(picture)
    _road(picture)
    _pillars(picture)
    return np.asarray(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def car(plate: Image, colour: tuple[int, int, int]) -> tuple[Image, NDArray[np.float32]]:
    """A car from the front with `plate` on it.

    Returns:
        picture (h, w, 3) BGR and mask (h, w) float32, 0..1; the plate is a quarter as wide as the car.
    """
    body = np.zeros((860, 1200, 3), np.uint8)
    mask = np.zeros((860, 1200), np.uint8)
    for target, paint in ((body, None), (mask, 255)):
        _car_shape(target, colour if paint is None else (paint, paint, paint))
    _car_details(body, colour)
    width = 330
    height = round(width * plate.shape[0] / plate.shape[1])
    small = cv2.resize(plate, (width, height), interpolation=cv2.INTER_AREA)
    left, top = 600 - width // 2, 640
    cv2.rectangle(body, (left - 10, top - 10), (left + width + 9, top + height + 9), (28, 28, 28), -1, cv2.LINE_AA)
    body[top : top + height, left : left + width] = small
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 2.0), dtype=np.float32)
    return body, soft / np.float32(255)


def _box(picture: Image, corner: tuple[int, int], far: tuple[int, int], colour: tuple[int, int, int]) -> None:
    cv2.rectangle(
        picture, (corner[0] * FINE, corner[1] * FINE), (far[0] * FINE, far[1] * FINE), colour, -1, cv2.LINE_AA
    )


def _polygon(picture: Image, points: list[tuple[int, int]], colour: tuple[int, int, int]) -> None:
    cv2.fillPoly(picture, [np.array(points, np.int32) * FINE], colour, cv2.LINE_AA)


def _sky_and_ground() -> Image:
    picture = np.empty((HEIGHT * FINE, WIDTH * FINE, 3), np.uint8)
    sky = np.linspace((214, 186, 150), (236, 228, 214), HORIZON * FINE)
    ground = np.linspace((150, 156, 160), (118, 124, 128), (HEIGHT - HORIZON) * FINE)
    picture[:] = np.vstack([sky, ground])[:, None, :]
    return picture


def _school(picture: Image) -> None:
    _box(picture, (330, 90), (950, HORIZON), (168, 190, 208))
    _box(picture, (330, 78), (950, 96), (112, 128, 150))
    for row in range(3):
        for column in range(10):
            x, y = 356 + column * 58, 116 + row * 60
            _box(picture, (x, y), (x + 36, y + 38), (156, 142, 118))
            _box(picture, (x, y), (x + 36, y + 6), (196, 186, 168))
    for x in (180, 240, 1030, 1100, 1180):
        cv2.circle(picture, (x * FINE, 250 * FINE), 62 * FINE, (92, 140, 104), -1, cv2.LINE_AA)
        _box(picture, (x - 6, 285), (x + 6, 330), (70, 92, 112))


def _wall(picture: Image) -> None:
    for left, right in ((0, 300), (980, WIDTH)):
        _box(picture, (left, 286), (right, 372), (146, 168, 190))
        _box(picture, (left, 280), (right, 292), (98, 112, 132))
        for x in range(left + 14, right - 10, 26):
            _box(picture, (x, 302), (x + 5, 366), (110, 126, 146))


def _road(picture: Image) -> None:
    _polygon(picture, [(420, HORIZON), (860, HORIZON), (1240, HEIGHT), (40, HEIGHT)], (104, 104, 106))
    for near, far in ((0.0, 0.16), (0.28, 0.46), (0.62, 0.86)):
        edges = [(HORIZON + round((HEIGHT - HORIZON) * share), 2 + round(9 * share)) for share in (near, far)]
        (top, thin), (bottom, thick) = edges
        _polygon(
            picture,
            [(640 - thin, top), (640 + thin, top), (640 + thick, bottom), (640 - thick, bottom)],
            (196, 200, 202),
        )


def _pillars(picture: Image) -> None:
    for x in (300, 938):
        _box(picture, (x, 190), (x + 42, 400), (120, 142, 168))
        _box(picture, (x - 6, 180), (x + 48, 196), (84, 98, 120))
        _box(picture, (x + 6, 214), (x + 36, 250), (74, 66, 52))
    _box(picture, (342, 196), (938, 214), (84, 98, 120))


def _car_shape(target: Image, colour: tuple[int, int, int]) -> None:
    shade = tuple(int(value * 0.86) for value in colour) if target.ndim == 3 else colour
    cv2.ellipse(target, (600, 330), (380, 290), 0, 180, 360, shade, -1, cv2.LINE_AA)
    cv2.fillPoly(target, [np.array([(150, 330), (1050, 330), (1130, 470), (70, 470)], np.int32)], colour, cv2.LINE_AA)
    cv2.rectangle(target, (60, 450), (1140, 770), colour, -1, cv2.LINE_AA)
    tyre = (30, 30, 32) if target.ndim == 3 else colour
    for left in (90, 940):
        cv2.rectangle(target, (left, 740), (left + 170, 850), tyre, -1, cv2.LINE_AA)


def _car_details(body: Image, colour: tuple[int, int, int]) -> None:
    dark = tuple(int(value * 0.55) for value in colour)
    cv2.fillPoly(
        body, [np.array([(300, 110), (900, 110), (1010, 320), (190, 320)], np.int32)], (84, 74, 66), cv2.LINE_AA
    )
    cv2.fillPoly(
        body, [np.array([(330, 130), (520, 130), (400, 310), (220, 310)], np.int32)], (128, 116, 104), cv2.LINE_AA
    )
    cv2.rectangle(body, (330, 500), (870, 590), (38, 38, 40), -1, cv2.LINE_AA)
    for y in range(512, 590, 18):
        cv2.line(body, (340, y), (860, y), (88, 88, 92), 4, cv2.LINE_AA)
    for x in (190, 1010):
        cv2.ellipse(body, (x, 535), (105, 44), 0, 0, 360, (228, 232, 236), -1, cv2.LINE_AA)
        cv2.ellipse(body, (x, 535), (44, 30), 0, 0, 360, (252, 252, 252), -1, cv2.LINE_AA)
    cv2.rectangle(body, (60, 755), (1140, 775), dark, -1, cv2.LINE_AA)
