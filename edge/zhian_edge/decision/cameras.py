"""Cameras alone, and lanes that open nothing: keeps the open transactions and closes each exactly once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from zhian_wire.events import EventData

from zhian_edge.signals import Crossing, Observation

from .plan import LanePlan, Plan
from .policy import Observe, Policy
from .transaction import Subject, Transaction

REMEMBERED: Final = 4096
"""Closed subjects that are remembered, so that late words about them open nothing."""

ALONE: Final[Policy] = Observe()


class Cameras:
    """What is seen in, passages out, for whatever has no lane that opens something."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._open: dict[Subject, Transaction] = {}
        self._closed: OrderedDict[Subject, bool] = OrderedDict()

    @property
    def open(self) -> int:
        """Transactions that are gathering evidence."""
        return len(self._open)

    def tick(self, now_ms: int) -> list[EventData]:
        """Close what is due at `now_ms`; the same whatever order its evidence came in."""
        events: list[EventData] = []
        for transaction in self._due(now_ms):
            if transaction.subject in self._open:  # not taken as a partner by one before
                events += self._close(transaction)
        return events

    def finish(self) -> list[EventData]:
        """The end of all time: close everything, as at the end of a replay or before stopping."""
        events: list[EventData] = []
        for subject in self._in_order(self._open):
            while subject in self._open:
                events += self._close(self._open[subject])
        return events

    def gather(self, signal: Observation | Crossing) -> None:
        """Take over what was seen."""
        subject = signal.camera, signal.track if signal.subject is None else signal.subject
        transaction = self._open.get(subject)
        if transaction is None:
            if not self._news(subject, signal):
                return
            transaction = Transaction(subject, over_line=self._plan.camera(signal.camera).line)
            self._open[subject] = transaction
        transaction.add(signal)

    def _news(self, subject: Subject, signal: Observation | Crossing) -> bool:
        """A subject that was reported is news only when it was unknown and now has a name."""
        named = self._closed.get(subject)
        if named is None:
            return True
        return not named and isinstance(signal, Observation) and bool(signal.person_id or signal.plate)

    def _due(self, now_ms: int) -> list[Transaction]:
        due = [t for t in self._open.values() if self._policy(t).closes(t, now_ms) and not self._awaits(t, now_ms)]
        return sorted(due, key=lambda t: (t.opened_ms, t.subject))

    def _policy(self, transaction: Transaction) -> Policy:
        lane = self._lane(transaction)
        return ALONE if lane is None else lane.policy

    def _lane(self, transaction: Transaction) -> LanePlan | None:
        return self._plan.lane(self._plan.camera(transaction.subject[0]).lane)

    def _awaits(self, transaction: Transaction, now_ms: int) -> bool:
        """In a lane of several cameras the others may have seen the same passing a little later."""
        lane = self._lane(transaction)
        if lane is None or sum(c.lane == lane.id for c in self._plan.cameras.values()) < 2:
            return False
        return now_ms - transaction.last_ms < lane.window_ms

    def _close(self, transaction: Transaction) -> list[EventData]:
        lane = self._lane(transaction)
        partners = [] if lane is None else self._partners(transaction, lane)
        for part in (transaction, *partners):
            self._forget(part)
        if not transaction.reportable:
            return []
        name = None if lane is None else lane.id
        return [transaction.passage(run=self._plan.run, lane=name, partners=partners)]

    def _forget(self, transaction: Transaction) -> None:
        del self._open[transaction.subject]
        if transaction.over_line and transaction.first_crossing:
            # Whoever went over the line may come back over it; the subject stays open until its last word.
            rest = transaction.after_passage()
            if rest.goes_on:
                self._open[transaction.subject] = rest
                return
        self._closed[transaction.subject] = transaction.named
        self._closed.move_to_end(transaction.subject)
        if len(self._closed) > REMEMBERED:
            self._closed.popitem(last=False)

    def _partners(self, transaction: Transaction, lane: LanePlan) -> Sequence[Transaction]:
        """Per other sense the nearest transaction of the lane's other cameras within the window."""
        taken: list[Transaction] = []
        kinds = set(transaction.kinds)
        for other in sorted(self._others(transaction, lane), key=lambda t: (_gap(transaction, t), t.subject)):
            if _gap(transaction, other) <= lane.window_ms and not kinds & other.kinds:
                taken.append(other)
                kinds |= other.kinds
        return taken

    def _others(self, transaction: Transaction, lane: LanePlan) -> list[Transaction]:
        camera = transaction.subject[0]
        return [t for t in self._open.values() if t.subject[0] != camera and self._lane(t) == lane]

    def _in_order(self, subjects: dict[Subject, Transaction]) -> list[Subject]:
        return sorted(subjects, key=lambda subject: (subjects[subject].opened_ms, subject))


def _gap(a: Transaction, b: Transaction) -> int:
    """Milliseconds between the two stretches of time, 0 when they overlap."""
    return max(0, a.opened_ms - b.last_ms, b.opened_ms - a.last_ms)
