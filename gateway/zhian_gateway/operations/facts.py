"""What is known of the gateway, its site and its debts at one moment; `health` judges it, `metrics` prints it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select
from zhian_wire import times
from zhian_wire.alerts import ALLOWED, CLOSED
from zhian_wire.state import NodeState

from .. import moments
from ..config_types import Response
from ..nodes import identity
from ..nodes.presence import State
from ..notices.rows import needed
from ..people import ways
from ..retention.believing import Doubt, doubt
from ..services import Services
from ..store import counters
from ..store.tables import alerts, audit, certificates, deliveries, events, notices, retention_runs
from .vitals import LoopState

#: What cannot be told from an index is asked for no more often than this.
SLOW_S: Final = 60.0
#: `/health` is open to everybody, and must not be a way to keep the store busy.
FRESH_S: Final = 1.0
#: States of notices that nobody had, or that nobody knows whether somebody had.
NOT_ARRIVED: Final = ("failed", "expired", "unsure")
#: Parents are told within seconds; what waits for longer than this waits for somebody to look.
STUCK: Final = timedelta(minutes=5)
OPEN: Final = tuple(sorted(set(ALLOWED) - set(CLOSED)))


@dataclass(frozen=True)
class NodeFacts:
    """One node of the site.

    Attributes:
        heard_s: age of its last heart-beat; None: none since the gateway's start.
        outbox: events that it has decided and not got a receipt for, by its own word.
        holes: numbers that the gateway knows to be missing.
        blind: ids of the cameras that do not see.
        clock_off_s: how far its clock is ahead, where that is more than is allowed.
        certificate_days: until its newest certificate ends; None: it has none.
        pictures_refused: pictures that it gave up since its start, because the gateway takes them never.
    """

    name: str
    state: State
    heard_s: float | None
    outbox: int
    holes: int
    blind: tuple[str, ...]
    devices_down: int
    clock_off_s: float | None
    certificate_days: float | None
    pictures_refused: int = 0


@dataclass(frozen=True)
class CaseFacts:
    """The open cases of one severity; `late` of them wait longer to be acknowledged than the site's target."""

    open: int = 0
    waiting: int = 0
    late: int = 0
    oldest_s: float = 0.0


@dataclass(frozen=True)
class PeopleFacts:
    """How many people's faces are kept, and how many people have no way in at all."""

    faces: int
    stranded: int


NOBODY: Final = PeopleFacts(0, 0)


@dataclass(frozen=True)
class DiskFacts:
    """Where the store lies, in bytes."""

    free: int
    total: int


@dataclass(frozen=True)
class Facts:
    """All of it.

    Attributes:
        broker_lost_s: for how long no broker has answered; 0: one does; None: this process has no link to any.
        brokers: how many answer, of how many.
        waiting: messages that came and are not kept yet.
        backlog: events that are kept and that the rules have not seen yet.
        notices: how many in each state; deliveries: likewise, to the police.
        notices_lost: of the last day, those that somebody needed and nobody had, or perhaps nobody.
        notices_stuck: those that are due, or on their way, for longer than `STUCK`.
        backup_s: age of the last backup; retention_s: of the last run that ended. None: there was none.
        people: as of a minute ago.
        doubt: why the clock is not believed, so that nothing is deleted for its age.
    """

    up_s: float
    loops: Sequence[LoopState]
    broker_lost_s: float | None
    brokers: tuple[int, int]
    waiting: int
    backlog: int
    disk: DiskFacts
    nodes: Sequence[NodeFacts]
    cases: Mapping[str, CaseFacts]
    notices: Mapping[str, int]
    deliveries: Mapping[str, int]
    backup_s: float | None
    retention_s: float | None
    people: PeopleFacts = NOBODY
    doubt: Doubt | None = None
    notices_lost: int = 0
    notices_stuck: int = 0


