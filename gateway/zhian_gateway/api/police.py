"""What administrators see of the police feed's deliveries."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select

from ..store.tables import deliveries
from . import shapes
from .access import Parts, users
from .paging import Limit

router = APIRouter(prefix="/api/police")


@router.get("/deliveries")
@users("admin")
def list_deliveries(parts: Parts, limit: Limit = 50) -> shapes.Deliveries:
    """The latest deliveries to webhooks; `dead` ones were given up."""
    query = select(deliveries).order_by(deliveries.c.feed_id.desc(), deliveries.c.subscriber).limit(limit)
    with parts.store.read() as link:
        rows = link.execute(query).mappings().all()
    same = ("feed_id", "subscriber", "state", "tries", "error")
    return shapes.Deliveries(items=[shapes.Delivery(**{name: row[name] for name in same}) for row in rows])
