"""Follows the store's events, once each: passages, cases and notices come of them in one transaction with the cursor.

It is apart from ingest, so that no rule delays a receipt and no fault of a rule loses an event.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import structlog
from sqlalchemy import Connection, Row, select
from zhian_wire import codec
from zhian_wire.events import Event, Passage

from .. import moments
from ..cases.book import Book
from ..cases.pieces import pieces, to_text
from ..cases.signals import Raise
from ..config_types import Rules
from ..notices.queueing import Desk
from ..people import lookup
from ..store import Store, counters, stream
from ..store.tables import events, passages
from .judging import judge
from .situation import Judgement, Situation, lane_of, true_direction

log = structlog.get_logger(__name__)

#: The store has one pen: more at once would let receipts wait.
AT_ONCE: Final = 50


class Follower:
    """Turns stored events into what people see; one thread uses it."""

    def __init__(
        self,
        store: Store,
        book: Book,
        desk: Desk,
        *,
        site: str,
        rules: Rules,
        clock: moments.Clock,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._book = book
        self._desk = desk
        self._site = site
        self._rules = rules
        self._clock = clock
        self._changed = changed

    def step(self) -> int:
        """Follow the next events; how many there were."""
        with self._store.read() as link:
            if not self._next(link, 1):
                return 0
        with self._store.write() as link:
            rows = self._next(link, AT_ONCE)
            for row in rows:
                self._follow_one(link, row)
            if rows:
                counters.put(link, "followed", rows[-1].id)
        self._changed()
        return len(rows)

    def _next(self, link: Connection, limit: int) -> list[Row[Any]]:
        done = counters.current(link, "followed")
        query = select(events.c.id, events.c.day, events.c.body).where(events.c.id > done)
        return list(link.execute(query.order_by(events.c.id).limit(limit)))

    def _follow_one(self, link: Connection, row: Row[Any]) -> None:
        now = moments.text(self._clock())
        event = codec.decode(row.body)
        try:
            with link.begin_nested():
                self._apply(link, row, event, now)
        except Exception:
            # One event that a rule cannot stand must not stop all that come after it; somebody is told.
            log.exception("rules.failed", event_id=event.id)
            self._book.raise_(link, _fault(event, now), now)

    def _apply(self, link: Connection, row: Row[Any], event: Event, now: str) -> None:
        situation = self._situation(link, row.id, event)
        judgement = judge(situation)
        if isinstance(event.data, Passage):
            self._keep_passage(link, situation, judgement, row.day, now)
        for signal in judgement.signals:
            if isinstance(signal, Raise):
                self._book.raise_(link, signal, now)
            else:
                self._book.clear(link, signal, now)

    def _situation(self, link: Connection, row_id: int, event: Event) -> Situation:
        person_id = getattr(event.data, "person_id", None)
        plate = getattr(event.data, "plate", None)
        return Situation(
            row=row_id,
            event=event,
            rules=self._rules,
            person=lookup.known(link, person_id) if person_id else None,
            owner=lookup.owner(link, plate) if plate else None,
        )

    def _keep_passage(self, link: Connection, case: Situation, judgement: Judgement, day: str, now: str) -> None:
        passage = cast(Passage, case.event.data)
        values = _columns(passage) | {"id": case.row, "site": self._site, "node": case.event.node, "day": day}
        values |= {"time": case.event.time, "movement": judgement.movement}
        values["evidence"] = to_text(pieces(case.event, passage.evidence))
        values["direction"] = true_direction(lane_of(case.rules, passage), passage.direction)
        link.execute(passages.insert(), values)
        stream.push(link, "passage", str(case.row), now)
        if judgement.movement and case.person and not case.person.watch:
            self._desk.write(link, case, passage, judgement.movement, now)


def _columns(passage: Passage) -> dict[str, object]:
    return {
        "camera": passage.camera,
        "lane": passage.lane,
        "kind": passage.kind,
        "person": passage.person_id,
        "plate": passage.plate,
        "plate_colour": passage.plate_colour,
        "plate_kind": passage.plate_kind,
        "score": passage.score,
        "margin": passage.margin,
        "reason": passage.reason,
        "synthetic": any(piece.synthetic for piece in passage.evidence),
    }


def _fault(event: Event, now: str) -> Raise:
    key = f"rule_failed/{event.node}"
    return Raise(key=key, kind="rule_failed", severity="minor", node=event.node, at=now, detail=event.id)
