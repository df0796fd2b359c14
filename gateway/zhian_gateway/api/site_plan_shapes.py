"""The JSON of the site's plan; what each part means is told in `siteplan.plan`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from zhian_wire.events import PLAIN_NAME

from .shapes import Shape

#: In the plan's units; finite, which also keeps sums of them so.
Units = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
Point = tuple[Units, Units]
Outline = Annotated[list[Point], Field(max_length=200)]
Id = Annotated[str, Field(pattern=PLAIN_NAME)]
Name = Annotated[str, Field(min_length=1, max_length=64)]
Heading = Annotated[float, Field(ge=0, lt=360)]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Extent = Annotated[float, Field(ge=1, le=100_000)]
Height = Annotated[float, Field(ge=-200, le=1000)]


class PlanSheet(Shape):
    """What is drawn on: its size in units, and how many metres its width is."""

    picture: Digest | None = None
    width: Extent
    height: Extent
    metres_wide: Annotated[float, Field(ge=1, le=20_000)]


class PlanModel(Shape):
    """An imported model, and where its origin stands."""

    sha256: Digest
    at: Point
    heading: Heading = 0
    base_m: Height = 0
    scale: Annotated[float, Field(ge=0.001, le=1000)] = 1


class PlanBuilding(Shape):
    """A building."""

    id: Id
    name: Name
    outline: Outline
    floors: Annotated[int, Field(ge=1, le=200)] = 1
    floor_height_m: Annotated[float, Field(ge=1, le=50)] = 3.5
    base_m: Height = 0


class PlanZone(Shape):
    """A zone; `zone`: what nodes call it."""

    id: Id
    name: Name
    zone: Id | None = None
    outline: Outline
    floor: Annotated[int, Field(ge=1, le=200)] = 1
    building: Id | None = None


class PlanGate(Shape):
    """A gate; `heading` is the way in."""

    id: Id
    name: Name
    at: Point
    heading: Heading = 0
    width_m: Annotated[float, Field(ge=0.3, le=100)] = 3
    node: Id | None = None
    lane: Id | None = None


class PlanCamera(Shape):
    """A camera; `heading` is where it looks."""

    id: Id
    name: Name
    at: Point
    heading: Heading = 0
    height_m: Height = 3
    node: Id | None = None
    camera: Id | None = None


class PlanDrawing(Shape):
    """Everything that is drawn."""

    sheet: PlanSheet
    model: PlanModel | None = None
    buildings: list[PlanBuilding] = Field(default_factory=list)
    zones: list[PlanZone] = Field(default_factory=list)
    gates: list[PlanGate] = Field(default_factory=list)
    cameras: list[PlanCamera] = Field(default_factory=list)


class PlanVersion(Shape):
    """Who saved which version."""

    version: int
    saved_by: str
    saved_at: str


class SitePlan(Shape):
    """The plan as it is; version 0 without a drawing: nobody has drawn any."""

    version: int
    saved_by: str
    saved_at: str
    drawing: PlanDrawing | None


class PlanVersions(Shape):
    """Every version that is kept, the newest first."""

    items: list[PlanVersion]


class PlanFile(Shape):
    """A picture or model that was brought, for a plan to show."""

    sha256: str
