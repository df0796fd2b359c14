"""Whether two went over the line of whom the evidence shows who they are, but not which of them is which.

Cards and faces that were joined to no body are put to bodies by time. Where two neighbours would fit each other's
bodies as well, or nearly so, nothing is to be said that may be the wrong way round: each is told by their own card or
face, and the bodies are nobody's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from . import costs
from .claims import Claim
from .pace import Pace
from .transaction import Transaction
from .unit import Unit

#: Two arrangements that differ by less than this may both be true.
NEARLY: Final = 1.0
#: Two who may be taken for each other are over the line within this time.
NEAR_MS: Final = 3000
#: What it is worth that a face was confirmed as the owner's of a card; and where the other card's owner cannot be
#: compared with it, for that may be a sibling.
CONFIRMED: Final = 3.0
#: Cost of one who overtakes the other between card and line, where people go one behind the other.
OVERTAKES: Final = 2.0

ByTime = Callable[[Claim, Unit], float | None]


@dataclass(frozen=True)
class _Parts:
    """A unit as who it is, and which body went: `faces` were joined to no body by vision."""

    claims: list[Claim]
    faces: list[Transaction]
    bodies: list[Transaction]

    @property
    def crossed_ms(self) -> int:
        return min(s.crossed_ms for s in self.bodies if s.crossed_ms is not None)


def mark(units: Sequence[Unit], by_time: ByTime, pace: Pace) -> None:
    """Set `rivals` and `doubtful` of each unit. `by_time`: what it costs that a card is of somebody who went by."""
    parts = [(unit, part) for unit in units if _open(unit) and (part := _parts(unit)) is not None]
    for (one, a), (other, b) in combinations(parts, 2):
        if one.way != other.way or abs(a.crossed_ms - b.crossed_ms) > NEAR_MS:
            continue
        found, turned = _cost(a, b, by_time, pace), _cost(_with(a, b), _with(b, a), by_time, pace)
        if turned is not None and (found is None or turned < found + NEARLY):
            one.rivals.append(other)
            other.rivals.append(one)
    for unit, part in parts:
        known = [*(claim.doubtful for claim in part.claims), *(body.doubtful for body in part.bodies)]
        unit.doubtful = bool(unit.rivals) or any(known)


def _open(unit: Unit) -> bool:
    return unit.told_ms is None and unit.went and not unit.plated


def _parts(unit: Unit) -> _Parts | None:
    """None: who it is, is seen at the body itself, or not at all; or is not the owner of the card."""
    bodies = [s for s in unit.subjects if "body" in s.kinds]
    faces = [s for s in unit.subjects if "body" not in s.kinds]
    seen = any(s.person_id is not None for s in bodies) or not (unit.claims or any(s.person_id for s in faces))
    odd = any(c.manual or (c.person_id is not None and unit.other(c.person_id)) for c in unit.claims)
    return None if seen or odd else _Parts(unit.claims, faces, bodies)


def _with(who: _Parts, body: _Parts) -> _Parts:
    return _Parts(who.claims, who.faces, body.bodies)


def _cost(a: _Parts, b: _Parts, by_time: ByTime, pace: Pace) -> float | None:
    """Of both as they are; None: it cannot be."""
    each = [_fit(a, b, by_time), _fit(b, a, by_time)]
    known = [cost for cost in each if cost is not None]
    if len(known) < len(each):
        return None
    return sum(known) + (OVERTAKES if pace.in_line and _overtaken(a, b) else 0.0)


def _fit(mine: _Parts, rival: _Parts, by_time: ByTime) -> float | None:
    total, body = 0.0, Unit(subjects=mine.bodies)
    for face in mine.faces:
        joined = costs.in_step(Unit(subjects=[face]), body)
        if joined is None:
            return None
        total += joined
    whole = Unit(subjects=[*mine.bodies, *mine.faces])
    for claim in mine.claims:
        cost = by_time(claim, whole)
        if cost is None:
            return None
        total += cost - _confirmed(claim, whole, rival)
    return total


def _confirmed(claim: Claim, whole: Unit, rival: _Parts) -> float:
    """What a comparison is worth beyond what `by_time` makes of it."""
    if claim.person_id is None or not whole.same(claim.person_id):
        return 0.0
    alike = any(c.person_id is not None and not whole.compared(c.person_id) for c in rival.claims)
    return 0.0 if alike else CONFIRMED


def _overtaken(a: _Parts, b: _Parts) -> bool:
    return any(
        costs.overtakes(mine.first_ms, a.crossed_ms, [(theirs.first_ms, b.crossed_ms)])
        for mine in a.claims
        for theirs in b.claims
    )
