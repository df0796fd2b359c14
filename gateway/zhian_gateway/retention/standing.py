"""How much of each class is kept, and what open cases hold beyond its time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Select, func, select

from ..config_types import Retention
from ..people.registry import Registry
from ..store.tables import (
    alerts,
    attendance_corrections,
    attendance_signals,
    audit,
    configuration_pushes,
    emergencies,
    events,
    hand_passes,
    handovers,
    inbox,
    leave_slips,
    musters,
    notices,
    passages,
    pictures,
    police_feed,
    refusals,
    retention_runs,
    unwanted_crops,
    visits,
    watch_entries,
)
from .holds import held_passages, held_pictures
from .job import classes

_ROWS: Final = select(func.count())
_KEPT: Final[dict[str, Select[Any]]] = {
    "pictures": _ROWS.select_from(pictures),
    "strangers": _ROWS.where(passages.c.person.is_(None)),
    "known": _ROWS.where(passages.c.person.is_not(None)),
    "attendance": _ROWS.select_from(attendance_signals),
    "corrections": _ROWS.select_from(attendance_corrections),
    "leave slips": _ROWS.select_from(leave_slips),
    "hand-overs": _ROWS.select_from(handovers),
    "configuration changes": _ROWS.where(configuration_pushes.c.ended_at.is_not(None)),
    "roll calls": _ROWS.select_from(musters),
    "passages by hand": _ROWS.select_from(hand_passes),
    "emergencies": _ROWS.where(emergencies.c.ended_at.is_not(None)),
    "unwanted crops": _ROWS.select_from(unwanted_crops),
    "events": _ROWS.select_from(events).where(events.c.digest.is_(None)),
    "refused messages": _ROWS.where(refusals.c.body != b""),
    "police": _ROWS.select_from(police_feed),
    "cases": _ROWS.select_from(alerts),
    "notices": _ROWS.select_from(notices),
    "visits": _ROWS.select_from(visits),
    "inbox": _ROWS.select_from(inbox),
    "watch lists": _ROWS.where(watch_entries.c.ended_at.is_not(None)),
    "audit": _ROWS.select_from(audit),
}


class Standing(NamedTuple):
    """One class; `days` 0: for ever."""

    name: str
    days: int
    kept: int


class Holds(NamedTuple):
    """What is kept beyond its time, because cases are open; and how many events are proven by their hash alone."""

    passages: int
    pictures: int
    emptied: int


class Ran(NamedTuple):
    """A run that ended."""

    at: str
    who: str
    counts: dict[str, int]


def standings(link: Connection, settings: Retention) -> list[Standing]:
    """Every class, in the order of the job."""
    nobody = Registry("", ZoneInfo("UTC"))
    names: Iterable[tuple[str, int]] = ((due.name, due.days) for due in classes(settings, "", "", None, nobody))
    return [Standing(name, days, link.execute(_KEPT[name]).scalar_one()) for name, days in names]


def holds(link: Connection) -> Holds:
    """What open cases hold."""
    held = link.execute(select(func.count()).select_from(held_passages().subquery())).scalar_one()
    emptied = link.execute(_ROWS.where(events.c.digest.is_not(None))).scalar_one()
    return Holds(held, len(held_pictures(link)), emptied)


def last_runs(link: Connection, most: int = 7) -> list[Ran]:
    """The latest runs, newest first."""
    query = select(retention_runs).where(retention_runs.c.finished_at.is_not(None))
    rows = link.execute(query.order_by(retention_runs.c.id.desc()).limit(most))
    return [Ran(row.finished_at, row.who, msgspec.json.decode(row.counts, type=dict[str, int])) for row in rows]
