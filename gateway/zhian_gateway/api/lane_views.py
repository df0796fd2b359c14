"""Lanes as the JSON of `lane_shapes`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from ..lanes.board import Decided, LaneNow
from ..people.lookup import by_opaque
from . import lane_shapes as shapes
from . import views
from .views import Row


def lanes(link: Connection, found: Sequence[LaneNow]) -> list[shapes.Lane]:
    """Lanes with the people of their last decisions."""
    people = by_opaque(link, (each.decided.person for each in found if each.decided and each.decided.person))
    return [_lane(each, people) for each in found]


def decisions(link: Connection, found: Sequence[Decided]) -> list[shapes.LaneDecision]:
    """Decisions with their people."""
    people = by_opaque(link, (each.person for each in found if each.person))
    return [_decision(each, people) for each in found]


def _lane(lane: LaneNow, people: Mapping[str, Row]) -> shapes.Lane:
    same = ("id", "node", "lane", "standing", "until", "by", "why", "day", "cards", "opened", "refused")
    done = lane.done
    return shapes.Lane(
        **{name: getattr(lane, name) for name in same},
        decision=None if lane.decided is None else _decision(lane.decided, people),
        actuated=None if done is None else shapes.Actuated(**msgspec.structs.asdict(done)),
    )


def _decision(decided: Decided, people: Mapping[str, Row]) -> shapes.LaneDecision:
    same = ("transaction", "time", "verdict", "reason", "plate", "plate_colour", "by_hand")
    return shapes.LaneDecision(
        **{name: getattr(decided, name) for name in same},
        person=views.person(decided.person, people),
        candidate=decided.person is not None and decided.person in people and people[decided.person]["watch"],
        evidence=[views.piece(piece) for piece in decided.evidence],
    )
