"""What nodes ask for and bring, and what pages see of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection, select
from starlette.concurrency import run_in_threadpool
from zhian_wire import codec
from zhian_wire.events import PLAIN_NAME
from zhian_wire.roster import ISSUED, MARK, Roster, mark_of
from zhian_wire.times import from_text
from zhian_wire.whereabouts import SitePresence

from .. import moments
from ..errors import Conflict, NotFound
from ..lanes.ordering import clock_of
from ..nodes import identity, siblings
from ..people import marks, rosters, whereabouts
from ..people.unwanted import is_unwanted
from ..pictures import media_type
from ..services import Services
from ..store.tables import pictures
from ..tiles import Tile
from . import node_shapes as shapes
from . import node_views as views
from .access import Caller, NodeName, Parts, nodes, scraper, users
from .bodies import read_body
from .guarded import GuardedRouter
from .shapes import Done, Stored

router = GuardedRouter()
Name = Annotated[str, Path(pattern=PLAIN_NAME)]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
TILE_MAX = 512 * 1024
BODY = {"requestBody": {"required": True, "content": {"image/jpeg": {}, "image/png": {}}}}


@router.put("/pictures/{sha256}", openapi_extra=BODY)
@nodes
async def put_picture(parts: Parts, node: NodeName, sha256: Sha256, request: Request) -> Stored:
    """Keep a picture of evidence; the same one again is fine."""
    data = await read_body(request, parts.pictures.max_bytes)
    kind = await run_in_threadpool(_keep, parts, node, sha256, data)
    return Stored(sha256=sha256, media_type=kind)


def _keep(parts: Services, node: str, sha256: str, data: bytes) -> str:
    with parts.store.read() as link:
        unwanted = is_unwanted(link, sha256)
    if unwanted:
        # Its node is to let go of it as of one that is kept.
        return parts.pictures.check(sha256, data)
    kind = parts.pictures.keep(sha256, data)
    with parts.store.write() as link:
        if link.execute(select(pictures.c.sha256).where(pictures.c.sha256 == sha256)).first() is None:
            values = {"size": len(data), "media_type": kind, "node": node, "received_at": parts.now()}
            link.execute(pictures.insert().values(sha256=sha256, **values))
    return kind


@router.get("/roster", response_class=Response, responses={200: {"content": {"application/json": {}}}, 304: {}})
@nodes
def get_roster(
    parts: Parts,
    since: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    after: Annotated[str | None, Query(pattern=f"^$|{PLAIN_NAME}", description="in pages: from this id on")] = None,
    run: Annotated[str, Query(pattern=f"^$|^{MARK}$", description="the mark of the first page's ETag")] = "",
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """The roster, whole or (with `since`) what changed; 304 while the ETag still holds, with the time by a header.

    A version is known by its ETag alone: in a database that was set back the same number stands for something else.
    Pages after the first are of its version; 409 where that is not known any more: begin anew.
    """
    now, mark = parts.now(), mark_of(if_none_match or "")
    with parts.store.read() as link:
        held = marks.version_of(link, mark)
        if not after and held == rosters.version(link):
            return Response(status_code=304, headers={"ETag": f'"{mark}"', ISSUED: now})
        page = rosters.Page(after, _begun(link, run)) if after else rosters.FIRST
        roster = rosters.build(link, since=since if since == held else 0, now=now, page=page)
        told = marks.of(link, roster.version)
    headers = {"ETag": f'"{told or _marked(parts, roster.version)}"', "Cache-Control": "no-store"}
    roster = msgspec.structs.replace(roster, issued=from_text(now))
    if after is None and roster.next:
        return StreamingResponse(_in_one(parts, roster, now), media_type="application/json", headers=headers)
    return Response(codec.encode_message(roster), media_type="application/json", headers=headers)


def _in_one(parts: Services, page: Roster, now: str) -> Iterator[bytes]:
    """For nodes of an earlier version, who know no pages and come all at once when the gateway was updated: none of
    them may have a roster of its own in the gateway's memory.
    """
    first, removed, between = page, list(page.removed), b""
    yield b'{"persons":['
    while True:
        if page.persons:
            yield between + b",".join(map(codec.encode_message, page.persons))
            between = b","
        if not page.next:
            break
        with parts.store.read() as link:
            next_page = rosters.Page(page.next, first.version)
            page = rosters.build(link, since=first.since, now=now, page=next_page)
        removed += page.removed
    rest = msgspec.structs.replace(first, persons=(), removed=tuple(removed), next="")
    yield b"]," + codec.encode_message(rest)[1:]


def _begun(link: Connection, run: str) -> int:
    found = marks.version_of(link, run)
    if found is None:
        raise Conflict("that roster is not known here any more: begin anew")
    return found


def _marked(parts: Services, version: int) -> str:
    with parts.store.write() as link:
        return marks.give(link, version)


@router.get("/presence", response_class=Response, responses={200: {"content": {"application/json": {}}}})
@nodes
def get_presence(
    parts: Parts,
    node: NodeName,
    since: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    store: Annotated[str, Query(max_length=64)] = "",
    by_hand: Annotated[bool, Query(description="only what guards recorded at the node's own lanes")] = False,
) -> Response:
    """Who of the roster went where last today, whole or (with `since` of this `store`) what other nodes said since.

    With it, how far everything is known that each other node decided; a node that has no siblings asks `by_hand`.
    """
    now = parts.clock()
    if not by_hand:
        parts.siblings.asks(node, now)
    told = whereabouts.told_by_hand if by_hand else whereabouts.told
    with parts.store.read() as link:
        version = whereabouts.version(link)
        since = since if store == parts.store.store_id and since <= version else 0
        day = moments.local_day(now, parts.zone)
        news = SitePresence(
            version=version,
            store=parts.store.store_id,
            since=since,
            people=told(link, node, since=since, day=day, now=now),
            siblings={} if by_hand else _siblings(parts, link, node, now),
        )
    body = codec.encode_message(news)
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def _siblings(parts: Services, link: Connection, node: str, now: datetime) -> dict[str, int]:
    ages = parts.siblings.ages_ms(siblings.followed(link, parts.site), now)
    return {name: age for name, age in ages.items() if name != node}


@router.put("/live/{camera}", openapi_extra=BODY)
@nodes
async def put_tile(parts: Parts, node: NodeName, camera: Name, request: Request) -> Done:
    """Keep a camera's latest tile, in memory."""
    data = await read_body(request, TILE_MAX)
    parts.tiles.put(node, camera, Tile(data, media_type(data), parts.clock()))
    return Done()


