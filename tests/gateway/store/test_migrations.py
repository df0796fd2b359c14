"""The schema goes up and back with data in it, and matches the tables that the code uses."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from support.stores import Stores
from zhian_gateway.errors import NewerSchema, WrongSite
from zhian_gateway.rules.numbers import digests
from zhian_gateway.store import claim_site, open_store, tables
from zhian_gateway.store.engine import open_database
from zhian_gateway.store.migrate import FOLDER, downgrade, upgrade


def engine_of(storage: Stores, path: Path) -> sa.Engine:
    """On a database without any table, unless somebody has made it already."""
    return open_database(storage.empty(path)).engine


#: What only PostgreSQL has: the months, and what keeps nodes' numbers unique across them.
ITS_OWN = re.compile(r"(events|passages)_(before|\d{6})|runs|event_keys")


def _is_of_both(what: Any, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
    if kind == "foreign_key_constraint" and reflected and ITS_OWN.fullmatch(what.elements[0].target_fullname[:-3]):
        return False  # of a part, and made by the one of the whole
    unique_by_trigger = (kind, name, reflected) == ("unique_constraint", "uq_events_site_node_epoch_seq", False)
    return not ITS_OWN.fullmatch(name or "") and not unique_by_trigger


def _reflected(engine: sa.Engine) -> list[sa.Table]:
    """Every table of the present revision, those that are referred to first."""
    found = sa.MetaData()
    found.reflect(engine)
    return [one for one in found.sorted_tables if not ITS_OWN.fullmatch(one.name) and one.name not in BOOKKEEPING]


BOOKKEEPING = ("alembic_version", "sqlite_sequence")


def _fill(link: sa.Connection) -> None:
    row = {"site": "s", "node": "n", "epoch": "e", "seq": 1, "type": "t", "time": "x", "day": "d"}
    link.execute(tables.events.insert().values(row | {"received_at": "x", "body": b"{}"}))


def test_the_migrated_schema_is_the_one_that_the_code_uses(tmp_path: Path, storage: Stores) -> None:
    store = open_store(storage.location(tmp_path / "g.db"))
    with store.read() as link:
        context = MigrationContext.configure(link, opts={"include_object": _is_of_both})
        assert compare_metadata(context, tables.metadata) == []
    store.close()


def test_up_down_and_up_again_works_with_data(tmp_path: Path, storage: Stores) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine)
    with engine.begin() as link:
        _fill(link)
    downgrade(engine, "base")
    assert set(sa.inspect(engine).get_table_names()) <= set(BOOKKEEPING)
    upgrade(engine)
    with engine.begin() as link:
        assert link.execute(sa.select(sa.func.count()).select_from(tables.events)).scalar() == 0
    engine.dispose()


def test_what_an_older_version_stored_is_still_there_after_the_upgrade(tmp_path: Path, storage: Stores) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine, "0001")
    with engine.begin() as link:
        link.execute(sa.text("INSERT INTO intake VALUES ('s', 'n', '2026-03-02', 1, 2, 3, 4)"))
    upgrade(engine)
    with engine.begin() as link:
        (row,) = link.execute(sa.select(tables.intake))
    assert (row.repeated, row.unreadable, row.turned_away) == (1, 4, 0)
    engine.dispose()


def test_cards_of_an_older_version_hold_and_withdrawn_ones_are_nobodys_after_a_downgrade(
    tmp_path: Path, storage: Stores
) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine, "0003")
    with engine.begin() as link:
        link.execute(sa.text("INSERT INTO people VALUES ('a', 's', 'p1', 'A', 'pupil', '', false, NULL, 1, 'x', NULL)"))
        link.execute(sa.text("INSERT INTO credentials VALUES ('a', 'card', '04A1'), ('a', 'card', '04A2')"))
    upgrade(engine)
    with engine.begin() as link:
        person = link.execute(sa.select(tables.people)).one()
        cards = link.execute(sa.select(tables.credentials)).all()
        lost = tables.credentials.c.value == "04A2"
        link.execute(sa.update(tables.credentials).where(lost).values(withdrawn_at="x", reason="lost"))
        link.execute(tables.collectors.insert().values(person_id="a", kind="plate", value="京A12345"))
        link.execute(tables.calendar.insert().values(day="2026-10-01", name="国庆节"))
    assert (person.face, person.begins, person.ends) == (True, None, None)
    assert [(card.withdrawn_at, card.reason) for card in cards] == [(None, "")] * 2
    downgrade(engine, "0003")
    with engine.begin() as link:
        assert link.execute(sa.text("SELECT value FROM credentials")).scalars().all() == ["04A1"]
    upgrade(engine)
    with engine.begin() as link:
        assert link.execute(sa.text("SELECT value FROM counters WHERE name = 'presence'")).scalar_one() == 0
        assert link.execute(sa.select(tables.collectors)).first() is None
    engine.dispose()


def _filled(engine: sa.Engine) -> None:
    """One more row in every table of the present revision, each referring to another table's."""
    every = _reflected(engine)
    with engine.begin() as link:
        rows: dict[str, dict[str, Any]] = {}
        for table in every:
            rows[table.name] = {column.name: _value(column, rows) for column in table.columns}
            link.execute(table.insert(), rows[table.name])


