"""Which card, face and body are one person's: all evidence of a lane that is not told yet, paired at least cost.

First by identity: a card and the face that is named, or confirmed 1:1, as its owner's. Then by time: a face that was
not joined to its body, and cards whose owner's face nobody could tell. A whole arrangement is chosen, never one pair
after the other, so neither the order in which evidence arrives nor a neighbour who is a little nearer swaps two
children. What pairs cost is in `costs.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import costs
from .claims import Claim
from .matching import pairs
from .pace import FAR, Pace
from .transaction import Transaction
from .unit import Unit


@dataclass(frozen=True)
class Evidence:
    """Everything of a lane that is not told yet at `now_ms`; `told`: whose passage was told a moment ago.

    `order`: card and crossing of those of whom it is certain, a moment ago.
    """

    claims: Sequence[Claim]
    subjects: Sequence[Transaction]
    told: Sequence[Unit]
    now_ms: int
    order: Sequence[tuple[int, int]] = ()


def fuse(evidence: Evidence, window_ms: int, pace: Pace, *, cars: bool) -> list[Unit]:
    """Everything as units, each claim and subject in exactly one. `cars`: several cards may sit in one vehicle.

    What turns out to be of somebody whose passage was told is in a unit with `told_ms`, without a claim.
    """
    claims, subjects = evidence.claims, evidence.subjects
    left = sorted(claims, key=lambda c: (c.first_ms, c.key))
    seen = [Unit(subjects=[s]) for s in sorted(subjects, key=lambda s: (s.opened_ms, s.subject))]
    left = _by_identity(left, seen, window_ms, pace)
    # A body that was followed under two numbers first: its face, under a third, belongs to both.
    seen = _joined([*evidence.told, *seen], pace, lambda unit: unit.has_body)
    seen = _joined(seen, pace, lambda _unit: True)
    seen = _stayed(seen)
    late = [unit for unit in seen if unit.told_ms is not None and len(unit.subjects) > 1]
    seen = [unit for unit in seen if unit.told_ms is None]
    if cars:
        left = _seated(left, seen, window_ms)
    order = [*evidence.order, *(pair for unit in seen for pair in unit.certain)]
    by_time = pairs(
        left,
        [unit for unit in seen if not unit.claims],
        lambda claim, unit: costs.by_time(claim, unit, window_ms, pace, order),
        lambda claim: 0.0 if pace.still_coming(evidence.now_ms - claim.first_ms) else costs.ALONE,
        costs.without_card,
    )
    for claim, unit in by_time:
        unit.claims.append(claim)
    taken = {id(claim) for claim, _ in by_time}
    return [*late, *seen, *(Unit(claims=[claim]) for claim in left if id(claim) not in taken)]


def _by_identity(claims: Sequence[Claim], seen: Sequence[Unit], window_ms: int, pace: Pace) -> list[Claim]:
    """Put cards to the faces of their owners; those for which there is none."""
    mine = [unit for unit in seen if unit.has_face]
    found = pairs(
        claims,
        mine,
        lambda claim, unit: costs.of_owner(claim, unit, window_ms, pace),
        lambda _claim: 2 * FAR,
        lambda _unit: 2 * FAR,
    )
    for claim, unit in found:
        unit.claims.append(claim)
    taken = {id(claim) for claim, _ in found}
    return [claim for claim in claims if id(claim) not in taken]


def _joined(seen: Sequence[Unit], pace: Pace, which: Callable[[Unit], bool]) -> list[Unit]:
    """Faces, and bodies that were lost, put to the body that went over the line as theirs; of them those that `which`
    says."""
    bodies = [unit for unit in seen if unit.went]
    others = [unit for unit in seen if not unit.went]
    loose = [unit for unit in others if which(unit)]
    found = pairs(
        loose,
        bodies,
        lambda unit, body: costs.joining(unit, body, pace),
        lambda _unit: costs.ALONE,
        lambda _body: 0.0,
    )
    for unit, body in found:
        body.claims += unit.claims
        body.subjects += unit.subjects
    taken = {id(unit) for unit, _ in found}
    return [*bodies, *(unit for unit in others if id(unit) not in taken)]


def _stayed(seen: Sequence[Unit]) -> list[Unit]:
    """Faces put to bodies of which neither went over the line: whoever turned back is one, too, and has one card."""
    before = [unit for unit in seen if unit.crossed_ms is None and unit.told_ms is None and unit.complete]
    faces = [unit for unit in before if unit.has_face and not unit.has_body]
    found = pairs(
        faces,
        [unit for unit in before if unit.has_body and not unit.has_face],
        costs.staying,
        lambda _face: costs.ALONE,
        lambda _body: 0.0,
    )
    for face, body in found:
        body.claims += face.claims
        body.subjects += face.subjects
    taken = {id(face) for face, _ in found}
    return [unit for unit in seen if id(unit) not in taken]


def _seated(claims: Sequence[Claim], seen: Sequence[Unit], window_ms: int) -> list[Claim]:
    """Cards that are read while a vehicle passes sit in it."""
    rest: list[Claim] = []
    for claim in claims:
        near = [unit for unit in seen if unit.has_body and costs.in_time(claim, unit, window_ms)]
        if near:
            min(near, key=lambda unit: (abs(unit.opened_ms - claim.first_ms), unit.opened_ms)).claims.append(claim)
        else:
            rest.append(claim)
    return rest
