"""Follows the store's events, once each: passages, cases and notices come of them in one transaction with the cursor.

It is apart from ingest, so that no rule delays a receipt and no fault of a rule loses an event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from time import monotonic
from typing import Any, Final, NamedTuple, cast

import structlog
from msgspec import UNSET
from sqlalchemy import Connection, Row
from zhian_wire import codec, times
from zhian_wire.events import Event, Passage
from zhian_wire.whereabouts import BY_HAND

from .. import moments
from ..cases.book import Book
from ..cases.pieces import pieces, to_text
from ..cases.signals import Raise
from ..config_types import Rules
from ..lanes import by_hand
from ..lanes.board import Lanes
from ..notices.queueing import Desk
from ..people import whereabouts
from ..people.whereabouts import Went
from ..store import Store, bulk, stream
from ..store.faults import is_store_fault
from ..store.tables import passages
from . import turns
from .courtesy import Courtesy
from .gathering import situations
from .judging import NO_RULES, judge
from .matching import Ruleset
from .situation import Judgement, Situation, lane_of, true_direction

log = structlog.get_logger(__name__)

#: The store has one pen: receipts wait for one such batch at most, some ten milliseconds.
AT_ONCE: Final = 200


class Found(NamedTuple):
    """A stored event with its row, its local day, and when it came."""

    row: int
    day: str
    received: str
    event: Event


class Follower:
    """Turns stored events into what people see; one thread uses it."""

    def __init__(
        self,
        store: Store,
        book: Book,
        desk: Desk,
        lanes: Lanes,
        *,
        site: str,
        rules: Rules,
        clock: moments.Clock,
        changed: Callable[[], None],
        ruleset: Ruleset = NO_RULES,
        at_once: int = AT_ONCE,
        pressed: Callable[[], bool] = lambda: False,
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called after every step that had a turn, `moved` where somebody went somewhere, too.

        `pressed`: whether more comes than the intake can keep at once.
        """
        self._store = store
        self._book = book
        self._desk = desk
        self._lanes = lanes
        self._site = site
        self._rules = rules
        self._ruleset = ruleset
        self._clock = clock
        self._changed = changed
        self._at_once = at_once
        self._pressed = pressed
        self._moved = moved
        self._went = False
        self._courtesy = Courtesy()
        self._looked = 0

    def step(self) -> int:
        """Follow the next events; how many there were, or whether more are to come.

        What the store suffers from is raised, and the same events are followed by a later call.
        """
        yields = self._courtesy.yields(monotonic(), pressed=self._pressed())
        with self._store.read() as link:
            seen = turns.look(link, self._looked)
        if not seen.hurries:
            # Where nothing urgent is, is not looked at again.
            self._looked = seen.head
        if not seen.waits or (yields and not seen.hurries):
            return 0
        with self._store.write() as link:
            turn = self._turn(link, seen.head, urgent_alone=yields)
            if turn.rows:
                self._follow(link, turn.rows)
        if turn.rows:
            self._changed()
        if self._went:
            self._went = False
            self._moved()
        return len(turn.rows) or turn.more

    def _turn(self, link: Connection, head: int, *, urgent_alone: bool) -> turns.Turn:
        if urgent_alone:
            return turns.take_urgent(link, self._at_once, head, self._looked)
        return turns.take(link, self._at_once)

    def _follow(self, link: Connection, rows: Sequence[Row[Any]]) -> None:
        """All of them together, which is what keeps pace with a storm."""
        now = moments.text(self._clock())
        try:
            with link.begin_nested():
                self._apply(link, [_found(row) for row in rows], now)
        except Exception as error:
            if is_store_fault(error):
                # The turn is not taken, so all of them come again.
                raise
            # Something among them cannot be stood by a rule: each by itself, so that the others go their way.
            for row in rows:
                self._follow_one(link, row, now)

    def _follow_one(self, link: Connection, row: Row[Any], now: str) -> None:
        try:
            with link.begin_nested():
                self._apply(link, [_found(row)], now)
        except Exception as error:
            if is_store_fault(error):
                raise
            # One event that a rule cannot stand, or that is no event any more, must not stop all that come after it;
            # somebody is told.
            event_id = f"{row.node}/{row.epoch}/{row.seq}"
            log.exception("rules.failed", event_id=event_id)
            self._book.raise_(link, _fault(row.node, event_id, now), now)

    def _apply(self, link: Connection, found: Sequence[Found], now: str) -> None:
        told = by_hand.named(link, self._site, [one.event for one in found])
        cases = situations(link, [(one.row, event) for one, event in zip(found, told, strict=True)], self._rules)
        judged = [(case, judge(case, self._ruleset)) for case in cases]
        stored = {one.row: one for one in found}
        passed = [(case, judgement) for case, judgement in judged if isinstance(case.event.data, Passage)]
        void = by_hand.settle(link, self._site, [_passed(case, stored[case.row]) for case, _ in passed])
        if passed:
            values = [
                self._passage(case, judgement, stored[case.row]) | _voided(void.get(case.row))
                for case, judgement in passed
            ]
            bulk.insert(link, passages, values)
            stream.push_all(link, "passage", [str(case.row) for case, _ in passed], now)
        lanes = (self._lanes.take(one.row, one.day, one.event) for one in found)
        if changed := list(dict.fromkeys(lane for lane in lanes if lane is not None)):
            stream.push_all(link, "lane", changed, now)
        counted = [(case, judgement) for case, judgement in passed if case.row not in void]
        gone = [went for case, _ in counted if (went := _went(case, stored[case.row]))]
        whereabouts.keep(link, gone)
        self._went = self._went or bool(gone)
        for case, judgement in counted:
            if judgement.movement and case.person and not case.person.watch:
                self._desk.write(link, case, cast(Passage, case.event.data), judgement.movement, now)
        self._book.take(link, [signal for _, judgement in judged for signal in judgement.signals], now)

    def _passage(self, case: Situation, judgement: Judgement, found: Found) -> dict[str, object]:
        passage = cast(Passage, case.event.data)
        values = _columns(passage) | {"id": case.row, "site": self._site, "node": case.event.node, "day": found.day}
        values |= {"time": case.event.time, "movement": judgement.movement}
        values |= {"clock": case.event.clock, "received_at": found.received, "crossed_at": _crossed(found)}
        values["zone"] = None if passage.zone is UNSET else passage.zone
        values["evidence"] = to_text(pieces(case.event, passage.evidence))
        values["direction"] = true_direction(lane_of(case.rules, passage), passage.direction)
        return values


