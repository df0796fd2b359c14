"""What has run out is deleted: grounds with their templates, sessions, secrets, who was where yesterday, old data."""

from __future__ import annotations

import structlog

from . import moments
from .people import whereabouts
from .retention.job import Job
from .services import Services
from .store import stream

log = structlog.get_logger(__name__)


class Housekeeping:
    """One thread uses it, every minute."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._retention = Job(services)

    def step(self) -> int:
        """Sweep once, or go on with the daily run of the retention job; whether there is more of that."""
        if not self._retention.under_way:
            self._sweep()
        return self._retention.step()

    def _sweep(self) -> None:
        parts, now = self._services, self._services.now()
        with parts.store.read() as link:
            ended = parts.registry.expired(link, now)
        for person_id in ended:
            with parts.store.write() as link:
                orphans = parts.registry.withdraw(link, person_id, who="gateway", now=now, why="the ground ended")
            parts.pictures.delete(orphans)
            log.info("people.ground_ended", person=person_id)
        parts.accounts.sweep()
        with parts.store.write() as link:
            stream.prune(link)
            whereabouts.forget_before(link, moments.local_day(parts.clock(), parts.zone))
