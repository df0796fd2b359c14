"""What guards let pass with their own hands: by which order, by whose word and why, and what became of it.

A word that a node heeded is its passage's transaction. A word that no node could be told is recorded here, as an event
of the lane's node in an epoch of its own; when the node comes back and tells of the same passage, it counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select, update
from zhian_wire import codec, reasons, times
from zhian_wire.events import Event, Passage
from zhian_wire.evidence import Evidence

from .. import moments
from ..errors import Conflict, NotFound
from ..ingest.reading import OWN_EPOCH, Taken
from ..ingest.rows import Rows
from ..store.tables import events, hand_passes, passages

#: The epoch of what guards recorded, of every node; of no node anything is taken in it.
EPOCH: Final = OWN_EPOCH
#: The highest number that an event can have.
LAST: Final = 2**31 - 1
#: A node that was cut off saw whom a guard recorded within this time of the guard's word.
SAME: Final = timedelta(minutes=2)
#: Of a mis-tap one knows at once; what is older is a teacher's to correct.
UNDO: Final = timedelta(minutes=5)
#: Passages that are shown and count for nothing.
VOID: Final = (reasons.TAKEN_BACK, reasons.RECORDED_BEFORE)


@dataclass(frozen=True, kw_only=True)
class Hand:
    """A guard's word, by its order.

    Attributes:
        person: opaque id; None: a visitor without a pass, or whoever `why` names.
        visit: whom it let in at the window too.
    """

    id: str
    site: str
    node: str
    lane: str
    direction: Literal["in", "out"]
    person: str | None
    visit: int | None
    who: str
    why: str
    at: str


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A stored passage, as far as a guard's word can be about it.

    Attributes:
        at: when it was; None: nobody knows.
        worded: nothing but a guard's word says who it was: no card, face or plate does.
    """

    row: int
    node: str
    lane: str | None
    epoch: str
    transaction: str | None
    person: str | None
    direction: str
    at: str | None
    worded: bool


def note(link: Connection, hand: Hand) -> None:
    """Remember a word, once however often it is sent."""
    if find(link, hand.site, hand.id) is None:
        link.execute(hand_passes.insert().values(asdict(hand) | {"recorded": False}))


def find(link: Connection, site: str, order: str) -> RowMapping | None:
    """A word by its order."""
    query = select(hand_passes).where(hand_passes.c.site == site, hand_passes.c.id == order)
    return link.execute(query).mappings().one_or_none()


def demand(link: Connection, site: str, order: str) -> RowMapping:
    """Likewise; NotFound."""
    row = find(link, site, order)
    if row is None:
        raise NotFound(f"nobody was let pass by {order!r}")
    return row


def record(link: Connection, rows: Rows, hand: Hand, now: str) -> bool:
    """Store the passage that no node could be told of; False where it is stored, by this word or by the node's.

    Raises:
        Conflict: it was taken back.
    """
    note(link, hand)
    row = demand(link, hand.site, hand.id)
    if row["undone_at"] is not None:
        raise Conflict("that was taken back: let them pass anew")
    if row["recorded"] or row["passage_id"] is not None:
        return False
    link.execute(update(hand_passes).where(hand_passes.c.id == hand.id).values(recorded=True))
    event = _event(hand, _next(link, hand), now, _zone(link, hand))
    rows.insert(link, [Taken(event, codec.encode(event))], now)
    return True


def _next(link: Connection, hand: Hand) -> int:
    mine = (events.c.site == hand.site) & (events.c.node == hand.node) & (events.c.epoch == EPOCH)
    highest: int = link.execute(select(func.max(events.c.seq)).where(mine)).scalar() or 0
    return highest + 1 if highest < LAST else _free(link, hand)


def _free(link: Connection, hand: Hand) -> int:
    """The first number that nothing has; the last one was used, which no guard's word ever comes to."""
    one, next_one = events.alias(), events.alias()
    mine = (one.c.site == hand.site) & (one.c.node == hand.node) & (one.c.epoch == EPOCH)
    follows = (next_one.c.site == one.c.site) & (next_one.c.node == one.c.node) & (next_one.c.epoch == one.c.epoch)
    taken = select(next_one.c.id).where(follows, next_one.c.seq == one.c.seq + 1).exists()
    free: int = link.execute(select(func.min(one.c.seq) + 1).where(mine, one.c.seq < LAST, ~taken)).scalar() or 1
    return free


def _zone(link: Connection, hand: Hand) -> str | msgspec.UnsetType:
    """Where the lane leads that way: as the node said of the last one who went there."""
    there = (passages.c.node == hand.node) & (passages.c.lane == hand.lane)
    query = select(passages.c.zone).where(there, passages.c.direction == hand.direction, passages.c.zone.is_not(None))
    found: str | None = link.execute(query.order_by(passages.c.id.desc()).limit(1)).scalar()
    return msgspec.UNSET if found is None else found


