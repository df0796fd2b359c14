"""The report of what became of every case (件件有着落)."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Query
from zhian_wire.alerts import AlertState, Severity

from ..cases.reading import report_of
from .access import Parts, users
from .shapes import Shape

router = APIRouter(prefix="/api/cases")
Day = Annotated[str | None, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class CaseLine(Shape):
    """One case; seconds are the longest of its rounds, null: it never was."""

    id: int
    kind: str
    severity: Severity
    state: AlertState
    place: str
    opened_at: str
    last_at: str
    count: int
    rounds: int
    acknowledged_s: int | None
    closed_s: int | None
    acknowledged_by: str
    sent: str
    closed_by: str
    reason: str
    late: bool
    overdue: bool


class CaseAnswers(Shape):
    """All cases of one severity, and the targets (0: none)."""

    severity: Severity
    cases: int
    open: int
    overdue: int
    late: int
    acknowledge_target_s: float
    acknowledged_median_s: float | None
    acknowledged_longest_s: int | None
    close_target_s: float
    closed_median_s: float | None
    closed_longest_s: int | None


class CasesClosed(Shape):
    """How many somebody closed as what; `rule`: the cause was gone."""

    who: str
    state: AlertState
    cases: int


class CaseReport(Shape):
    """Cases opened or moved in these local days, and all that are open; these come first, by urgency."""

    site: str
    first_day: str
    last_day: str
    left_open: int
    overdue: int
    open: list[CaseLine]
    severities: list[CaseAnswers]
    closed: list[CasesClosed]
    cases: list[CaseLine]


@router.get("/report")
@users("admin", "guard")
def report(
    parts: Parts,
    first_day: Annotated[Day, Query(alias="from")] = None,
    last_day: Annotated[Day, Query(alias="to")] = None,
) -> CaseReport:
    """Of local days, both included; by default of today."""
    return CaseReport.model_validate(dataclasses.asdict(report_of(parts, first_day, last_day)))
