"""The office's table through the page: a look through it, then the import, both with a report per row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from ..people import uploading
from ..people.table_importing import RowReport
from ..services import Services
from ..store import audit
from . import desk_shapes as shapes
from .access import Caller, Parts, users
from .bodies import read_body
from .guarded import GuardedRouter
from .when import DayText

router = GuardedRouter(prefix="/api/people/table")
FILE = {"schema": {"type": "string", "format": "binary"}}
BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": FILE}}}
Ground = Annotated[str, Query(min_length=1, max_length=200)]
Until = Annotated[DayText, Query()]
Press = Annotated[str, Query(max_length=64, pattern=r"^[\w-]*$")]
Group = Annotated[str | None, Query(max_length=64, pattern=r"^[\w.-]+$")]


async def upload(
    request: Request, *, form: uploading.Form, ground: Ground, until: Until, group: Group = None
) -> uploading.Upload:
    """What was brought, and on which ground people are to be enrolled by it."""
    return uploading.Upload(await read_body(request, uploading.MOST[form]), form, ground, until, group)


Uploaded = Annotated[uploading.Upload, Depends(upload)]


@router.post("/look", openapi_extra=BODY)
@users("admin")
async def look(parts: Parts, caller: Caller, table: Uploaded) -> shapes.TableReport:
    """What each row of a table, or of a ZIP with one and its pictures, would be; nothing is written."""
    return _report(await run_in_threadpool(lambda: uploading.rehearse(parts, table, who=caller.user)))


@router.post("/import", openapi_extra=BODY)
@users("admin")
async def take(parts: Parts, caller: Caller, table: Uploaded, press: Press = "") -> shapes.TableReport:
    """Enrol everybody in a table, each whole or not at all, with the pictures of a ZIP.

    A ZIP of a whole year takes minutes, and goes on when its answer is not waited for: `GET import` has it, under the
    name `press`. 409: another import of the caller's is under way.
    """
    # In the thread to its end: whoever does not wait any more keeps nothing from being done and written down.
    return await run_in_threadpool(_taken, parts, table, caller.user, press)


@router.get("/import")
@users("admin")
def standing(parts: Parts, caller: Caller) -> shapes.TableStanding:
    """How far the caller's latest import is, and what came of it. Kept until the gateway ends."""
    now = parts.imports.of(caller.user)
    if now is None:
        return shapes.TableStanding(state="none", press="", rows=0, code="", report=None)
    return shapes.TableStanding(state=now.state, press=now.press, rows=now.rows, code=now.code, report=now.found)


def _taken(parts: Services, table: uploading.Upload, who: str, press: str) -> shapes.TableReport:
    def work(done: Callable[[int], None]) -> shapes.TableReport:
        found = _report(uploading.take(parts, table, who=who, done=done))
        with parts.changing() as link:
            detail = f"{found.enrolled} enrolled, {found.refused} refused"
            audit.record(link, site=parts.site, at=parts.now(), who=who, action="people.import", detail=detail)
        return found

    report: shapes.TableReport = parts.imports.carry_out(who, press, work)
    return report


def _report(found: uploading.Looked) -> shapes.TableReport:
    enrolled, refused = uploading.counts(found.rows)
    rows = [_row(each) for each in found.rows]
    losses = shapes.TableLosses(**uploading.losses(found.rows)._asdict())
    return shapes.TableReport(enrolled=enrolled, refused=refused, losses=losses, rows=rows, strays=list(found.strays))


def _row(report: RowReport) -> shapes.TableRow:
    return shapes.TableRow(
        row=report.row,
        id=report.id,
        outcome=report.outcome,
        errors=[shapes.TableFault(column=each.column, reason=each.reason) for each in report.errors],
        warnings=[str(each) for each in report.warnings],
    )
