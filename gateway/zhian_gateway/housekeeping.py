"""What has run out is deleted: grounds with their templates, sessions, secrets, who was where yesterday, old data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic
from typing import Final, Protocol

import structlog
from sqlalchemy import Connection

from .auth.refusals import REFUSED
from .emergency import muster
from .family import carers
from .family import sessions as phones
from .people import deletions, whereabouts
from .people.evidence import forget_unwanted
from .people.latecomers import erase_latecomers
from .retention import believing
from .retention.job import Job
from .sealing import is_pending, seal_anew
from .services import Services
from .store import audit, stream
from .store.faults import is_store_fault
from .watchlists import office

log = structlog.get_logger(__name__)
#: What takes longer does not keep the rest waiting for more than this.
EVERY: Final = timedelta(minutes=1)


class End(Protocol):
    """Ends something for one person; returns the sha256 of pictures whose files are to be deleted."""

    def __call__(self, link: Connection, person_id: str, *, who: str, now: str, why: str) -> list[str]: ...


class Housekeeping:
    """One thread uses it, every minute."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._swept = services.clock()
        self._retention = Job(services)
        self._sealing: Iterator[object] | None = None
        self._believes = True

    def step(self) -> int:
        """Sweep once, or go on with what takes longer (sealing, the daily run of retention); whether there is more."""
        idle = self._sealing is None and not self._retention.under_way
        if idle or self._services.clock() - self._swept >= EVERY:
            self._swept = self._services.clock()
            self._sweep()
            self._believes = self._looks_at_the_clock()
            if self._believes:
                self._end_what_is_over()
        return self._seal() or (self._retention.step() if self._believes else 0)

    def _looks_at_the_clock(self) -> bool:
        believes = believing.believes(self._services)
        if self._believes and not believes:
            log.error("clock.doubted", now=self._services.now(), hint="zhian-gateway retention clock")
        return believes

    def _end_grounds(self) -> None:
        """Who is enrolled on grounds that have all ended is withdrawn."""
        registry = self._services.registry
        self._end_each(registry.expired, registry.withdraw, "the ground ended", "people.ground_ended")

    def _end_consents(self) -> None:
        """Templates go whose consent ended, by its own day or because nobody agreed to the new text in time."""
        registry = self._services.registry
        self._end_each(registry.lapsed, registry.forget_face, "the consent ended", "people.consent_ended")

    def _end_each(self, over: Callable[[Connection, str], list[str]], end: End, why: str, told: str) -> None:
        """End something for everybody whose time is over, each in a transaction of their own."""
        parts, now = self._services, self._services.now()
        with parts.store.read() as link:
            ended = over(link, now)
        for person_id in ended:
            try:
                with parts.store.write() as link:
                    orphans = end(link, person_id, who="gateway", now=now, why=why)
                parts.pictures.delete(orphans)
            except Exception as error:
                if is_store_fault(error):
                    raise
                # Whatever is wrong with one must hold up neither the others nor what else is swept.
                log.exception("people.not_ended", person=person_id, why=why)
            else:
                log.info(told, person=person_id)

    def _hear_deletions(self) -> None:
        """Write down which nodes say that they have deleted who withdrew."""
        parts = self._services
        with parts.store.read() as link:
            said = deletions.confirmed(link, parts.presence, parts.site)
        if said:
            with parts.store.write() as link:
                deletions.confirm(link, said, site=parts.site, now=parts.now())

    def _tell_refusals(self) -> None:
        """How many refusals of somebody were not written down one by one, once their time is over."""
        parts = self._services
        for user, count in parts.refusals.over(monotonic()).items():
            told = {"who": user, "action": REFUSED, "detail": f"{count} more in that time"}
            with parts.store.write() as link:
                audit.record(link, site=parts.site, at=parts.now(), **told)

    def _seal(self) -> int:
        """Go on with sealing what is not sealed with the present key; whether anything was left to do."""
        if self._sealing is None and is_pending(self._services):
            self._sealing = seal_anew(self._services, who="gateway")
        if self._sealing is None:
            return 0
        try:
            done = next(self._sealing, None)
        except BaseException:
            # The next step begins anew, and passes over what is done.
            self._sealing = None
            raise
        if done is None:
            self._sealing = None
        return 0 if done is None else 1

    def _sweep(self) -> None:
        """What needs no calendar."""
        parts = self._services
        self._hear_deletions()
        erase_latecomers(parts)
        self._tell_refusals()
        with parts.store.write() as link:
            stream.prune(link)
            carers.sweep(link)

    def _end_what_is_over(self) -> None:
        parts = self._services
        # A month that is numbered cannot be taken back either; until then numbers go on in the month before.
        parts.store.look_ahead(parts.clock())
        office.sweep(parts)
        self._end_grounds()
        self._end_consents()
        forget_unwanted(parts)
        parts.accounts.sweep()
        with parts.store.write() as link:
            phones.sweep(link, parts.clock())
            carers.sweep_codes(link, parts.clock())
            # A roll call that goes on over midnight still needs who came in since it began.
            whereabouts.forget_before(link, muster.since(link, parts.site, parts.clock(), parts.zone))