def _event(hand: Hand, seq: int, now: str, zone: str | msgspec.UnsetType) -> Event:
    word = Evidence(kind="manual", device=hand.lane, at_ms=0, person_id=hand.person, by=hand.who, why=hand.why)
    passage = Passage(
        kind="manual",
        source=EPOCH,
        media_time_s=0.0,
        person_id=hand.person,
        plate=None,
        direction=hand.direction,
        camera=hand.lane,
        lane=hand.lane,
        transaction=hand.id,
        reason=reasons.RECORDED,
        evidence=(word,),
        zone=zone,
    )
    return Event(
        site=hand.site,
        node=hand.node,
        epoch=EPOCH,
        seq=seq,
        boot=EPOCH,
        mono_ms=0,
        time=now,
        clock="trusted",
        data=passage,
    )


def named(link: Connection, site: str, found: Sequence[Event]) -> list[Event]:
    """Events, with the visitors whom a guard let in by name a moment ago: their node had not heard of them yet."""
    nameless = {
        event.data.transaction: event
        for event in found
        if isinstance(event.data, Passage) and event.data.kind == "manual" and event.data.person_id is None
    }
    if not nameless:
        return list(found)
    query = select(hand_passes.c.id, hand_passes.c.person).where(
        hand_passes.c.site == site, hand_passes.c.id.in_([name for name in nameless if name is not None])
    )
    query = query.where(hand_passes.c.visit.is_not(None), hand_passes.c.undone_at.is_(None))
    people = {row.id: row.person for row in link.execute(query)}
    return [_called(event, people) for event in found]


def _called(event: Event, people: Mapping[str, str]) -> Event:
    passage = event.data
    if not isinstance(passage, Passage) or passage.person_id is not None or passage.transaction not in people:
        return event
    person = people[passage.transaction or ""]
    return msgspec.structs.replace(event, data=msgspec.structs.replace(passage, person_id=person))


def worded(passage: Passage) -> bool:
    """Whether nothing but a guard's word says who it was; a body that went over the line has no name."""
    named = any(piece.kind != "manual" and piece.person_id is not None for piece in passage.evidence)
    return passage.kind == "manual" and not named


def settle(link: Connection, site: str, passed: Sequence[Passed]) -> dict[int, str]:
    """Which of these passages count for nothing, and why; the others that a word is about are noted with it."""
    if not passed:
        return {}
    words = _words(link, site, passed)
    void: dict[int, str] = {}
    for one in passed:
        # Its own name first: a word that is near may be another's.
        hand = next((row for row in words if row["id"] == one.transaction), None)
        if hand is None:
            hand = next((row for row in words if _is_near(row, one) and not _between(link, row, one, passed)), None)
        if hand is None:
            continue
        if hand["undone_at"] is not None:
            if one.worded and one.person == hand["person"]:
                void[one.row] = reasons.TAKEN_BACK
        elif hand["recorded"] and one.epoch != EPOCH:
            void[one.row] = reasons.RECORDED_BEFORE
            _keep(link, hand, "double_id", one.row)
        else:
            _keep(link, hand, "passage_id", one.row)
    return void


def _keep(link: Connection, hand: dict[str, Any], column: str, row: int) -> None:
    hand[column] = row
    link.execute(update(hand_passes).where(hand_passes.c.id == hand["id"]).values({column: row}))


def _words(link: Connection, site: str, passed: Sequence[Passed]) -> list[dict[str, Any]]:
    """Every word that may be about one of these, asked for once."""
    named = hand_passes.c.id.in_({one.transaction for one in passed if one.transaction})
    moved = [times.from_text(one.at) for one in passed if one.at is not None and one.person is not None]
    near: ColumnElement[bool] = named
    if moved:
        first, last = moments.text(min(moved) - SAME), moments.text(max(moved) + SAME)
        near = or_(named, hand_passes.c.recorded & hand_passes.c.at.between(first, last))
    found = link.execute(select(hand_passes).where(hand_passes.c.site == site, near)).mappings()
    return [dict(row) for row in found]


def _is_near(hand: dict[str, Any], one: Passed) -> bool:
    """Whether a node that was cut off tells of whom a guard recorded meanwhile: of the same lane, and once."""
    if one.epoch == EPOCH or not hand["recorded"] or hand["undone_at"] is not None or hand["double_id"] is not None:
        return False
    if one.person is None or one.at is None:
        return False
    same = ("node", "lane", "person", "direction")
    if any(getattr(one, name) != hand[name] for name in same):
        return False
    return abs(times.from_text(one.at) - times.from_text(hand["at"])) <= SAME


def _between(link: Connection, hand: dict[str, Any], one: Passed, passed: Sequence[Passed]) -> bool:
    """Whether they passed elsewhere, or the other way, since: then they came again. `passed` are not stored yet."""
    first, last = sorted((hand["at"], one.at or hand["at"]))
    others = (each for each in passed if each.person == one.person and each.transaction != hand["id"])
    if any(each.at is not None and first < each.at < last for each in others):
        return True
    mine = (passages.c.person == one.person) & passages.c.reason.not_in(VOID) & (passages.c.id != hand["passage_id"])
    query = select(passages.c.id).where(mine, passages.c.crossed_at > first, passages.c.crossed_at < last)
    return link.execute(query.limit(1)).first() is not None
