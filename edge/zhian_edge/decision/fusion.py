"""Which card, face and body are one person's: all evidence of a lane that is not told yet, paired at least cost.

First by identity: a card and the face that is named, or confirmed 1:1, as its owner's. Then by time: a face that was
not joined to its body, and cards whose owner's face nobody could tell. A whole arrangement is chosen, never one pair
after the other, so neither the order in which evidence arrives nor a neighbour who is a little nearer swaps two
children. Costs are squared seconds, or squared spreads of what is usual at the lane.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from zhian_wire.evidence import Direction

from .claims import Claim
from .matching import pairs
from .transaction import Transaction

#: A hand may reach the reader a moment after the body was over the line.
LATE_MS: Final = 500
#: Cost of a card for which nobody, or a crossing for which nothing, is found: one and a half seconds from the usual.
ALONE: Final = 2.25
#: Cost of somebody known by face who has no card: it was not read.
BY_FACE: Final = 0.75
#: Cost of supposing that somebody carries another's card: there must be nobody else who fits.
BORROWED: Final = 0.75
#: What it is worth that a face, too poor to be confirmed, is so like the card's owner, and so much less like others.
LIKE: Final = 1.25
LIKENESS: Final = 0.3
LIKER: Final = 0.1
#: Cost of a card with somebody who does not (yet) go over the line, where somebody who did fits as well.
NOT_OVER: Final = 1.2
#: Most that a difference in time costs: whoever dawdles is still nearer than nobody.
FAR: Final = 4.0
#: So many of the last are learnt from, so many at least.
LESSONS: Final = 60
FEW: Final = 8
#: Nobody walks like a clock, whatever few lessons say.
LEAST_SPREAD_MS: Final = 150.0
#: A face and its body go over the line within this time of each other.
SAME_STEP_MS: Final = 450
#: A body that was lost is found again within this time; a face is last seen this long before the line.
LOST_MS: Final = 1500
HIDDEN_MS: Final = 1500
#: Whoever is seen longer than this after a body went over the line without having gone over it is somebody else.
AFTER_MS: Final = 300
#: Siblings confirm each other's cards: a likeness that is so little less may as well be the right one.
ALIKE: Final = 0.1
#: One body that is followed under two numbers is hardly in view as both.
OVERLAP_MS: Final = 400


@dataclass(eq=False)
class Unit:
    """One person (or car) as far as the evidence goes: credentials and what was seen.

    `told_ms`: its passage was told already, of a crossing at that moment; `faced`: with a face.
    """

    claims: list[Claim] = field(default_factory=list)
    subjects: list[Transaction] = field(default_factory=list)
    told_ms: int | None = None
    faced: bool = False

    @property
    def crossed_ms(self) -> int | None:
        if self.told_ms is not None:
            return self.told_ms
        return min((s.crossed_ms for s in self.subjects if s.crossed_ms is not None), default=None)

    @property
    def went(self) -> bool:
        """Whether a body went over the line."""
        return self.told_ms is not None or (self.has_body and self.crossed_ms is not None)

    @property
    def way(self) -> Direction:
        """Over the line; `none` as long as nobody went over it."""
        first = min(
            (s for s in self.subjects if s.crossed_ms is not None), key=lambda s: s.crossed_ms or 0, default=None
        )
        return "none" if first is None else first.first_crossing[0].direction

    @property
    def first_seen_ms(self) -> int:
        return min(s.first_seen_ms for s in self.subjects)

    @property
    def last_seen_ms(self) -> int:
        return max(s.last_seen_ms for s in self.subjects)

    @property
    def opened_ms(self) -> int:
        return min([s.opened_ms for s in self.subjects] + [c.first_ms for c in self.claims])

    @property
    def last_ms(self) -> int:
        return max([s.last_ms for s in self.subjects] + [c.last_ms for c in self.claims])

    @property
    def person_id(self) -> str | None:
        """By face, for certain."""
        return next((s.person_id for s in self.subjects if s.person_id is not None), None)

    @property
    def has_face(self) -> bool:
        return self.faced or any("face" in s.kinds for s in self.subjects)

    @property
    def has_body(self) -> bool:
        return any("body" in s.kinds or "plate" in s.kinds for s in self.subjects)

    @property
    def plated(self) -> bool:
        return any(s.plate is not None for s in self.subjects)

    @property
    def complete(self) -> bool:
        """Whether everything that was seen has said its last word."""
        return all(s.complete and not s.silent for s in self.subjects)

    def same(self, person_id: str) -> bool:
        """Whether a face is named, or was confirmed, as that person's."""
        return any(s.same(person_id) for s in self.subjects)

    def likeness(self, person_id: str) -> float:
        """How alike the face is to this person's by what was compared."""
        return max((s.likeness(person_id) for s in self.subjects), default=0.0)

    def compared(self, person_id: str) -> bool:
        """Whether a face was compared with this person's."""
        return any(s.compared(person_id) for s in self.subjects)

    def as_like(self, person_id: str) -> bool:
        """Whether the face, which has no name of its own, is the person's, or that of somebody who looks like them."""
        if self.same(person_id):
            return True
        best = max((s.confirmed for s in self.subjects), default=0.0)
        return self.person_id is None and best > 0 and self.likeness(person_id) >= best - ALIKE

    def leans_to(self, person_id: str) -> bool:
        """Whether the face, whosever it may be, is more like this person's than like anybody's it was compared with."""
        score = self.likeness(person_id)
        return score >= LIKENESS and all(score - s.likest(but=person_id) >= LIKER for s in self.subjects)

    def other(self, person_id: str) -> bool:
        """Whether the face is somebody else's: named so, or quite unlike."""
        return not self.same(person_id) and any(s.other(person_id) for s in self.subjects)


