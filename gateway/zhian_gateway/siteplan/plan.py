"""What a drawn plan is. Places are in the plan's own units, `metres_wide` says how large those are.

So a wrong scale is corrected at any time without moving anything. x runs to the right, y downwards, as on the picture;
a heading is in degrees, 0 towards the top edge, clockwise. Heights are metres over the ground of the plan.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

Point: TypeAlias = tuple[float, float]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Anything that is drawn: `id` is unique in the plan, `name` is what people call it."""

    id: str
    name: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn on. `picture`: sha256 of the plan's picture; None: blank. `width` and `height` are in units."""

    picture: str | None
    width: float
    height: float
    metres_wide: float


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """An imported model (GLB) and where its origin stands; it is in metres, times `scale`."""

    sha256: str
    at: Point
    heading: float
    base_m: float
    scale: float


class Building(Part, frozen=True, kw_only=True):
    """Storeys of one height over an outline; `base_m`: where the lowest one begins."""

    outline: tuple[Point, ...]
    floors: int
    floor_height_m: float
    base_m: float


class Zone(Part, frozen=True, kw_only=True):
    """An area on a floor (1: the ground); `zone` is what nodes call it, `building` the id of what it is in."""

    zone: str | None
    outline: tuple[Point, ...]
    floor: int
    building: str | None


class Gate(Part, frozen=True, kw_only=True):
    """A gate across a way in; `heading` is the way in. `node` and `lane` say which it is."""

    at: Point
    heading: float
    width_m: float
    node: str | None
    lane: str | None


class Camera(Part, frozen=True, kw_only=True):
    """A camera and where it looks; `node` and `camera` say which it is."""

    at: Point
    heading: float
    height_m: float
    node: str | None
    camera: str | None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is drawn."""

    sheet: Sheet
    model: Model | None = None
    buildings: tuple[Building, ...] = ()
    zones: tuple[Zone, ...] = ()
    gates: tuple[Gate, ...] = ()
    cameras: tuple[Camera, ...] = ()
