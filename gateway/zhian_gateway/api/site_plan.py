"""The site's plan: looked at by who works with lanes and alerts, drawn by administrators, nobody's work overwritten."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Path, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from ..siteplan import glb, keeping
from ..siteplan.plan import Plan
from . import site_plan_shapes as shapes
from .access import Caller, Parts, users
from .bodies import read_body
from .guarded import GuardedRouter
from .nodes import BODY, Sha256
from .tags import IfMatch, check_match, tag_of_shape
from .uploads import BODY as ANY

router = GuardedRouter(prefix="/api/site-plan")
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]
FILE: dict[int | str, dict[str, object]] = {200: {"content": {"image/jpeg": {}, "image/png": {}, glb.MEDIA_TYPE: {}}}}


@router.get("")
@users("admin", "guard", "police")
def look(parts: Parts) -> shapes.SitePlan:
    """The plan as it is now; its ETag is what `PUT` is to show."""
    with parts.store.read() as link:
        return _now(link)


@router.put("")
@users("admin")
def save(
    parts: Parts, caller: Caller, wanted: shapes.PlanDrawing, *, response: Response, if_match: IfMatch = None
) -> shapes.SitePlan:
    """Keep the plan as its next version; with `If-Match` 412 when somebody else saved meanwhile."""
    plan = msgspec.convert(wanted.model_dump(), Plan)
    with parts.store.write() as link:
        check_match(if_match, _now(link))
        keeping.save(link, plan, parts, who=caller.user)
        found = _now(link)
    response.headers["ETag"] = tag_of_shape(found)
    return found


@router.get("/versions")
@users("admin")
def versions(parts: Parts) -> shapes.PlanVersions:
    """Every version that is kept."""
    with parts.store.read() as link:
        return shapes.PlanVersions(items=[shapes.PlanVersion(**vars(each)) for each in keeping.versions(link)])


@router.get("/versions/{version}")
@users("admin")
def version(parts: Parts, version: Version) -> shapes.SitePlan:
    """The plan as it was; to bring it back, save it."""
    with parts.store.read() as link:
        return _shown(keeping.one(link, version))


@router.put("/picture", openapi_extra=BODY)
@users("admin")
async def bring_picture(parts: Parts, caller: Caller, request: Request) -> shapes.PlanFile:
    """A picture to draw on: JPEG or PNG."""
    data = await read_body(request, parts.pictures.max_bytes)
    return shapes.PlanFile(sha256=await run_in_threadpool(keeping.bring, parts, "picture", data, who=caller.user))


@router.put("/model", openapi_extra=ANY)
@users("admin")
async def bring_model(parts: Parts, caller: Caller, request: Request) -> shapes.PlanFile:
    """A model of the site as GLB, with everything inside of the one file."""
    data = await read_body(request, glb.MOST_BYTES)
    return shapes.PlanFile(sha256=await run_in_threadpool(keeping.bring, parts, "model", data, who=caller.user))


@router.get("/files/{sha256}", response_class=Response, responses=FILE)
@users("admin", "guard", "police")
def file(parts: Parts, sha256: Sha256) -> Response:
    """A picture or model that was brought for the plan."""
    with parts.store.read() as link:
        media = keeping.media_of(link, sha256)
    # Where the cameras of a school hang is not left on anybody's disk.
    return Response(
        parts.pictures.read_portrait(sha256), media_type=media, headers={"Cache-Control": "private, no-store"}
    )


def _now(link: Connection) -> shapes.SitePlan:
    found = keeping.latest(link)
    if found is None:
        return shapes.SitePlan(version=0, saved_by="", saved_at="", drawing=None)
    return _shown(found)


def _shown(found: tuple[keeping.Saved, Plan]) -> shapes.SitePlan:
    saved, plan = found
    return shapes.SitePlan(**vars(saved), drawing=shapes.PlanDrawing(**msgspec.to_builtins(plan)))