class Pace:
    """How long after presenting a card people go over the line here.

    Learnt from those whose face is known as the card owner's, and from those who came alone.
    """

    def __init__(self) -> None:
        self._seen: list[int] = []

    def learn(self, read_ms: int, crossed_ms: int) -> None:
        self._seen = [*self._seen[1 - LESSONS :], crossed_ms - read_ms]

    @property
    def ms(self) -> float:
        """A step or two, until something is known."""
        return median(self._seen) if len(self._seen) >= FEW else 1000.0

    @property
    def spread_ms(self) -> float:
        """Standard deviation, as the median distance tells it (1.48 of it in a normal distribution)."""
        if len(self._seen) < FEW:
            return 400.0
        usual = self.ms
        return max(1.48 * median(abs(each - usual) for each in self._seen), LEAST_SPREAD_MS)

    @property
    def soonest_ms(self) -> float:
        """Nobody is over the line sooner after presenting a card."""
        return max(self.ms - max(4 * self.spread_ms, LATE_MS), -LATE_MS)

    def still_coming(self, ago_ms: float) -> bool:
        """Whether somebody who presented a card so long ago may well be on their way to the line."""
        return ago_ms < self.ms + 2 * self.spread_ms

    def usual(self, apart_ms: float, spreads: int = 4) -> bool:
        """Whether somebody who presented a card so long before may well be the one who crossed.

        While little is known of the lane, nobody who was over the line before the card was read.
        """
        spreads = spreads if len(self._seen) >= FEW else min(spreads, 2)
        return abs(apart_ms - self.ms) <= spreads * self.spread_ms

    def cost(self, apart_ms: float) -> float:
        """Of a card that was presented so long before the line was crossed; two spreads cost one."""
        off = (apart_ms - self.ms) / (2 * self.spread_ms)
        return FAR * off * off / (FAR + off * off)


@dataclass(frozen=True)
class Evidence:
    """Everything of a lane that is not told yet at `now_ms`; `told`: whose passage was told a moment ago."""

    claims: Sequence[Claim]
    subjects: Sequence[Transaction]
    told: Sequence[Unit]
    now_ms: int


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
    late = [unit for unit in seen if unit.told_ms is not None and len(unit.subjects) > 1]
    seen = [unit for unit in seen if unit.told_ms is None]
    if cars:
        left = _seated(left, seen, window_ms)
    by_time = pairs(
        left,
        [unit for unit in seen if not unit.claims],
        lambda claim, unit: _claim_cost(claim, unit, window_ms, pace),
        lambda claim: 0.0 if pace.still_coming(evidence.now_ms - claim.first_ms) else ALONE,
        _alone,
    )
    for claim, unit in by_time:
        unit.claims.append(claim)
    taken = {id(claim) for claim, _ in by_time}
    return [*late, *seen, *(Unit(claims=[claim]) for claim in left if id(claim) not in taken)]


def _alone(unit: Unit) -> float:
    """What it costs that there is no card."""
    if unit.crossed_ms is None:
        return 0.0
    return BY_FACE if unit.person_id is not None else ALONE


def _by_identity(claims: Sequence[Claim], seen: Sequence[Unit], window_ms: int, pace: Pace) -> list[Claim]:
    """Put cards to the faces of their owners; those for which there is none."""
    mine = [unit for unit in seen if unit.has_face]
    found = pairs(
        claims,
        mine,
        lambda claim, unit: _identity_cost(claim, unit, window_ms, pace),
        lambda _claim: 2 * FAR,
        lambda _unit: 2 * FAR,
    )
    for claim, unit in found:
        unit.claims.append(claim)
    taken = {id(claim) for claim, _ in found}
    return [claim for claim in claims if id(claim) not in taken]


