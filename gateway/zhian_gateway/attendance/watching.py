"""Looks after each bell who is not here, and takes back what turns out otherwise, also days later.

Nothing new is told while what the gates know is still on its way (`hearing`); what is wrong is taken back at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import structlog
from sqlalchemy import Connection, func, select

from .. import moments
from ..services import Services
from ..store import counters
from ..store.tables import passages
from . import leave, signals
from .hearing import Hearing, speaking
from .reading import PersonDay, pupils, sheet, timetable_of, ways

log = structlog.get_logger(__name__)
#: What a node that was cut off tells later than that changes its day, and nobody is told any more.
LOOK_BACK: Final = timedelta(days=7)
#: What is on its way is waited for no longer: whoever is really missing is to be told of.
PATIENCE: Final = timedelta(minutes=5)


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
        self._hearing = Hearing(services)
        self._held_since: datetime | None = None

    def step(self) -> int:
        """Look once, where anything happened since the last look; always 0, since nothing waits for a second one."""
        parts, now = self._services, self._services.clock()
        # Before the look, so that it finds what was heard.
        enough = self._hearing.is_enough(now)
        with parts.store.read() as link:
            seen = Seen(_last_passage(link), counters.current(link, "roster"), now)
            days = self._days(link, seen)
            found = self._find(link, days, now) if days else []
            self._remember(link, seen)
        may_raise = self._may_raise(found, now, enough=enough)
        if _to_tell(found, may_raise=may_raise):
            self._write(days, now, may_raise=may_raise)
            self._changed()
        return 0

    def _may_raise(self, found: Sequence[signals.Change], now: datetime, *, enough: bool) -> bool:
        """What would be raised is held back until enough was heard, or for so long."""
        if enough or all(each.wanted is None for each in found):
            self._held_since = None
            return True
        self._held_since = self._held_since or now
        if now - self._held_since <= PATIENCE:
            return False
        self._held_since = None
        return True

    def _days(self, link: Connection, seen: Seen) -> list[date]:
        """Today, when a bell rang, anybody passed or something was held back, and days that may turn out otherwise."""
        before, today = self._seen, self._day(seen.at)
        since = (today - LOOK_BACK).isoformat()
        wanted = {day.isoformat() for day in (self._day(seen.at - signals.OVER_MIDNIGHT), today)}
        if before is None or before.roster != seen.roster:
            wanted |= signals.standing_days(link, since)
        elif before.passage != seen.passage:
            wanted |= signals.standing_days(link, since) & _passed(link, before.passage)
        elif not self._held_since and not any(before.at < bell <= seen.at for bell in self._bells):
            return []
        return sorted(date.fromisoformat(day) for day in wanted if day <= today.isoformat())

    def _remember(self, link: Connection, seen: Seen) -> None:
        """And when the next bells ring, and leave slips end."""
        before, self._seen = self._seen, seen
        today = self._day(seen.at)
        if before is None or before.roster != seen.roster or self._day(before.at) != today:
            table = timetable_of(link, self._services.zone)
            # What closes at midnight is looked at after it.
            days = [today + timedelta(days=more) for more in (-1, 0, 1)]
            hours = [table.hours(group, day, own) for group, own in ways(link) for day in days]
            rung = {bell for each in hours if each for bell in (each.arrive_by, each.closes) if bell is not None}
            # One that ended just now is looked at when its minute is over.
            rung |= set(leave.ends_after(link, seen.at - signals.GRACE))
            self._bells = sorted(bell + signals.GRACE for bell in rung)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._services.zone).date()

    def _find(self, link: Connection, days: Sequence[date], now: datetime) -> list[signals.Change]:
        lines = self._lines(link, days, now)
        return signals.changes(link, lines, today=moments.local_day(now, self._services.zone), now=now)

    def _lines(self, link: Connection, days: Sequence[date], now: datetime) -> list[PersonDay]:
        return sheet(link, days, pupils(link, None), self._services.zone, now)

    def _write(self, days: Sequence[date], now: datetime, *, may_raise: bool) -> None:
        """Once more, with the pen: a teacher may have been faster."""
        parts = self._services
        with parts.store.write() as link:
            found = _to_tell(self._find(link, days, now), may_raise=may_raise)
            signals.write(link, found, site=parts.site, silent=self._silent(link, now), now=moments.text(now))
        raised = sum(1 for each in found if each.wanted is not None)
        log.info("attendance.signals", raised=raised, taken_back=len(found) - raised)

    def _silent(self, link: Connection, now: datetime) -> str:
        """Nodes that say nothing now, or have not delivered since the start: who came by them is not known yet."""
        parts, behind = self._services, self._hearing.behind
        nodes = speaking(link, parts.site)
        return ",".join(node for node in nodes if node in behind or parts.presence.state(node, now) == "offline")


def _to_tell(found: Sequence[signals.Change], *, may_raise: bool) -> list[signals.Change]:
    """All of it, or only what is taken back."""
    return [each for each in found if may_raise or each.wanted is None]


def _last_passage(link: Connection) -> int:
    return link.execute(select(func.max(passages.c.id))).scalar() or 0


def _passed(link: Connection, after: int) -> set[str]:
    """The days of the passages that came since."""
    query = select(passages.c.day).where(passages.c.id > after, passages.c.person.is_not(None)).distinct()
    return set(link.execute(query).scalars())
