"""Everything that a rule may look at; gathered before, so that rules are pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from zhian_wire import times
from zhian_wire.events import Event, Passage
from zhian_wire.evidence import Direction

from ..cases.signals import Clear, Raise
from ..config_types import Lane, Rules

Movement = Literal["arrival", "departure"]


@dataclass(frozen=True)
class Known:
    """Somebody on the roster, by opaque id."""

    id: str
    watch: bool = False


@dataclass(frozen=True)
class Situation:
    """An event and what the site knows around it.

    Attributes:
        row: the event's id in the store.
        person: whom the node named; None for nobody, or somebody who has left the roster.
        owner: whose vehicle the plate belongs to.
        cards: numbers in the evidence of an alert, and what stands for each in a case's key.
    """

    row: int
    event: Event
    rules: Rules
    person: Known | None = None
    owner: Known | None = None
    cards: Mapping[str, str] = field(default_factory=dict)

    @property
    def window(self) -> int:
        """The number of the merging window that the event falls into."""
        return int(times.from_text(self.event.time).timestamp()) // self.rules.window_s


@dataclass(frozen=True)
class Judgement:
    """What became of it. `movement` is set for passages of people and vehicles that are known."""

    movement: Movement | None = None
    signals: tuple[Raise | Clear, ...] = ()


REVERSED: Final[dict[Direction, Direction]] = {"in": "out", "out": "in", "none": "none"}


def lane_of(rules: Rules, passage: Passage) -> Lane:
    """The lane that a passage belongs to, by its lane or its camera; a default one where none is configured."""
    for lane in rules.lanes:
        if lane.lane == passage.lane or passage.camera in lane.cameras:
            return lane
    return Lane(lane=passage.lane or passage.camera)


def true_direction(lane: Lane, seen: Direction) -> Direction:
    """The direction as the site means it."""
    if lane.direction == "as_seen":
        return seen
    if lane.direction == "reversed":
        return REVERSED[seen]
    return lane.direction