def _identity_cost(claim: Claim, unit: Unit, window_ms: int, pace: Pace) -> float | None:
    """A named face is surer than a confirmed one: siblings confirm each other's cards, and then the time decides."""
    if claim.person_id is None or not unit.as_like(claim.person_id):
        return None
    sure = unit.same(claim.person_id)
    if not _in_time(claim, unit, 2 * window_ms if sure else window_ms) or not (sure or _same_way(claim, unit)):
        return None
    if unit.person_id == claim.person_id:
        # Nothing, but of two presentations of one person the usual one.
        return pace.cost((unit.crossed_ms or unit.last_seen_ms) - claim.first_ms) / 1000
    score = unit.likeness(claim.person_id)
    time = NOT_OVER if unit.crossed_ms is None else pace.cost(unit.crossed_ms - claim.first_ms)
    return 1.0 + (1 - score) + time


def _joined(seen: Sequence[Unit], pace: Pace, which: Callable[[Unit], bool]) -> list[Unit]:
    """Faces, and bodies that were lost, put to the body that went over the line as theirs; of them those that `which`
    says."""
    bodies = [unit for unit in seen if unit.went]
    others = [unit for unit in seen if not unit.went]
    loose = [unit for unit in others if which(unit)]
    found = pairs(
        loose,
        bodies,
        lambda unit, body: _join_cost(unit, body, pace),
        lambda _unit: ALONE,
        lambda _body: 0.0,
    )
    for unit, body in found:
        body.claims += unit.claims
        body.subjects += unit.subjects
    taken = {id(unit) for unit, _ in found}
    return [*bodies, *(unit for unit in others if id(unit) not in taken)]


def _join_cost(loose: Unit, body: Unit, pace: Pace) -> float | None:
    if (loose.has_face and body.has_face) or (loose.claims and (body.claims or body.told_ms is not None)):
        return None
    crossed = body.crossed_ms
    assert crossed is not None
    if loose.crossed_ms is not None:
        apart = abs(crossed - loose.crossed_ms)
        return (apart / 1000) ** 2 if apart <= SAME_STEP_MS else None
    asked = any(pace.usual(crossed - claim.first_ms, spreads=2) for claim in loose.claims)
    if not (loose.complete or asked) or (loose.has_body and not _follows(loose, body)):
        return None  # who is in view still, and did not present a card at the right time, may go over the line yet
    before = crossed - loose.last_seen_ms
    if not -AFTER_MS <= before <= (LOST_MS if loose.has_body else HIDDEN_MS):
        return None
    cost = (before / 1000 / 2) ** 2
    for claim in loose.claims:
        cost += pace.cost(crossed - claim.first_ms)
    return min(cost, FAR)


def _follows(lost: Unit, found: Unit) -> bool:
    """Whether the body that crossed came into view only when the other was lost; nobody knows before it has spoken."""
    spoke = any(o.kind == "body" for s in found.subjects for o in s.observations)
    return spoke and lost.last_seen_ms - found.first_seen_ms <= OVERLAP_MS


def _claim_cost(claim: Claim, unit: Unit, window_ms: int, pace: Pace) -> float | None:
    if not _same_way(claim, unit) or not _in_time(claim, unit, window_ms):
        return None
    if unit.crossed_ms is not None and unit.crossed_ms - claim.first_ms < pace.soonest_ms:
        return None
    cost = NOT_OVER if unit.crossed_ms is None else pace.cost(unit.crossed_ms - claim.first_ms)
    if claim.person_id is not None and unit.other(claim.person_id):
        usual = unit.crossed_ms is not None and pace.usual(unit.crossed_ms - claim.first_ms)
        return cost + BORROWED if usual else None
    if claim.person_id is not None and unit.person_id is None and unit.leans_to(claim.person_id):
        return cost - LIKE
    return cost


def _same_way(claim: Claim, unit: Unit) -> bool:
    return unit.way == claim.direction or "none" in (unit.way, claim.direction)


def _in_time(claim: Claim, unit: Unit, window_ms: int) -> bool:
    if unit.crossed_ms is not None:
        return -LATE_MS <= unit.crossed_ms - claim.first_ms <= window_ms
    return unit.first_seen_ms - LATE_MS <= claim.last_ms and claim.first_ms <= unit.last_seen_ms + window_ms


def _seated(claims: Sequence[Claim], seen: Sequence[Unit], window_ms: int) -> list[Claim]:
    """Cards that are read while a vehicle passes sit in it."""
    rest: list[Claim] = []
    for claim in claims:
        near = [unit for unit in seen if unit.has_body and _in_time(claim, unit, window_ms)]
        if near:
            min(near, key=lambda unit: (abs(unit.opened_ms - claim.first_ms), unit.opened_ms)).claims.append(claim)
        else:
            rest.append(claim)
    return rest
