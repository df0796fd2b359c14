"""One way to the database: reads that see one moment, writes that hold the only pen, schema brought up to date."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from ..errors import StoreAway, WrongSite
from . import tables
from .databases import WRITING, Database
from .keys import open_vault
from .locations import Location
from .migrate import upgrade
from .pen import Pen
from .postgres import Postgres
from .sealed import attach
from .sqlite import Sqlite
from .vault import Vault

log = structlog.get_logger(__name__)


class Store:
    """A database whose schema is this version's. Any thread may use it; each transaction has its own connection.

    Attributes:
        store_id: created with the database, shown in every receipt: another one means a restored backup.
        key: 32 random bytes, created with the database.
        vault: seals what shows people.
    """

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self.vault = vault
        self._pen = Pen()
        self._guard = threading.Lock()
        self._is_away = False
        with self.read() as link:
            row = link.execute(select(tables.store.c.store_id, tables.store.c.key)).one()
        self.store_id: str = row.store_id
        self.key = bytes.fromhex(row.key)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment and must not write.

        Raises:
            StoreAway: the database cannot be reached just now.
        """
        with self._transaction(self._database.reading) as link:
            yield link

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits when the block ends well; nobody else writes meanwhile, here or elsewhere.

        Raises:
            StoreAway: the database cannot be reached just now. Whether a commit that was under way counts is not known:
                whoever tries again must find out.
        """
        with self._pen.held(), self._transaction(WRITING) as link:
            yield link

    @contextmanager
    def _transaction(self, options: Mapping[str, Any]) -> Iterator[Connection]:
        with (
            self._telling_when_away(),
            self._database.engine.connect().execution_options(**options) as link,
            link.begin(),
        ):
            yield link

    @contextmanager
    def _telling_when_away(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if not self._database.is_away(error):
                raise
            self._note(away=True)
            raise StoreAway("the database cannot be reached just now") from error
        self._note(away=False)

    def _note(self, *, away: bool) -> None:
        """Say an outage once, and its end once."""
        with self._guard:
            changed, self._is_away = self._is_away != away, away
        if changed and away:
            log.error("store.away", url=str(self._database.engine.url), hint="nothing is receipted until it is back")
        elif changed:
            log.info("store.back", url=str(self._database.engine.url))

    def doubts(self) -> list[str]:
        """Why a power cut might lose what was receipted; empty: it does not."""
        return self._database.doubts()

    def look_ahead(self, moment: datetime) -> None:
        """Make room for this month and the next ones; to be called every day at least."""
        with self.write() as link:
            self._database.look_ahead(link, moment)

    def compact(self, moment: datetime) -> None:
        """Give up the space of whole months that retention has emptied; it may take a while."""
        with self._telling_when_away():
            self._database.compact(moment)

    def overwrite(self) -> None:
        """Take what was deleted out of the files too, as far as the database can and nobody is in the way."""
        with self._telling_when_away():
            self._database.overwrite()

    def close(self) -> None:
        """Give all connections back."""
        self._database.engine.dispose()


def open_store(location: Location, key_file: Path | None = None) -> Store:
    """The database at `location`, created (a file) or brought up to date.

    Args:
        key_file: holds the keys of what is sealed in it; by default `vault.key` beside it.

    Raises:
        NewerSchema: a newer version of the gateway wrote it.
        KeyFault: the keys are missing, or another database's.
        StoreAway: its server cannot be reached just now.
        StoreError: it cannot be made or used.
    """
    database = open_database(location)
    try:
        database.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        upgrade(database.engine)
        vault = open_vault(database.engine, key_file or database.folder / "vault.key", database.folder / "vault.lock")
        attach(database.engine, vault)
        return Store(database, vault)
    except BaseException as error:
        database.engine.dispose()
        if isinstance(error, DBAPIError) and database.is_away(error):
            raise StoreAway("the database cannot be reached just now") from error
        raise


def open_database(location: Location) -> Database:
    """The database at `location`, as it is.

    Raises:
        StoreError: it cannot be made or used; as `open_store`.
    """
    return Sqlite(location) if isinstance(location, Path) else Postgres(location)


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
