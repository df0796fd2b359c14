"""The report of what became of every case (件件有着落)."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from ..cases.reading import report_of
from ..cases.reporting import CaseReport
from .access import Parts, users
from .guarded import GuardedRouter
from .when import Day

router = GuardedRouter(prefix="/api/cases")


@router.get("/report")
@users("admin", "guard")
def report(
    parts: Parts,
    first_day: Annotated[Day, Query(alias="from")] = None,
    last_day: Annotated[Day, Query(alias="to")] = None,
) -> CaseReport:
    """Of local days, both included; by default of today."""
    return report_of(parts, first_day, last_day)
