"""What the store suffers from passes; what is too much for it does not, however often it is tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from support.stores import Stores
from zhian_gateway.store import open_store
from zhian_gateway.store.faults import is_store_fault

#: A key that no index of PostgreSQL holds (SQLSTATE 54000), and a value that SQLite does not (SQLITE_TOOBIG).
TOO_MUCH = {
    "postgres": "INSERT INTO counters SELECT string_agg(md5(n::text), ''), 1 FROM generate_series(1, 1000) AS n",
    "sqlite": "INSERT INTO counters VALUES (CAST(zeroblob(2000000000) AS TEXT), 1)",
}


def test_what_is_too_much_for_the_store_is_the_fault_of_what_was_written(tmp_path: Path, storage: Stores) -> None:
    store = open_store(storage.location(tmp_path / "g.db"))
    with pytest.raises(DBAPIError) as found, store.write() as link:
        link.exec_driver_sql(TOO_MUCH[storage.name])
    assert not is_store_fault(found.value)
    store.close()
