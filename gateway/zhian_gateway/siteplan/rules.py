"""What a plan may be: everything on the sheet, every outline closed in itself, every lane and camera there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ..errors import BadInput
from .outlines import Flaw, flaw
from .plan import Building, Camera, Gate, Part, Plan, Point, Zone

#: Corners of all outlines together: more than a large campus has, and quick to look through.
MOST_CORNERS: Final = 2_500
#: Parts of one kind.
MOST_PARTS: Final = 200
_FLAWS: Final[dict[Flaw, str]] = {
    "few": "an outline has at least three corners",
    "twice": "two corners of its outline lie at the same place",
    "crossed": "its outline crosses itself",
}


def check(plan: Plan) -> None:
    """The plan can be kept.

    Raises:
        BadInput: it cannot; names the first part that is at fault, and how.
    """
    _sizes(plan)
    _unique(plan)
    for place, part in _parts(plan):
        for point in _points_of(part):
            _on_sheet(plan, f"{place} {part.name!r}", point)
    for place, part in _parts(plan):
        if isinstance(part, Building | Zone) and (found := flaw(part.outline)):
            raise BadInput(f"{place} {part.name!r}: {_FLAWS[found]}")
    if plan.model is not None:
        _on_sheet(plan, "model", plan.model.at)
    _floors(plan)
    _once(plan)


def _parts(plan: Plan) -> Iterator[tuple[str, Part]]:
    """Every part with its place in the plan."""
    lists: tuple[tuple[str, Sequence[Part]], ...] = (
        ("buildings", plan.buildings), ("zones", plan.zones), ("gates", plan.gates), ("cameras", plan.cameras),
    )  # fmt: skip
    return ((f"{kind}[{number}]", part) for kind, some in lists for number, part in enumerate(some))


def _points_of(part: Part) -> Sequence[Point]:
    if isinstance(part, Building | Zone):
        return part.outline
    return (part.at,) if isinstance(part, Gate | Camera) else ()


def _sizes(plan: Plan) -> None:
    for some in (plan.buildings, plan.zones, plan.gates, plan.cameras):
        if len(some) > MOST_PARTS:
            raise BadInput(f"a plan has at most {MOST_PARTS} buildings, zones, gates and cameras each")
    outlines = [*(each.outline for each in plan.buildings), *(each.outline for each in plan.zones)]
    if sum(len(outline) for outline in outlines) > MOST_CORNERS:
        raise BadInput(f"all outlines of a plan together have at most {MOST_CORNERS} corners")


def _unique(plan: Plan) -> None:
    for name, count in Counter(part.id for _, part in _parts(plan)).items():
        if count > 1:
            raise BadInput(f"two parts of the plan have the id {name!r}")
    for place, part in _parts(plan):
        if not part.name.strip():
            raise BadInput(f"{place}: has no name")


def _on_sheet(plan: Plan, what: str, point: Point) -> None:
    x, y = point
    if not (0 <= x <= plan.sheet.width and 0 <= y <= plan.sheet.height):
        raise BadInput(f"{what}: {x:g}, {y:g} lies beside the plan")


def _floors(plan: Plan) -> None:
    """A zone is on a floor that its building has; in the open it is on the ground."""
    known = {building.id: building for building in plan.buildings}
    for number, zone in enumerate(plan.zones):
        what = f"zones[{number}] {zone.name!r}"
        if zone.building is not None and zone.building not in known:
            raise BadInput(f"{what}: there is no building {zone.building!r}")
        most = known[zone.building].floors if zone.building is not None else 1
        if not 1 <= zone.floor <= most:
            raise BadInput(f"{what}: there is no floor {zone.floor}; there are {most}")


def _once(plan: Plan) -> None:
    """What happens at a lane or camera happens at one place."""
    lanes = Counter((gate.node, gate.lane) for gate in plan.gates if gate.node and gate.lane)
    cameras = Counter((each.node, each.camera) for each in plan.cameras if each.node and each.camera)
    for kind, counted in (("lane", lanes), ("camera", cameras)):
        for (node, name), count in counted.items():
            if count > 1:
                raise BadInput(f"{kind} {node}/{name} stands on the plan {count} times")
