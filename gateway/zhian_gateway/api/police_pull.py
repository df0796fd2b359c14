"""The police feed page by page, for who would rather ask than listen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel

from ..police import feed, pulling
from .access import Parts, subscriber
from .tags import JSON, tag_of

router = APIRouter()
After = Annotated[str | None, Query(max_length=96)]
Most = Annotated[int, Query(ge=1, le=500)]
IfNoneMatch = Annotated[str | None, Header(max_length=2000)]


class FeedSubject(BaseModel):
    """Whom a candidate may be, as the list calls them."""

    listed_as: str | None
    plate: str | None
    score: float | None
    network: str | None


class FeedEntry(BaseModel):
    """How a case stands. `case` is its number; the same case comes again with every change."""

    id: int
    site: str
    case: int
    kind: str
    severity: str
    state: str
    candidate: bool
    raised_at: str
    updated_at: str
    node: str
    camera: str | None
    lane: str | None
    subject: FeedSubject | None
    verdict: str | None = None
    judged_at: str | None = None


class FeedPage(BaseModel):
    """Entries in the order in which they happened. `next` is where to go on; `more`: there is another page already."""

    items: list[FeedEntry]
    next: str
    more: bool


@router.get("/police/entries", responses={200: {"model": FeedPage}, 304: {"description": "Nothing new"}})
@subscriber
def entries(parts: Parts, after: After = None, limit: Most = 100, if_none_match: IfNoneMatch = None) -> Response:
    """What came after a place, oldest first; without one from the beginning of what is kept.

    Keep `next` together with what you made of the page, and ask with it: nothing is missed, nothing comes twice. With
    the `ETag` of the last answer in `If-None-Match` the answer is 304 while nothing is new. 409 `restored`: the gateway
    was restored from a backup.
    """
    store_id = parts.store.store_id
    last = 0 if after is None else pulling.number_of(after, store_id)
    with parts.store.read() as link:
        rows = feed.after(link, last, limit + 1)
    shown = rows[:limit]
    items = [FeedEntry.model_validate_json(row.body) for row in shown]
    place = pulling.place_of(store_id, shown[-1].id if shown else last)
    body = FeedPage(items=items, next=place, more=len(rows) > limit).model_dump_json().encode()
    headers = {"ETag": tag_of(body), "Cache-Control": "private, no-store"}
    known = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=JSON, headers=headers)
