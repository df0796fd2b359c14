"""A database in a SQLite file: WAL, synchronous FULL, foreign keys, transactions begun by us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from ..errors import StoreError
from .databases import BUSY_S

BRIEFLY_MS: Final = 200
#: What a connection may keep of the file in memory. A thousand nodes' events lie in a thousand places of each index;
#: with SQLite's own 2 MiB each of them is fetched, and written to the log, again and again within one transaction.
CACHE_KIB: Final = 32 * 1024
#: After so many pages (32 MiB) the log is written back: a page that many commits change is then written once.
PAGES_IN_LOG: Final = 8192


class Sqlite:
    """As `Database` says."""

    #: A transaction of SQLite sees one moment by itself.
    reading: Mapping[str, Any] = {}

    def __init__(self, path: Path) -> None:
        """Make the file if there is none.

        Raises:
            StoreError: it cannot be made, or belongs to somebody else.
        """
        keep_private(path)
        self.folder = path.parent
        self.engine = open_engine(path)

    def look_ahead(self, _link: Connection, _moment: datetime) -> None:
        """One table is as good as many here."""

    def compact(self, _moment: datetime) -> None:
        """Deleted rows' space is used again."""

    def overwrite(self) -> None:
        """Empty the write-ahead log; deleted rows themselves are overwritten when they are deleted."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            # Writers wait while it waits for readers, so it must not wait for long; the next one makes up for it.
            link.exec_driver_sql(f"PRAGMA busy_timeout={BRIEFLY_MS}").close()
            try:
                link.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                link.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_S * 1000}").close()

    def doubts(self) -> list[str]:
        """The engine is ours, and waits for the disk."""
        return []

    def is_away(self, _error: DBAPIError) -> bool:
        """A file is there, or the disk is broken."""
        return False


def keep_private(path: Path) -> None:
    """Make `path` a file that only the gateway's user may read, before anything is in it; SQLite's own files follow.

    Raises:
        StoreError: it cannot be made, or belongs to somebody else.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        for each in (path, *path.parent.glob(f"{path.name}-*")):
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def open_engine(path: Path) -> Engine:
    """An engine on the SQLite file at `path`."""
    where = URL.create("sqlite", database=str(path))
    # What is written is somebody's data, and errors are logged.
    engine = create_engine(where, connect_args={"timeout": BUSY_S}, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(link: DBAPIConnection, _: Any) -> None:
    # The driver's own BEGIN comes too late for reads and never for DDL.
    link.isolation_level = None
    cursor = link.cursor()
    # What is deleted is overwritten: whoever finds the file finds nobody in its free pages.
    kept = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    sizes = (f"cache_size=-{CACHE_KIB}", f"wal_autocheckpoint={PAGES_IN_LOG}")
    for pragma in (*kept, *sizes, f"busy_timeout={BUSY_S * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(link: Connection) -> None:
    # A lock that is taken later, by the first write after a read, can fail without waiting.
    link.exec_driver_sql("BEGIN IMMEDIATE" if link.get_execution_options().get("zhian_write") else "BEGIN")
