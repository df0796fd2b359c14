"""Somebody who was here before, found again by their own number, only as long as retention keeps that visit."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, select

from .. import moments
from ..errors import BadInput
from ..services import Services
from ..store.tables import visits
from . import citizen, life, rows, typed
from .rows import Visit

#: So many visits are looked through, the latest first; their numbers lie sealed, so that no index knows them.
MOST: Final = 50_000


def latest(link: Connection, parts: Services, phone: str, number: str) -> Visit | None:
    """The last visit that is over of who gave exactly these numbers, "" any of it; None: there is none any more.

    Raises:
        BadInput: no number at all, or one that is none.
    """
    wanted = {"phone": typed.phone(phone), "citizen": citizen.number(number, parts.clock().date())}
    asked = {name: value for name, value in wanted.items() if value}
    if not asked:
        raise BadInput("phone: a telephone or citizen number is needed")
    over = select(visits.c.id, visits.c.phone, visits.c.citizen).where(visits.c.state.in_(sorted(life.OVER)))
    days = parts.config.retention.visits_days
    if days:
        # What is due to be deleted tonight is not shown today.
        over = over.where(visits.c.ends >= moments.text(parts.clock() - timedelta(days=days)))
    for row in link.execute(over.order_by(visits.c.id.desc()).limit(MOST)):
        if all(getattr(row, name) == value for name, value in asked.items()):
            return rows.find(link, row.id)
    return None
