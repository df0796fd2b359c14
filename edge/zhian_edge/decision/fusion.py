"""Which card, face and body are one person's: all evidence of a lane that is not told yet, paired at least cost.

First by identity: a card and the face that is named, or confirmed 1:1, as its owner's. Then by time: a face that was
not joined to its body, and cards whose owner's face nobody could tell. A whole arrangement is chosen, never one pair
after the other, so neither the order in which evidence arrives nor a neighbour who is a little nearer swaps two
children. What pairs cost is in `costs.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from . import costs, doubt
from .claims import PATIENCE_MS, Claim
from .costs import Usual
from .matching import Matching
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
    seen = [*evidence.told, *seen]
    bodies = _joining(seen, left, pace, lambda unit: unit.has_body)
    seen = _put(bodies.pairs(), seen)
    usual = Usual(pace, evidence.order, window_ms, evidence.now_ms)
    ways = _ways(_joining(seen, left, pace, lambda _unit: True), seen, left)
    best = min((_arranged(way, left, usual, cars=cars) for way in ways), key=lambda each: each.cost)
    doubt.mark(best.units, best.by_time, pace)
    return best.units


@dataclass(frozen=True)
class _Way:
    """One way to put faces to bodies, and what it costs."""

    seen: list[Unit]
    cost: float


@dataclass(frozen=True)
class _Arranged:
    """One way to understand everything, and what it costs to suppose it."""

    units: list[Unit]
    cost: float
    by_time: Callable[[Claim, Unit], float | None]


def _ways(faces: Matching[Unit, Unit], seen: Sequence[Unit], left: Sequence[Claim]) -> Iterator[_Way]:
    """The cheapest way; and, since a face that is put to a neighbour's body would draw cards after it, the cheapest
    ones without each pair of that. `left`: the cards that are not put to anybody yet."""
    found = faces.pairs()
    yield _Way(_put(found, seen), faces.total(found))
    for face, body in found if left else ():
        others = faces.without(face, body)
        turned = others.pairs()
        yield _Way(_put(turned, seen), others.total(turned))


def _arranged(way: _Way, left: Sequence[Claim], usual: Usual, *, cars: bool) -> _Arranged:
    """The rest: `left` are cards of which the owner's face is not known."""
    seen, gained = _stayed(way.seen)
    late = [unit for unit in seen if unit.told_ms is not None and len(unit.subjects) > 1]
    seen = [unit for unit in seen if unit.told_ms is None]
    if cars:
        left = _seated(left, seen, usual.window_ms)
    usual = replace(usual, order=[*usual.order, *(pair for unit in seen for pair in unit.certain)])

    def by_time(claim: Claim, unit: Unit) -> float | None:
        return costs.by_time(claim, unit, usual)

    matching = Matching(
        left,
        [unit for unit in seen if not unit.claims],
        by_time,
        lambda claim: costs.without_body(claim, usual),
        costs.without_card,
    )
    found = matching.pairs()
    total = way.cost - gained + matching.total(found)
    for claim, unit in found:
        unit.claims.append(claim)
    taken = {id(claim) for claim, _ in found}
    alone = [Unit(claims=[claim]) for claim in left if id(claim) not in taken]
    return _Arranged([*late, *seen, *alone], total, by_time)


def _by_identity(claims: Sequence[Claim], seen: Sequence[Unit], window_ms: int, pace: Pace) -> list[Claim]:
    """Put cards to the faces of their owners; those for which there is none, or of which time has to say."""
    mine = [unit for unit in seen if unit.has_face]
    found = Matching(
        [claim for claim in claims if not _resembled(claim, mine, claims, pace)],
        mine,
        lambda claim, unit: costs.of_owner(claim, unit, window_ms, pace),
        lambda _claim: 2 * FAR,
        lambda _unit: 2 * FAR,
    ).pairs()
    for claim, unit in found:
        unit.claims.append(claim)
    taken = {id(claim) for claim, _ in found}
    return [claim for claim in claims if id(claim) not in taken]


def _resembled(claim: Claim, faces: Sequence[Unit], claims: Sequence[Claim], pace: Pace) -> bool:
    """Whether a face that was confirmed as the card's owner may be that of a sibling, whose card was read too and with
    whom nothing can be compared: then time has its say."""
    owner = claim.person_id
    if owner is None or any(unit.person_id == owner for unit in faces):
        return False
    others = [c for c in claims if c is not claim and c.person_id is not None and not c.comparable]
    crossed = [unit.crossed_ms for unit in faces if unit.same(owner) and unit.crossed_ms is not None]
    return any(pace.usual(ms - other.first_ms) for ms in crossed for other in others)


def _joining(
    seen: Sequence[Unit], left: Sequence[Claim], pace: Pace, which: Callable[[Unit], bool]
) -> Matching[Unit, Unit]:
    """Faces, and bodies that were lost, beside the bodies that went over the line; of them those that `which` says."""
    return Matching(
        [unit for unit in seen if not unit.went and which(unit)],
        [unit for unit in seen if unit.went],
        lambda unit, body: costs.joining(unit, body, pace, rivalled=_rivalled(unit, body, seen, left)),
        costs.without_line,
        lambda _body: 0.0,
    )


def _rivalled(loose: Unit, body: Unit, seen: Sequence[Unit], left: Sequence[Claim]) -> bool:
    """Whether somebody else, or a card of which nobody knows whose it is, comes into question for one of both."""
    others = (unit for unit in seen if unit is not loose and unit is not body and unit.told_ms is None)
    return any(costs.near(each, loose) or costs.near(each, body) for each in others) or any(
        costs.in_time(claim, body, PATIENCE_MS) for claim in left
    )


def _put(found: Sequence[tuple[Unit, Unit]], seen: Sequence[Unit]) -> list[Unit]:
    """`seen`, where each is one with what it was `found` to belong to; none of them is changed."""
    of = {id(body): part for part, body in found}
    taken = {id(part) for part, _ in found}
    whole = [unit.with_part(of.get(id(unit))) for unit in seen if id(unit) not in taken]
    return [*(unit for unit in whole if unit.went), *(unit for unit in whole if not unit.went)]


def _stayed(seen: Sequence[Unit]) -> tuple[list[Unit], float]:
    """Faces put to bodies of which neither went over the line: whoever turned back is one, too, and has one card.

    Also what is gained by it: such a face is not alone.
    """
    before = [unit for unit in seen if unit.crossed_ms is None and unit.told_ms is None and unit.complete]
    faces = [unit for unit in before if unit.has_face and not unit.has_body]
    matching = Matching(
        faces,
        [unit for unit in before if unit.has_body and not unit.has_face],
        costs.staying,
        costs.without_line,
        lambda _body: 0.0,
    )
    found = matching.pairs()
    return _put(found, seen), sum(map(costs.without_line, faces)) - matching.total(found)


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
