"""On which kind of database a test's gateways keep what they know: each test of the store runs once on each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from zhian_gateway.store import open_store, stream
from zhian_gateway.store.engine import open_database
from zhian_gateway.store.locations import Location
from zhian_gateway.store.migrate import upgrade

from .postgres import Postgres


class Stores(Protocol):
    """One kind of database."""

    name: str

    def lines(self, folder: Path) -> str:
        """What `[store]` must say of the gateway whose configuration lies in `folder`; the same each time."""

    def location(self, path: Path) -> Location:
        """A database by the name of a file: brought up to date, or to be, when it is opened; the same each time."""

    def empty(self, path: Path) -> Location:
        """A database without any table by the name of a file; the same each time."""

    def lose(self, folder: Path) -> None:
        """The database of the gateway whose configuration lies in `folder` is lost, and a new one is made for it.

        A file is lost with the gateway's home.
        """

    def forget(self) -> None:
        """Delete every database that there is now."""


class SqliteStores:
    """Files."""

    name = "sqlite"

    def lines(self, folder: Path) -> str:
        """As the protocol says."""
        return ""

    def location(self, path: Path) -> Location:
        """As the protocol says."""
        return path

    def empty(self, path: Path) -> Location:
        """As the protocol says."""
        return path

    def lose(self, folder: Path) -> None:
        """As the protocol says."""

    def forget(self) -> None:
        """They go with the test's folder."""


class PostgresStores:
    """Databases on a server; those that are up to date are clones of one."""

    name = "postgres"

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self._template: str | None = None
        self._made: dict[Path, str] = {}

    def lines(self, folder: Path) -> str:
        """As the protocol says."""
        return f'url = "{self.server.url(self._full(folder / "gateway"))}"'

    def location(self, path: Path) -> Location:
        """As the protocol says."""
        return self.server.server(self._full(path), path.parent)

    def empty(self, path: Path) -> Location:
        """As the protocol says."""
        if path not in self._made:
            self._made[path] = self.server.empty()
        return self.server.server(self._made[path], path.parent)

    def lose(self, folder: Path) -> None:
        """As the protocol says."""
        self.server.renew(self._made[folder / "gateway"])

    def forget(self) -> None:
        """As the protocol says."""
        for name in self._made.values():
            self.server.drop(name)
        self._made.clear()

    def _full(self, path: Path) -> str:
        if path not in self._made:
            self._made[path] = self.server.clone(self._newest())
        return self._made[path]

    def _newest(self) -> str:
        """A database with the schema of this version, made once."""
        if self._template is None:
            self._template = self.server.empty()
            database = open_database(self.server.server(self._template, self.server.folder))
            upgrade(database.engine)
            database.engine.dispose()
        return self._template


class Current:
    """Which kind the configurations that are written now name; SQLite unless a test says otherwise."""

    def __init__(self) -> None:
        self.stores: Stores = SqliteStores()


CURRENT = Current()


@contextmanager
def keeping_in(stores: Stores) -> Iterator[None]:
    """Configurations that are written meanwhile name a database of this kind."""
    before, CURRENT.stores = CURRENT.stores, stores
    try:
        yield
    finally:
        CURRENT.stores = before


def push_entries(location: Location, name: str, count: int) -> None:
    """Another process's writer: each entry in a transaction of its own."""
    store = open_store(location)
    for number in range(count):
        with store.write() as link:
            stream.push(link, "passage", f"{name}-{number}", "t")
    store.close()
