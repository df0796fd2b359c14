"""A camera's line and zone as the installer gives them: read, checked, and where things are in relation to them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from zhian_edge.config.types import Camera, Point
from zhian_edge.errors import ConfigError

Line = tuple[Point, Point]
Zone = tuple[Point, ...]

#: Decimals written: a tenth of a pixel at 1920.
_DECIMALS: Final = 4
#: A line shorter than this share of the picture is a slip of the hand.
_SHORTEST: Final = 0.02


@dataclass(frozen=True, slots=True)
class Geometry:
    """Line and zone of one camera in 0..1 of width and height; None: there is none.

    Raises:
        ConfigError: a point outside the picture, a line that is a dot, a zone without three different corners.
    """

    line: Line | None = None
    zone: Zone | None = None

    def __post_init__(self) -> None:
        for x, y in [*(self.line or ()), *(self.zone or ())]:
            if not (0 <= x <= 1 and 0 <= y <= 1):
                raise ConfigError(f"expected numbers from 0 to 1 (shares of width and height), got {x:g}, {y:g}")
        if self.line is not None and math.dist(*self.line) < _SHORTEST:
            raise ConfigError("the line is too short: its two points are nearly the same")
        if self.zone is not None and len(set(self.zone)) < 3:
            raise ConfigError(f"a zone needs three different corners, got {len(set(self.zone))}")

    @classmethod
    def of(cls, camera: Camera) -> Geometry:
        """What the configuration says."""
        return cls(camera.line, camera.zone)


def rounded(points: Zone | Line) -> Zone:
    """Points as they are written into a file."""
    return tuple((round(x, _DECIMALS), round(y, _DECIMALS)) for x, y in points)


def read_line(text: str) -> Line | None:
    """`x1,y1,x2,y2` in 0..1, or `none`.

    Raises:
        ConfigError: anything else.
    """
    points = _points(text, "--line")
    if points is None:
        return None
    if len(points) != 2:
        raise ConfigError(f"--line: expected x1,y1,x2,y2 in 0..1, or none; got {text!r}")
    return points[0], points[1]


def read_zone(text: str) -> Zone | None:
    """`x1,y1,x2,y2,x3,y3,...` in 0..1 with three corners or more, or `none`.

    Raises:
        ConfigError: anything else.
    """
    points = _points(text, "--zone")
    if points is not None and len(points) < 3:
        raise ConfigError(f"--zone: expected at least three corners x1,y1,x2,y2,x3,y3, or none; got {text!r}")
    return points


def _points(text: str, option: str) -> Zone | None:
    if text.strip().lower() == "none":
        return None
    try:
        numbers = [float(part) for part in text.replace(";", ",").split(",")]
    except ValueError as error:
        raise ConfigError(f"{option}: expected numbers with commas between them, got {text!r}") from error
    if len(numbers) % 2:
        raise ConfigError(f"{option}: expected pairs of x and y, got {len(numbers)} numbers in {text!r}")
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def way_in(line: Line, aspect: float) -> Point:
    """Which way is in: a unit vector in pixel proportions, to the right of the line seen from its first point.

    `aspect` is width over height of the picture; y points down.
    """
    dx, dy = line[1][0] - line[0][0], (line[1][1] - line[0][1]) / aspect
    length = math.hypot(dx, dy)
    return -dy / length, dx / length


def distance(line: Line, place: Point, aspect: float) -> float:
    """How far `place` is from the line between its ends, in shares of the picture's width."""
    (ax, ay), (bx, by) = ((x, y / aspect) for x, y in line)
    px, py = place[0], place[1] / aspect
    dx, dy = bx - ax, by - ay
    along = max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)))
    return math.hypot(px - ax - along * dx, py - ay - along * dy)