def _value(column: sa.Column[Any], rows: dict[str, dict[str, Any]]) -> object:
    for key in column.foreign_keys:
        if key.column.table.name in rows:
            return rows[key.column.table.name][key.column.name]
    kinds = {int: 7, str: f"its {column.name}"[:8], bool: True, float: 0.5, bytes: b"its bytes"}
    return kinds[column.type.python_type]


def _contents(engine: sa.Engine) -> dict[str, list[str]]:
    """Every row of every table."""
    every = _reflected(engine)
    with engine.begin() as link:
        return {
            table.name: sorted(repr(sorted(row._mapping.items())) for row in link.execute(sa.select(table)))
            for table in every
        }


#: Tables that a revision empties on purpose: whoever is signed in signs in again.
EMPTIED = {"sessions": "0011"}
#: The newest first.
REVISIONS = [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()]
#: From where the way is tried each time, on PostgreSQL with the thorough tests: the way from the first one goes through
#: all of them. From the others it is tried with the thorough tests on SQLite, and with the slow ones on PostgreSQL.
FAST = (*REVISIONS[:2], REVISIONS[-1])


def _ways() -> list[Any]:
    ways = itertools.product(("sqlite", "postgres"), REVISIONS[::-1])
    later = {"sqlite": pytest.mark.thorough, "postgres": pytest.mark.slow}
    return [pytest.param(*way, marks=() if way[1] in FAST else later[way[0]]) for way in ways]


@pytest.mark.parametrize(("storage", "revision"), _ways(), indirect=["storage"])
def test_what_any_earlier_version_stored_outlives_the_way_up_and_down_again(
    tmp_path: Path, storage: Stores, revision: str
) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine, revision)
    _filled(engine)
    kept = {name: rows for name, rows in _contents(engine).items() if revision >= EMPTIED.get(name, "")}
    upgrade(engine)
    after = _contents(engine)
    assert {name for name, rows in kept.items() if len(after[name]) < len(rows)} == set()
    downgrade(engine, revision)
    after = _contents(engine)
    assert {name: after[name] for name in kept} == kept
    engine.dispose()


def test_the_store_id_is_made_with_the_database_and_stays(tmp_path: Path, storage: Stores) -> None:
    first = open_store(storage.location(tmp_path / "a.db"))
    first.close()
    again, other = (open_store(storage.location(tmp_path / name)) for name in ("a.db", "b.db"))
    assert again.store_id == first.store_id != other.store_id
    again.close()
    other.close()


def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, storage: Stores) -> None:
    open_store(storage.location(tmp_path / "g.db")).close()
    engine = engine_of(storage, tmp_path / "g.db")
    with engine.begin() as link:
        link.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(NewerSchema):
        open_store(storage.location(tmp_path / "g.db"))