@router.get("/api/nodes")
@users("admin", "guard")
def list_nodes(parts: Parts) -> shapes.Nodes:
    """Every node, as it is now."""
    with parts.store.read() as link:
        names = identity.every(link, parts.site)
        missing = parts.rows.missing(link)
    return shapes.Nodes(items=views.nodes(names, parts.presence, missing, parts.clock()))


@router.get("/health/nodes")
@scraper
def own_nodes(parts: Parts) -> shapes.Nodes:
    """The same, for the machine's own tools."""
    return list_nodes(parts)


@router.get(
    "/api/tiles/{node}/{camera}", response_class=Response, responses={200: {"content": {"image/jpeg": {}}}, 304: {}}
)
@users("admin", "guard")
def tile(
    parts: Parts,
    caller: Caller,
    node: Name,
    camera: Name,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """A camera's live tile; asking for it makes the node send them for a while. 404 until the first one comes.

    `X-Tile-Age-Ms` says how long ago it came; 304, with the age, while there is no newer one than `If-None-Match`.
    """
    now = parts.clock()
    with parts.store.read() as link:
        if node not in identity.every(link, parts.site):
            raise NotFound(f"there is no node {node!r}")
    command = parts.tiles.ask(node, camera, now, caller.user, clock_of(parts.presence.last(node)))
    if command is not None:
        parts.publish(node, "command", codec.encode_message(command))
    found = parts.tiles.get(node, camera, now)
    if found is None:
        raise NotFound("no live picture yet")
    tag = f'"{moments.text(found.at)}"'
    age = str(max(0, (now - found.at) // timedelta(milliseconds=1)))
    headers = {"Cache-Control": "no-store", "ETag": tag, "X-Tile-Age-Ms": age}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.media_type, headers=headers)
