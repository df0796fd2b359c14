"""Two people who meet in every way that confuses a tracker: where they are, who hides whom, what a detector finds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from zhian_edge.perception.geometry import inside
from zhian_edge.perception.types import Box

#: Where somebody is after so many seconds: x and y of the middle, and the size, in pixels of 1280x720.
Walk = Callable[[float], tuple[float, float, float]]

HIDDEN = 0.5
"""Who is covered by this share is not found."""


@dataclass(frozen=True)
class Meeting:
    """Two walks over `seconds`; the first is nearer to the camera."""

    near: Walk
    far: Walk
    seconds: float


@dataclass(frozen=True)
class Drawn:
    """Size, height in the picture and speed of the first, size and height of the second, a factor about 1."""

    size: float
    y: float
    speed: float
    other: float
    low: float
    more: float


def meeting(kind: str, chance: np.random.Generator) -> Meeting:
    """One of `KINDS`, drawn."""
    size, y = chance.uniform(50, 90), chance.uniform(200, 300)
    drawn = Drawn(
        size=size,
        y=y,
        speed=chance.uniform(80, 320),
        other=size * chance.uniform(0.85, 1.15),
        low=y + chance.uniform(-0.4, 0.4) * size,
        more=chance.uniform(0.9, 1.4),
    )
    return KINDS[kind](drawn)


def _crossing(d: Drawn) -> Meeting:
    return Meeting(
        lambda t: (640 + d.speed * (t - 2), d.y, d.size), lambda t: (640 - d.speed * (t - 2), d.low, d.other), 4
    )


def _overtaking(d: Drawn) -> Meeting:
    return Meeting(
        lambda t: (300 + d.speed * t, d.y, d.size),
        lambda t: (300 - 2 * d.size + 1.4 * d.more * d.speed * t, d.low, d.other),
        4,
    )


def _abreast(d: Drawn) -> Meeting:
    return Meeting(
        lambda t: (300 + d.speed * t, d.y, d.size), lambda t: (300 + d.more * d.size + d.speed * t, d.low, d.other), 4
    )


def _abreast_nearer(d: Drawn) -> Meeting:
    return Meeting(
        lambda t: (600, d.y + 20 * t, d.size * math.exp(0.3 * t)),
        lambda t: (600 + d.more * d.size * math.exp(0.3 * t), d.low + 20 * t, d.other * math.exp(0.3 * t)),
        4,
    )


def _turning_back(d: Drawn) -> Meeting:
    return Meeting(
        lambda t: (440 + d.speed * min(t, 3 - t), d.y, d.size),
        lambda t: (440 - d.speed * (t - 1.5), d.low + 1.2 * d.size, d.other),
        3,
    )


def _swapping_sides(d: Drawn) -> Meeting:
    return Meeting(
        lambda t: (640 + d.more * d.size * math.cos(math.pi * t / 2), d.y + 30 * t, d.size * (1 + 0.1 * t)),
        lambda t: (640 - d.more * d.size * math.cos(math.pi * t / 2), d.low + 30 * t, d.other * (1 + 0.1 * t)),
        4,
    )


def _passing_behind(d: Drawn) -> Meeting:
    """Hidden for one to three seconds."""
    return Meeting(
        lambda t: (640, d.y, 1.6 * d.size), lambda t: (640 + (t - 3) * d.size * (2.2 - d.more), d.low, d.other), 6
    )


def _talking(d: Drawn) -> Meeting:
    def away(t: float) -> float:
        return 0.4 * d.more * d.size + max(0, abs(t - 2.5) - 1) * d.speed

    return Meeting(lambda t: (640 - away(t), d.y, d.size), lambda t: (640 + away(t), d.low, d.other), 5)


KINDS: dict[str, Callable[[Drawn], Meeting]] = {
    "crossing": _crossing,
    "overtaking": _overtaking,
    "abreast": _abreast,
    "abreast, nearer": _abreast_nearer,
    "turning back": _turning_back,
    "swapping sides": _swapping_sides,
    "passing behind": _passing_behind,
    "talking": _talking,
}


def found(
    walk: Meeting, rate: float, chance: np.random.Generator, missed: float = 0.1, noise: float = 0.05
) -> Iterator[dict[str, Box]]:
    """What a detector finds at each look: who is hidden is not, some are missed, no box is exact."""
    for look in range(int(walk.seconds * rate)):
        boxes = {name: _box(place(look / rate)) for name, place in (("near", walk.near), ("far", walk.far))}
        hidden = inside(boxes["far"], boxes["near"]) > HIDDEN
        seen = [n for n in boxes if chance.random() >= missed and not (n == "far" and hidden) and _in_view(boxes[n])]
        yield {name: _shaken(boxes[name], noise, chance) for name in chance.permutation(seen).tolist()}


def _box(place: tuple[float, float, float]) -> Box:
    x, y, size = place
    return x - size / 2, y - 0.6 * size, size, 1.2 * size


def _in_view(box: Box) -> bool:
    return 0 < box[0] < 1280 - box[2]


def _shaken(box: Box, noise: float, chance: np.random.Generator) -> Box:
    dx, dy, dw, dh = chance.normal(0, noise * box[2], 4)
    return box[0] + dx, box[1] + dy, box[2] + 0.7 * dw, box[3] + 0.7 * dh
