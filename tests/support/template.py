"""New SQLite databases of tests are copies of one that is up to date: the migrations take longer than most tests."""

from __future__ import annotations

import secrets
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from zhian_gateway.store import engine as store_engine
from zhian_gateway.store.migrate import upgrade
from zhian_gateway.store.sqlite import Sqlite


class Template:
    """A file that all migrations have made, once, when the first test needs it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "template.db"

    def fill(self, engine: Engine) -> None:
        """Bring a database up to date: a new file by a copy of its own, anything else by the migrations themselves."""
        path = engine.url.database
        if engine.dialect.name == "sqlite" and path and Path(path).stat().st_size == 0:
            self._make()
            _copy(self._path, Path(path))
        upgrade(engine)

    def _make(self) -> None:
        if not self._path.exists():
            database = Sqlite(self._path)
            upgrade(database.engine)
            database.engine.dispose()


def _copy(made: Path, new: Path) -> None:
    """With an id and a key of its own, as the first migration gives them."""
    with closing(sqlite3.connect(made)) as source, closing(sqlite3.connect(new)) as target:
        source.backup(target)
        target.execute("UPDATE store SET store_id = ?, key = ?", (uuid.uuid4().hex, secrets.token_hex(32)))
        target.commit()


@contextmanager
def quick_databases(folder: Path) -> Iterator[None]:
    """Until the end, whatever opens a new store in this process gets a copy."""
    template = Template(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_engine, "upgrade", template.fill)
        yield
