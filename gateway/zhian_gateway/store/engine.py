"""One way to the database: reads that see one moment, writes that hold the only pen, schema brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, select
from sqlalchemy.engine.interfaces import DBAPIConnection

from ..errors import StoreError, WrongSite
from . import tables
from .keys import open_vault
from .migrate import upgrade
from .pen import Pen
from .sealed import attach
from .vault import Vault

#: How long a writer waits for another one's commit before it gives up, in seconds.
BUSY_S = 30
BRIEFLY_MS = 200


class Store:
    """A database whose schema is this version's. Any thread may use it; each transaction has its own connection.

    Attributes:
        store_id: created with the database, shown in every receipt: another one means a restored backup.
        key: 32 random bytes, created with the database.
        vault: seals what shows people.
    """

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._engine = engine
        self.vault = vault
        self._pen = Pen()
        with self.read() as link:
            row = link.execute(select(tables.store.c.store_id, tables.store.c.key)).one()
        self.store_id: str = row.store_id
        self.key = bytes.fromhex(row.key)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment and must not write."""
        with self._engine.connect() as link, link.begin():
            yield link

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits when the block ends well; SQLite takes its write lock at the start.

        A lock that is taken later, by the first write after a read, can fail without waiting.
        """
        with self._pen.held(), self._engine.connect().execution_options(zhian_write=True) as link, link.begin():
            yield link

    def overwrite(self) -> None:
        """Take what was deleted out of the write-ahead log too, as far as no reader is in the way."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            # Writers wait while it waits for readers, so it must not wait for long; the next one makes up for it.
            link.exec_driver_sql(f"PRAGMA busy_timeout={BRIEFLY_MS}").close()
            try:
                link.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()
            finally:
                link.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_S * 1000}").close()

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def open_store(path: Path, key_file: Path | None = None) -> Store:
    """The SQLite database at `path`, created or brought up to date.

    Args:
        key_file: holds the keys of what is sealed in it; by default `vault.key` beside it.

    Raises:
        NewerSchema: a newer version of the gateway wrote it.
        KeyFault: the keys are missing, or another database's.
        StoreError: the file cannot be made, or belongs to somebody else.
    """
    keep_private(path)
    engine = open_engine(path)
    try:
        upgrade(engine)
        vault = open_vault(engine, key_file or path.parent / "vault.key", path.parent / "vault.lock")
        attach(engine, vault)
        return Store(engine, vault)
    except BaseException:
        engine.dispose()
        raise


def defer_references(link: Connection) -> None:
    """Let references be whole at the end of this transaction only, so that a row can be replaced by another."""
    link.exec_driver_sql("PRAGMA defer_foreign_keys=ON").close()


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
    """An engine on the SQLite file at `path`: WAL, synchronous FULL, foreign keys, transactions begun by us."""
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(link: DBAPIConnection, _: Any) -> None:
    # The driver's own BEGIN comes too late for reads and never for DDL.
    link.isolation_level = None
    cursor = link.cursor()
    # What is deleted is overwritten: whoever finds the file finds nobody in its free pages.
    kept = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (*kept, f"busy_timeout={BUSY_S * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(link: Connection) -> None:
    link.exec_driver_sql("BEGIN IMMEDIATE" if link.get_execution_options().get("zhian_write") else "BEGIN")


def claim_site(store: Store, *, site: str, name: str, timezone: str) -> None:
    """Say whose database this is; a database is one site's for ever.

    Raises:
        WrongSite: it is another one's.
    """
    with store.write() as link:
        owner = link.execute(select(tables.site.c.id)).scalar()
        if owner is None:
            link.execute(tables.site.insert().values(id=site, name=name, timezone=timezone))
        elif owner != site:
            raise WrongSite(f"the database belongs to site {owner!r}, the configuration says {site!r}")
        else:
            link.execute(tables.site.update().values(name=name, timezone=timezone))
