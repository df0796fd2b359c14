"""The last decision of every lane and what became of it; kept in memory, since the events themselves are stored.

What a lane stands at is told by decisions at once, and by every heart-beat again, since no event tells what happened
before the store reaches back.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final, Literal

import msgspec
from sqlalchemy import select
from zhian_wire import codec, reasons
from zhian_wire.events import TYPE_OF, Actuated, Decision, Event
from zhian_wire.receipts import MOVED
from zhian_wire.state import NodeState, Standing

from ..cases.pieces import Piece, pieces
from ..store import Store, counters
from ..store.tables import events

#: So many of the store's last events are read at the start: more than a school day has.
LOOKED_BACK: Final = 100_000
#: What people, or a fire, bring a lane into, by the reason that its node gives.
BROUGHT: Final[dict[str, Standing]] = {
    reasons.LOCKED: "locked",
    reasons.HELD_OPEN: "held_open",
    reasons.RELEASED: "released",
    reasons.BACK_TO_NORMAL: "normal",
}


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A decision. `by_hand`: a person's order or a fire, not somebody who asked to pass."""

    transaction: str
    time: str
    verdict: Literal["open", "refuse"]
    reason: str
    person: str | None
    plate: str | None
    plate_colour: str | None
    by_hand: bool
    evidence: tuple[Piece, ...]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an order to the barrier."""

    transaction: str
    time: str
    action: Literal["pulse", "hold", "close"]
    result: Literal["done", "failed", "unknown"]
    detail: str


class LaneNow(msgspec.Struct, frozen=True, kw_only=True):
    """One lane of a node.

    Attributes:
        row: of the last event that changed it, in the store.
        epoch, seq: of the node's last event that `standing` takes account of.
        until: when what it stands at ends by itself, where an order said so.
        by, why: who ordered it, and the reason.
        day: local day that `cards`, `opened` and `refused` count.
    """

    node: str
    lane: str
    row: int = 0
    standing: Standing = "normal"
    until: str | None = None
    by: str = ""
    why: str = ""
    epoch: str = ""
    seq: int = 0
    decided: Decided | None = None
    done: Done | None = None
    day: str = ""
    cards: int = 0
    opened: int = 0
    refused: int = 0

    @property
    def id(self) -> str:
        """Unique on the site."""
        return f"{self.node}/{self.lane}"


class Lanes:
    """Every lane that a node has now, or that ever decided something; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lanes: dict[str, LaneNow] = {}

    def take(self, row: int, day: str, event: Event) -> str | None:
        """Follow a stored event, in the store's order and each once; the id of the lane that it changed."""
        data = event.data
        if not isinstance(data, Decision | Actuated):
            return None
        with self._lock:
            fresh = LaneNow(node=event.node, lane=data.lane)
            known = self._lanes.get(fresh.id, fresh)
            if row > known.row:
                after = _decided(known, day, event, data) if isinstance(data, Decision) else _done(known, event, data)
                self._lanes[fresh.id] = msgspec.structs.replace(_as_of(known, after, event), row=row)
        return fresh.id

    def hear(self, state: NodeState) -> list[str]:
        """Follow a node's heart-beat; the ids of the lanes of which it told something new."""
        changed = []
        with self._lock:
            for lane, standing in state.lanes.items():
                fresh = LaneNow(node=state.node, lane=lane)
                known = self._lanes.get(fresh.id)
                if known is not None and known.epoch == state.epoch and known.seq > state.seq:
                    continue  # said before the event that is followed already
                if known is None or known.standing != standing:
                    changed.append(fresh.id)
                self._lanes[fresh.id] = msgspec.structs.replace(
                    _stands(known or fresh, standing), epoch=state.epoch, seq=state.seq
                )
        return changed

    def one(self, lane_id: str) -> LaneNow | None:
        """A lane by its id."""
        with self._lock:
            return self._lanes.get(lane_id)

    def every(self) -> Sequence[LaneNow]:
        """All lanes, by id."""
        with self._lock:
            return [self._lanes[name] for name in sorted(self._lanes)]


def recalled(store: Store) -> Lanes:
    """How the lanes were when this gateway ended: read out of what rules have followed already."""
    lanes = Lanes()
    with store.read() as link:
        done = counters.current(link, "followed")
        # Numbers jump where a month begins.
        latest = select(events.c.id).where(events.c.id <= done).order_by(events.c.id.desc())
        since = link.execute(latest.offset(LOOKED_BACK - 1).limit(1)).scalar() or 0
        query = (
            select(events.c.id, events.c.day, events.c.body)
            .where(events.c.id >= since, events.c.id <= done)
            .where(events.c.type.in_((TYPE_OF[Decision], TYPE_OF[Actuated])), events.c.digest.is_(None))
            .order_by(events.c.id)
        )
        for row in link.execute(query):
            lanes.take(row.id, row.day, codec.decode(row.body))
    return lanes


def _stands(known: LaneNow, standing: Standing) -> LaneNow:
    """As a heart-beat says, which does not know by whom: what an event told of that holds while it says the same."""
    if known.standing == standing:
        return known
    return msgspec.structs.replace(known, standing=standing, until=None, by="", why="")


def _as_of(known: LaneNow, after: LaneNow, event: Event) -> LaneNow:
    """What a lane stands at after an event, unless a heart-beat has told of what came later.

    A heart-beat overtakes the event that it agrees with: until when, by whom and why stands in the event alone.
    """
    # What was moved was decided before the epoch that the node is in.
    moved = known.epoch != "" and event.epoch.startswith(MOVED)
    overtaken = moved or (event.epoch == known.epoch and event.seq <= known.seq)
    if overtaken and after.standing != known.standing:
        return msgspec.structs.replace(after, standing=known.standing, until=known.until, by=known.by, why=known.why)
    return after if overtaken else msgspec.structs.replace(after, epoch=event.epoch, seq=event.seq)


def decided_of(event: Event, data: Decision) -> Decided:
    """What a lane answered, by the event that told it."""
    return Decided(
        transaction=data.transaction,
        time=event.time,
        verdict="open" if data.verdict == "open" else "refuse",
        reason=data.reason,
        person=data.person_id,
        plate=data.plate,
        plate_colour=next((piece.plate_colour for piece in data.evidence if piece.plate_colour), None),
        by_hand=any(piece.kind == "manual" for piece in data.evidence),
        evidence=pieces(event, data.evidence),
    )


def _decided(known: LaneNow, day: str, event: Event, data: Decision) -> LaneNow:
    decided = decided_of(event, data)
    by_hand = decided.by_hand
    known = msgspec.structs.replace(known, decided=decided)
    if by_hand and data.reason in BROUGHT:
        known = msgspec.structs.replace(
            known, standing=BROUGHT[data.reason], until=data.until, by=data.by or "", why=data.why
        )
    if day < known.day:
        return known
    same = day == known.day
    return msgspec.structs.replace(
        known,
        day=day,
        cards=known.cards * same + any(piece.kind == "card" for piece in data.evidence),
        opened=known.opened * same + (decided.verdict == "open"),
        refused=known.refused * same + (decided.verdict == "refuse" and not by_hand),
    )


def _done(known: LaneNow, event: Event, data: Actuated) -> LaneNow:
    done = Done(
        transaction=data.transaction, time=event.time, action=data.action, result=data.result, detail=data.detail
    )
    return msgspec.structs.replace(known, done=done)
