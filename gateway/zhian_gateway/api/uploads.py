"""The office's table through the page: a look through it, then the import, both with a report per row."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool

from ..people import uploading
from ..people.table_importing import RowReport
from ..store import audit
from . import desk_shapes as shapes
from .access import Caller, Parts, users
from .nodes import read_body

router = APIRouter(prefix="/api/people/table")
FILE = {"schema": {"type": "string", "format": "binary"}}
BODY = {"requestBody": {"required": True, "content": {"application/octet-stream": FILE}}}
Ground = Annotated[str, Query(min_length=1, max_length=200)]
Until = Annotated[str, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Group = Annotated[str | None, Query(max_length=64, pattern=r"^[\w.-]+$")]


@router.post("/look", openapi_extra=BODY)
@users("admin")
async def look(
    parts: Parts,
    caller: Caller,
    request: Request,
    *,
    form: uploading.Form,
    ground: Ground,
    until: Until,
    group: Group = None,
) -> shapes.TableReport:
    """What each row of a table, or of a ZIP with one and its pictures, would be; nothing is written."""
    table = uploading.Upload(await read_body(request, uploading.MOST[form]), form, ground, until, group)
    return _report(await run_in_threadpool(lambda: uploading.rehearse(parts, table, who=caller.user)))


@router.post("/import", openapi_extra=BODY)
@users("admin")
async def take(
    parts: Parts,
    caller: Caller,
    request: Request,
    *,
    form: uploading.Form,
    ground: Ground,
    until: Until,
    group: Group = None,
) -> shapes.TableReport:
    """Enrol everybody in a table, each whole or not at all, with the pictures of a ZIP."""
    table = uploading.Upload(await read_body(request, uploading.MOST[form]), form, ground, until, group)
    reports = await run_in_threadpool(lambda: uploading.take(parts, table, who=caller.user))
    found = _report(reports)
    with parts.store.write() as link:
        detail = f"{found.enrolled} enrolled, {found.refused} refused"
        audit.record(link, site=parts.site, at=parts.now(), who=caller.user, action="people.import", detail=detail)
    parts.bell.ring()
    return found


def _report(found: uploading.Looked) -> shapes.TableReport:
    enrolled, refused = uploading.counts(found.rows)
    rows = [_row(each) for each in found.rows]
    return shapes.TableReport(enrolled=enrolled, refused=refused, rows=rows, strays=list(found.strays))


def _row(report: RowReport) -> shapes.TableRow:
    return shapes.TableRow(
        row=report.row,
        id=report.id,
        outcome=report.outcome,
        errors=[shapes.TableFault(column=each.column, reason=each.reason) for each in report.errors],
        warnings=[str(each) for each in report.warnings],
    )
