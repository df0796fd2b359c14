"""The police feed page by page, for who would rather ask than listen."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import Header, Query, Response

from ..police import feed, pulling
from .access import Parts, subscriber
from .guarded import GuardedRouter
from .tags import JSON, tag_of

router = GuardedRouter()
After = Annotated[str | None, Query(max_length=96)]
Most = Annotated[int, Query(ge=1, le=500)]
IfNoneMatch = Annotated[str | None, Header(max_length=2000)]


@router.get("/police/entries", response_class=Response, responses={304: {"description": "Nothing new"}})
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
    items = [msgspec.json.decode(row.body, type=feed.FeedEntry) for row in shown]
    place = pulling.place_of(store_id, shown[-1].id if shown else last)
    body = msgspec.json.encode(feed.FeedPage(items=items, next=place, more=len(rows) > limit))
    headers = {"ETag": tag_of(body), "Cache-Control": "private, no-store"}
    known = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    if headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=JSON, headers=headers)
