"""The audit is a chain: a line that is changed, or missing anywhere, shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, update
from support.stores import Stores
from zhian_gateway.store import audit, open_store
from zhian_gateway.store.tables import audit as table


@pytest.fixture
def link(tmp_path: Path, storage: Stores) -> Iterator[Connection]:
    store = open_store(storage.location(tmp_path / "g.db"))
    with store.write() as link:
        for number in range(4):
            audit.record(link, site="s", at="t", who="w", action="a", subject=str(number))
        yield link
    store.close()


def test_an_untouched_chain_is_whole(link: Connection) -> None:
    assert audit.first_fault(link) is None


def test_a_changed_line_shows(link: Connection) -> None:
    link.execute(update(table).where(table.c.id == 2).values(who="somebody else"))
    assert audit.first_fault(link) == 2


@pytest.mark.parametrize("missing", [1, 2, 4])
def test_a_missing_line_shows_wherever_it_was(link: Connection, missing: int) -> None:
    link.execute(delete(table).where(table.c.id == missing))
    assert audit.first_fault(link) == missing


@pytest.mark.parametrize("many", [0, 3, 120])
def test_entries_that_are_written_together_go_on_in_the_chain(link: Connection, many: int) -> None:
    told = {f"s-{number}": f"was {number}" for number in range(many)}
    audit.record_all(link, told, site="s", at="t", who="w", action="b")
    audit.record(link, site="s", at="t", who="w", action="a", subject="last")
    query = select(table.c.id, table.c.subject, table.c.detail).where(table.c.id > 4).order_by(table.c.id)
    kept = [(row.id, row.subject, row.detail) for row in link.execute(query)]
    assert kept == [*((5 + n, *each) for n, each in enumerate(told.items())), (5 + many, "last", "")]
    assert audit.first_fault(link) is None


def test_an_entry_with_nul_is_hashed_as_it_is_kept(link: Connection) -> None:
    audit.record(link, site="s", at="t", who="w\0", action="a", subject="\0", detail="a\0b")
    assert link.execute(select(table.c.detail).where(table.c.id == 5)).scalar_one() == "a\ufffdb"
    assert audit.first_fault(link) is None
