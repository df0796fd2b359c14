"""A runtime that answers what a test says, and a drawn face."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from zhian_models.runtime import RunStats


class Scripted:
    """A runtime whose networks answer what the test says, and which remembers what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers
        self.asked: list[tuple[str, dict[str, NDArray[Any]]]] = []

    def run(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        self.asked.append((name, dict(arrays)))
        answer = self._answers[name]
        return dict(answer(arrays) if callable(answer) else answer)

    def prepare(self, name: str, shapes: Mapping[str, tuple[int, ...]]) -> None:
        del name, shapes

    def metadata(self, name: str) -> Mapping[str, str]:
        return MappingProxyType({})

    def stats(self) -> Mapping[str, RunStats]:
        return {}


def drawn_face(width: int = 320, height: int = 240, centre: tuple[int, int] = (160, 120)) -> NDArray[np.uint8]:
    """A face as a child draws it, out of focus: CenterFace half believes it. The same on every machine."""
    picture = np.full((height, width, 3), (168, 150, 140), np.uint8)
    x, y = centre
    cv2.ellipse(picture, (x, y - 8), (52, 66), 0, 0, 360, (40, 44, 52), -1)
    cv2.ellipse(picture, (x, y), (44, 58), 0, 0, 360, (140, 172, 214), -1)
    for side in (-1, 1):
        cv2.ellipse(picture, (x + 18 * side, y - 12), (9, 5), 0, 0, 360, (245, 245, 245), -1)
        cv2.circle(picture, (x + 18 * side, y - 12), 4, (40, 32, 30), -1)
        cv2.ellipse(picture, (x + 18 * side, y - 22), (11, 4), 0, 180, 360, (46, 52, 66), 3)
    cv2.line(picture, (x, y - 8), (x - 4, y + 12), (112, 142, 186), 3)
    cv2.ellipse(picture, (x, y + 14), (8, 4), 0, 0, 180, (104, 130, 172), 2)
    cv2.ellipse(picture, (x, y + 32), (17, 7), 0, 0, 360, (84, 84, 176), -1)
    cv2.line(picture, (x - 16, y + 32), (x + 16, y + 32), (52, 52, 112), 1)
    return np.asarray(cv2.GaussianBlur(picture, (15, 15), 0), np.uint8)
