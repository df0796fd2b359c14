"""Notices to guardians, and the gateway's own inbox."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path
from sqlalchemy import select

from ..notices import inbox
from ..store.tables import notices
from . import shapes, views
from .access import Parts, public, users
from .paging import Cursor, Limit, parse_id

router = APIRouter()


@router.get("/api/notices")
@users("admin", "guard", "teacher")
def list_notices(parts: Parts, before: Cursor = None, limit: Limit = 50) -> shapes.Notices:
    """Notices, newest first, with what became of them."""
    # Those of cases are shown with their cases, to who may see these.
    query = select(notices).where(notices.c.contact.is_(None)).order_by(notices.c.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(notices.c.id < parse_id(before, "before"))
    with parts.store.read() as link:
        rows = link.execute(query).mappings().all()
    more = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    return shapes.Notices(items=[views.notice(row) for row in rows[:limit]], next=more)


@router.get("/api/inbox")
@users("admin", "guard", "teacher")
def list_inbox(parts: Parts, limit: Limit = 50) -> shapes.Inbox:
    """What arrived in the gateway's own inbox, newest first."""
    with parts.store.read() as link:
        rows = inbox.latest(link, limit)
    items = [
        shapes.InboxItem(
            id=str(row.id), guardian=row.guardian, title=row.title, body=row.body, received_at=row.received_at
        )
        for row in rows
    ]
    return shapes.Inbox(items=items)


@router.post("/inbox/{guardian}")
@public
def receive(
    parts: Parts,
    guardian: Annotated[str, Path(max_length=64)],
    post: shapes.InboxPost,
    shown: Annotated[str, Header(alias=inbox.HEADER, max_length=128)] = "",
) -> shapes.Done:
    """Take a notice that apprise posts here; the header proves that it comes from this gateway."""
    with parts.store.write() as link:
        inbox.receive(link, parts.store.key, guardian, shown, title=post.title, body=post.message, now=parts.now())
    return shapes.Done()