def test_a_database_is_one_sites_for_ever(tmp_path: Path, storage: Stores) -> None:
    store = open_store(storage.location(tmp_path / "g.db"))
    claim_site(store, site="a", name="A", timezone="Asia/Shanghai")
    claim_site(store, site="a", name="A renamed", timezone="Asia/Shanghai")
    with pytest.raises(WrongSite, match=r"'a'.*'b'"):
        claim_site(store, site="b", name="B", timezone="Asia/Shanghai")
    store.close()


def test_commits_wait_for_the_disk(tmp_path: Path, storage: Stores) -> None:
    store = open_store(storage.location(tmp_path / "g.db"))
    with store.read() as link:
        if storage.name == "postgres":
            assert link.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        else:
            assert link.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert link.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert link.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    store.close()


def test_a_failed_block_leaves_nothing(tmp_path: Path, storage: Stores) -> None:
    store = open_store(storage.location(tmp_path / "g.db"))
    with pytest.raises(RuntimeError), store.write() as link:
        _fill(link)
        raise RuntimeError
    with store.read() as link:
        assert link.execute(sa.select(tables.events)).first() is None
    store.close()


def test_an_event_without_contents_goes_with_a_downgrade_and_one_with_contents_stays(
    tmp_path: Path, storage: Stores
) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine)
    with engine.begin() as link:
        _fill(link)
        gone = {"site": "s", "node": "n", "epoch": "e", "seq": 2, "type": "t", "time": "x", "day": "d"}
        link.execute(tables.events.insert().values(gone | {"received_at": "x", "body": b"", "digest": "a" * 64}))
    downgrade(engine, "0005")
    with engine.begin() as link:
        assert link.execute(sa.text("SELECT seq FROM events")).scalars().all() == [1]
    upgrade(engine)
    with engine.begin() as link:
        assert link.execute(sa.select(tables.events.c.body, tables.events.c.digest)).all() == [(b"{}", None)]
    engine.dispose()


def test_what_is_sealed_does_not_survive_a_downgrade_that_could_not_open_it(tmp_path: Path, storage: Stores) -> None:
    store = open_store(storage.location(tmp_path / "g.db"))
    store.close()
    engine = engine_of(storage, tmp_path / "g.db")
    person = 'INSERT INTO people (id, site, opaque, name, "group", schedule, watch, version, created_at) '
    with engine.begin() as link:
        link.execute(sa.text(person + "VALUES ('a', 's', 'p1', 'A', 'pupil', '', false, 1, 'x')"))
        columns = "INSERT INTO templates (person_id, key, vector, picture, created_at) "
        link.execute(sa.text(columns + "VALUES ('a', 'k', :vector, '1.jpg', 'x')"), {"vector": b"0"})
        for name, secret in (("new", "zs1:AAAA"), ("old", "plain")):
            row = f"VALUES ('{name}', 's', 't', 'w', '{secret}', 'g', 'x')"
            columns = "(name, site, token, webhook, secret, ground, created_at)"
            link.execute(sa.text(f"INSERT INTO subscribers {columns} {row}"))
    downgrade(engine, "0006")
    with engine.begin() as link:
        assert link.execute(sa.text("SELECT count(*) FROM templates")).scalar_one() == 0
        assert link.execute(sa.text("SELECT secret FROM subscribers ORDER BY name")).scalars().all() == ["", "plain"]
        assert link.execute(sa.text("SELECT name FROM people")).scalars().all() == ["A"]
    engine.dispose()


