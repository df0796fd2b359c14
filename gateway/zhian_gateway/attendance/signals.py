"""What somebody is to be told of a day: not here by the bell, or here still after closing; and when that is not so.

Who left with a leave slip and is not back when it ends is not here by that bell (`absent`).

One row per person, day and kind, in `attendance_signals`. Whoever sends follows `change`: a row that is new to them or
raised is to be told, one that is taken back is to be told if its raise was. Nothing is raised for a day that is over,
but for a bell that rang just before midnight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import Connection, Row, select, update

from .. import moments
from ..store import counters
from ..store.tables import attendance_signals
from .reading import PersonDay
from .rules import away_until, back_by

SignalKind = Literal["absent", "still_inside"]
#: A passage is told seconds after it was, and takes its way; so long after the bell whoever came by it is known.
GRACE: Final = timedelta(minutes=1)
#: So long after a bell it is told also where its day is over meanwhile.
OVER_MIDNIGHT: Final = timedelta(hours=1)


class Wanted(NamedTuple):
    """What is to be told of somebody now."""

    person_id: str
    day: str
    kind: SignalKind
    group: str
    bell_at: datetime


@dataclass(frozen=True)
class Change:
    """A signal that is raised (`why` is None) or taken back; `row` is None for one that never was before."""

    row: Row[Any] | None
    wanted: Wanted | None = None
    why: str | None = None
    passage: int | None = None


def changes(link: Connection, lines: Sequence[PersonDay], *, today: str, now: datetime) -> list[Change]:
    """What is to be raised and taken back for the days of these lines to be as they are."""

    def is_now(wanted: Wanted) -> bool:
        return wanted.day == today or now <= wanted.bell_at + OVER_MIDNIGHT

    if not lines:
        return []
    standing = _rows(link, {line.day for line in lines}, {line.person["id"] for line in lines})
    found = []
    for line in lines:
        wanted = {each.kind: each for each in wanted_of(line, now)}
        for kind in ("absent", "still_inside"):
            row = standing.get((line.person["id"], line.day, kind))
            raised = row is not None and row.withdrawn_at is None
            if kind in wanted and not raised and is_now(wanted[kind]):
                found.append(Change(row, wanted[kind]))
            elif row is not None and raised and kind not in wanted and not _still_away(line, row):
                found.append(Change(row, None, _why(line, row), None if line.corrections else line.result.passage))
    return found


def wanted_of(line: PersonDay, now: datetime) -> Iterable[Wanted]:
    """What a line says that somebody is to hear, a little after each bell."""
    hours, about = line.hours, (line.person["id"], line.day)
    if hours is None:
        return
    # Who has leave over the bell is to be here when that ends.
    due = away_until(hours.arrive_by, line.leaves)
    if line.result.status == "absent" and now >= due + GRACE:
        yield Wanted(*about, "absent", line.person["group"], due)
    elif (back := _back_by(line)) is not None and now >= back + GRACE:
        yield Wanted(*about, "absent", line.person["group"], back)
    if line.result.still_inside and hours.closes is not None and now >= hours.closes + GRACE:
        yield Wanted(*about, "still_inside", line.person["group"], hours.closes)


def _back_by(line: PersonDay) -> datetime | None:
    """When somebody who was here and left with a slip is to be back; None: nobody says so, or a teacher excuses it."""
    day = line.result
    if day.left_at is None or day.status not in ("present", "late", "excused") or line.hours is None:
        return None
    back = back_by(line.hours, day.left_at, line.leaves)
    excused = any(word.kind == "excused" for word in line.corrections)
    return None if excused or back is None or _said_here(line, moments.text(back)) else back


def _still_away(line: PersonDay, row: Row[Any]) -> bool:
    """Whether they were told as not back, and are so still, though their slip was ended since."""
    gone = _left_before(line, row) and line.result.left_early and not line.result.excused
    return gone and not _said_here(line, row.bell_at)


def _said_here(line: PersonDay, bell_at: str) -> bool:
    """Whether a teacher said after that bell that they are present; after school that does not bring them back."""
    return any(word.kind == "present" and word.made_at > bell_at for word in line.corrections)


def _left_before(line: PersonDay, row: Row[Any]) -> bool:
    left = line.result.left_at
    return row.kind == "absent" and left is not None and moments.text(left) <= row.bell_at


def write(link: Connection, found: Iterable[Change], *, site: str, silent: str, now: str) -> None:
    """Write them down; `silent` names the nodes of which nothing is heard."""
    for each in found:
        values: dict[str, Any] = {"change": counters.take(link, "attendance")}
        if each.wanted is None:
            assert each.row is not None
            values |= {"withdrawn_at": now, "withdrawn_why": each.why, "passage_id": each.passage}
        else:
            values |= {"raised_at": now, "withdrawn_at": None, "withdrawn_why": None, "passage_id": None}
            values |= {"bell_at": moments.text(each.wanted.bell_at), "silent": silent, "group": each.wanted.group}
        if each.row is not None:
            link.execute(update(attendance_signals).where(attendance_signals.c.id == each.row.id).values(values))
        elif each.wanted is not None:
            of = {"site": site, "person_id": each.wanted.person_id, "day": each.wanted.day, "kind": each.wanted.kind}
            link.execute(attendance_signals.insert().values(of | values))


def after(link: Connection, change: int, limit: int = 200) -> Sequence[Row[Any]]:
    """The signals that changed after `change`, oldest change first."""
    query = select(attendance_signals).where(attendance_signals.c.change > change)
    return link.execute(query.order_by(attendance_signals.c.change).limit(limit)).all()


def standing_days(link: Connection, since: str) -> set[str]:
    """The days, from `since` on, of which something is told that was not taken back."""
    table = attendance_signals.c
    query = select(table.day).where(table.day >= since, table.withdrawn_at.is_(None)).distinct()
    return set(link.execute(query).scalars())


def _rows(link: Connection, days: set[str], who: set[str]) -> dict[tuple[str, str, str], Row[Any]]:
    query = select(attendance_signals).where(attendance_signals.c.day.in_(sorted(days)))
    if len(who) == 1:
        query = query.where(attendance_signals.c.person_id.in_(who))
    return {(row.person_id, row.day, row.kind): row for row in link.execute(query)}


def _why(line: PersonDay, row: Row[Any]) -> str:
    """A code: what took it back."""
    kind: str = row.kind
    if line.hours is None:
        return "no_school"
    if kind == "absent" and line.result.excused:
        return "excused"
    if line.result != line.by_gate or (kind == "absent" and _said_here(line, row.bell_at)):
        return "excused" if line.result.status == "excused" else "corrected"
    if kind == "still_inside" and line.result.left_at is not None:
        return "left"
    if kind == "still_inside":
        # Here still, and it is not past closing any more; or an arrival turned out to be none.
        return "bells_changed" if line.result.inside else "corrected"
    here = line.result.status in ("present", "late") and not _left_before(line, row)
    return "arrived" if here else "bells_changed"
