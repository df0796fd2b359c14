"""The node's database file: its tables, its transactions, and what is done when it is damaged or the disk is full."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from zhian_edge.errors import DiskFails, DiskFull, EdgeError, HomeRefused, OutboxCorrupt, OutboxNewer

#: `event.id` orders events over all epochs; `settled_ms` is the wall time of the receipt or refusal.
SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  epoch TEXT NOT NULL,
  seq INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  body BLOB NOT NULL,
  settled_ms INTEGER,
  refused TEXT,
  UNIQUE (epoch, seq)
);
CREATE INDEX event_open ON event (priority, id) WHERE settled_ms IS NULL;
CREATE INDEX event_settled ON event (settled_ms) WHERE settled_ms IS NOT NULL;
CREATE TABLE picture (
  sha256 TEXT PRIMARY KEY,
  event INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused', 'thinned'))
) WITHOUT ROWID;
CREATE INDEX picture_waiting ON picture (event) WHERE state = 'waiting';
CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE decided (
  day TEXT NOT NULL, epoch TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, epoch)
) WITHOUT ROWID;
CREATE TABLE answer (command TEXT PRIMARY KEY, body BLOB NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
"""
VERSION: Final = 1
_Values = tuple[Any, ...]
_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
#: SHMSIZE: on a full disk the index of the write-ahead log cannot grow, which SQLite calls an I/O error.
_NO_SPACE: Final = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}


class Opened(NamedTuple):
    """A database that can be used. `aside` is where a damaged one was moved, `salvaged` what was read out of it."""

    database: Database
    aside: Path | None = None
    salvaged: int = 0


class Database:
    """One SQLite connection, used by several threads in turn; a transaction is on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        """Open or create.

        Raises:
            OutboxCorrupt: there is a file, but it cannot be read.
            OutboxNewer: it was written by a later version.
            DiskFull, DiskFails, HomeRefused: it cannot be created.
        """
        self.path = path
        self._lock = threading.RLock()
        with _named_errors(path):
            _make_private(path)
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; durable (fsync) when the block ends.

        Raises:
            DiskFull, DiskFails, OutboxCorrupt: nothing was written.
        """
        with self._lock, _named_errors(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                # Some failures have rolled back already, and then there is nothing left to roll back.
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For statements that change nothing.

        Raises:
            OutboxCorrupt: the file is damaged.
        """
        with self._lock, _named_errors(self.path):
            yield self._db

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _prepare(self) -> None:
        # FULL: a receipt must never be asked for an event that a power cut can still take back.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        (damage,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        if damage != "ok":
            raise OutboxCorrupt(f"{self.path}: {damage}")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise OutboxNewer(
                f"{self.path}: written by a newer zhian-edge (schema {version}, this one knows {VERSION})"
            )
        if version == 0:
            self._db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")


def _make_private(path: Path) -> None:
    """Only the node's own user may read who passed; SQLite gives its log and index the rights of the file itself."""
    try:
        path.touch(0o600)
        path.chmod(0o600)
    except OSError as error:
        raise _of_disk(path, error) from error


@contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    """SQLite's errors as this package's."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code & 0xFF in _DAMAGED:
            raise OutboxCorrupt(f"{path}: {error}") from error
        if code in _NO_SPACE:
            raise DiskFull(f"{path}: {error}") from error
        if code & 0xFF == sqlite3.SQLITE_IOERR:
            raise DiskFails(f"{path}: {error}") from error
        raise


def _of_disk(path: Path, error: OSError) -> EdgeError:
    """What a failure to make a file is called here."""
    text = f"{path}: {error.strerror}"
    if error.errno in _NO_ROOM:
        return DiskFull(text)
    return DiskFails(text) if error.errno == errno.EIO else HomeRefused(text)


def open_or_replace(path: Path, now_ms: int) -> Opened:
    """The database at `path`; a damaged one is moved aside, and its undelivered events are taken over as they are.

    They keep epoch, seq and bytes, so that what the gateway has stored already is not stored twice.

    Raises:
        DiskFull, DiskFails, HomeRefused: it cannot be created.
        OutboxNewer: it was written by a later version; it stays where it is.
    """
    with suppress(OutboxCorrupt):
        return Opened(Database(path))
    aside = path.with_name(f"{path.name}.damaged-{now_ms}")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    database = Database(path)
    rows, counts = _salvage(aside)
    with database.transaction() as db:
        db.executemany("INSERT OR IGNORE INTO event (epoch, seq, priority, body) VALUES (?, ?, ?, ?)", rows)
        db.executemany("INSERT OR IGNORE INTO decided (day, epoch, count) VALUES (?, ?, ?)", counts)
    return Opened(database, aside, len(rows))


def _salvage(path: Path) -> tuple[list[_Values], list[_Values]]:
    """Undelivered events and the counts of decided ones, whatever of them can be read."""
    with closing(sqlite3.connect(path)) as db:
        # Table and index are damaged apart: what one has lost the other may still name.
        ids = set(_readable(db, "SELECT id FROM event INDEXED BY event_open WHERE settled_ms IS NULL"))
        ids |= set(_readable(db, "SELECT id FROM event NOT INDEXED"))
        query = "SELECT epoch, seq, priority, body FROM event NOT INDEXED WHERE id = ? AND settled_ms IS NULL"
        rows = [row for (event,) in sorted(ids) for row in _readable(db, query, event)]
        return rows, _readable(db, "SELECT day, epoch, count FROM decided")


def _readable(db: sqlite3.Connection, query: str, *values: object) -> list[_Values]:
    """Rows up to the damage."""
    rows: list[_Values] = []
    with suppress(sqlite3.Error):
        rows.extend(db.execute(query, values))
    return rows
