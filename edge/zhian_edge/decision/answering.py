"""What a lane answers: the decision first, then what devices do about it; and the state that people bring it into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zhian_wire import reasons
from zhian_wire.events import Decision, EventData
from zhian_wire.evidence import Direction, Evidence

from zhian_edge.signals import LaneOrder

from .actions import EXPIRES_MS, Act, Action, Show
from .asking import State
from .claims import Ticket
from .plan import Access, LanePlan
from .situation import Situation

#: Refusals within this time of each other are in a row.
ROW_MS: Final = 60_000
#: Whoever tries on and on must not fill the memory; as many as a configuration may count.
MOST_IN_ROW: Final = 100
#: A hold or an end of one is good for long: the lane is to be in that state whenever the barrier can be reached.
LASTING_MS: Final = 600_000
#: Refusals that are an alert of their own, by reason.
RAISED: Final = {
    reasons.UNKNOWN_CARD: "unknown_card",
    reasons.WITHDRAWN_CARD: "withdrawn_card",
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


class Answering:
    """Turns verdicts into events and actions of one lane."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._plan, self._access, self._site = plan, access, site
        self._barrier = site.plan.barrier_of(plan.id)
        self._actions: list[Action] = []
        self._refused: list[tuple[int, tuple[Evidence, ...]]] = []
        self._order: LaneOrder | None = None
        self._released = False
        self._number = 0

    @property
    def state(self) -> State:
        """What people, or a fire, have brought the lane into."""
        if self._released:
            return "released"
        order = self._order  # read once: the heart-beat asks from another thread
        if order is None or order.state not in ("locked", "held_open"):
            return "normal"
        return "locked" if order.state == "locked" else "held_open"

    @property
    def standing(self) -> LaneOrder | None:
        """The order that holds, to be kept over a restart."""
        return self._order

    def actions(self) -> list[Action]:
        """What devices must do since the last call."""
        actions, self._actions = self._actions, []
        return actions

    def ticket(self, asked_ms: int, now_ms: int) -> Ticket:
        """A new transaction. Its id holds the moment, so that a node that was restarted repeats none."""
        self._number += 1
        return Ticket(f"{self._site.plan.run}-{self._plan.id}-{now_ms}-{self._number}", asked_ms)

    def wait(self, reader: str, now_ms: int) -> None:
        """The card is fine so far; its owner is to look into the camera."""
        self._actions.append(Show(reader=reader, feedback="wait", expires_ms=now_ms + EXPIRES_MS))

    def answer(self, asked: Question, *, opens: bool, reason: str, now_ms: int) -> list[EventData]:
        """The decision, and what is raised beside it."""
        ticket = asked.ticket
        ticket.verdict, ticket.reason = ("open" if opens else "refuse"), reason
        decision = self._decision(asked, now_ms)
        if asked.reader is not None:
            feedback: Final = "granted" if opens else "refused"
            self._actions.append(Show(reader=asked.reader, feedback=feedback, expires_ms=now_ms + EXPIRES_MS))
        if not opens:
            return [decision, *self._refusal(asked, reason, now_ms)]
        self._refused = []
        self._open_once(ticket, now_ms, vital=asked.direction == "out")
        return [decision, *self._soft_passback(asked, now_ms)]

    def order(self, order: LaneOrder, now_ms: int) -> list[EventData]:
        """A person's order: told as a decision before anything moves."""
        if order.until_ms is not None and order.until_ms <= now_ms:
            return []
        ticket = self.ticket(order.at_ms, now_ms)
        if order.state == "open_once":
            self._open_once(ticket, now_ms)
            return [self._by_hand(ticket, "open", reasons.MANUAL, now_ms)]
        before, self._order = self.state, order
        if self.state == before:
            return []
        return self._brought(ticket, now_ms)

    def release(self, *, active: bool, now_ms: int) -> list[EventData]:
        """Fire: everything opens, and closes again when it is over, whatever else was ordered."""
        if self._released == active:
            return []
        self._released = active
        return self._brought(self.ticket(now_ms, now_ms), now_ms)

    def tick(self, now_ms: int) -> list[EventData]:
        """An order whose time is over."""
        order = self._order
        if order is None or order.until_ms is None or now_ms < order.until_ms:
            return []
        before, self._order = self.state, None
        return [] if self.state == before else self._brought(self.ticket(now_ms, now_ms), now_ms)

    def _brought(self, ticket: Ticket, now_ms: int) -> list[EventData]:
        """The lane is in another state."""
        state, until = self.state, now_ms + LASTING_MS
        if state in ("held_open", "released"):
            reason = reasons.RELEASED if state == "released" else reasons.HELD_OPEN
            self._act("hold", ticket.transaction, until, vital=state == "released")
            return [self._by_hand(ticket, "open", reason, now_ms)]
        self._act("close", ticket.transaction, until)
        return [self._by_hand(ticket, "refuse", reasons.LOCKED, now_ms)] if state == "locked" else []

    def _open_once(self, ticket: Ticket, now_ms: int, *, vital: bool = False) -> None:
        """Held open it is open already, and the end of a pulse would shut it."""
        if self.state in ("normal", "locked"):
            self._act("pulse", ticket.transaction, now_ms + EXPIRES_MS, vital=vital)

    def _by_hand(self, ticket: Ticket, verdict: str, reason: str, now_ms: int) -> Decision:
        return Decision(
            transaction=ticket.transaction,
            lane=self._plan.id,
            verdict="open" if verdict == "open" else "refuse",
            reason=reason,
            policy=self._access.name,
            evidence_age_ms=max(now_ms - ticket.asked_ms, 0),
            evidence=(Evidence(kind="manual", device=self._plan.id, at_ms=ticket.asked_ms),),
        )

    def _act(self, action: str, transaction: str, expires_ms: int, *, vital: bool = False) -> None:
        if self._barrier is None:
            return
        self._actions.append(
            Act(
                lane=self._plan.id,
                action="pulse" if action == "pulse" else "hold" if action == "hold" else "close",
                transaction=transaction,
                expires_ms=expires_ms,
                duration_ms=self._barrier.pulse_ms if action == "pulse" else 0,
                vital=vital,
            )
        )

    def _decision(self, asked: Question, now_ms: int) -> Decision:
        oldest = min((piece.at_ms for piece in asked.evidence), default=now_ms)
        return Decision(
            transaction=asked.ticket.transaction,
            lane=self._plan.id,
            verdict=asked.ticket.verdict or "refuse",
            reason=asked.ticket.reason,
            policy=self._access.name,
            evidence_age_ms=max(now_ms - oldest, 0),
            person_id=asked.person_id,
            plate=asked.plate,
            evidence=asked.evidence,
        )

    def _refusal(self, asked: Question, reason: str, now_ms: int) -> list[EventData]:
        events: list[EventData] = []
        subject = asked.person_id or asked.plate or asked.card or asked.ticket.transaction
        kind = RAISED.get(reason)
        if asked.plate is not None and reason == reasons.NOT_LISTED:
            kind = "vehicle_not_expected"
        if kind is not None:
            events += self._site.raises(
                kind, self._plan.id, subject, now_ms, asked.evidence, person_id=asked.person_id, plate=asked.plate
            )
        row = [(ms, shown) for ms, shown in self._refused if now_ms - ms <= ROW_MS]
        self._refused = [*row, (now_ms, asked.evidence)][-MOST_IN_ROW:]
        if self._access.refused_in_row and len(self._refused) >= self._access.refused_in_row:
            evidence = [piece for _, shown in self._refused for piece in shown]
            events += self._site.raises("refused_in_row", self._plan.id, "lane", now_ms, evidence)
        return events

    def _soft_passback(self, asked: Question, now_ms: int) -> list[EventData]:
        access, person = self._access, asked.person_id
        if access.anti_passback == "off" or asked.direction != "in" or person is None:
            return []
        if not self._site.presence.surely_in(person, access.inside, now_ms):
            return []
        return [*self._site.raises("passback", self._plan.id, person, now_ms, asked.evidence, person_id=person)]
