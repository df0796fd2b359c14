"""Reads what the ledger counts from the store."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, func, select
from zhian_wire import times

from .. import moments
from ..store.tables import epochs, events, intake, signed, words
from .book import Counts, DayOfRun, Line, Signed, Word, lines


def read(link: Connection, site: str, zone: ZoneInfo) -> list[Line]:
    """The ledger of a site; `zone` is its own."""
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
    runs = (DayOfRun(*row) for row in link.execute(days))
    return lines(runs, counts, _words(link, site, zone), _signed(link, site))


def _words(link: Connection, site: str, zone: ZoneInfo) -> list[Word]:
    same = and_(*(epochs.c[name] == words.c[name] for name in ("site", "node", "epoch")))
    query = select(words, func.coalesce(epochs.c.highest, 0).label("arrived")).outerjoin(epochs, same)
    return [
        Word(
            row.node,
            row.epoch,
            moments.local_day(times.from_text(row.at), zone),
            row.seq,
            row.at,
            row.arrived,
            row.fell_from or 0,
            row.arrived_then or 0,
        )
        for row in link.execute(query.where(words.c.site == site))
    ]


def _signed(link: Connection, site: str) -> list[Signed]:
    rows = link.execute(select(signed).where(signed.c.site == site))
    return [Signed(row.node, row.epoch, row.day, row.decided, row.at) for row in rows]
