"""Moves what a store keeps into a database where nothing is yet: a new file, or a new database on a server."""

from __future__ import annotations

import uuid
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from sqlalchemy import Connection, update

from ..errors import StoreError
from . import copying, tables
from .databases import WRITING, Database
from .engine import Store, open_database
from .locations import Location
from .migrate import upgrade


def copy_into(source: Connection, path: Path) -> None:
    """One moment of a database as a SQLite file of its own, without a log beside it.

    Raises:
        StoreError: there is such a file already.
    """
    fill(source, path)
    with closing(connect(path)) as done:
        done.execute("PRAGMA journal_mode=DELETE")


def fill(source: Connection, location: Location) -> dict[str, int]:
    """Copy everything that `source` sees into a new database; how many rows of each table. At once or not at all.

    Raises:
        StoreError: it is not new, or cannot be used.
    """
    if isinstance(location, Path) and location.exists():
        raise StoreError(f"{location} is there already: nothing is ever written over anything")
    database = open_database(location)
    try:
        _check_new(database, location)
        upgrade(database.engine)
        with database.engine.connect().execution_options(**WRITING) as target, target.begin():
            counts = copying.copy(source, target)
            _compare(counts, copying.counted(target))
    except BaseException:
        _leave_nothing(location)
        raise
    finally:
        database.engine.dispose()
    return counts


def _compare(read: dict[str, int], written: dict[str, int]) -> None:
    for name, count in read.items():
        if written[name] != count:
            raise StoreError(f"{name}: the copy holds {written[name]} rows, and was made of {count}: it was taken back")


def _check_new(database: Database, location: Location) -> None:
    with database.engine.connect() as link:
        if not copying.is_new(link):
            raise StoreError(f"{location} is not empty: nothing is ever written over anything")


def _leave_nothing(location: Location) -> None:
    if isinstance(location, Path):
        for file in location.parent.glob(f"{location.name}*"):
            file.unlink()


def move(store: Store, location: Location) -> dict[str, int]:
    """Copy a store's database into a new one, with another `store_id`; how many rows of each table.

    By the other id nodes see that it is not the one that receipted their events, and send their ring again: whatever
    came to the old one after the copy was made is not lost.

    Raises:
        StoreError: the target is not new, or cannot be used.
    """
    with store.read() as source:
        counts = fill(source, location)
    database = open_database(location)
    try:
        with database.engine.connect().execution_options(**WRITING) as link, link.begin():
            link.execute(update(tables.store).values(store_id=uuid.uuid4().hex))
    finally:
        database.engine.dispose()
    return counts
