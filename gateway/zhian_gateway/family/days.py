"""A child's days as a parent sees them: when they came and went, by which gate, and how the day is judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, select
from zhian_wire import reasons

from ..attendance.reading import PersonDay, sheet
from ..cases.pieces import from_text
from ..store.tables import passages, people
from .carers import Child

#: The last weeks: more is the school's to tell.
WEEKS: Final = 4
#: Of what a picture is of one child alone; a frame shows others' children too.
OWN: Final = "face"


@dataclass(frozen=True)
class Step:
    """One arrival or departure.

    `picture`: the sha256 of the crop that was named as the child; None where there is none, since a face beside the
    child's card may be somebody else's.
    """

    at: str
    movement: str
    node: str
    camera: str
    lane: str | None
    picture: str | None


@dataclass(frozen=True)
class Day:
    """A local day, judged, with the steps in their order."""

    line: PersonDay
    steps: Sequence[Step]


def days(
    link: Connection, child: Child, last: date, *, known: date, weeks: int = WEEKS, zone: ZoneInfo, now: datetime
) -> list[Day]:
    """The last weeks, the day `last` first; others on which there was no school and nobody came are left out.

    So are those before `known`, of which not everything is kept.
    """
    every = [last - timedelta(days=back) for back in range(7 * weeks)]
    wanted = [day for day in every if day >= known]
    row = link.execute(select(people).where(people.c.id == child.id)).mappings().one()
    steps = _steps(link, child.opaque, min(wanted), last)
    judged = sheet(link, sorted(wanted), [row], zone, now)
    found = [Day(line, steps.get(line.day, ())) for line in judged]
    today = last.isoformat()
    return [day for day in reversed(found) if day.steps or day.line.day == today or day.line.result.status != "off"]


def is_shown(link: Connection, child: Child, sha256: str, last: date) -> bool:
    """Whether a picture is the child's own crop of one of these days."""
    steps = _steps(link, child.opaque, last - timedelta(days=7 * WEEKS - 1), last)
    return any(step.picture == sha256 for day in steps.values() for step in day)


def _steps(link: Connection, opaque: str, first: date, last: date) -> dict[str, list[Step]]:
    theirs = (passages.c.person == opaque) & passages.c.movement.is_not(None)
    between = passages.c.day.between(first.isoformat(), last.isoformat())
    query = select(passages).where(theirs, between).order_by(passages.c.time, passages.c.id)
    found: dict[str, list[Step]] = defaultdict(list)
    for row in link.execute(query).mappings():
        found[row["day"]].append(_step(row))
    return found


def _step(row: RowMapping) -> Step:
    at = row["crossed_at"] or row["time"]
    return Step(at, row["movement"], row["node"], row["camera"], row["lane"], _own(row))


def _own(row: RowMapping) -> str | None:
    if row["reason"] == reasons.FACE_DIFFERS:
        return None
    mine = (piece for piece in from_text(row["evidence"]) if piece.kind == OWN and piece.subject == row["person"])
    return next((piece.picture for piece in mine if piece.picture), None)
