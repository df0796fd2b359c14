"""The database on a server: one pen over all processes, what it must be like, and what happens when it goes away."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select, text
from support.broker import Broker
from support.events import event, passage
from support.gateway import GatewayProcess, write_config
from support.node import NodeClient
from support.postgres import Postgres
from support.stores import CURRENT, PostgresStores, push_entries
from support.waiting import eventually
from zhian_gateway.config import load
from zhian_gateway.errors import ConfigError, StoreAway, StoreError
from zhian_gateway.ledger.reading import read
from zhian_gateway.store import bulk, copying, counters, open_store, stream
from zhian_gateway.store import postgres as postgres_of_store
from zhian_gateway.store.locations import Location, Server
from zhian_gateway.store.postgres import refused_for_now
from zhian_gateway.store.tables import events, inbox, metadata


@pytest.fixture
def location(tmp_path: Path, postgres: PostgresStores) -> Iterator[Location]:
    yield postgres.location(tmp_path / "g.db")
    postgres.forget()


def test_writers_of_several_processes_number_in_the_order_of_their_commits(location: Location) -> None:
    store = open_store(location)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=push_entries, args=(location, name, 60)) for name in "ab"]
    for writer in writers:
        writer.start()
    seen: list[int] = []

    def follow() -> bool:
        with store.read() as link:
            seen.extend(entry.id for entry in stream.after(link, seen[-1] if seen else 0))
        return len(seen) == 120

    eventually(follow, "all entries", 60)
    for writer in writers:
        writer.join()
    # Whoever follows the numbers steps over none, although two processes write.
    assert seen == list(range(1, 121))
    store.close()


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(location: Location) -> None:
    store = open_store(location)
    with store.read() as link:
        before = counters.current(link, "stream")
        with store.write() as other:
            counters.take(other, "stream")
        assert counters.current(link, "stream") == before
    with store.read() as link:
        assert counters.current(link, "stream") == before + 1
    store.close()


@pytest.mark.parametrize(
    ("words", "later"),
    [
        ("Connection refused Is the server running locally and accepting connections on that socket?", True),
        ("FATAL: the database system is starting up", True),
        ("FATAL: the database system is not yet accepting connections DETAIL: Consistent recovery state ...", True),
        ("FATAL: the database system is not accepting connections DETAIL: Hot standby mode is disabled.", True),
        ("FATAL: the database system is shutting down", True),
        ("FATAL: the database system is in recovery mode", True),
        ("FATAL: sorry, too many clients already", True),
        ("FATAL: remaining connection slots are reserved for roles with the SUPERUSER attribute", True),
        ('FATAL: password authentication failed for user "zhian"', False),
        ('FATAL: database "zhain" does not exist', False),
        ('FATAL: role "zhain" does not exist', False),
    ],
)
def test_a_server_that_is_not_ready_is_away_and_one_that_says_no_is_not(words: str, later: bool) -> None:
    assert refused_for_now(words) is later


def test_a_reader_cannot_write(location: Location) -> None:
    store = open_store(location)
    with pytest.raises(Exception, match="read-only"), store.read() as link:
        counters.take(link, "stream")
    store.close()


def test_a_text_with_a_nul_is_kept_as_far_as_it_can_be(location: Location) -> None:
    store = open_store(location)
    with store.write() as link:
        stream.push(link, "passage", "a\0b", "t")
    with store.read() as link:
        assert stream.after(link, 0)[0].ref == "a\ufffdb"
    store.close()


def test_many_texts_at_once_are_kept_like_one(location: Location) -> None:
    store = open_store(location)
    row = {"guardian": "g", "title": "a\0b", "body": "智\0", "received_at": "t"}
    with store.write() as link:
        bulk.insert(link, inbox, [row] * bulk.FEW)
    with store.read() as link:
        found = link.execute(select(inbox.c.title, inbox.c.body)).all()
    assert found == [("a\ufffdb", "智\ufffd")] * bulk.FEW
    store.close()


def hang_up(location: Location) -> None:
    """The server ends every connection to this database but the one that says so."""
    assert isinstance(location, Server)
    ours = "pid <> pg_backend_pid() AND datname = current_database()"
    with psycopg.connect(location.url.replace("+psycopg", "")) as link:
        link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + ours)


def test_a_connection_that_died_while_it_waited_is_made_anew(
    location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_of_store, "TRUSTED_S", 0.0)
    store = open_store(location)
    hang_up(location)
    with store.read() as link:
        assert counters.current(link, "stream") == 0
    store.close()


def test_one_that_died_just_now_is_an_outage_of_one_question(
    location: Location, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_of_store, "TRUSTED_S", 3600.0)
    store = open_store(location)
    hang_up(location)
    with pytest.raises(StoreAway), store.read() as link:
        counters.current(link, "stream")
    with store.read() as link:
        assert counters.current(link, "stream") == 0
    store.close()


def test_a_database_that_sorts_by_a_language_is_refused(postgres: PostgresStores, tmp_path: Path) -> None:
    postgres.server.execute(
        "CREATE DATABASE worded TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'"
    )
    with pytest.raises(StoreError, match="LOCALE 'C'"):
        open_store(postgres.server.server("worded", tmp_path))
    postgres.server.drop("worded")


def test_a_database_that_does_not_exist_is_no_outage(postgres: PostgresStores, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match='database "nowhere" does not exist') as error:
        open_store(postgres.server.server("nowhere", tmp_path))
    assert not isinstance(error.value, StoreAway)


def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    with pytest.raises(StoreAway):
        open_store(Server(f"postgresql://zhian@/x?host={tmp_path}", tmp_path))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://zhian:hunter2@db/zhian", "password does not belong here"),
        ("postgresql://zhian@db/zhian?password=hunter2", "password does not belong here"),
        ("mysql://zhian@db/zhian", "expected postgresql://"),
        ("postgresql://zhian@db", "expected postgresql://"),
        ("postgresql://zhian@db:99999/zhian", "expected postgresql://"),
    ],
)
def test_an_address_that_is_none_or_shows_a_password_is_refused_by_line(tmp_path: Path, url: str, said: str) -> None:
    path = write_config(tmp_path, "mqtt://127.0.0.1:1")
    path.write_text(path.read_text().replace('home = "gateway"', f'home = "gateway"\nurl = "{url}"'))
    with pytest.raises(ConfigError, match=said) as error:
        load(path)
    assert f"{path}:14: store.url: " in str(error.value)
    assert "hunter2" not in str(error.value)


@pytest.fixture
def outage(tmp_path: Path) -> Iterator[tuple[Postgres, GatewayProcess]]:
    """A gateway on a server of its own, which waits for the disk."""
    server = Postgres(durable=True).start()
    before, CURRENT.stores = CURRENT.stores, PostgresStores(server)
    broker = Broker(tmp_path / "broker").start()
    gateway = GatewayProcess(tmp_path, broker)
    CURRENT.stores = before
    yield server, gateway
    gateway.kill()
    broker.kill()
    server.remove()


@pytest.mark.thorough
def test_a_server_killed_under_load_loses_and_doubles_nothing(outage: tuple[Postgres, GatewayProcess]) -> None:
    server, gateway = outage
    gateway.start()
    gateway.add_node("gate-1")
    node = NodeClient(gateway.broker.port, "gate-1")

    def through() -> int:
        return max((receipt.through for receipt in node.receipts), default=0)

    def send(upto: int) -> None:
        """As a node does: everything that is not receipted yet, in order."""
        node.publish(*(event(passage(kind="body"), seq=seq) for seq in range(through() + 1, upto + 1)))

    for kills, upto in enumerate((200, 400, 600), 1):
        send(upto)
        eventually(lambda before=upto - 200: through() > before, "a receipt before the server is killed", 30)
        server.kill()
        send(upto)
        eventually(lambda much=kills: gateway.log().count("store.away") >= much, "the gateway's word", 30)
        server.start()
        eventually(lambda much=kills: gateway.log().count("store.back") >= much, "the gateway's word", 30)
        send(upto)
        eventually(lambda number=upto: through() == number, "the last receipt", 30)
    node.close()
    with gateway.services() as parts, parts.store.read() as link:
        assert link.execute(select(func.count()).select_from(events)).scalar_one() == 600
        lines = read(link, parts.site, parts.zone)
    # What came twice is counted on the day when it came, which is another line.
    totals = [sum(getattr(line, name) for line in lines) for name in ("decided", "stored", "holes", "waiting")]
    assert totals == [600, 600, 0, 0]


@pytest.mark.thorough
def test_a_gateway_that_is_started_first_waits_for_its_server(outage: tuple[Postgres, GatewayProcess]) -> None:
    server, gateway = outage
    server.kill()
    gateway.begin()
    eventually(lambda: "store.away" in gateway.log(), "the gateway's word", 30)
    server.start()
    gateway.wait()


@pytest.mark.thorough
def test_a_page_is_told_that_the_database_is_away(outage: tuple[Postgres, GatewayProcess]) -> None:
    server, gateway = outage
    gateway.start()
    client = gateway.log_in()
    server.kill()
    answer = client.get("/api/alerts")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "store_away")
    server.start()
    assert client.get("/api/alerts").is_success
    client.close()


#: What a COPY in binary must be told exactly: the server takes no number of another width.
PACKED = {"bigint": "int8", "double precision": "float8", "text": "text", "character varying": "text"}
PACKED |= {"boolean": "bool", "bytea": "bytea"}


def test_every_column_is_packed_as_the_database_has_it(location: Location) -> None:
    store = open_store(location)
    query = text(
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    with store.read() as link:
        there = {(each.table_name, each.column_name): PACKED.get(each.data_type) for each in link.execute(query)}
    store.close()
    # As a restore writes them: sealed columns as they lie.
    plain = [copying._as_it_lies(table) for table in metadata.sorted_tables]
    ours = [(table, column.name) for table in plain for column in table.columns]
    assert {(table.name, name): bulk._type(table, name) for table, name in ours} == {
        (table.name, name): there[table.name, name] for table, name in ours
    }
