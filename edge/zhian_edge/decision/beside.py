"""What is raised beside an answer of a lane: by what a card is, by why somebody is refused, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zhian_wire import reasons
from zhian_wire.events import EventData
from zhian_wire.evidence import Direction, Evidence

from .asking import State
from .claims import Ticket
from .plan import Access, LanePlan
from .situation import Situation

#: Refusals within this time of each other are in a row.
ROW_MS: Final = 60_000
#: Whoever tries on and on must not fill the memory; as many as a configuration may count.
MOST_IN_ROW: Final = 100
#: Refusals that are an alert of their own, by reason. What a card is is raised beside any answer.
RAISED: Final = {
    reasons.FACE_DIFFERS: "borrowed_card",
    reasons.PASSBACK: "passback",
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Who asks to pass, and by which evidence."""

    ticket: Ticket
    direction: Direction
    evidence: tuple[Evidence, ...]
    person_id: str | None = None
    plate: str | None = None
    card: str | None = None
    reader: str | None = None


class Beside:
    """The alerts of one lane's answers."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._plan, self._access, self._site = plan, access, site
        self._row: list[tuple[int, tuple[Evidence, ...]]] = []

    def shown(self, asked: Question, state: State, now_ms: int) -> list[EventData]:
        """A stolen card is told of wherever it is shown: at a lane that is locked or held open, on the way out too.

        Not in a fire, when nobody is to look at anything else.
        """
        if asked.card is None or state == "released":
            return []
        known = self._site.people.card(asked.card)
        kind = "unknown_card" if known is None else "withdrawn_card" if known.withdrawn else None
        if kind is None:
            return []
        return [*self._site.raises(kind, self._plan.id, asked.card, now_ms, asked.evidence, person_id=asked.person_id)]

    def refused(self, asked: Question, reason: str, now_ms: int) -> list[EventData]:
        """By its reason, and when it is one of several in a row."""
        events: list[EventData] = []
        subject = asked.person_id or asked.plate or asked.card or asked.ticket.transaction
        kind = RAISED.get(reason)
        if asked.plate is not None and reason == reasons.NOT_LISTED:
            kind = "vehicle_not_expected"
        if kind is not None:
            events += self._site.raises(
                kind, self._plan.id, subject, now_ms, asked.evidence, person_id=asked.person_id, plate=asked.plate
            )
        if reason == reasons.LOCKED:
            return events  # whoever locked the lane knows that it refuses everybody
        row = [(ms, shown) for ms, shown in self._row if now_ms - ms <= ROW_MS]
        self._row = [*row, (now_ms, asked.evidence)][-MOST_IN_ROW:]
        if self._access.refused_in_row and len(self._row) >= self._access.refused_in_row:
            evidence = [piece for _, shown in self._row for piece in shown]
            events += self._site.raises("refused_in_row", self._plan.id, "lane", now_ms, evidence)
        return events

    def opened(self, asked: Question, now_ms: int) -> list[EventData]:
        """Who is inside already may have handed the card back. Who is let in ends the row; who goes out does not."""
        if asked.direction == "in":
            self._row = []
        access, person = self._access, asked.person_id
        if access.anti_passback == "off" or asked.direction != "in" or person is None:
            return []
        if not self._site.presence.surely_in(person, access.inside, now_ms):
            return []
        return [*self._site.raises("passback", self._plan.id, person, now_ms, asked.evidence, person_id=person)]
