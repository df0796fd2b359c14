"""Nodes' configurations: told and fetched by nodes, looked at and changed by administrators."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Path, Request, Response
from sqlalchemy import RowMapping, select
from starlette.concurrency import run_in_threadpool
from zhian_wire.codec import check_name
from zhian_wire.configuration import Problem, Report
from zhian_wire.errors import DecodeError

from ..configurations import form, looking, pushing, reports
from ..errors import BadInput
from ..services import Services
from ..store.tables import configuration_pushes
from . import configuration_shapes as shapes
from .access import Caller, NodeName, Parts, nodes, users
from .bodies import read_body
from .guarded import GuardedRouter
from .nodes import Name
from .shapes import Done

router = GuardedRouter()
#: A report holds one configuration; no body but a picture's is longer (`bodies`).
REPORT_MAX: Final = 64 * 1024
#: Pushes that are shown.
SHOWN: Final = 20
_JSON: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"application/json": {}}}}
_BODY: Final = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}}
PushId = Annotated[str, Path(pattern=r"^push-[0-9a-f]{16}$")]


@router.get("/configuration", response_class=Response, responses=_JSON)
@nodes
def get_configuration(parts: Parts, node: NodeName) -> Response:
    """Which report of the node is kept, and the configuration that is wanted of it."""
    body = msgspec.json.encode(pushing.desired(parts, node))
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.put("/configuration", openapi_extra=_BODY)
@nodes
async def put_configuration(parts: Parts, node: NodeName, request: Request) -> Done:
    """Keep what a node says of its configuration, and what became of a push."""
    body = await read_body(request, REPORT_MAX)
    report = _report(body)
    await run_in_threadpool(reports.take, parts, node, report, hashlib.sha256(body).hexdigest())
    return Done()


@router.get("/api/nodes/{node}/configuration")
@users("admin")
def show(parts: Parts, node: Name) -> shapes.Configuration:
    """What the node runs by, without its secrets, and what was wanted of it. 404 until it has told."""
    with parts.store.read() as link:
        row = pushing.current(link, parts.site, node)
        table = configuration_pushes
        query = select(table).where(table.c.site == parts.site, table.c.node == node)
        pushes = link.execute(query.order_by(table.c.asked_at.desc(), table.c.id).limit(SHOWN)).mappings().all()
    kept = set(msgspec.json.decode(row["kept"], type=list[str]))
    latest = next((each["id"] for each in pushes if each["state"] == "applied"), "")
    same = ("node", "mark", "origin", "version", "reported_at", "text")
    return shapes.Configuration(
        **{name: row[name] for name in same},
        fields=_fields(row["text"]),
        pushes=[_push(each, row["mark"] if each["id"] == latest else "", kept) for each in pushes],
    )


@router.post("/api/nodes/{node}/configuration/look")
@users("admin")
async def look(parts: Parts, node: Name, draft: shapes.ConfigurationDraft) -> shapes.ConfigurationLook:
    """What a draft comes to: its text, the difference, and what is wrong with it. Nothing is changed.

    The node judges it by the code that reads it at a start; one that does not answer does so when it fetches it.
    """
    row = await run_in_threadpool(_current, parts, node)
    text, problems = await run_in_threadpool(_drafted, row["text"], draft)
    by: Literal["gateway", "node"] = "gateway"
    if not problems:
        said = await pushing.asked(parts, node, draft.base, text)
        problems, by = (problems, by) if said is None else (said, "node")
    return await run_in_threadpool(_looked, row["text"], text, problems, by)


@router.post("/api/nodes/{node}/configuration/pushes")
@users("admin")
def push(parts: Parts, caller: Caller, node: Name, wanted: shapes.ConfigurationOrder) -> shapes.Configuration:
    """Want another configuration: the node fetches it, tries it, and goes back by itself unless all is well in time.

    409: it runs another one than `base` by now, or another push is not over.
    """
    if bool(wanted.text) == bool(wanted.restore):
        raise BadInput("either text or restore")
    order = pushing.Wanted(wanted.base, wanted.text, wanted.restore, wanted.why.strip(), wanted.confirm_s)
    pushing.push(parts, node, order, who=caller.user)
    parts.bell.ring()
    return show(parts, node)


@router.post("/api/nodes/{node}/configuration/pushes/{push_id}/withdrawal")
@users("admin")
def withdraw(parts: Parts, caller: Caller, node: Name, push_id: PushId) -> shapes.Configuration:
    """Want it no more; 404 once the node tries it, or it is over."""
    pushing.withdraw(parts, node, push_id, who=caller.user)
    parts.bell.ring()
    return show(parts, node)


def _current(parts: Services, node: str) -> RowMapping:
    with parts.store.read() as link:
        return pushing.current(link, parts.site, node)


def _drafted(runs: str, draft: shapes.ConfigurationDraft) -> tuple[str, list[Problem]]:
    """The draft's text, and what is wrong with it as far as it can be said here."""
    text = form.with_changes(draft.text, [(tuple(each.path), _plain(each.value)) for each in draft.changes])
    return text, looking.faults(runs, text)


def _looked(
    runs: str, text: str, problems: Sequence[Problem], by: Literal["gateway", "node"]
) -> shapes.ConfigurationLook:
    readable = looking.parsed(text) != {}
    return shapes.ConfigurationLook(
        text=text,
        fields=_fields(text),
        diff=looking.difference(runs, text) if readable else [],
        problems=[_problem(each) for each in problems],
        by=by,
    )


def _report(body: bytes) -> Report:
    try:
        report = msgspec.json.decode(body, type=Report)
        push = report.outcome.push if report.outcome else ""
        named = [report.mark, *report.kept, *filter(None, (report.trying, push))]
        for name in named:
            check_name(name, "mark")
    except (msgspec.DecodeError, DecodeError) as error:
        raise BadInput(str(error)) from error
    if "\0" in report.text or len(report.kept) > 100:
        raise BadInput("no configuration")
    return report


def _push(row: RowMapping, runs: str, kept: set[str]) -> shapes.ConfigurationPush:
    """What went before it is gone back to, as long as it is what `runs`, and the node still has the other."""
    undo = row["base"] if runs and row["mark"] == runs and row["base"] in kept else None
    same = ("id", "state", "who", "why", "detail", "asked_at", "ended_at", "confirm_s")
    return shapes.ConfigurationPush(**{name: row[name] for name in same}, diff=row["diff"].splitlines(), undo=undo)


def _fields(text: str) -> list[shapes.ConfigurationField]:
    return [_field(each) for each in form.fields(text)]


def _field(field: form.Field) -> shapes.ConfigurationField:
    shape = field.shape
    return shapes.ConfigurationField.model_construct(
        path=list(field.path),
        of=field.of,
        kind=shape.kind,
        least=shape.least,
        most=shape.most,
        choices=list(shape.choices),
        value=field.value,
    )


def _plain(value: shapes.Value) -> Any:
    """A whole number is written as one where it was typed so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _problem(problem: Problem) -> shapes.ConfigurationProblem:
    return shapes.ConfigurationProblem(line=problem.line, key=problem.key, message=problem.message)
