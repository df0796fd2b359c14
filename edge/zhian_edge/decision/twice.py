"""One card twice the same way within impossible time, and who is in once more although inside."""

from __future__ import annotations

from zhian_wire.events import Alert, Passage

from .plan import Access, LanePlan
from .situation import Situation
from .steps import IMPOSSIBLE_MS, Again, Step
from .unit import Unit


class Twice:
    """Judges the passages of one lane by those of all lanes of the node, and by who is known to be inside."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._lane, self._zone, self._site = plan.id, access.inside, site
        self._tells_passback = access.anti_passback != "off"
        self._bars = site.plan.barrier_of(plan.id) is not None

    def went(self, passage: Passage, step: Step, now_ms: int) -> list[Alert]:
        """A passage that leads in or out. Parts of a zone are read in passing, as often as somebody walks by."""
        if "/" in self._zone:
            return []
        again = self._site.steps.took(passage.person_id, step, now_ms)
        if step.direction == "in" and self._zone:
            return self._inside(passage, step, now_ms, explained=again is not None and again.explained)
        return [] if again is None else self._over_again(passage, step, again, now_ms)

    def step(self, passage: Passage, unit: Unit, at_ms: int, *, stuck: bool) -> Step:
        """The passage of a unit as a step over the lane's border; `stuck`: nothing opened for it."""
        cards = [claim for claim in unit.claims if claim.carded and claim.person_id == passage.person_id]
        readers = {read.reader for claim in cards for read in claim.reads}
        seen = unit.crossed_ms is not None
        return Step(
            lane=self._lane,
            zone=self._zone,
            direction=passage.direction,
            at_ms=at_ms,
            shown=(min(min(c.presented) for c in cards), max(c.held_ms for c in cards)) if cards else None,
            seen=seen,
            far=bool(readers) and all(self._site.plan.sees_far(reader) for reader in readers),
            stuck=stuck and not seen,
        )

    def _over_again(self, passage: Passage, step: Step, again: Again, now_ms: int) -> list[Alert]:
        """Where nobody keeps count of who is where, only cards show that both were to be the same person.

        A reader that nothing stands behind is walked by as often as somebody likes.
        """
        cards = again.step.shown is not None and step.shown is not None
        if again.explained or not cards or not (step.seen or self._bars):
            return []
        return self._raised("impossible_card", passage, (again.step.lane, again.step.at_ms), step, now_ms)

    def _inside(self, passage: Passage, step: Step, now_ms: int, *, explained: bool) -> list[Alert]:
        """In once more, of somebody who is inside by all that this node and its siblings know."""
        presence, person_id = self._site.presence, passage.person_id
        known = None if person_id is None else presence.of(person_id)
        if person_id is None or known is None or not presence.surely_in(person_id, self._zone, now_ms):
            return []
        soon = abs(step.at_ms - known.at_ms) <= IMPOSSIBLE_MS
        kind = "impossible_card" if soon and not explained else "passback" if self._tells_passback else ""
        return self._raised(kind, passage, (known.lane, known.at_ms), step, now_ms) if kind else []

    def _raised(self, kind: str, passage: Passage, before: tuple[str, int], step: Step, now_ms: int) -> list[Alert]:
        """`before`: by which lane, and when, they went the same way."""
        lane, then_ms = before
        apart_s = max(step.at_ms - then_ms, 0) / 1000
        detail = f"{step.direction} by {lane} {apart_s:.1f} s before" if then_ms >= 0 else ""
        who = passage.person_id or ""
        return self._site.raises(kind, self._lane, who, now_ms, passage.evidence, person_id=who, detail=detail)