def test_a_case_of_an_older_version_waits_for_nobody_and_its_notices_go_with_a_downgrade(
    tmp_path: Path, storage: Stores
) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine, "0008")
    with engine.begin() as link:
        columns = "site, key, kind, severity, state, raised_at, updated_at, count, node, candidate, detail, evidence"
        values = "'s', 'k', 'tailgating', 'major', 'raised', 'yesterday', 'today', 2, 'n', false, '', '[]'"
        link.execute(sa.text(f"INSERT INTO alerts ({columns}) VALUES ({values})"))
        link.execute(sa.text("INSERT INTO transitions VALUES (1, 1, 'raised', 'acknowledged', 'li', 'x', 'seen')"))
        sent = {name: "x" for name in ("site", "to", "channel", "title", "body", "state", "next_at", "error")}
        sent |= {name: "x" for name in ("happened_at", "created_at", "expires_at")}
        link.execute(tables.notices.insert(), sent | {"id": 1, "passage_id": 7, "guardian_id": 8, "tries": 1})
    upgrade(engine)
    with engine.begin() as link:
        case = link.execute(sa.select(tables.alerts)).one()
        notice = link.execute(sa.select(tables.notices)).one()
        told = {name: getattr(notice, name) for name in notice._fields} | {"id": 2, "guardian_id": None}
        link.execute(tables.notices.insert(), told | {"passage_id": None, "contact": "王队长"})
        life = {"alert_id": 1, "round": 0, "step": 1, "contact": "王队长", "state": "told", "at": "x", "notice_id": 2}
        link.execute(tables.escalations.insert(), life)
    assert (case.opened_at, case.last_at, case.waiting_since) == ("yesterday", "yesterday", None)
    assert (notice.passage_id, notice.guardian_id, notice.contact) == (7, 8, None)
    downgrade(engine, "0008")
    with engine.begin() as link:
        assert link.execute(sa.text("SELECT id, passage_id FROM notices")).all() == [(1, 7)]
        assert link.execute(sa.text("SELECT note FROM transitions")).scalars().all() == ["seen"]
    engine.dispose()


def test_what_guards_recorded_is_told_on_after_an_upgrade_and_a_downgrade_keeps_what_it_can(
    tmp_path: Path, storage: Stores
) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine, "0037")
    columns = "INSERT INTO whereabouts (person, zone, node, day, at, version, lane_node) "
    with engine.begin() as link:
        link.execute(sa.text(columns + "VALUES ('ann', 'school', 'by-hand', 'd', '1', 7, 'gate-1')"))
        link.execute(sa.text(columns + "VALUES ('bob', '', 'gate-2', 'd', '2', 8, NULL)"))
    upgrade(engine)
    words = tables.recorded_whereabouts
    with engine.begin() as link:
        assert link.execute(sa.select(words)).all() == [("ann", "gate-1", "school", "d", "1", 7)]
        since = {"person": "bob", "node": "gate-1", "zone": "school", "day": "d", "at": "1", "version": 6}
        link.execute(words.insert().values(since))
    downgrade(engine, "0037")
    with engine.begin() as link:
        found = link.execute(sa.text("SELECT person, lane_node FROM whereabouts ORDER BY person")).all()
    assert [tuple(row) for row in found] == [("ann", "gate-1"), ("bob", None)]
    engine.dispose()


def test_the_cases_of_an_older_version_lose_the_numbers_of_cards_and_go_on(tmp_path: Path, storage: Stores) -> None:
    engine = engine_of(storage, tmp_path / "g.db")
    upgrade(engine, "0038")
    keys = {
        "g/main/unknown_card/04A1/boot-0": "unknown_card",
        "g/main/withdrawn_card/04A1/boot-0": "withdrawn_card",
        "g/main/borrowed_card/p1/boot-0": "borrowed_card",
        "erased/4": "unknown_card",
    }
    columns = "site, key, kind, severity, state, raised_at, updated_at, count, node, candidate, detail, evidence"
    with engine.begin() as link:
        for key, kind in keys.items():
            values = f"'s', '{key}', '{kind}', 'minor', 'raised', 'x', 'x', 1, 'g', false, '', '[]'"
            link.execute(sa.text(f"INSERT INTO alerts ({columns}) VALUES ({values})"))
    upgrade(engine)
    with engine.begin() as link:
        stand_in = digests(link, ["04A1"])["04A1"]
        after = link.execute(sa.select(tables.alerts.c.key).order_by(tables.alerts.c.id)).scalars().all()
    assert after == [key.replace("04A1", stand_in) for key in keys]
    downgrade(engine, "0038")
    with engine.begin() as link:
        assert link.execute(sa.text("SELECT key FROM alerts ORDER BY id")).scalars().all() == after
    engine.dispose()
