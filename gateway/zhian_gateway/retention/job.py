"""The job: once a day, or when somebody asks, in small batches, each of them whole in itself.

A batch is one transaction with the count of what it deleted; the files of its pictures go after the commit. Whatever
moment the gateway is killed at, the next run goes on, and files that were left behind are swept up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
import structlog
from sqlalchemy import Connection, delete, select, update

from .. import moments
from ..config_types import Retention
from ..errors import Conflict
from ..people.registry import Registry
from ..pictures import PARTS, Kind
from ..services import Services
from ..store import audit, locking
from ..store.tables import (
    attendance_corrections,
    attendance_signals,
    configuration_pushes,
    emergencies,
    hand_passes,
    handovers,
    inbox,
    leave_slips,
    retention_runs,
    unwanted_crops,
)
from ..visitors.forgetting import Visits
from .believing import doubt
from .classes import Due
from .contents import Contents, Quarantine
from .lists import WatchEntries
from .passing import Crops, Passages
from .records import Attendance, Audit, Cases, Dated, Notices, PoliceDeliveries, RollCalls
from .strays import strays

log = structlog.get_logger(__name__)

#: Rows of one transaction: receipts wait for some ten milliseconds at most.
AT_ONCE: Final = 200
#: A file may be a day older than its row: a picture is written first, and an import takes a while.
GRACE: Final = timedelta(days=1)
PICTURES: Final = "pictures"
STRAYS: Final = "stray files"


@dataclass
class Report:
    """What one run deleted, by class; with `dry`: would have."""

    dry: bool
    counts: Counter[str] = field(default_factory=Counter)


def classes(settings: Retention, site: str, now: str, orders_before: str | None, registry: Registry) -> tuple[Due, ...]:
    """Every class with its days, in the order in which they go."""
    return (
        Due(PICTURES, settings.pictures_days, Crops()),
        # No node has a crop for longer than it would be kept here.
        Due("unwanted crops", settings.pictures_days, Dated(unwanted_crops.c.mark, unwanted_crops.c.at)),
        Due("events", settings.events_days, Contents(orders_before)),
        Due("strangers", settings.strangers_days, Passages("strangers")),
        Due("known", settings.known_days, Passages("known")),
        Due("attendance", settings.known_days, Attendance(attendance_signals)),
        Due("corrections", settings.known_days, Attendance(attendance_corrections)),
        Due("leave slips", settings.known_days, Attendance(leave_slips)),
        Due("hand-overs", settings.audit_days, Dated(handovers.c.id, handovers.c.at)),
        Due("passages by hand", settings.known_days, Dated(hand_passes.c.id, hand_passes.c.at)),
        Due("emergencies", settings.audit_days, Dated(emergencies.c.id, emergencies.c.ended_at)),
        Due("roll calls", settings.known_days, RollCalls()),
        Due(
            "configuration changes",
            settings.audit_days,
            Dated(configuration_pushes.c.id, configuration_pushes.c.ended_at),
        ),
        Due("refused messages", settings.events_days, Quarantine()),
        Due("visits", settings.visits_days, Visits(registry, site, now)),
        Due("police", settings.police_days, PoliceDeliveries()),
        Due("cases", settings.cases_days, Cases()),
        Due("notices", settings.notices_days, Notices()),
        Due("inbox", settings.notices_days, Dated(inbox.c.id, inbox.c.received_at)),
        Due("watch lists", settings.watch_lists_days, WatchEntries(site, now)),
        Due("audit", settings.audit_days, Audit(site, now)),
    )


class Job:
    """One thread uses it: `step` for the daily run, `run` on demand."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._batches: Iterator[Report] | None = None

    @property
    def under_way(self) -> bool:
        """Whether the daily run has begun and not ended."""
        return self._batches is not None

    def step(self) -> int:
        """Begin the daily run when it is due, or do its next batch; how many were done."""
        if self._batches is None:
            if not self._is_due():
                return 0
            self._batches = self.batches("gateway")
        try:
            done = next(self._batches, None)
        except Conflict:
            # Somebody runs it by hand just now, which is as good.
            done = None
        except BaseException:
            # The next step begins anew: a batch is whole in itself.
            self._batches = None
            raise
        if done is None:
            self._batches = None
        return 0 if done is None else 1

    def _is_due(self) -> bool:
        parts = self._services
        local = parts.clock().astimezone(parts.zone)
        if f"{local:%H:%M}" < parts.config.retention.at:
            return False
        query = select(retention_runs.c.id).where(
            retention_runs.c.day == f"{local:%Y-%m-%d}", retention_runs.c.finished_at.is_not(None)
        )
        with parts.store.read() as link:
            return link.execute(query.limit(1)).first() is None

    def batches(self, who: str) -> Iterator[Report]:
        """Delete what is due; the report so far after each batch.

        Raises:
            Conflict: a run is under way, here or in another process, or the clock is not to be believed.
        """
        parts, report = self._services, Report(dry=False)
        with parts.store.read() as link:
            if (doubted := doubt(parts, link)) is not None:
                raise Conflict(
                    f"the clock went from {moments.text(doubted.last)} to {moments.text(doubted.now)} and nothing "
                    "synchronises it; where it is right: zhian-gateway retention clock --confirm"
                )
        with locking.alone(
            Path(parts.config.store.home) / "retention.lock",
            Conflict("a run of the retention job is under way already"),
        ):
            with parts.store.write() as link:
                self._settle_interrupted(link)
                run = self._begin(link, who)
            for due, before in self._due():
                after: str | None = ""
                while after is not None:
                    with parts.store.write() as link:
                        gone = due.what.forget(link, before, after, AT_ONCE)
                        after = gone.last
                        report.counts[due.name] += gone.rows
                        report.counts[PICTURES] += len(gone.pictures)
                        if gone.rows or gone.pictures:
                            _keep_counts(link, run, report)
                    parts.pictures.forget(gone.pictures)
                    parts.pictures.delete(gone.files)
                    yield report
            for kind, part, names in self._strays():
                parts.pictures.discard(kind, part, names)
                report.counts[STRAYS] += len(names)
                yield report
            with parts.store.write() as link:
                self._finish(link, run, who, report)
            parts.store.overwrite()
            parts.store.compact(parts.clock())
            yield report

    def rehearse(self) -> Report:
        """What a run would delete now. Every batch is taken back, so nothing has to wait for the whole of it.

        Cases that only wait for police entries of this same run are not counted.
        """
        parts, report = self._services, Report(dry=True)
        shown: set[str] = set()
        for due, before in self._due():
            after: str | None = ""
            while after is not None:
                with parts.store.write() as link, link.begin_nested() as taken_back:
                    gone = due.what.forget(link, before, after, AT_ONCE)
                    taken_back.rollback()
                after = gone.last if gone.last != after else None
                report.counts[due.name] += gone.rows
                shown |= set(gone.pictures)
        report.counts[PICTURES] += len(shown)
        report.counts[STRAYS] += sum(len(names) for _, _, names in self._strays())
        return report

    def _due(self) -> list[tuple[Due, str]]:
        """The classes that do not stay for ever, and before when."""
        parts, now = self._services, self._services.clock()
        settings = parts.config.retention

        def ago(days: int) -> str:
            return moments.text(now - timedelta(days=days))

        orders_before = ago(settings.audit_days) if settings.audit_days else None
        every = classes(settings, parts.site, moments.text(now), orders_before, parts.registry)
        return [(due, ago(due.days)) for due in every if due.days]

    def _strays(self) -> Iterator[tuple[Kind, int, list[str]]]:
        parts = self._services
        before = (parts.clock() - GRACE).timestamp()
        kinds: tuple[Kind, ...] = ("evidence", "portraits")
        for kind in kinds:
            for part in range(PARTS):
                names = parts.pictures.older(kind, part, before)
                if not names:
                    continue
                with parts.store.read() as link:
                    left = strays(link, kind, names)
                if left:
                    yield kind, part, left

    def _begin(self, link: Connection, who: str) -> int:
        parts = self._services
        day = moments.local_day(parts.clock(), parts.zone)
        values = {"day": day, "who": who, "started_at": parts.now(), "counts": "{}"}
        return int(link.execute(retention_runs.insert().values(values).returning(retention_runs.c.id)).scalar_one())

    def _settle_interrupted(self, link: Connection) -> None:
        """Runs that were killed deleted something too, and that is told."""
        query = select(retention_runs).where(retention_runs.c.finished_at.is_(None))
        for row in link.execute(query).all():
            self._record(link, "retention.interrupted", row.who, row.counts)
            link.execute(delete(retention_runs).where(retention_runs.c.id == row.id))

    def _finish(self, link: Connection, run: int, who: str, report: Report) -> None:
        _keep_counts(link, run, report)
        link.execute(update(retention_runs).where(retention_runs.c.id == run).values(finished_at=self._services.now()))
        self._record(link, "retention.run", who, _text(report))
        log.info("retention.run", **{name.replace(" ", "_"): count for name, count in report.counts.items() if count})

    def _record(self, link: Connection, action: str, who: str, detail: str) -> None:
        parts = self._services
        audit.record(link, site=parts.site, at=parts.now(), who=who, action=action, detail=detail)


def _keep_counts(link: Connection, run: int, report: Report) -> None:
    link.execute(update(retention_runs).where(retention_runs.c.id == run).values(counts=_text(report)))


def _text(report: Report) -> str:
    return msgspec.json.encode({name: count for name, count in sorted(report.counts.items()) if count}).decode()
