"""What a lane answers: the decision first, then what devices do about it; and the state that people bring it into."""

from __future__ import annotations

from typing import Final

import msgspec
from zhian_wire import reasons
from zhian_wire.events import Decision, EventData, Verdict
from zhian_wire.evidence import Evidence
from zhian_wire.times import to_text

from zhian_edge.signals import LaneOrder, ManualPassage

from .actions import EXPIRES_MS, Act, Action, Show
from .asking import State
from .beside import Beside, Question
from .claims import Ticket
from .leftover import Leftover
from .plan import Access, LanePlan
from .situation import Situation

#: A hold or an end of one is good for long: the lane is to be in that state whenever the barrier can be reached.
LASTING_MS: Final = 600_000
#: How each state of a lane is told.
_STATES: Final[dict[State, tuple[Verdict, str]]] = {
    "normal": ("refuse", reasons.BACK_TO_NORMAL),
    "locked": ("refuse", reasons.LOCKED),
    "held_open": ("open", reasons.HELD_OPEN),
    "released": ("open", reasons.RELEASED),
}


class Answering:
    """Turns verdicts into events and actions of one lane."""

    def __init__(self, plan: LanePlan, access: Access, site: Situation) -> None:
        self._plan, self._access, self._site = plan, access, site
        self._barrier = site.plan.barrier_of(plan.id)
        self._actions: list[Action] = []
        self._beside = Beside(plan, access, site)
        self._order: LaneOrder | None = None
        self._released = False
        self._leftover = Leftover(self._barrier.pulse_ms if self._barrier else 0)
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
        """The order that stands, to be kept over a restart; None: the lane is as always."""
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

    def show_refused(self, reader: str, now_ms: int) -> None:
        """What was to open did not."""
        self._actions.append(Show(reader=reader, feedback="refused", expires_ms=now_ms + EXPIRES_MS))

    def answer(self, asked: Question, *, opens: bool, reason: str, now_ms: int) -> list[EventData]:
        """The decision, and what is raised beside it."""
        ticket = asked.ticket
        ticket.verdict, ticket.reason, ticket.answered_ms = ("open" if opens else "refuse"), reason, now_ms
        decision = self._decision(asked, now_ms)
        by_card = self._beside.shown(asked, self.state, now_ms)
        if asked.reader is not None:
            feedback: Final = "granted" if opens else "refused"
            self._actions.append(Show(reader=asked.reader, feedback=feedback, expires_ms=now_ms + EXPIRES_MS))
        if not opens:
            return [decision, *by_card, *self._beside.refused(asked, reason, now_ms)]
        self._open_once(ticket, now_ms, vital=asked.direction == "out")
        return [decision, *by_card, *self._beside.opened(asked, now_ms)]

    def order(self, order: LaneOrder, now_ms: int) -> list[EventData]:
        """A person's order: told as a decision before anything moves."""
        if order.until_ms is not None and order.until_ms <= now_ms:
            return []
        ticket = self.ticket(order.at_ms, now_ms)
        if order.state == "open_once":
            self._open_once(ticket, now_ms, order=order.order)
            return [
                self._by_hand(ticket, ("open", reasons.MANUAL), now_ms, msgspec.structs.replace(order, until_ms=None))
            ]
        before, self._order = self.state, None if order.state == "normal" else order
        return self._brought(before, ticket, now_ms, order)

    def too_late(self, order: LaneOrder, now_ms: int) -> Decision:
        """An order whose time was over before its turn: nothing moves, and whoever gave it is told."""
        unlimited = msgspec.structs.replace(order, until_ms=None)
        return self._by_hand(self.ticket(order.at_ms, now_ms), ("refuse", reasons.TOO_LATE), now_ms, unlimited)

    def let_pass(self, ticket: Ticket, word: ManualPassage, now_ms: int) -> list[EventData]:
        """A guard's word opens once for somebody: told as a decision, by the ticket that their passage has too."""
        self._open_once(ticket, now_ms, order=word.order)
        order = LaneOrder(
            order=word.order, lane=word.lane, state="open_once", who=word.who, at_ms=word.at_ms, why=word.why
        )
        decision = self._by_hand(ticket, ("open", reasons.MANUAL), now_ms, order)
        return [msgspec.structs.replace(decision, person_id=word.person_id)]

    def resume(self, order: LaneOrder, now_ms: int) -> list[EventData]:
        """An order that a restart left without an end has it again. One that locks has stood all the time."""
        if self._order is None or self._order.order != order.order:
            return self.order(order, now_ms)
        self._order = order
        return self.tick(now_ms)

    def release(self, *, active: bool, now_ms: int) -> list[EventData]:
        """Fire: everything opens, and closes again when it is over, whatever else was ordered."""
        if self._released == active:
            return []
        before, self._released = self.state, active
        return self._brought(before, self.ticket(now_ms, now_ms), now_ms, None if active else self._order)

    def recall(self, order: LaneOrder | None, *, released: bool, now_ms: int) -> list[EventData]:
        """The node was restarted, with this order and fire: what is to be held is held at once.

        Nobody knows how the barrier was left. Where nothing holds it, it is closed, but later: `close_leftover`.
        """
        ended = order is None or (order.until_ms is not None and order.until_ms <= now_ms)
        self._order, self._released = None if ended else order, released
        self._leftover.begin(now_ms)
        state, ticket = self.state, self.ticket(now_ms, now_ms)
        if state == "normal":
            return []
        if state != "locked":
            self._leftover.settle()
            self._act("hold", ticket.transaction, now_ms + LASTING_MS, vital=released)
        return [self._by_hand(ticket, _STATES[state], now_ms, None if released else self._order)]

    def close_leftover(self, now_ms: int, *, fire_known: bool) -> None:
        """Close a barrier that an order or a fire of the time before a restart may still hold."""
        if self._leftover.due(now_ms, fire_known=fire_known):
            self._leftover.settle()
            self._act("close", self.ticket(now_ms, now_ms).transaction, now_ms + LASTING_MS)

    def tick(self, now_ms: int) -> list[EventData]:
        """An order whose time is over."""
        order = self._order
        if order is None or order.until_ms is None or now_ms < order.until_ms:
            return []
        before, self._order = self.state, None
        return [] if self.state == before else self._brought(before, self.ticket(now_ms, now_ms), now_ms, None)

    def _brought(self, before: State, ticket: Ticket, now_ms: int, order: LaneOrder | None) -> list[EventData]:
        """What the lane is now is told, by whose `order` too; devices move only where it is another state."""
        state, until = self.state, now_ms + LASTING_MS
        if state != before:
            self._leftover.settle()
            action = "hold" if state in ("held_open", "released") else "close"
            given = "" if order is None else order.order
            self._act(action, ticket.transaction, until, order=given, vital=state == "released")
        return [self._by_hand(ticket, _STATES[state], now_ms, order)]

    def _open_once(self, ticket: Ticket, now_ms: int, *, order: str = "", vital: bool = False) -> None:
        """Held open it is open already, and the end of a pulse would shut it."""
        if self.state in ("normal", "locked"):
            self._leftover.pulsed(now_ms + EXPIRES_MS)
            self._act("pulse", ticket.transaction, now_ms + EXPIRES_MS, order=order, vital=vital)

    def _by_hand(
        self, ticket: Ticket, told: tuple[Verdict, str], now_ms: int, order: LaneOrder | None = None
    ) -> Decision:
        """`order` None: nobody gave one, its time is over, or a fire did it."""
        by, why = (None, "") if order is None else (order.who, order.why)
        ends = None if order is None or order.until_ms is None else self._site.wall.at(order.until_ms)
        return Decision(
            transaction=ticket.transaction,
            lane=self._plan.id,
            verdict=told[0],
            reason=told[1],
            policy=self._access.name,
            evidence_age_ms=max(now_ms - ticket.asked_ms, 0),
            evidence=(Evidence(kind="manual", device=self._plan.id, at_ms=ticket.asked_ms, by=by, why=why),),
            by=by,
            why=why,
            until=None if ends is None else to_text(ends),
        )

    def _act(self, action: str, transaction: str, expires_ms: int, *, order: str = "", vital: bool = False) -> None:
        if self._barrier is None:
            return
        self._actions.append(
            Act(
                lane=self._plan.id,
                action="pulse" if action == "pulse" else "hold" if action == "hold" else "close",
                transaction=transaction,
                expires_ms=expires_ms,
                duration_ms=self._barrier.pulse_ms if action == "pulse" else 0,
                order=order,
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
