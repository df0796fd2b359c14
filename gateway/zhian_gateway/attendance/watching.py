"""Looks after each bell who is not here, and takes back what turns out otherwise, also days later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Connection, func, select

from .. import moments
from ..nodes import identity
from ..services import Services
from ..store import counters
from ..store.tables import epochs, passages
from . import leave, signals
from .reading import PersonDay, pupils, sheet, timetable_of

log = structlog.get_logger(__name__)
#: What a node that was cut off tells later than that changes its day, and nobody is told any more.
LOOK_BACK: Final = timedelta(days=7)


class Seen(NamedTuple):
    """What a look rested on."""

    passage: int
    roster: int
    at: datetime


class AttendanceWatch:
    """One thread uses it."""

    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed
        self._seen: Seen | None = None
        self._bells: list[datetime] = []

    def step(self) -> int:
        """Look once, where anything happened since the last look; always 0, since nothing waits for a second one."""
        parts, now = self._services, self._services.clock()
        with parts.store.read() as link:
            seen = Seen(_last_passage(link), counters.current(link, "roster"), now)
            days = self._days(link, seen)
            found = self._find(link, days, now) if days else []
            self._remember(link, seen)
        if found:
            self._write(days, now)
            self._changed()
        return 0

    def _days(self, link: Connection, seen: Seen) -> list[date]:
        """Today, when a bell rang or anybody passed, and the days before that may turn out otherwise."""
        before, today = self._seen, self._day(seen)
        since = (today - LOOK_BACK).isoformat()
        if before is None or before.roster != seen.roster:
            wanted = signals.standing_days(link, since) | {today.isoformat()}
        elif before.passage != seen.passage:
            passed = _passed(link, before.passage)
            wanted = (signals.standing_days(link, since) & passed) | {today.isoformat()}
        elif any(before.at < bell <= seen.at for bell in self._bells):
            wanted = {today.isoformat()}
        else:
            return []
        return sorted(date.fromisoformat(day) for day in wanted if day <= today.isoformat())

    def _remember(self, link: Connection, seen: Seen) -> None:
        """And when the next bells ring, and leave slips end."""
        before, self._seen = self._seen, seen
        if before is None or before.roster != seen.roster or self._day(before) != self._day(seen):
            table, today = timetable_of(link, self._services.zone), self._day(seen)
            days = (today, today + timedelta(days=1))
            hours = [found for group in table.groups for day in days if (found := table.hours(group, day)) is not None]
            rung = {bell for each in hours for bell in (each.arrive_by, each.closes) if bell is not None}
            rung |= set(leave.ends_after(link, seen.at))
            self._bells = sorted(bell + signals.GRACE for bell in rung)

    def _day(self, seen: Seen) -> date:
        return seen.at.astimezone(self._services.zone).date()

    def _find(self, link: Connection, days: Sequence[date], now: datetime) -> list[signals.Change]:
        lines = self._lines(link, days, now)
        return signals.changes(link, lines, today=moments.local_day(now, self._services.zone), now=now)

    def _lines(self, link: Connection, days: Sequence[date], now: datetime) -> list[PersonDay]:
        return sheet(link, days, pupils(link, None), self._services.zone, now)

    def _write(self, days: Sequence[date], now: datetime) -> None:
        """Once more, with the pen: a teacher may have been faster."""
        parts = self._services
        with parts.store.write() as link:
            found = self._find(link, days, now)
            signals.write(link, found, site=parts.site, silent=self._silent(link, now), now=moments.text(now))
        raised = sum(1 for each in found if each.wanted is not None)
        log.info("attendance.signals", raised=raised, taken_back=len(found) - raised)

    def _silent(self, link: Connection, now: datetime) -> str:
        """Nodes that have told something before and say nothing now: who came by them is not known yet."""
        parts = self._services
        told = set(link.execute(select(epochs.c.node).where(epochs.c.site == parts.site)).scalars())
        nodes = [node for node in identity.every(link, parts.site) if node in told]
        return ",".join(node for node in nodes if parts.presence.state(node, now) == "offline")


def _last_passage(link: Connection) -> int:
    return link.execute(select(func.max(passages.c.id))).scalar() or 0


def _passed(link: Connection, after: int) -> set[str]:
    """The days of the passages that came since."""
    query = select(passages.c.day).where(passages.c.id > after, passages.c.person.is_not(None)).distinct()
    return set(link.execute(query).scalars())
