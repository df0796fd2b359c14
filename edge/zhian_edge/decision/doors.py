"""Door contacts and alarm inputs: forced, held, not opened; help; fire."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhian_wire.events import Actuated, Alert, EventData
from zhian_wire.evidence import Evidence

from zhian_edge.signals import Acted, Contact

from .actions import Act
from .plan import BarrierPlan, InputPlan
from .situation import Situation


@dataclass(frozen=True)
class _Given:
    """A pulse that is not answered yet: since when and until when the door may open by it."""

    since_ms: int
    until_ms: int


@dataclass
class _Door:
    """A lane's door, by its contact. Times are monotonic milliseconds.

    Attributes:
        device: whose contact told it.
        opened_ms: since when it stands open; None: it is shut, or nobody knows. `moved_ms`: when it opened last.
        given: pulses that are not answered yet, by their transaction: a contact may be faster than the board's answer.
        let_until_ms: until when it may open by those that are; `due_ms`: it must have opened by then.
        wanted_shut_ms: since when nothing holds it open any more.
    """

    device: str = ""
    opened_ms: int | None = None
    moved_ms: int = -1
    given: dict[str, _Given] = field(default_factory=dict)
    let_until_ms: int = -1
    held_open: bool = False
    wanted_shut_ms: int = -1
    due_ms: int | None = None
    told_held: bool = False

    @property
    def may_until_ms(self) -> int:
        """Until when it may open."""
        return max((self.let_until_ms, *(each.until_ms for each in self.given.values())))


class Doors:
    """All doors and inputs of a node."""

    def __init__(self, site: Situation) -> None:
        self._site = site
        self._doors: dict[str, _Door] = {}

    def contact(self, contact: Contact, now_ms: int) -> list[Alert]:
        """A contact or input says how it is. Fire is the lanes' affair (`Decider`)."""
        known = self._site.plan.inputs.get(contact.device)
        if known is None:
            return []
        if known.role == "door":
            return [] if known.lane is None else self._door(known, contact, now_ms)
        if contact.state != "active":
            return []
        kind = {"help": "help_called", "fire": "fire_release"}.get(known.role, "alarm_input")
        return self._raise(kind, known.lane or known.id, contact.device, contact.at_ms, now_ms=now_ms)

    def ordered(self, act: Act, now_ms: int) -> None:
        """An order is handed out: the door may move by it before it is answered."""
        door, barrier = self._of(act.lane), self._site.plan.barrier_of(act.lane)
        if act.action == "hold":
            door.held_open = True
        elif act.action == "pulse" and barrier is not None:
            known = {name: each for name, each in door.given.items() if each.until_ms >= now_ms}
            door.given = {**known, act.transaction: _Given(now_ms, act.expires_ms + _open_ms(barrier))}

    def acted(self, acted: Acted, now_ms: int) -> list[EventData]:
        """What became of an order, as an event; where it failed somebody must go there."""
        event = Actuated(
            transaction=acted.transaction,
            lane=acted.lane,
            action=acted.action,
            result=acted.result,
            detail=acted.detail,
        )
        door, barrier = self._of(acted.lane), self._site.plan.barrier_of(acted.lane)
        given = door.given.pop(acted.transaction, None)
        if acted.result == "failed":
            if acted.action != "pulse":
                # It is given again until it is carried out, so what was wanted counts from now on: a hold may open the
                # door at any time, and while a close is wanted nobody is let open it.
                self._hold(door, acted)
            device = barrier.id if barrier else acted.lane
            return [
                event,
                *self._raise("door_failed", acted.lane, device, acted.at_ms, now_ms=now_ms, detail=acted.detail),
            ]
        self._let(door, acted, barrier, acted.at_ms if given is None else given.since_ms)
        return [event]

    def tick(self, now_ms: int) -> list[Alert]:
        """Doors that stand open for too long, or did not open."""
        alerts: list[Alert] = []
        for lane, door in self._doors.items():
            barrier = self._site.plan.barrier_of(lane)
            if barrier is not None:
                alerts += self._held(lane, door, barrier, now_ms)
            if door.due_ms is not None and now_ms >= door.due_ms:
                door.due_ms = None
                alerts += self._raise("door_failed", lane, door.device, now_ms, now_ms=now_ms, detail="did not open")
        return alerts

    def _door(self, known: InputPlan, contact: Contact, now_ms: int) -> list[Alert]:
        lane = known.lane or ""
        door = self._of(lane)
        first, door.device = not door.device, known.id
        if contact.state in ("closed", "idle"):
            door.opened_ms, door.told_held = None, False
            return []
        if door.opened_ms is not None:
            return []
        door.opened_ms = door.moved_ms = contact.at_ms
        door.due_ms = None
        access = self._site.plan.lanes[lane].access if lane in self._site.plan.lanes else None
        # Where people may leave by the handle, a door that opens by itself says nothing; nor does one at our start.
        if first or door.held_open or contact.at_ms <= door.may_until_ms or access is None or access.free_egress:
            return []
        return self._raise("door_forced", lane, known.id, contact.at_ms, now_ms=now_ms)

    def _held(self, lane: str, door: _Door, barrier: BarrierPlan, now_ms: int) -> list[Alert]:
        if not barrier.held_ms or door.opened_ms is None or door.held_open or door.told_held:
            return []
        since_ms = max(door.opened_ms, door.wanted_shut_ms, door.may_until_ms - barrier.held_ms)
        if now_ms - since_ms < barrier.held_ms:
            return []
        door.told_held = True
        return self._raise("door_held", lane, door.device, door.opened_ms, now_ms=now_ms)

    def _let(self, door: _Door, acted: Acted, barrier: BarrierPlan | None, since_ms: int) -> None:
        """The barrier was told to move at `since_ms`: the door may, or must, open, unless it has already."""
        self._hold(door, acted)
        if acted.action != "pulse" or barrier is None:
            return
        door.let_until_ms = acted.at_ms + _open_ms(barrier)
        if barrier.opens_within_ms and door.device and door.opened_ms is None and door.moved_ms < since_ms:
            door.due_ms = acted.at_ms + barrier.opens_within_ms

    def _hold(self, door: _Door, acted: Acted) -> None:
        if door.held_open and acted.action == "close":
            door.wanted_shut_ms = acted.at_ms  # whoever stands in it has as long to leave it as after a pulse
        door.held_open = acted.action == "hold"

    def _of(self, lane: str) -> _Door:
        return self._doors.setdefault(lane, _Door())

    def _raise(self, kind: str, lane: str, device: str, at_ms: int, *, now_ms: int, detail: str = "") -> list[Alert]:
        evidence = (Evidence(kind="contact", device=device, at_ms=at_ms),)
        return self._site.raises(kind, lane, device, now_ms, evidence, device=device, detail=detail)


def _open_ms(barrier: BarrierPlan) -> int:
    """For how long a door may open, and stand open, after a pulse began."""
    return barrier.pulse_ms + max(barrier.held_ms, barrier.opens_within_ms)
