"""What a node that was restarted knows from its own log: who is inside, and what was left unfinished."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from zhian_wire.events import Actuated, Decision, Event, EventData, Passage
from zhian_wire.times import from_text

from .plan import Access, Plan
from .presence import Presence

#: Before everything that this boot knows: the order of the log is all that is known of it.
_LONG_AGO: Final = -(10**12)


def recall_presence(log: Iterable[Event], plan: Plan, presence: Presence, now_ms: int, wall: datetime | None) -> None:
    """Take every passage of the log, in its order, into `presence`.

    Moments of this boot are exact. Those of others are reckoned by wall time where both clocks were right; else the
    whereabouts are kept, but count as stale.
    """
    for number, event in enumerate(log):
        if not isinstance(event.data, Passage):
            continue
        zone = _zone(event.data, plan)
        if zone is not None and event.data.person_id is not None:
            at_ms = _moment(event, plan, now_ms, wall, number)
            presence.moved(event.data.person_id, zone, at_ms, event.data.lane or "")


def unfinished(log: Iterable[Event], plan: Plan) -> list[EventData]:
    """Barriers that were told to open, and of which nobody knows what they did: said, and never done again."""
    told: dict[str, Decision] = {}
    for event in log:
        if isinstance(event.data, Decision) and event.data.verdict == "open":
            told[event.data.transaction] = event.data
        elif isinstance(event.data, Actuated):
            told.pop(event.data.transaction, None)
    return [
        Actuated(
            transaction=decision.transaction,
            lane=decision.lane,
            action="pulse",
            result="unknown",
            detail="the node ended before it knew",
        )
        for decision in told.values()
        if plan.barrier_of(decision.lane) is not None
    ]


def _zone(passage: Passage, plan: Plan) -> str | None:
    access = _access(passage, plan)
    if access is None or passage.direction == "none" or not (access.inside or access.outside):
        return None
    return access.inside if passage.direction == "in" else access.outside


def _access(passage: Passage, plan: Plan) -> Access | None:
    lane = plan.lanes.get(passage.lane or "")
    return None if lane is None else lane.access


def _moment(event: Event, plan: Plan, now_ms: int, wall: datetime | None, number: int) -> int:
    if event.boot == plan.run:
        return event.mono_ms
    if wall is None or event.clock != "trusted":
        return _LONG_AGO + number
    return now_ms - (wall.astimezone(UTC) - from_text(event.time)) // timedelta(milliseconds=1)
