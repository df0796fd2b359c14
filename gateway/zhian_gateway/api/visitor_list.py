"""The site's own list of whom to stop at the window: for administrators alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from ..store import audit
from ..visitors import own_list
from . import visit_shapes as shapes
from . import visit_views as views
from .access import Caller, Parts, users
from .guarded import GuardedRouter
from .shapes import Done

router = GuardedRouter(prefix="/api/visitor-list")
EntryId = Annotated[str, Path(pattern=r"^[0-9]{1,18}$")]


@router.get("")
@users("admin")
def entries(parts: Parts, caller: Caller) -> shapes.Entries:
    """Who is on it, the latest first."""
    with parts.store.write() as link:
        audit.record(link, site=parts.site, at=parts.now(), who=caller.user, action="visitor_list.view")
        return shapes.Entries(items=[views.entry(row) for row in own_list.every(link, parts.now())])


@router.post("")
@users("admin")
def add(parts: Parts, caller: Caller, wanted: shapes.NewEntry) -> shapes.Entries:
    """Somebody is to be stopped from now on, on a ground and until a day."""
    said = own_list.Entry(wanted.name, wanted.citizen, wanted.plate, wanted.ground, wanted.until)
    with parts.store.write() as link:
        own_list.add(link, parts, said, who=caller.user)
        return shapes.Entries(items=[views.entry(row) for row in own_list.every(link, parts.now())])


@router.post("/{entry_id}/remove")
@users("admin")
def remove(parts: Parts, caller: Caller, entry_id: EntryId) -> Done:
    """Nobody is stopped by it any more."""
    with parts.store.write() as link:
        own_list.remove(link, parts, int(entry_id), who=caller.user)
    return Done()
