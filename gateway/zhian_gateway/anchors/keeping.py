"""Writes down regularly, and at the end, how far the audit is, and says whether the audit is still what it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Connection, func, select
from zhian_wire import times

from .. import moments
from ..config_types import Config
from ..errors import AnchorError
from ..services import Services
from ..store import audit as chain
from ..store.tables import audit
from .comparing import Comparison, Cut, Record, compare
from .file import KEY, AnchorFile
from .marks import FIRST, Kind, Mark

log = structlog.get_logger(__name__)


def anchor_of(config: Config) -> AnchorFile:
    """The file of the configuration, with its key."""
    return AnchorFile(Path(config.audit.file_in(config.store.home)), config.store.keys.with_name(KEY))


class Keeping:
    """One thread's."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._file = anchor_of(services.config)
        self._every = timedelta(minutes=services.config.audit.every_minutes)
        self._written: tuple[datetime, Mark] | None = None

    def step(self) -> int:
        """Write a mark when it is time and something was added; 0, since nothing more is to be done.

        Raises:
            AnchorError: it cannot be written.
        """
        now = self._services.clock()
        if self._written is None or now - self._written[0] >= self._every:
            self._write(now)
        return 0

    def close(self) -> None:
        """A last mark. What keeps it from being written is logged: the gateway ends all the same."""
        try:
            self._write(self._services.clock())
        except Exception as error:
            # The store may be away, the disk full: nothing is held up by that any more.
            log.warning("audit.not_anchored", error=type(error).__name__)

    def _write(self, now: datetime) -> None:
        with self._services.store.read() as link:
            mark = head(link, self._services.site, moments.text(now))
            last = self._written[1] if self._written else self._file.last()
            if last is not None and not _still_there(link, last):
                log.error("audit.rewritten", entry=last.entry, advice="zhian-gateway audit --verify says what")
        if last is None or (mark.entry, mark.hash) != (last.entry, last.hash):
            line = self._file.append(mark)
            # With its signature: where the log is sent elsewhere, a line there vouches too.
            log.info("audit.anchored", line=line)
        self._written = now, mark


def head(link: Connection, site: str, now: str, kind: Kind = "head") -> Mark:
    """How far the audit is."""
    row = link.execute(select(audit.c.id, audit.c.at, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).one_or_none()
    number, at, hashed = (row.id, row.at, row.hash) if row else (0, "", FIRST)
    return Mark(kind=kind, site=site, at=now, entry=number, entry_at=at, hash=hashed)


def verify(link: Connection, file: AnchorFile, days: int, now: datetime) -> Comparison:
    """Compare the audit with its anchor.

    Args:
        days, now: as `compare`.
    """
    try:
        lines = file.lines()
    except AnchorError as error:
        return Comparison((str(error),), None)
    if file.begun and not lines:
        return Comparison((f"{file.path}: the audit's anchor was emptied",), None)
    return compare(_record(link), lines, days, now)


def _record(link: Connection) -> Record:
    first, last = link.execute(select(func.min(audit.c.id), func.max(audit.c.id))).one()

    def hash_of(number: int) -> str | None:
        return link.execute(select(audit.c.hash).where(audit.c.id == number)).scalar()

    latest = select(audit.c.id, audit.c.at).where(audit.c.action == chain.CUT).order_by(audit.c.id.desc()).limit(1)
    cut = link.execute(latest).one_or_none()
    last = last or 0
    return Record(first or last + 1, last, hash_of, Cut(cut.id, times.from_text(cut.at)) if cut else None)


def _still_there(link: Connection, mark: Mark) -> bool:
    """Whether the entry of a mark is what it was, or was deleted since with all before it."""
    kept = link.execute(select(audit.c.hash).where(audit.c.id == mark.entry)).scalar()
    first = link.execute(select(func.min(audit.c.id))).scalar() or 0
    return mark.entry < max(first, 1) if kept is None else kept == mark.hash
