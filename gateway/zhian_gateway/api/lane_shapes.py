"""The JSON of lanes and how they stand, typed."""

from __future__ import annotations

from typing import Literal

from .shapes import Evidence, Person, Shape


class LaneDecision(Shape):
    """What a lane answered last.

    `person` is whose card, face or plate it was; `by_hand`: a person ordered it, or a fire.
    """

    transaction: str
    time: str
    verdict: Literal["open", "refuse"]
    reason: str
    person: Person | None
    candidate: bool
    plate: str | None
    plate_colour: str | None
    by_hand: bool
    evidence: list[Evidence]


class LaneDecisions(Shape):
    """What a lane answered, newest first; `next` is where the next page begins."""

    items: list[LaneDecision]
    next: str | None


class Actuated(Shape):
    """What became of the last order to a lane's barrier."""

    transaction: str
    time: str
    action: Literal["pulse", "hold", "close"]
    result: Literal["done", "failed", "unknown"]
    detail: str


class Lane(Shape):
    """One lane of a node. `cards`, `opened` and `refused` count the local day `day`.

    `until`: when what it stands at ends by itself; null: at the next word, or nobody knows. `by` and `why`: who ordered
    it, and the reason, as far as that is known.
    """

    id: str
    node: str
    lane: str
    standing: Literal["normal", "locked", "held_open", "released"]
    until: str | None
    by: str
    why: str
    decision: LaneDecision | None
    actuated: Actuated | None
    day: str
    cards: int
    opened: int
    refused: int


class Lanes(Shape):
    """Every lane that a node has or that ever decided something."""

    items: list[Lane]
