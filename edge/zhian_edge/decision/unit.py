"""One person, or car, as far as the evidence of a lane goes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from zhian_wire.evidence import Direction

from .claims import Claim
from .transaction import Transaction

#: Siblings confirm each other's cards: a likeness that is so little less may as well be the right one.
ALIKE: Final = 0.1


@dataclass(eq=False)
class Unit:
    """One person (or car) as far as the evidence goes: credentials and what was seen.

    `told_ms`: its passage was told already, of a crossing at that moment; `faced`: with a face. `rivals`: who may as
    well have gone over the line with this one's body; `doubtful`: there are such, or were until they were told
    (`doubt.py`).
    """

    claims: list[Claim] = field(default_factory=list)
    subjects: list[Transaction] = field(default_factory=list)
    told_ms: int | None = None
    faced: bool = False
    rivals: list[Unit] = field(default_factory=list)
    doubtful: bool = False

    def with_part(self, part: Unit | None) -> Unit:
        """A copy, one with what belongs to it too."""
        claims, subjects = ([], []) if part is None else (part.claims, part.subjects)
        return replace(self, claims=[*self.claims, *claims], subjects=[*self.subjects, *subjects], rivals=[])

    @property
    def sure(self) -> list[Transaction]:
        """What was seen of it for certain: where its body may be another's, only the face that says who it is."""
        if not self.doubtful:
            return self.subjects
        faces = [s for s in self.subjects if "body" not in s.kinds]
        names = {claim.person_id for claim in self.claims} - {None}
        return [s for s in faces if s.person_id is not None or any(s.same(name) for name in names if name)]

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
    def since_ms(self) -> int | None:
        """Since when it was in view; None: nobody has said so yet."""
        return min((ms for ms in (s.since_ms for s in self.subjects) if ms is not None), default=None)

    @property
    def followed(self) -> bool:
        """Whether a body of it is in view still."""
        return any(s.followed for s in self.subjects)

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
    def worded(self) -> bool:
        """Whether a guard let them pass: then they were not on their way as others are."""
        return any(claim.worded for claim in self.claims)

    @property
    def certain(self) -> list[tuple[int, int]]:
        """When the card of somebody whose face is its owner's was read, and when they went over the line."""
        crossed = self.crossed_ms
        if crossed is None or self.doubtful or self.worded:
            return []
        return [(c.first_ms, crossed) for c in self.claims if c.person_id is not None and self.same(c.person_id)]

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

    def other(self, person_id: str) -> bool:
        """Whether the face is somebody else's: named so, or quite unlike."""
        return not self.same(person_id) and any(s.other(person_id) for s in self.subjects)
