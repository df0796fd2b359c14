"""Reads what the ledger counts from the store."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from ..store.tables import events, intake
from .book import Counts, DayOfRun, Line, lines


def read(link: Connection, site: str) -> list[Line]:
    """The ledger of a site."""
    days = (
        select(events.c.node, events.c.epoch, events.c.day, func.count(), func.max(events.c.seq))
        .where(events.c.site == site)
        .group_by(events.c.node, events.c.epoch, events.c.day)
    )
    counted = select(intake).where(intake.c.site == site)
    counts = {
        (row.node, row.day): Counts(row.repeated, row.conflicts, row.foreign_, row.unreadable, row.turned_away)
        for row in link.execute(counted)
    }
    return lines((DayOfRun(*row) for row in link.execute(days)), counts)
