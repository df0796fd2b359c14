"""What a node that was restarted knows from its own log: who is inside, and what was left unfinished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from zhian_wire import reasons
from zhian_wire.events import Actuated, Decision, Event, EventData, Passage
from zhian_wire.evidence import Evidence
from zhian_wire.times import from_text

from .coming import LONGEST_MS
from .plan import Access, Plan
from .presence import Presence, Whereabouts

#: Before everything that this boot knows.
_LONG_AGO: Final = -(10**12)


def recall_presence(
    log: Iterable[Event], plan: Plan, presence: Presence, told: tuple[int, datetime | None], undone: Mapping[str, str]
) -> None:
    """Take everybody's last passage of the log into `presence`; the log is in the order of decision.

    `told`: the moment, and the wall time where that is known. `undone`: passages by a guard's word that was a slip, and
    where that person was instead.

    Moments serve for what is stale, and against other nodes' words. Those of this boot are exact, those of others are
    reckoned by wall time where both clocks were right; of the rest it is known only that they were not before what
    stands before them in the log.
    """
    now_ms, wall = told
    last: dict[str, Whereabouts] = {}
    known_ms = _LONG_AGO
    for event in log:
        moment = _moment(event, plan, now_ms, wall)
        known_ms = known_ms if moment is None else min(moment, now_ms)
        if not isinstance(event.data, Passage) or event.data.person_id is None:
            continue
        zone = undone.get(event.data.transaction or "", _zone(event.data, plan))
        if zone is not None:
            at_ms = known_ms if moment is None else moment
            last[event.data.person_id] = Whereabouts(zone, at_ms, event.data.lane or "")
    for person_id, where in last.items():
        presence.moved(person_id, where.zone, where.at_ms, where.lane)


@dataclass
class Answered:
    """What this boot decided about somebody a moment ago. `told`: their passage is; `failed`: nothing opened."""

    decision: Decision
    told: bool = False
    failed: bool = False


def answered(log: Iterable[Event], plan: Plan, now_ms: int) -> list[Answered]:
    """Whoever was answered lately may stand there still, with the card on the reader: they are not to be let in twice.

    Of another boot nobody knows how long ago that was, but longer than anybody stands there.
    """
    found: dict[str, Answered] = {}
    for event in log:
        if event.boot != plan.run or not 0 <= now_ms - event.mono_ms <= LONGEST_MS:
            continue
        if isinstance(event.data, Decision) and event.data.by is None and event.data.evidence:
            found[event.data.transaction] = Answered(event.data)
            continue
        if isinstance(event.data, Passage):
            _tell(found.values(), event.data)
            continue
        known = found.get(getattr(event.data, "transaction", None) or "")
        # The end of a pulse is told under its transaction, too, and may fail though the pulse opened.
        if known is not None and isinstance(event.data, Actuated) and event.data.action == "pulse":
            known.failed = event.data.result == "failed"
    return list(found.values())


def _tell(found: Iterable[Answered], passage: Passage) -> None:
    """A passage by a guard's word, or with two cards, bears the name of one decision, and the evidence of all."""
    cards = _cards(passage.evidence)
    for each in found:
        each.told |= each.decision.transaction == passage.transaction or bool(cards & _cards(each.decision.evidence))


def _cards(evidence: Iterable[Evidence]) -> set[tuple[str, int, str | None]]:
    return {(piece.device, piece.at_ms, piece.card) for piece in evidence if piece.kind == "card"}


def unfinished(log: Iterable[Event], plan: Plan) -> list[EventData]:
    """Barriers that were told to open, and of which nobody knows what they did: said, and never done again.

    Whoever came while a lane was held open or released moved nothing; only the order that brought it there did.
    """
    told: dict[str, Actuated] = {}
    held: dict[str, str] = {}
    for event in log:
        if isinstance(event.data, Actuated):
            told.pop(event.data.transaction, None)
            if event.data.action == "close":
                held.pop(event.data.lane, None)
        elif isinstance(event.data, Decision):
            action = _moved(event.data, held)
            if action is not None:
                told[event.data.transaction] = _unknown(event.data, action)
    return [actuated for actuated in told.values() if plan.barrier_of(actuated.lane) is not None]


def _moved(decision: Decision, held: dict[str, str]) -> Literal["pulse", "hold"] | None:
    """What its barrier was told to do to open; `held`: why lanes stand open; it is kept up to date."""
    lane, reason = decision.lane, decision.reason
    opened = reason in (reasons.HELD_OPEN, reasons.RELEASED)
    by_hand = any(piece.kind == "manual" for piece in decision.evidence)
    if by_hand and opened:
        before, held[lane] = held.get(lane), reason
        return None if before == reason else "hold"
    if by_hand and decision.verdict == "refuse":
        held.pop(lane, None)
    return "pulse" if decision.verdict == "open" and not opened and lane not in held else None


def _unknown(decision: Decision, action: Literal["pulse", "hold"]) -> Actuated:
    return Actuated(
        transaction=decision.transaction,
        lane=decision.lane,
        action=action,
        result="unknown",
        detail="the node ended before it knew",
    )


def _zone(passage: Passage, plan: Plan) -> str | None:
    access = _access(passage, plan)
    if access is None or passage.direction == "none" or not (access.inside or access.outside):
        return None
    return access.inside if passage.direction == "in" else access.outside


def _access(passage: Passage, plan: Plan) -> Access | None:
    lane = plan.lanes.get(passage.lane or "")
    return None if lane is None else lane.access


def _moment(event: Event, plan: Plan, now_ms: int, wall: datetime | None) -> int | None:
    """Monotonic of this boot; None: nobody knows."""
    if event.boot == plan.run:
        return event.mono_ms
    if wall is None or event.clock != "trusted":
        return None
    return now_ms - (wall.astimezone(UTC) - from_text(event.time)) // timedelta(milliseconds=1)