def _found(row: Row[Any]) -> Found:
    """DecodeError."""
    return Found(row.id, row.day, row.received_at, codec.decode(row.body))


def _passed(case: Situation, found: Found) -> by_hand.Passed:
    passage = cast(Passage, case.event.data)
    return by_hand.Passed(
        row=case.row,
        node=case.event.node,
        lane=passage.lane,
        epoch=case.event.epoch,
        transaction=passage.transaction,
        person=passage.person_id,
        direction=true_direction(lane_of(case.rules, passage), passage.direction),
        at=_crossed(found),
        worded=by_hand.worded(passage),
    )


def _voided(why: str | None) -> dict[str, object]:
    """What is shown and counts for nothing leads nowhere."""
    return {} if why is None else {"movement": None, "zone": None, "reason": why}


def _went(case: Situation, found: Found) -> Went | None:
    """Where somebody of the roster went; a watch-list hit is no fact, and nobody follows it around."""
    passage = cast(Passage, case.event.data)
    if case.person is None or case.person.watch or passage.zone is UNSET:
        return None
    at = _crossed(found)
    if at is None:
        return None
    # The lane's own node has not seen whom a guard recorded, and is to hear of it as every other.
    if case.event.epoch == by_hand.EPOCH:
        return Went(case.person.id, passage.zone, BY_HAND, at, found.day, lane_node=case.event.node)
    return Went(case.person.id, passage.zone, case.event.node, at, found.day)


def _crossed(found: Found) -> str | None:
    """When a passage was, as far as it can be believed."""
    event, passage = found.event, cast(Passage, found.event.data)
    told = whereabouts.moment(event.time, event.clock, times.from_text(found.received))
    if told is None:
        return None
    # A passage is told seconds after somebody went over the line; meanwhile they may have passed elsewhere.
    gone_by = timedelta(milliseconds=max(0, event.mono_ms - _when_ms(passage, event.mono_ms)))
    return moments.text(times.from_text(told) - gone_by)


def _when_ms(passage: Passage, told_ms: int) -> int:
    """When somebody went over the line, else when they were first there, by the node's monotonic clock."""
    crossings = [piece.at_ms for piece in passage.evidence if piece.kind == "crossing"]
    return min(crossings or [piece.at_ms for piece in passage.evidence], default=told_ms)


def _columns(passage: Passage) -> dict[str, object]:
    return {
        "camera": passage.camera,
        "lane": passage.lane,
        "kind": passage.kind,
        "person": passage.person_id,
        "plate": passage.plate,
        "plate_colour": passage.plate_colour,
        "plate_kind": passage.plate_kind,
        "body": passage.body,
        "score": passage.score,
        "margin": passage.margin,
        "reason": passage.reason,
        "synthetic": any(piece.synthetic for piece in passage.evidence),
    }


def _fault(node: str, event_id: str, now: str) -> Raise:
    key = f"rule_failed/{node}"
    return Raise(key=key, kind="rule_failed", severity="minor", node=node, at=now, detail=event_id)
