"""The JSON of who passed, typed."""

from __future__ import annotations

from typing import Literal

from zhian_wire.evidence import Direction

from .shapes import Evidence, Person, Shape


class Passage(Shape):
    """Somebody or something went past once. `candidate`: the person is on a watch list, so a lead and no fact."""

    id: str
    time: str
    node: str
    camera: str
    lane: str | None
    kind: str
    direction: Direction
    movement: Literal["arrival", "departure"] | None
    person: Person | None
    candidate: bool
    plate: str | None
    plate_colour: str | None
    plate_kind: str | None
    body: str | None
    score: float | None
    margin: float | None
    reason: str
    zone: str | None
    evidence: list[Evidence]
    synthetic: bool
    alert_ids: list[str]


class Passages(Shape):
    """A page of passages, newest first."""

    items: list[Passage]
    next: str | None


class Step(Shape):
    """One passage of somebody's day. `zone` is where it led, empty for out of every zone; null: nobody keeps count."""

    passage_id: str
    time: str
    node: str
    camera: str
    lane: str | None
    kind: str
    direction: Direction
    movement: Literal["arrival", "departure"] | None
    zone: str | None
    reason: str
    synthetic: bool


class PersonDay(Shape):
    """Somebody's way through a local day, in its order; `zone` is where it led last, by what arrived here so far."""

    person: Person
    day: str
    zone: str | None
    steps: list[Step]


class Today(Shape):
    """The local day so far."""

    arrivals: int
    departures: int
    unknown: int
    plates: int
    alerts_open: int


class Summary(Shape):
    """Numbers for the page's head."""

    today: Today
