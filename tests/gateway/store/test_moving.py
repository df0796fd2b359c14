"""A database moves from one kind to the other whole: every row, what is sealed as it lies, and the numbers go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select
from support.events import event, face, passage
from support.gateway import write_config
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from support.postgres import program
from support.stores import PostgresStores, SqliteStores, Stores
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.errors import StoreError
from zhian_gateway.people import rosters
from zhian_gateway.services import Services, open_services
from zhian_gateway.store import audit
from zhian_gateway.store import tables as t
from zhian_gateway.store.locations import Location, Server
from zhian_gateway.store.moving import move


def filled(parts: Services) -> None:
    with parts.store.write() as link:
        parts.registry.enrol(
            link, "a", person_file(name="A"), ground(), some_face(), who="t", now="2026-03-02T08:00:00.000Z"
        )
    take_in(parts, *(event(passage(evidence=(face(),)), seq=seq) for seq in range(1, 40)))


def note(link: Connection) -> int:
    """One more row of a table that numbers its own; its number."""
    values = {name: "x" for name in ("guardian", "title", "body", "received_at")}
    return int(link.execute(t.inbox.insert().values(values).returning(t.inbox.c.id)).scalar_one())


def contents(parts: Services) -> dict[str, Any]:
    with parts.store.read() as link:
        every = [table for table in t.metadata.sorted_tables if table.name not in ("store", "audit", "counters")]
        return {table.name: sorted(map(repr, link.execute(select(table)))) for table in every}


def other(parts: Services, config: Path, target: Location) -> Services:
    """The same gateway on the copy."""
    text = config.read_text(encoding="utf-8")
    where = f'url = "{target.url}"' if isinstance(target, Server) else ""
    lines = [line for line in text.splitlines() if not line.startswith('url = "postgresql')]
    config.write_text("\n".join(lines).replace('home = "gateway"', f'home = "gateway"\n{where}'), encoding="utf-8")
    if isinstance(target, Path):
        target.rename(Path(parts.config.store.home) / "gateway.db")
    return open_services(load(config), publish=lambda *_: None)


@pytest.fixture
def target(storage: Stores, postgres: PostgresStores, tmp_path: Path) -> Location:
    """Of the other kind."""
    return (postgres if storage.name == "sqlite" else SqliteStores()).empty(tmp_path / "new.db")


def test_a_store_moves_to_the_other_kind_and_goes_on_there(storage: Stores, target: Location, tmp_path: Path) -> None:
    config = write_config(tmp_path / "site", "mqtt://127.0.0.1:1")
    parts = open_services(load(config), publish=lambda *_: None)
    parts.store.look_ahead(parts.clock())
    filled(parts)
    with parts.store.write() as link:
        note(link)
        # The second was deleted; its number is nobody else's.
        last = note(link)
        link.execute(delete(t.inbox).where(t.inbox.c.id == last))
    before = contents(parts)
    counts = move(parts.store, target)
    assert (counts["events"], counts["people"]) == (39, 1)
    parts.store.close()
    there = other(parts, config, target)
    assert contents(there) == before
    assert there.store.store_id != parts.store.store_id
    with there.store.read() as link:
        assert audit.first_fault(link) is None
        assert rosters.build(link, since=0, now="2026-03-02T08:00:00.000Z").persons[0].templates
    take_in(there, *(event(passage(person_id=None, lane=f"l{seq}"), seq=seq) for seq in range(30, 60)))
    with there.store.read() as link:
        assert link.execute(select(t.events.c.seq).order_by(t.events.c.id)).scalars().all() == list(range(1, 60))
    with there.store.write() as link:
        assert note(link) == last + 1
    there.store.close()


def test_a_copy_goes_into_a_new_database_only(storage: Stores, tmp_path: Path) -> None:
    config = write_config(tmp_path / "site", "mqtt://127.0.0.1:1")
    parts = open_services(load(config), publish=lambda *_: None)
    filled(parts)
    before = contents(parts)
    with pytest.raises(StoreError, match=r"empty|there already"):
        move(parts.store, parts.config.store.location)
    assert contents(parts) == before
    parts.store.close()


@pytest.mark.skipif(program("initdb") is None, reason="needs PostgreSQL")
def test_the_command_compares_and_says_what_to_set(postgres: PostgresStores, tmp_path: Path) -> None:
    config = write_config(tmp_path / "site", "mqtt://127.0.0.1:1")
    parts = open_services(load(config), publish=lambda *_: None)
    filled(parts)
    parts.store.close()
    server = postgres.empty(tmp_path / "new.db")
    assert isinstance(server, Server)
    done = CliRunner().invoke(app, ["store", "copy", server.url, "-c", str(config)])
    assert done.exit_code == 0, done.output
    assert "events               39\n" in done.output
    assert f'url = "{server.url}"' in done.output
    again = CliRunner().invoke(app, ["store", "copy", server.url, "-c", str(config)])
    assert (again.exit_code, "is not empty" in again.output) == (2, True)
    secret = CliRunner().invoke(app, ["store", "copy", "postgresql://a:hunter2@db/x", "-c", str(config)])
    assert secret.exit_code == 2
    assert "hunter2" not in secret.output
    postgres.forget()
