"""What administrators see of the police feed's deliveries."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from sqlalchemy import ColumnElement, and_, or_, select, true

from ..store.tables import deliveries
from . import police_shapes as shapes
from .access import Parts, users
from .guarded import GuardedRouter
from .paging import Limit, parse_id

router = GuardedRouter(prefix="/api/police")
#: The feed's number and a subscriber's name.
Place = Annotated[str | None, Query(max_length=96)]


@router.get("/deliveries")
@users("admin")
def list_deliveries(parts: Parts, before: Place = None, limit: Limit = 50) -> shapes.Deliveries:
    """Deliveries to webhooks, latest first; `dead` ones were given up."""
    order = (deliveries.c.feed_id.desc(), deliveries.c.subscriber)
    query = select(deliveries).where(_older(before)).order_by(*order).limit(limit + 1)
    with parts.store.read() as link:
        found = link.execute(query).mappings().all()
    rows = found[:limit]
    last = f"{rows[-1]['feed_id']}~{rows[-1]['subscriber']}" if len(found) > limit else None
    same = ("feed_id", "subscriber", "state", "tries", "error")
    items = [shapes.Delivery(**{name: row[name] for name in same}) for row in rows]
    return shapes.Deliveries(items=items, next=last)


def _older(before: str | None) -> ColumnElement[bool]:
    """What comes after the entry of the feed and the subscriber that a page ended with."""
    if before is None:
        return true()
    entry, _, subscriber = before.partition("~")
    number = parse_id(entry, "before")
    later = and_(deliveries.c.feed_id == number, deliveries.c.subscriber > subscriber)
    return or_(deliveries.c.feed_id < number, later)
