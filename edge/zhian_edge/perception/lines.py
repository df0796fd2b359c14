"""Tripwires and zones in normalised coordinates: which side, which way, inside or not; pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from zhian_edge.config.types import Point

from .types import Box

Way = Literal["in", "out"]

BAND = 0.015
"""Share of the picture's width on either side of the line that belongs to neither side: who stands on the line and
sways, or turns back, has not crossed."""

NEAR = 0.1
"""Share of the picture's width from the line within which somebody is about to cross: a step or two."""


class Tripwire:
    """Says when tracks cross a line; from its left side to its right is in (looking from first to second point).

    `aspect` is width over height of the picture: distances are counted in shares of the width both ways.
    """

    def __init__(self, line: tuple[Point, Point], aspect: float) -> None:
        self._start = (line[0][0], line[0][1] / aspect)
        self._end = (line[1][0], line[1][1] / aspect)
        self._aspect = aspect
        self._sides: dict[int, int] = {}

    def step(self, track: int, place: Point) -> Way | None:
        """The way that `track` crossed by coming to `place` (0..1 of width and height), if it did.

        A track has a side once it is clear of the line. It crosses when it is clear on the other side, having gone
        past the line's length, not around its ends; whoever turns back in between has not crossed.
        """
        x, y = place[0], place[1] / self._aspect
        along, across = self._coordinates(x, y)
        if not -BAND <= along <= 1 + BAND:
            self._sides.pop(track, None)
            return None
        if abs(across) < BAND:
            return None
        side = 1 if across > 0 else -1
        before = self._sides.get(track)
        self._sides[track] = side
        if before is None or before == side:
            return None
        return "in" if side > 0 else "out"

    def is_near(self, place: Point) -> bool:
        """Whether `place` (0..1) is so close to the line that whoever is there may cross it with the next steps."""
        along, across = self._coordinates(place[0], place[1] / self._aspect)
        return -NEAR <= along <= 1 + NEAR and abs(across) <= NEAR

    def clear(self) -> None:
        """Another scene: every track ended."""
        self._sides.clear()

    def forget(self, track: int) -> None:
        """The track ended."""
        self._sides.pop(track, None)

    def _coordinates(self, x: float, y: float) -> tuple[float, float]:
        """Share of the line's length (0 start, 1 end), and distance to its right in shares of the width."""
        dx, dy = self._end[0] - self._start[0], self._end[1] - self._start[1]
        length = (dx * dx + dy * dy) ** 0.5
        px, py = x - self._start[0], y - self._start[1]
        return (px * dx + py * dy) / length**2, (dx * py - dy * px) / length


def within(zone: Sequence[Point], place: Point) -> bool:
    """Whether `place` lies in the polygon (even-odd rule); places on a side may count either way."""
    x, y = place
    odd = False
    for (ax, ay), (bx, by) in zip(zone, [*zone[1:], zone[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def foothold(kind: str, box: Box, width: int, height: int) -> Point:
    """The place that a box stands for: a body's feet, the middle of a face or plate; 0..1."""
    x, y, w, h = box
    down = y + h if kind == "body" else y + h / 2
    return (x + w / 2) / width, min(down / height, 1.0)
