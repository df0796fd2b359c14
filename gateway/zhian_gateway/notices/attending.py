"""Tells who is not here by the bell, not back from a leave, or here still after closing, and takes back what was wrong.

Attendance says so in `attendance_signals`; this follows them, once each. What is taken back before it was sent is not
sent at all; what was sent is corrected, to just those who were told.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, select
from zhian_wire import times

from .. import moments
from ..attendance import signals
from ..lanes.by_hand import VOID
from ..services import Services
from ..store import counters
from ..store.tables import attendance_corrections, passages, people
from . import withdrawing
from .happenings import (
    ARRIVAL,
    BACK,
    CORRECTION,
    DEPARTURE,
    NOT_ARRIVED,
    NOT_BACK,
    NOT_BACK_UNHEARD,
    NOT_INSIDE,
    STILL_INSIDE,
    UNHEARD,
    Happening,
)

#: Why a signal was taken back, in the words of a correction.
WHY: Final[dict[str, dict[str, str]]] = {
    "zh-CN": {
        "arrived": "{name}已按时到校",
        "back": "{name}已按时返校",
        "excused": "{name}已请假",
        "left": "{name}此前已离校",
        "corrected": "考勤记录已更正",
        "no_school": "当天不上课",
        "bells_changed": "作息时间已调整",
    },
    "en": {
        "arrived": "{name} did arrive in time",
        "back": "{name} was back in time",
        "excused": "{name} is excused",
        "left": "{name} had left before",
        "corrected": "the record was corrected",
        "no_school": "there is no school on that day",
        "bells_changed": "the bells of that day have changed",
    },
}


#: As what a wrong word is taken back.
CORRECTIONS: Final = {STILL_INSIDE: NOT_INSIDE, NOT_BACK: BACK, NOT_BACK_UNHEARD: BACK}


class AttendanceHerald:
    """One thread uses it."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def step(self) -> int:
        """Follow the next signals; how many there were."""
        store = self._services.store
        with store.read() as link:
            if not signals.after(link, counters.current(link, "attendance_told"), 1):
                return 0
        with store.write() as link:
            rows = signals.after(link, counters.current(link, "attendance_told"))
            for row in rows:
                self._follow(link, row, self._services.now())
            if rows:
                counters.put(link, "attendance_told", rows[-1].change)
        return len(rows)

    def _follow(self, link: Connection, row: Row[Any], now: str) -> None:
        key = f"attendance/{row.id}/{row.raised_at}"
        if row.withdrawn_at is None:
            self._services.desk.tell(link, self._raised(link, row, key), now)
            return
        told = withdrawing.take_back(link, key, now)
        kind = withdrawing.happening(link, key)
        if told and not _was_right(link, row, kind):
            self._services.desk.tell(link, self._corrected(link, row, key, kind), now, only=told)

    def _raised(self, link: Connection, row: Row[Any], key: str) -> Happening:
        kind = STILL_INSIDE if row.kind == "still_inside" else _missing(link, row)
        # After an outage, or by a teacher's correction, long after the bell.
        at, found_at = times.from_text(row.bell_at), times.from_text(row.raised_at)
        who = _opaque(link, row)
        return Happening(kind=kind, key=key, at=at, found_at=found_at, person=who, severity="major", place=row.silent)

    def _corrected(self, link: Connection, row: Row[Any], key: str, told: str) -> Happening:
        why = "back" if CORRECTIONS.get(told) == BACK and row.withdrawn_why == "arrived" else row.withdrawn_why
        said = {language: words.get(why, words["corrected"]) for language, words in WHY.items()}
        at = times.from_text(row.withdrawn_at)
        kind = CORRECTIONS.get(told, CORRECTION)
        return Happening(kind=kind, key=f"{key}/corrected", at=at, person=_opaque(link, row), what=said)


def _opaque(link: Connection, row: Row[Any]) -> str | None:
    found: str | None = link.execute(select(people.c.opaque).where(people.c.id == row.person_id)).scalar()
    return found


def _missing(link: Connection, row: Row[Any]) -> str:
    """As what it is told that somebody is not here: never flatly where a gate may know better."""
    left = _left_at(link, row)
    if left is None:
        return UNHEARD if row.silent else NOT_ARRIVED
    # Where a gate without a line saw them since, they may be back.
    seen = [at for at in _times(link, _passed(link, row, None)) if left < at <= row.raised_at]
    return NOT_BACK_UNHEARD if row.silent or seen else NOT_BACK


def _left_at(link: Connection, row: Row[Any]) -> str | None:
    """When they last left before that bell, by a gate's or a teacher's word; None: they were not here."""
    left = _times(link, _passed(link, row, DEPARTURE))
    table = attendance_corrections.c
    said = select(table.at).where(table.person_id == row.person_id, table.day == row.day, table.kind == "left")
    left += [_text(each) for each in link.execute(said.where(table.ended_at.is_(None))).scalars()]
    return max((at for at in left if at <= row.bell_at), default=None)


def _was_right(link: Connection, row: Row[Any], told: str) -> bool:
    """Whether it was so when the bell rang; what ended it is told by itself."""
    if CORRECTIONS.get(told) == BACK:
        return _after_bell(link, row, _passed(link, row, ARRIVAL))
    return _left_late(link, row) if row.kind == "still_inside" else _came_late(link, row)


def _came_late(link: Connection, row: Row[Any]) -> bool:
    """Whether they came after the bell: nothing was wrong then, and their arrival is told by itself."""
    if row.passage_id is None:
        return False
    return _after_bell(link, row, passages.c.id == row.passage_id)


def _left_late(link: Connection, row: Row[Any]) -> bool:
    """Whether a gate let them out after the bell: nothing was wrong then, and their departure is told by itself."""
    if row.withdrawn_why != "left":
        return False
    return _after_bell(link, row, _passed(link, row, DEPARTURE))


def _passed(link: Connection, row: Row[Any], movement: str | None) -> ColumnElement[bool]:
    """Their passages of that day, as attendance counts them; None: those of which no gate tells which way they went."""
    theirs = and_(passages.c.person == _opaque(link, row), passages.c.day == row.day)
    # NULL, not `IN`: that is how a direction that nobody knows is stored.
    way = passages.c.movement.is_(None) if movement is None else passages.c.movement == movement
    return and_(theirs, way, passages.c.reason.not_in(VOID))


def _after_bell(link: Connection, row: Row[Any], which: ColumnElement[bool]) -> bool:
    return any(at > row.bell_at for at in _times(link, which))


def _times(link: Connection, which: ColumnElement[bool]) -> list[str]:
    """When these passages were."""
    found = link.execute(select(passages.c.time, passages.c.crossed_at).where(which))
    return [_text(each.crossed_at or each.time) for each in found]


def _text(moment: str) -> str:
    """As the store writes it, so that texts compare as moments do."""
    return moments.text(times.from_text(moment))
