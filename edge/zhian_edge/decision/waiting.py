"""When a unit of evidence is told: as soon as nothing that is still to come could say otherwise, and not much later."""

from __future__ import annotations

from collections.abc import Collection

from .claims import PATIENCE_MS, Claim
from .costs import HIDDEN_MS
from .pace import COMING_MS, Pace
from .plan import LanePlan
from .situation import Situation
from .transaction import Transaction
from .unit import Unit


class Waiting:
    """Judges the units of one lane. `claims` and `subjects` are all of which not everything is told."""

    def __init__(
        self,
        plan: LanePlan,
        site: Situation,
        pace: Pace,
        claims: Collection[Claim],
        subjects: Collection[Transaction],
    ) -> None:
        self._plan, self._site, self._pace = plan, site, pace
        self._claims, self._subjects = claims, subjects

    @property
    def settle_ms(self) -> int:
        """Whatever belongs to a crossing, and to those next to it, is here by then."""
        return self._plan.window_ms // 2

    def anything(self, now_ms: int) -> bool:
        """Whether anything is old enough; arranging everything is not for each tick."""
        settle = now_ms - self.settle_ms
        crossed = (s.crossed_ms for s in self._subjects)
        return (
            any(ms is not None and ms <= settle for ms in crossed)
            or any(s.last_ms <= now_ms - PATIENCE_MS for s in self._subjects)
            or any(c.last_ms <= settle for c in self._claims)
        )

    def over(self, unit: Unit, now_ms: int) -> bool:
        """Of a unit that was told: whether those who came later are known too, so that what is left is its own."""
        late = unit.subjects[1:]
        return all(s.complete and not s.silent and now_ms >= s.last_ms + self.settle_ms for s in late)

    def due(self, unit: Unit, now_ms: int) -> bool:
        """Whether it is to be told now."""
        if any(claim.ticket.waits for claim in unit.claims):
            return False
        crossed = unit.crossed_ms
        if crossed is None:
            return self._due_before_line(unit, now_ms)
        if now_ms < crossed + self._settle_ms(unit):
            return False
        known = unit.person_id is not None or self._confirmed(unit, crossed)
        # A face may be told of by its last word only: whoever has nothing else gets the time for it.
        seen_off = unit.complete and (unit.has_face or bool(unit.claims))
        return ((known or seen_off) and not self._disputed(unit, crossed)) or now_ms >= crossed + PATIENCE_MS

    def _settle_ms(self, unit: Unit) -> int:
        """Whom a guard lets pass by name may show their card only then."""
        awaited = any(claim.worded and claim.person is not None and not claim.carded for claim in unit.claims)
        return min(self._plan.window_ms, PATIENCE_MS) if awaited else self.settle_ms

    def _due_before_line(self, unit: Unit, now_ms: int) -> bool:
        """Nobody went over the line, so far as is seen."""
        if unit.claims and not self._site.sees_line(self._plan.id):
            return now_ms >= unit.last_ms + self._plan.window_ms
        if not unit.claims and any(s.carried is not None for s in unit.subjects):
            return unit.complete
        gone = now_ms >= unit.last_ms + PATIENCE_MS
        return gone and (unit.complete or now_ms >= unit.last_ms + 4 * PATIENCE_MS)

    def _confirmed(self, unit: Unit, crossed_ms: int) -> bool:
        """Whether the face is a card's owner's by comparison, also with the cards of whoever else may have crossed.

        Siblings resemble each other: a comparison that is still to come may be the better one.
        """
        if not any(c.person_id is not None and unit.same(c.person_id) for c in unit.claims):
            return False
        rivals = (c for c in self._claims if c not in unit.claims and self._may_be_of(c, crossed_ms))
        return all(c.person_id is None or unit.compared(c.person_id) for c in rivals)

    def _disputed(self, unit: Unit, crossed_ms: int) -> bool:
        """Whether it may yet turn out, by somebody's last word, that unit and card, or face and body, are of two."""
        borrowed = [c for c in unit.claims if c.person_id is not None and unit.other(c.person_id)]
        odd = [c for c in unit.claims if not self._fits(c, unit, crossed_ms)]
        if any(self._may_be_whose(c, s) for c in odd for s in self._others(unit) if s.crossed_ms is None):
            return True
        if any(_in_view(s) for rival in unit.rivals for s in rival.subjects):
            return True
        if any(self._may_be_whose(c, s) for c in borrowed for s in self._others(unit)):
            return True
        to_come = (self._face_to_come, self._card_to_come, self._card_to_get_back)
        if any(each(unit, crossed_ms) for each in to_come) or self._resembled(unit):
            return True
        # Who seems to have crossed may be in view still: then it was somebody else, who has another card.
        if all(s.crossed_ms is not None or not (_in_view(s) or "body" not in s.kinds) for s in unit.subjects):
            return False
        rivals = (c for c in self._claims if c not in unit.claims)
        return any(self._pace.usual(crossed_ms - c.first_ms, spreads=2) for c in rivals)

    def _face_to_come(self, unit: Unit, crossed_ms: int) -> bool:
        """Whether a face that belongs to no body yet, and has not said its last word, may be this one's."""
        if unit.has_face:
            return False
        loose = (s for s in self._others(unit) if "face" in s.kinds and s.crossed_ms is None and _in_view(s))
        return any(s.first_seen_ms < crossed_ms <= s.last_seen_ms + HIDDEN_MS for s in loose)

    def _card_to_come(self, unit: Unit, crossed_ms: int) -> bool:
        """Whether somebody who is named, and has no card, may have presented one of which it is not certain whose."""
        if unit.claims or unit.person_id is None:
            return False
        open_claims = (c for c in self._claims if not self._is_certain(c))
        return any(self._pace.usual(crossed_ms - c.first_ms) for c in open_claims)

    def _card_to_get_back(self, unit: Unit, crossed_ms: int) -> bool:
        """Whether somebody without a name or a card may get one back that a comparison has put to somebody else.

        That one was not compared yet with a card that fits them as well: it may be their own, and they a sibling.
        """
        if unit.claims or unit.person_id is not None:
            return False
        fitting = [c for c in self._claims if c.person_id is not None and self._pace.usual(crossed_ms - c.first_ms)]
        return any(
            _in_view(s) and s.person_id is None and s.same(claim.key) and self._uncompared(s, claim)
            for claim in fitting
            for s in self._others(unit)
        )

    def _uncompared(self, subject: Transaction, claim: Claim) -> bool:
        """Whether a card beside `claim` may be of somebody, too, who was not compared with its owner."""
        rivals = (c for c in self._claims if c is not claim and c.person_id is not None)
        return any(self._may_be_of(c, subject.crossed_ms) and not subject.compared(c.key) for c in rivals)

    def _is_certain(self, claim: Claim) -> bool:
        """Whether a face in view is its owner's."""
        return claim.person_id is not None and any(s.same(claim.person_id) for s in self._subjects)

    def _resembled(self, unit: Unit) -> bool:
        """Whether a face whose last word is to come was confirmed, too, as the owner of a card that this one fits."""
        if unit.person_id is not None:
            return False
        alike = [c.person_id for c in self._claims if c.person_id is not None and unit.same(c.person_id)]
        return any(_in_view(s) and s.same(person_id) for person_id in alike for s in self._others(unit))

    def _others(self, unit: Unit) -> list[Transaction]:
        return [subject for subject in self._subjects if subject not in unit.subjects]

    def _fits(self, claim: Claim, unit: Unit, crossed_ms: int) -> bool:
        """Whether a card is surely, or by its time quite probably, of who went."""
        proved = claim.person_id is not None and unit.same(claim.person_id)
        # Who was over the line before a word for somebody was another, if that one is in view still.
        spoken = claim.manual is not None and (claim.nobodys or crossed_ms >= claim.manual.at_ms)
        return proved or spoken or any(self._pace.usual(crossed_ms - ms, spreads=2) for ms in claim.presented)

    def _may_be_whose(self, claim: Claim, subject: Transaction) -> bool:
        """Whether it may turn out yet that somebody else who went by, or is in view before the line, has the card."""
        if not _in_view(subject):
            return False
        if subject.crossed_ms is not None:
            return self._may_be_of(claim, subject.crossed_ms)
        there = subject.first_seen_ms <= claim.last_ms + COMING_MS
        return there and not (claim.person_id is not None and subject.other(claim.person_id))

    def _may_be_of(self, claim: Claim, crossed_ms: int | None) -> bool:
        """Whether whoever presented the card may have crossed at that moment."""
        return crossed_ms is not None and 0 <= crossed_ms - claim.first_ms <= self._plan.window_ms


def _in_view(subject: Transaction) -> bool:
    """Whether its last word is still to come."""
    return not subject.complete or subject.silent
