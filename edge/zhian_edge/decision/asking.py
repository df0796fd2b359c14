"""Whether a lane opens for whoever asks: by card, by face, by plate; at once, or when the face has been compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from zhian_wire import reasons
from zhian_wire.evidence import Direction
from zhian_wire.roster import Person

from zhian_edge.signals import Observation

from .claims import Claim
from .plan import Access, LanePlan
from .situation import Situation
from .transaction import Transaction

State = Literal["normal", "locked", "held_open", "released"]


class Verdict(NamedTuple):
    """`reason` is a code of `zhian_wire.reasons`."""

    opens: bool
    reason: str


class Asking:
    """The policy of one lane. It changes nothing: the same question has the same answer."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._plan, self._access, self._site = plan, access, site

    def card(
        self, claim: Claim, subjects: Iterable[Transaction], state: State, now_ms: int, *, withdrawn: bool
    ) -> Verdict | None:
        """About a card that was read; None: wait for its owner's face."""
        free = self._free(claim.direction, state)
        if free is not None:
            return free
        if claim.person is None:
            return Verdict(False, reasons.WITHDRAWN_CARD if withdrawn else reasons.UNKNOWN_CARD)
        refusal = self._refusal(claim.person, now_ms, now_ms - claim.last_ms)
        if refusal is not None:
            return refusal
        if "card" in self._access.ways:
            return Verdict(True, reasons.CARD)
        if "card_and_face" in self._access.ways:
            return self._with_face(claim, claim.person, list(subjects), now_ms)
        return Verdict(False, reasons.MISSING_FACTOR)

    def late(self, claim: Claim, faces: Sequence[Transaction]) -> Verdict:
        """The face of a card's owner did not come in time; `faces`: of those who may have presented the card.

        A neighbour's face proves nothing while one of them may still be the owner's.
        """
        assert claim.person is not None
        differs = bool(faces) and all(face.other(claim.person.id) for face in faces)
        return Verdict(False, reasons.FACE_DIFFERS if differs else reasons.MISSING_FACTOR)

    def seen(self, seen: Observation, person: Person | None, state: State, now_ms: int) -> Verdict | None:
        """About a face that is named, or a plate that was read whole, of `person`; None: it asks for nothing here."""
        way, age_ms = self.way(seen), now_ms - seen.at_ms
        if way == "in" and seen.direction == "out" and person is not None and self.inside_already(person.id, now_ms):
            return None  # somebody inside who goes away does not ask to come in
        if seen.kind == "plate":
            return self._plate(person, way, state, now_ms, age_ms)
        return None if person is None else self._face(person, way, state, now_ms, age_ms)

    def way(self, seen: Observation) -> Direction:
        """Where whoever is seen is going, by the camera alone.

        Growing smaller shows no way out: whoever steps back before a locked lane does that too, and so does a car that
        rolls back.
        """
        return self._site.plan.camera(seen.camera).direction

    def inside_already(self, person_id: str, now_ms: int) -> bool:
        """Whether going in would be the second time without having gone out, or is going on already."""
        zone, site = self._access.inside, self._site
        if not zone:
            return False
        return site.presence.surely_in(person_id, zone, now_ms) or site.coming.into(person_id, zone, now_ms)

    def _free(self, direction: Direction, state: State) -> Verdict | None:
        """What needs no evidence: getting out always, anything while the lane is released; and what is locked."""
        if state == "released":
            return Verdict(True, reasons.RELEASED)
        if direction == "out":
            return Verdict(True, reasons.EGRESS)
        if state == "held_open":
            return Verdict(True, reasons.HELD_OPEN)
        return Verdict(False, reasons.LOCKED) if state == "locked" else None

    def _face(self, person: Person, way: Direction, state: State, now_ms: int, age_ms: int) -> Verdict | None:
        if "face" not in self._access.ways or not person.face:
            return None
        return self._free(way, state) or self._refusal(person, now_ms, age_ms) or Verdict(True, reasons.NAMED)

    def _plate(self, owner: Person | None, way: Direction, state: State, now_ms: int, age_ms: int) -> Verdict | None:
        if "plate" not in self._access.ways:
            return None
        free = self._free(way, state)
        if free is not None or owner is None:
            return free or Verdict(False, reasons.NOT_LISTED)
        return self._refusal(owner, now_ms, age_ms) or Verdict(True, reasons.PLATE_READ)

    def _refusal(self, person: Person, now_ms: int, age_ms: int) -> Verdict | None:
        if age_ms > self._access.fresh_ms:
            return Verdict(False, reasons.STALE)
        objection = self._site.objection(person, self._access, now_ms)
        if objection:
            return Verdict(False, objection)
        hard = self._access.anti_passback == "hard" and not self._site.alone(now_ms)
        if hard and self.inside_already(person.id, now_ms):
            return Verdict(False, reasons.PASSBACK)
        return None

    def confirming(self, claim: Claim, subjects: Iterable[Transaction], now_ms: int) -> list[Transaction]:
        """Those whose face is the card owner's, who were looked at lately and may stand there with the card."""
        owner = claim.person_id
        return [
            s
            for s in subjects
            if owner is not None
            and s.same(owner)
            and now_ms - _looked(s) <= self._access.fresh_ms
            and self._here(s, claim)
        ]

    def _here(self, seen: Transaction, claim: Claim) -> bool:
        """Whether somebody may have presented the card: not who was gone before, by sight or over the line, and not who
        goes the other way unless they were looked at since.

        A reader that serves both ways stands for those whom the camera sees come.
        """
        sees = self._site.plan.camera(seen.subject[0]).direction
        way = sees if claim.direction == "none" else claim.direction
        if sees not in (way, "none"):
            return False
        if seen.complete and not seen.followed and _looked(seen) < claim.first_ms:
            return False
        went = seen.last_crossing
        if went is None:
            return True
        return went.at_ms >= claim.first_ms if went.direction == way else _looked(seen) > went.at_ms

    def _with_face(self, claim: Claim, person: Person, subjects: Sequence[Transaction], now_ms: int) -> Verdict | None:
        found = self.confirming(claim, subjects, now_ms)
        anybody = any(s.other(person.id) and self._here(s, claim) for s in subjects)
        # Who stood there before may have handed it to whoever is there too; looked at with the card, they are there.
        if any(not anybody or _looked(s) >= claim.first_ms for s in found):
            return Verdict(True, reasons.CONFIRMED)
        if self._faceless(person):
            opens = self._access.opens_without_face
            return Verdict(opens, reasons.CARD if opens else reasons.MISSING_FACTOR)
        return None

    def _faceless(self, person: Person) -> bool:
        """Whether no face can be had: switched off, none enrolled, or no camera that sees."""
        return not person.face or not person.templates or not self._site.sees_faces(self._plan.id)


def _looked(seen: Transaction) -> int:
    """When a face that was compared was in view last."""
    looked_ms = seen.looked_ms
    assert looked_ms is not None
    return looked_ms
