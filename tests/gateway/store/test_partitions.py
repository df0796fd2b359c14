"""On PostgreSQL each month has a part of its own, and yet a node's number exists once over all of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from support.stores import PostgresStores
from support.waiting import eventually
from zhian_gateway.ingest.rows import Rows
from zhian_gateway.ingest.sorting import Run
from zhian_gateway.rules import turns
from zhian_gateway.store import Store, bulk, counters, open_store, partitions
from zhian_gateway.store.tables import event_numbers, events, passages

MARCH = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
APRIL = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 9, tzinfo=UTC)
APRILS = partitions.base(202604)
ROWS = Rows("s", ZoneInfo("UTC"))


@pytest.fixture
def store(tmp_path: Path, postgres: PostgresStores) -> Iterator[Store]:
    one = open_store(postgres.location(tmp_path / "g.db"))
    yield one
    one.close()
    postgres.forget()


def rows(*seqs: int, epoch: str = "e") -> list[dict[str, object]]:
    same = {"site": "s", "node": "n", "epoch": epoch, "type": "t", "time": "x", "day": "d", "received_at": "x"}
    return [same | {"seq": seq, "body": b"{}" * 400} for seq in seqs]


def keep(store: Store, *seqs: int) -> None:
    with store.write() as link:
        bulk.insert(link, events, rows(*seqs))


def parts_of(link: Connection, table: str) -> dict[str, int]:
    """How many rows each part has that has any."""
    found = link.execute(text(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1"))
    return {row[0]: row[1] for row in found}


def pass_by(link: Connection, ids: list[int]) -> None:
    """Somebody came by in each of these events."""
    names = ("site", "camera", "kind", "direction", "reason", "node", "time", "day", "evidence")
    link.execute(passages.insert(), [{name: "x" for name in names} | {"id": id_, "synthetic": False} for id_ in ids])


def test_each_month_has_its_part_and_numbers_rise_over_all(store: Store) -> None:
    keep(store, 1, 2)
    for moment, seqs in ((MARCH, range(3, 13)), (APRIL, range(13, 16)), (JULY, range(16, 30))):
        store.look_ahead(moment)
        keep(store, *seqs)
    with store.read() as link:
        found = parts_of(link, "events")
        ids = link.execute(select(events.c.id).order_by(events.c.seq)).scalars().all()
        made = partitions.months(link, "passages")
    assert found == {"events_before": 2, "events_202603": 10, "events_202604": 3, "events_202607": 14}
    assert ids == sorted(ids)
    assert max(ids) < 2**53  # a page's numbers are exact up to there
    assert made == [202603, 202604, 202605, 202606, 202607, 202608, 202609]


def test_a_number_of_last_month_is_refused_this_month(store: Store) -> None:
    store.look_ahead(MARCH)
    keep(store, *range(1, 20))
    store.look_ahead(APRIL)
    for again in ([5], [*range(20, 30), 19]):
        with pytest.raises(IntegrityError, match="pk_event_keys"):
            keep(store, *again)
    keep(store, *range(20, 30))
    with store.write() as link:
        # Another epoch's numbers are others.
        bulk.insert(link, events, rows(1, 2, epoch="e2"))
        known = select(func.count()).select_from(event_numbers).where(event_numbers.c.epoch == "e")
        assert link.execute(known).scalar_one() == 29


def test_a_row_that_goes_takes_its_number_along(store: Store) -> None:
    keep(store, *range(1, 12))
    with store.write() as link:
        link.execute(delete(events).where(events.c.seq.in_([3, 4])))
    keep(store, 3)
    with store.read() as link:
        found = link.execute(select(event_numbers.c.seq, event_numbers.c.id).order_by(event_numbers.c.seq)).all()
        assert found == link.execute(select(events.c.seq, events.c.id).order_by(events.c.seq)).all()


def test_a_clock_that_goes_back_or_stands_in_1970_moves_no_number_back(store: Store) -> None:
    store.look_ahead(APRIL)
    keep(store, 1)
    for moment in (MARCH, datetime(1970, 1, 1, tzinfo=UTC), APRIL):
        store.look_ahead(moment)
    keep(store, 2)
    with store.read() as link:
        ids = link.execute(select(events.c.id).order_by(events.c.seq)).scalars().all()
    assert ids == [partitions.base(202604) + 1, partitions.base(202604) + 2]


def test_a_turn_of_the_month_that_nobody_prepared_loses_nothing(store: Store) -> None:
    store.look_ahead(MARCH)
    keep(store, 1)
    keep(store, 2)  # it is July by now, but the gateway only starts
    store.look_ahead(JULY)
    keep(store, 3)
    with store.read() as link:
        assert parts_of(link, "events") == {"events_202603": 2, "events_202607": 1}


def test_an_emptied_month_gives_its_space_back_and_its_proof_stays(store: Store) -> None:
    store.look_ahead(MARCH)
    keep(store, *range(1, 2001))
    with store.write() as link:
        ids = link.execute(select(events.c.id)).scalars().all()
        pass_by(link, list(ids))
    size = text("SELECT pg_table_size('events_202603')")
    with store.read() as link:
        before = link.execute(size).scalar_one()
    with store.write() as link:
        link.execute(delete(passages))
        link.execute(update(events).where(events.c.seq > 1).values(body=b"", digest="a" * 64))
    store.compact(APRIL)
    store.compact(APRIL)
    with store.read() as link:
        assert link.execute(size).scalar_one() < before / 3
        assert partitions.months(link, "passages") == [202604, 202605]
        assert link.execute(select(func.count()).select_from(events)).scalar_one() == 2000
        assert link.execute(select(events.c.body).where(events.c.seq == 1)).scalar_one() == b"{}" * 400


def test_a_month_that_is_written_anew_holds_up_nobody_who_does_not_ask_for_it(store: Store) -> None:
    def pass_once(seq: int) -> None:
        """As ingest and the rules do: an event, its passage, and what came since."""
        with store.write() as link:
            bulk.insert(link, events, rows(seq))
            (number,) = link.execute(select(events.c.id).where(events.c.seq == seq, events.c.id >= APRILS)).scalars()
            pass_by(link, [number])
        with store.write() as link:
            assert turns.waiting(link)
            assert [row.id for row in turns.take(link, 10).rows] == [number]
            assert not turns.waiting(link)
        with store.read() as link:
            assert list(ROWS.digests(link, Run("n", "e"), [seq - 1, seq])) == [seq - 1, seq]

    store.look_ahead(MARCH)
    keep(store, *range(1, 2001))
    with store.write() as link:
        link.execute(update(events).where(events.c.seq > 1).values(body=b"", digest="a" * 64))
        counters.put(link, "followed", APRILS)
    store.look_ahead(APRIL)
    keep(store, 2000 + 1)
    with store.write() as link:
        turns.take(link, 10)
    # So often that the server might keep plans for any number.
    for seq in range(2002, 2021):
        pass_once(seq)
    before = _size(store)
    somebody = store.read()
    with somebody as link, ThreadPoolExecutor(2) as pool:
        link.execute(text("SELECT 1 FROM events_202603 LIMIT 1"))
        compacting = pool.submit(store.compact, APRIL)
        # It waits for who reads the month; whoever asks for it now waits behind it.
        eventually(lambda: _waits(store), "the lock")
        for seq in range(2021, 2026):
            pool.submit(pass_once, seq).result(10)
        assert not compacting.done()
        link.rollback()
        compacting.result(20)
    assert _size(store) < before / 2


def _size(store: Store) -> int:
    with store.read() as link:
        found: int = link.execute(text("SELECT pg_table_size('events_202603')")).scalar_one()
    return found


def _waits(store: Store) -> bool:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'events_202603'::regclass")
    with store.read() as link:
        return bool(link.execute(waiting).scalar_one())


def test_a_month_in_which_somebody_is_still_shown_stays(store: Store) -> None:
    store.look_ahead(MARCH)
    keep(store, 1)
    with store.write() as link:
        pass_by(link, [link.execute(select(events.c.id)).scalar_one()])
    store.compact(JULY)
    with store.read() as link:
        assert link.execute(select(func.count()).select_from(passages)).scalar_one() == 1
