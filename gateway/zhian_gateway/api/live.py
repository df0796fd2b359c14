"""Streams: what is new for pages, and the police feed. A reader holds only its place, so a slow one costs nothing."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Annotated, Final, NamedTuple

from fastapi import Header, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import Connection, select
from starlette.concurrency import run_in_threadpool

from ..auth.sessions import Session
from ..police import feed
from ..police import subscribers as police
from ..services import Services
from ..store import counters, stream
from ..store.tables import alerts, notices, passages
from . import alert_views, lane_views, node_views, notice_views, passage_views
from .access import COOKIE, Caller, Parts, everyone, subscriber
from .guarded import GuardedRouter
from .sight import STREAMS, alerts_for, notices_for, passages_for, shown_to

router = GuardedRouter()
HEARTBEAT_S: Final = 10.0
#: A browser that has lost the stream comes back after so many milliseconds.
RETRY_MS: Final = 1000
#: A reader rests so many times as long as it looked, so that a storm is told of in fewer and larger pieces: each costs
#: a browser a picture, and whoever looks takes nothing from those who store. But a page hears something four times a
#: second, unless the look itself takes longer.
REST: Final = 5.0
LONGEST_REST_S: Final = 0.25
LastId = Annotated[str | None, Header(alias="Last-Event-ID", max_length=32)]
#: Ids are a database's integers.
FURTHEST: Final = 2**63 - 1
After = Annotated[int | None, Query(ge=0, le=FURTHEST)]
EVENT_STREAM: dict[int | str, dict[str, object]] = {200: {"content": {"text/event-stream": {}}}}


class Line(NamedTuple):
    """One event of a stream; without a body the reader only moves on."""

    id: int
    event: str
    body: str | None


#: What comes after a place: it moves the place, and may be empty.
Look = Callable[[int], list[Line]]


class Reader(NamedTuple):
    """Who follows a stream: `welcome` is asked after every look, so that who was shut out sees nothing more.

    Asked before it, what was committed in between would still be shown.
    """

    look: Look
    welcome: Callable[[], bool]

    def next(self, place: int) -> list[Line] | None:
        """What came after `place`; None for who may not look any more."""
        lines = self.look(place)
        return lines if self.welcome() else None


@router.get("/api/live", response_class=StreamingResponse, responses=EVENT_STREAM)
@everyone
async def live(
    request: Request, parts: Parts, caller: Caller, last_event_id: LastId = None, after: After = None
) -> StreamingResponse:
    """Passages, alerts, nodes, lanes, notices, and that a watch list changed, as they come.

    `Last-Event-ID` (or `after`) resumes without loss.

    Who is a thousand entries behind hears of every alert, and of the latest passages only.

    `reset` says that the place is not known any more: load everything anew and go on from here.
    """
    place = _place(last_event_id, after)
    head, known = await run_in_threadpool(_start, parts, place)
    cookie = request.cookies.get(COOKIE, "")

    def look(last: int) -> list[Line]:
        return _page_lines(parts, caller, last)

    def still_welcome() -> bool:
        return parts.accounts.session(cookie, "stream") is not None

    opening = Line(head, "reset" if place is not None else "hello", "{}") if not known else None
    begin = place if known and place is not None else head
    return _answer(parts, Reader(look, still_welcome), begin, opening)


@router.get("/police/feed", response_class=StreamingResponse, responses=EVENT_STREAM)
@subscriber
async def police_feed(
    request: Request, parts: Parts, last_event_id: LastId = None, after: After = None
) -> StreamingResponse:
    """The police feed from the beginning, or after `Last-Event-ID`.

    `reset` says that this place is none of this store's, most likely because the gateway was restored from a backup:
    its data is the store's id and the last entry before the place that is `kept`. What comes after that comes anew.
    """
    token = request.headers["Authorization"].partition(" ")[2].strip()

    def look(last: int) -> list[Line]:
        with parts.store.read() as link:
            return [Line(row.id, "case", row.body) for row in feed.after(link, last)]

    def still_welcome() -> bool:
        with parts.store.read() as link:
            return police.knows(link, token)

    place = _place(last_event_id, after) or 0
    kept = await run_in_threadpool(_kept, parts, place)
    if kept is None:
        return _answer(parts, Reader(look, still_welcome), place, None)
    told = json.dumps({"store": parts.store.store_id, "kept": kept})
    return _answer(parts, Reader(look, still_welcome), kept, Line(kept, "reset", told))


def _place(last_event_id: str | None, after: int | None) -> int | None:
    if not last_event_id:
        return after
    if not (last_event_id.isascii() and last_event_id.isdigit()) or int(last_event_id) > FURTHEST:
        raise HTTPException(400, f"Last-Event-ID: {last_event_id!r} is no place in a stream")
    return int(last_event_id)


def _kept(parts: Services, place: int) -> int | None:
    """As `feed.lost`."""
    with parts.store.read() as link:
        return feed.lost(link, place)


def _start(parts: Services, place: int | None) -> tuple[int, bool]:
    """The stream's head, and whether everything after `place` is still kept."""
    with parts.store.read() as link:
        return counters.current(link, "stream"), place is not None and stream.reaches_back_to(link, place)


