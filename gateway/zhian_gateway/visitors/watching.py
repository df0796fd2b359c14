"""Looks after what time does to visits: passes end, who is still here is an alert, who did not come is missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import structlog
from sqlalchemy import Connection, select

from ..cases.signals import Raise
from ..services import Services
from ..store.tables import visits
from . import ending, hours, life, own_list, rows
from .rows import Visit
from .whereabouts import Place, places

log = structlog.get_logger(__name__)
#: Of cases that no node told of.
NODE = "visitors"


class VisitWatch:
    """One thread uses it."""

    def __init__(self, services: Services, changed: Callable[[], None]) -> None:
        self._services = services
        self._changed = changed

    def step(self) -> int:
        """Look once; always 0, since nothing waits for a second look."""
        parts = self._services
        with parts.store.read() as link:
            due = self._due(link)
        for row, word in due:
            with parts.store.write() as link:
                self._act(link, row.id, word)
            log.info("visit.due", visit=row.id, word=word)
        self._end_entries()
        if due:
            self._changed()
        return 0

    def _due(self, link: Connection) -> list[tuple[Visit, hours.Due]]:
        parts = self._services
        waiting = visits.c.state.in_(("inside", *sorted(life.EXPECTED)))
        found = link.execute(select(visits).where(waiting, visits.c.ends <= parts.now())).all()
        at = places(link, found)
        judged = [(row, self._judged(row, at.get(row.id))) for row in found]
        return [(row, word) for row, word in judged if word != "nothing" and not (word == "overdue" and row.overdue_at)]

    def _judged(self, row: Visit, at: Place | None) -> hours.Due:
        parts = self._services
        ends, grace = rows.moment(row, "ends"), parts.config.visitors.grace
        here = at is None or at.on_site
        return hours.due(cast(life.State, row.state), ends, parts.clock(), grace, on_site=here)

    def _act(self, link: Connection, visit: int, word: hours.Due) -> None:
        """Once more with the pen: a guard may have been faster."""
        row = rows.find(link, visit)
        at = places(link, [row]).get(visit)
        if self._judged(row, at) != word:
            return
        if word == "overdue":
            self._raise(link, row, at)
        elif word == "over" and at is not None:
            ending.leave(link, self._services, row, who="gateway", at=at.at, why="gone by a passage")
        elif word == "missed":
            rows.step(link, self._services, row, "miss", who="gateway")

    def _raise(self, link: Connection, row: Visit, at: Place | None) -> None:
        parts, now = self._services, self._services.now()
        wanted = Raise(
            key=ending.overdue_key(row.id),
            kind="visitor_overdue",
            severity="major",
            node=NODE,
            at=now,
            person=ending.opaque_of(link, row),
            detail=(at.zone if at is not None else None) or "",
        )
        parts.book.raise_(link, wanted, now)
        rows.change(link, parts, row.id, {"overdue_at": now}, action="visit.overdue", who="gateway")

    def _end_entries(self) -> None:
        parts = self._services
        with parts.store.read() as link:
            ended = link.execute(own_list.ended(parts.now())).first()
        if ended is not None:
            with parts.store.write() as link:
                own_list.forget_ended(link, parts)
