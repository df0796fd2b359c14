"""Notices and what became of them, guardians' wishes, and the gateway's own inbox."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Header, Path, Query

from ..family import carers
from ..notices import inbox, office
from . import notice_shapes as shapes
from . import notice_views as views
from .access import Caller, Parts, public, users
from .guarded import GuardedRouter
from .paging import Cursor, Limit, parse_id
from .shapes import Done
from .sight import notices_for

router = GuardedRouter()
State = Literal["queued", "held", "sending", "sent", "failed", "expired", "unsure"]


@router.get("/api/notices")
@users("admin", "guard", "teacher")
def list_notices(
    parts: Parts,
    caller: Caller,
    before: Cursor = None,
    limit: Limit = 50,
    state: Annotated[list[State] | None, Query()] = None,
) -> shapes.Notices:
    """Notices, newest first, with what became of them; a teacher sees those about their own classes."""
    # Those of cases are shown with their cases, to who may see these.
    place = None if before is None else parse_id(before, "before")
    with parts.store.read() as link:
        shown = notices_for(link, caller)
        rows = office.listed(link, states=state or (), before=place, limit=limit + 1, shown=shown)
    more = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    return shapes.Notices(items=[views.notice(row) for row in rows[:limit]], next=more)


@router.post("/api/notices/{notice_id}/retry")
@users("admin", "guard")
def send_once_more(parts: Parts, caller: Caller, notice_id: str) -> Done:
    """Send a notice that did not arrive, or may not have, once more."""
    number = parse_id(notice_id, "notice")
    with parts.store.write() as link:
        office.retry(link, number, parts.config, who=caller.user, now=parts.clock())
    parts.bell.ring()
    return Done()


@router.get("/api/people/{person_id}/guardians")
@users("admin")
def list_guardians(parts: Parts, person_id: Annotated[str, Path(max_length=64)]) -> shapes.Guardians:
    """Somebody's guardians, and what they want to be told of."""
    with parts.store.read() as link:
        rows = office.guardians_of(link, person_id)
        phones = carers.bound(link, [row["id"] for row in rows])
    return shapes.Guardians(items=[views.guardian(row, phones.get(row["id"])) for row in rows])


@router.put("/api/guardians/{guardian_id}/preferences")
@users("admin")
def set_preferences(parts: Parts, caller: Caller, guardian_id: str, wanted: shapes.Preferences) -> Done:
    """What a guardian wants to be told of, where, in which language, and when not."""
    number = parse_id(guardian_id, "guardian")
    with parts.store.write() as link:
        office.prefer(
            link,
            number,
            parts.config.notices,
            happenings=wanted.happenings,
            quiet=wanted.quiet,
            language=wanted.language,
            places=wanted.addresses,
            site=parts.site,
            who=caller.user,
            now=parts.now(),
        )
    return Done()


@router.get("/api/inbox")
@users("admin", "guard", "teacher")
def list_inbox(parts: Parts, caller: Caller, before: Cursor = None, limit: Limit = 50) -> shapes.Inbox:
    """What arrived in the gateway's own inbox, newest first; a teacher sees what is about their own classes."""
    last = None if before is None else parse_id(before, "before")
    with parts.store.read() as link:
        if caller.role == "teacher":
            found = inbox.latest_of(link, notices_for(link, caller), limit + 1, before=last)
        else:
            found = inbox.latest(link, limit + 1, before=last)
    rows = found[:limit]
    items = [
        shapes.InboxItem(
            id=str(row.id), guardian=row.guardian, title=row.title, body=row.body, received_at=row.received_at
        )
        for row in rows
    ]
    return shapes.Inbox(items=items, next=str(rows[-1].id) if len(found) > limit else None)


@router.post("/inbox/{guardian}")
@public
def receive(
    parts: Parts,
    guardian: Annotated[str, Path(max_length=64)],
    post: shapes.InboxPost,
    shown: Annotated[str, Header(alias=inbox.HEADER, max_length=128)] = "",
    key: Annotated[str | None, Header(alias=inbox.KEY_HEADER, max_length=128)] = None,
) -> Done:
    """Take a notice of this very gateway, which the header proves; what came before with the same key is dropped."""
    inbox.check(parts.store.key, guardian, shown)
    with parts.store.write() as link:
        inbox.receive(link, guardian, title=post.title, body=post.message, now=parts.now(), key=key)
    return Done()
