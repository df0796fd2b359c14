"""A drawn street: one person, one car. The golden input of body detection; no picture of anybody."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SKIN, HAIR, SHIRT, TROUSERS, SHOE = (140, 170, 215), (30, 30, 40), (60, 60, 180), (90, 60, 40), (20, 20, 25)
PAINT, GLASS, TYRE, RIM = (40, 40, 190), (70, 60, 50), (25, 25, 25), (170, 170, 170)

PERSON = (224.0, 220.0, 156.0, 400.0)
CAR = (640.0, 330.0, 480.0, 210.0)
"""Where they stand: x, y, width, height."""


def street() -> NDArray[np.uint8]:
    """1280x720, BGR."""
    picture = np.full((720, 1280, 3), (190, 180, 170), np.uint8)
    picture[430:] = (110, 110, 112)
    _person(picture, 300, 220, 50)
    _car(picture, *CAR)
    return np.asarray(cv2.GaussianBlur(picture, (5, 5), 0), np.uint8)


def _person(picture: NDArray[np.uint8], x: float, y: float, head: float) -> None:
    """Eight heads high, arms hanging."""
    _ellipse(picture, (x, y + head * 0.55), (head * 0.42, head * 0.55), 360, SKIN)
    _ellipse(picture, (x, y + head * 0.35), (head * 0.45, head * 0.42), -180, HAIR)
    trunk = [(x - head, y + head * 1.35), (x + head, y + head * 1.35)]
    trunk += [(x + head * 0.75, y + head * 4.1), (x - head * 0.75, y + head * 4.1)]
    _area(picture, trunk, SHIRT)
    for side in (-head, head):
        _limb(picture, (x + side, y + head * 1.55), (x + side * 1.3, y + head * 4), head * 0.45, SHIRT)
        _ellipse(picture, (x + side * 1.32, y + head * 4.2), (head * 0.24, head * 0.24), 360, SKIN)
        _limb(picture, (x + side * 0.4, y + head * 4), (x + side * 0.45, y + head * 7.6), head * 0.62, TROUSERS)
        _ellipse(picture, (x + side * 0.55, y + head * 7.8), (head * 0.42, head * 0.2), 360, SHOE)


def _car(picture: NDArray[np.uint8], x: float, y: float, w: float, h: float) -> None:
    """From the side."""
    shape = [(0, 0.8), (0, 0.45), (0.2, 0.38), (0.33, 0), (0.72, 0), (0.86, 0.4), (1, 0.5), (1, 0.8)]
    front = [(0.24, 0.38), (0.35, 0.07), (0.5, 0.07), (0.5, 0.38)]
    back = [(0.53, 0.38), (0.53, 0.07), (0.7, 0.07), (0.81, 0.38)]
    for part, colour in ((shape, PAINT), (front, GLASS), (back, GLASS)):
        _area(picture, [(x + w * a, y + h * b) for a, b in part], colour)
    for wheel in (0.2, 0.79):
        for radius, colour in ((0.2, TYRE), (0.11, RIM)):
            _ellipse(picture, (x + w * wheel, y + h * 0.8), (h * radius, h * radius), 360, colour)


def _ellipse(
    picture: NDArray[np.uint8], at: tuple[float, float], axes: tuple[float, float], end: int, colour: tuple[int, ...]
) -> None:
    cv2.ellipse(picture, (int(at[0]), int(at[1])), (int(axes[0]), int(axes[1])), 0, 0, end, colour, -1, cv2.LINE_AA)


def _area(picture: NDArray[np.uint8], corners: list[tuple[float, float]], colour: tuple[int, ...]) -> None:
    cv2.fillPoly(picture, [np.array(corners).astype(np.int32)], colour, cv2.LINE_AA)


def _limb(
    picture: NDArray[np.uint8],
    start: tuple[float, float],
    end: tuple[float, float],
    width: float,
    colour: tuple[int, ...],
) -> None:
    cv2.line(picture, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), colour, int(width), cv2.LINE_AA)