class Observer:
    """Gathers the facts; any thread may ask, and however often: the store is looked at once in `FRESH_S`."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._last: tuple[float, Facts] | None = None
        self._slow: _Slow | None = None

    def look(self) -> Facts:
        """The facts of now, or of a moment ago."""
        with self._lock:
            if self._last is None or monotonic() - self._last[0] >= FRESH_S:
                self._last = (monotonic(), self._gather())
            return self._last[1]

    def _gather(self) -> Facts:
        parts, now = self._services, self._services.clock()
        with parts.store.read() as link:
            slow = self._slowly(link, now)
            return Facts(
                up_s=monotonic() - parts.vitals.began,
                loops=parts.vitals.loops(),
                broker_lost_s=parts.vitals.broker_lost_s(),
                brokers=parts.vitals.brokers(),
                waiting=parts.vitals.waiting(),
                backlog=_backlog(link),
                disk=disk_of(Path(parts.config.store.home)),
                nodes=_nodes(parts, link, now),
                cases=_cases(link, parts.config.response, now),
                notices=_states(link, notices.c.state),
                deliveries=_states(link, deliveries.c.state),
                backup_s=slow.backup_s,
                retention_s=slow.retention_s,
                people=slow.people,
                doubt=doubt(parts, link),
                notices_lost=_count(link, _lost(now)),
                notices_stuck=_count(link, _stuck(now)),
            )

    def _slowly(self, link: Connection, now: datetime) -> _Slow:
        if self._slow is None or monotonic() - self._slow.looked >= SLOW_S:
            backup = select(func.max(audit.c.at)).where(audit.c.action == "backup")
            retention = select(func.max(retention_runs.c.finished_at))
            ages = [_age(link.execute(query).scalar(), now) for query in (backup, retention)]
            people = PeopleFacts(ways.faces(link).count, len(ways.stranded(link, moments.text(now))))
            self._slow = _Slow(monotonic(), ages[0], ages[1], people)
        return self._slow


class _Slow(NamedTuple):
    """What is asked for once a minute, and when it was."""

    looked: float
    backup_s: float | None
    retention_s: float | None
    people: PeopleFacts


def _age(then: str | None, now: datetime) -> float | None:
    return None if then is None else max(0.0, (now - times.from_text(then)).total_seconds())


def _backlog(link: Connection) -> int:
    newest = link.execute(select(func.max(events.c.id))).scalar() or 0
    return max(0, newest - counters.current(link, "followed"))


def disk_of(home: Path) -> DiskFacts:
    """How much is free where the store lies, or where it will be made."""
    while not home.exists():
        home = home.parent
    usage = shutil.disk_usage(home)
    return DiskFacts(usage.free, usage.total)


def _nodes(parts: Services, link: Connection, now: datetime) -> list[NodeFacts]:
    missing, ends = parts.rows.missing(link), _certificates(link, parts.site)
    found = []
    for name in identity.every(link, parts.site):
        heard, end = parts.presence.last(name), ends.get(name)
        state = heard.state if heard else None
        found.append(
            NodeFacts(
                name=name,
                state=parts.presence.state(name, now),
                heard_s=None if heard is None else max(0.0, (now - heard.at).total_seconds()),
                outbox=state.outbox if state else 0,
                holes=missing.get(name, 0),
                blind=_blind(state) if state else (),
                clock_off_s=parts.presence.clock_ahead_s(name) if parts.presence.clock_is_off(name) else None,
                devices_down=sum(device.status == "down" for device in state.devices) if state else 0,
                certificate_days=None if end is None else (times.from_text(end) - now) / timedelta(days=1),
                pictures_refused=state.counters.get("gate_pictures_refused", 0) if state else 0,
            )
        )
    return found


def _blind(state: NodeState) -> tuple[str, ...]:
    """Which cameras do not see: all of them while nothing looks at their pictures."""
    return tuple(camera.id for camera in state.cameras if camera.status == "blind" or state.vision == "down")


def _certificates(link: Connection, site: str) -> dict[str, str]:
    query = (
        select(certificates.c.node, func.max(certificates.c.expires_at))
        .where(certificates.c.site == site, certificates.c.replaced_at.is_(None))
        .group_by(certificates.c.node)
    )
    return {node: ends for node, ends in link.execute(query)}


def _cases(link: Connection, response: Response, now: datetime) -> dict[str, CaseFacts]:
    """By severity, those that have any open."""
    query = select(alerts.c.severity, alerts.c.waiting_since).where(alerts.c.state.in_(OPEN))
    waits: dict[str, list[float | None]] = {}
    for severity, since in link.execute(query):
        waits.setdefault(severity, []).append(_age(since, now))
    return {severity: _case(ages, _target(response, severity)) for severity, ages in waits.items()}


def _case(ages: Sequence[float | None], target: float) -> CaseFacts:
    waiting = [age for age in ages if age is not None]
    late = sum(age > target for age in waiting) if target else 0
    return CaseFacts(len(ages), len(waiting), late, max(waiting, default=0.0))


def _target(response: Response, severity: str) -> float:
    found: float = getattr(response, severity).acknowledge_s
    return found


def _lost(now: datetime) -> ColumnElement[bool]:
    recent = notices.c.created_at > moments.text(now - timedelta(days=1))
    return notices.c.state.in_(NOT_ARRIVED) & recent & needed()


def _stuck(now: datetime) -> ColumnElement[bool]:
    long_ago = moments.text(now - STUCK)
    # One whose time has come only now was held, by quiet hours, or sent once more.
    queued = (notices.c.state == "queued") & (notices.c.created_at < long_ago)
    queued &= notices.c.since.is_(None) | (notices.c.since < long_ago)
    return queued | ((notices.c.state == "sending") & (notices.c.next_at < long_ago))


def _count(link: Connection, which: ColumnElement[bool]) -> int:
    return int(link.execute(select(func.count()).select_from(notices).where(which)).scalar_one())


def _states(link: Connection, column: object) -> dict[str, int]:
    query = select(column, func.count()).group_by(column)  # type: ignore[call-overload]
    return {state: count for state, count in link.execute(query)}