def _answer(parts: Services, reader: Reader, place: int, opening: Line | None) -> StreamingResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_follow(parts, reader, place, opening), media_type="text/event-stream", headers=headers)


async def _follow(parts: Services, reader: Reader, place: int, opening: Line | None) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    if opening is not None:
        yield _text(opening)
    rested = 0.0
    while not parts.bell.closed:
        await asyncio.sleep(max(0.0, rested - time.monotonic()))
        # Listen before looking: what is committed in between rings.
        news, began = parts.bell.listen(), time.monotonic()
        lines = await run_in_threadpool(reader.next, place)
        if lines is None:
            parts.bell.forget(news)
            return
        ended = time.monotonic()
        # Who comes back and is behind goes on at once.
        rested = ended if len(lines) >= stream.AT_ONCE else ended + rest_s(ended - began)
        if lines:
            parts.bell.forget(news)
            place = lines[-1].id
            text = "".join(_text(line) for line in lines if line.body is not None)
            if text:
                yield text
        elif not await parts.bell.wait(news, HEARTBEAT_S):
            yield ": still here\n\n"


def rest_s(took_s: float) -> float:
    """How long after a look that took so long the next one begins at the earliest, in seconds."""
    return min(REST * took_s, LONGEST_REST_S)


def _text(line: Line) -> str:
    return f"id: {line.id}\nevent: {line.event}\ndata: {line.body}\n\n"


def _page_lines(parts: Services, caller: Session, last: int) -> list[Line]:
    with parts.store.read() as link:
        entries = stream.after(link, last)
        known = {
            "passage": _passed(link, caller, [entry.ref for entry in entries if entry.kind == "passage"]),
            "alert": _alerts(link, parts, caller, {int(entry.ref) for entry in entries if entry.kind == "alert"}),
            "node": _nodes(link, parts, {entry.ref for entry in entries if entry.kind == "node"}),
        }
        return [Line(entry.id, entry.kind, _body(link, parts, caller, entry, known)) for entry in entries]


def _nodes(link: Connection, parts: Services, names: Collection[str]) -> dict[str, str]:
    """These nodes as they are now; all at once, since for each of them its holes are counted."""
    if not names:
        return {}
    found = node_views.nodes(sorted(names), parts.presence, parts.rows.missing(link, names), parts.clock())
    return {shown.id: shown.model_dump_json(by_alias=True) for shown in found}


def _passed(link: Connection, caller: Session, refs: Sequence[str]) -> dict[str, str]:
    """Of these passages what this reader may see, by number, as it is now; all at once: there are many in a rush."""
    if not refs:
        return {}
    theirs = passages.c.id.in_(map(int, refs)) & passages_for(link, caller)
    rows = link.execute(select(passages).where(theirs)).mappings().all()
    return {shown.id: shown.model_dump_json(by_alias=True) for shown in passage_views.passages(link, rows)}


def _alerts(link: Connection, parts: Services, caller: Session, numbers: Collection[int]) -> dict[str, str]:
    """Of these alerts what this reader may see, as it is now; all at once: each takes five queries, as do all."""
    if not numbers or "alert" not in STREAMS[caller.role]:
        return {}
    visible = alerts.c.id.in_(numbers) & alerts_for(caller.role, parts.config)
    found = alert_views.alerts(link, link.execute(select(alerts).where(visible)).mappings().all())
    return {alert.id: shown_to(caller.role, alert).model_dump_json(by_alias=True) for alert in found}


def _body(
    link: Connection, parts: Services, caller: Session, entry: stream.Entry, known: Mapping[str, Mapping[str, str]]
) -> str | None:
    """The thing as it is now (`known`: by kind, those that were asked for together); None: gone, or not for them."""
    if entry.kind not in STREAMS[caller.role]:
        return None
    if entry.kind in known:
        return known[entry.kind].get(entry.ref)
    if entry.kind == "lane":
        lane = parts.lanes.one(entry.ref)
        return None if lane is None else _one(lane_views.lanes(link, [lane]))
    if entry.kind == "watch_list":
        # Only that it changed: each look at it is written down, so whoever has it open asks for it.
        return json.dumps({"id": entry.ref})
    told = (notices.c.id == int(entry.ref)) & notices_for(link, caller)
    rows = link.execute(select(notices).where(told)).mappings().all()
    return _one([notice_views.notice(row) for row in rows])


def _one(found: Sequence[BaseModel]) -> str | None:
    return found[0].model_dump_json(by_alias=True) if found else None
