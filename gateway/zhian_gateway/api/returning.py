"""A visitor who was here before: found by their own number, so that the form need not be typed again."""

from __future__ import annotations

from ..store import audit
from ..visitors import returning
from ..visitors.citizen import masked
from ..visitors.typed import masked_phone
from . import visit_shapes as shapes
from .access import Caller, Parts, users
from .guarded import GuardedRouter

router = GuardedRouter(prefix="/api/visits")


@router.post("/returning")
@users("admin", "guard")
def find(parts: Parts, caller: Caller, wanted: shapes.Returning) -> shapes.Returned:
    """What their last visit said, as long as it is kept; each look, also one that finds nobody, is written down."""
    with parts.store.write() as link:
        row = returning.latest(link, parts, wanted.phone, wanted.citizen)
        told = {"subject": str(row.id) if row else "", "detail": "by number: " + ("found" if row else "nobody")}
        audit.record(link, site=parts.site, at=parts.now(), who=caller.user, action="visit.find", **told)
    if row is None:
        return shapes.Returned(earlier=None)
    fields = ("name", "plate", "purpose", "host_name", "begins", "state")
    said = {name: getattr(row, name) for name in fields}
    return shapes.Returned(
        earlier=shapes.Earlier(
            id=str(row.id), phone=masked_phone(row.phone), citizen=masked(row.citizen), area=row.area, **said
        )
    )
