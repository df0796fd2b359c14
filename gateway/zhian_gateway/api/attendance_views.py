"""Days and corrections as the JSON of `attendance_shapes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from .. import moments
from ..attendance import asking
from ..attendance.hours import Hours
from ..attendance.leave import Slip
from ..attendance.reading import PersonDay
from . import attendance_shapes as shapes


def class_count(group: str, day: str, hours: Hours | None, lines: Sequence[PersonDay]) -> shapes.ClassCount:
    """A class in numbers."""
    found = asking.counts(lines)
    return shapes.ClassCount(
        group=group,
        day=day,
        bells=None if hours is None else _bells(hours),
        counts=shapes.Counts(**{name: found[name] for name in shapes.Counts.model_fields}),
    )


def class_day(group: str, day: str, hours: Hours | None, lines: Sequence[PersonDay]) -> shapes.ClassDay:
    """A class's sheet."""
    people = [line(each) for each in lines]
    return shapes.ClassDay(**dict(class_count(group, day, hours, lines)), people=people)


def _bells(hours: Hours) -> shapes.Bells:
    return shapes.Bells(
        arrive_by=moments.text(hours.arrive_by), leave_from=moments.text(hours.leave_from), closes=_text(hours.closes)
    )


def line(found: PersonDay) -> shapes.Line:
    """One person's day."""
    day = found.result
    return shapes.Line(
        day=found.day,
        person_id=found.person["id"],
        name=found.person["name"],
        group=found.person["group"],
        status=day.status,
        arrived_at=_text(day.arrived_at),
        left_at=_text(day.left_at),
        late_s=day.late_s,
        left_early=day.left_early,
        inside=day.inside,
        still_inside=day.still_inside,
        excused=day.excused,
        marks=list(day.marks),
        by_gate=found.by_gate.status,
        corrections=[correction(row) for row in found.corrections],
        told=[_told(each) for each in found.told],
        leaves=[shapes.Away(id=str(row.id), begins=row.begins, ends=row.ends) for row in found.slips],
    )


def correction(row: Row[Any]) -> shapes.Correction:
    """A teacher's word."""
    same = ("day", "kind", "at", "reason", "who", "made_at", "before", "ended_by", "ended_at", "ended_why")
    return shapes.Correction(id=str(row.id), **{name: getattr(row, name) for name in same})


def slip(found: Slip, *, with_reason: bool) -> shapes.LeaveSlip:
    """A leave slip."""
    row = found.row
    same = ("person_id", "begins", "ends", "collected", "collector", "who", "made_at", "ended_by", "ended_at")
    return shapes.LeaveSlip(
        id=str(row.id),
        name=found.name,
        group=found.group,
        collector_name=found.collector_name,
        reason=row.reason if with_reason else "",
        ended_why=row.ended_why if with_reason else "",
        **{name: getattr(row, name) for name in same},
    )


def signal(row: Row[Any], name: str) -> shapes.Signal:
    """What is to be told of somebody."""
    same = ("change", "person_id", "group", "day", "bell_at")
    return shapes.Signal(id=str(row.id), name=name, told=_told(row), **{field: getattr(row, field) for field in same})


def _told(row: Any) -> shapes.Told:
    return shapes.Told(
        kind=row.kind,
        raised_at=row.raised_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
        silent=[node for node in row.silent.split(",") if node],
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moments.text(moment)
