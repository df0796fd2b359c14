"""What was decided is on the disk, numbered without holes, and open until the gateway has it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from zhian_edge.delivery.database import Database, open_or_replace
from zhian_edge.delivery.outbox import Draft, Outbox
from zhian_edge.delivery.pictures import PictureBook
from zhian_edge.errors import DiskFails, DiskFull, OutboxCorrupt, OutboxNewer
from zhian_wire.codec import decode
from zhian_wire.events import ClockSync
from zhian_wire.receipts import Receipt, Refusal, proof_of

from .peers import (
    WALL_MS,
    FakeGateway,
    alert,
    decision,
    deliver_all,
    drafts,
    health,
    open_outbox,
    passage,
    proofs,
    stamp,
)  # fmt: skip

DAY_MS = 86_400_000


def receipt(epoch: str, through: int, **more: object) -> Receipt:
    return Receipt(**{"node": "gate", "epoch": epoch, "through": through, "store_id": "store-1", **more})  # type: ignore[arg-type]


def open_copy(folder: Path, name: str) -> Outbox:
    """The outbox of another machine, on a copy of the card in `folder`."""
    shutil.copytree(folder, folder / name)
    return open_outbox(folder / name)


def test_events_are_numbered_from_one_and_go_on_after_a_restart(tmp_path: Path) -> None:
    first = open_outbox(tmp_path)
    assert [event.seq for event in first.commit(drafts(passage(), health()))] == [1, 2]
    again = open_outbox(tmp_path)
    (event,) = again.commit(drafts(passage()))
    assert (event.seq, event.epoch) == (3, first.epoch)


def test_numbers_go_on_although_the_ring_forgot_the_rows(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    outbox.apply([receipt(outbox.epoch, 1)], WALL_MS)
    outbox.prune(WALL_MS + 8 * DAY_MS, 7)
    assert [event.seq for event in open_outbox(tmp_path).commit(drafts(passage()))] == [2]


def test_a_new_database_is_a_new_epoch(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert open_outbox(tmp_path).epoch != open_outbox(tmp_path / "other").epoch


def test_events_and_the_state_they_change_are_one_transaction(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()), {"presence": b"1", "old": b"x"})
    outbox.commit([], {"old": None})
    with pytest.raises(sqlite3.Error):
        outbox.commit(drafts(passage()), {"presence": b"2", "bad": object()})  # type: ignore[dict-item]
    assert outbox.state() == {"presence": b"1"}
    assert outbox.seq == 1


def test_alerts_and_health_go_before_decisions_passages_and_the_rest(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    synced = ClockSync(before="unsynced", after="trusted", offset_ms=1, at_ms=1)
    outbox.commit(drafts(synced, passage(), decision(), alert(), passage(), health()))
    assert [key[1] for key, *_ in outbox.open_rows(10)] == [4, 6, 3, 2, 5, 1]


def test_a_receipt_settles_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(*[passage()] * 5))
    assert outbox.apply([receipt(outbox.epoch, 1, also=(4,), proof=proofs(outbox, 1, 4))], WALL_MS).settled == 2
    assert sorted(key[1] for key, *_ in outbox.open_rows(10)) == [2, 3, 5]
    assert outbox.open_count() == 3


def test_a_receipt_of_another_node_or_epoch_settles_nothing(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    proof = proofs(outbox, 1)
    told = receipt("else", 9, proof=proof), receipt(outbox.epoch, 9, node="other", highest=9, proof=proof)
    outbox.apply(told, WALL_MS)
    assert outbox.open_count() == 1


def test_a_gateway_restored_from_a_backup_gets_the_ring_again(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(*[passage()] * 4))
    known = proofs(outbox, 1, 2, 3, 4)
    outbox.apply([receipt(outbox.epoch, 4, proof=known)], WALL_MS)
    outcome = outbox.apply([receipt(outbox.epoch, 2, store_id="store-2", proof={2: known[2]})], WALL_MS)
    assert (outcome.resent, outcome.settled) == (4, 1)
    assert [key[1] for key, *_ in outbox.open_rows(10)] == [1, 3, 4]


def test_a_restored_card_begins_a_new_epoch_and_loses_nothing(tmp_path: Path) -> None:
    gateway, outbox = FakeGateway(), open_outbox(tmp_path)
    outbox.commit(drafts(passage("a")))
    shutil.copytree(tmp_path, tmp_path / "copy")
    outbox.commit(drafts(passage("b"), passage("c"), passage("d")))
    deliver_all(outbox, gateway)

    restored = open_outbox(tmp_path / "copy")
    old = restored.epoch
    restored.commit(drafts(passage("e")))
    deliver_all(restored, gateway)
    assert restored.epoch != old
    assert gateway.sources() == ["a", "b", "c", "d", "e"]
    assert gateway.holes() == []


def test_a_restored_card_that_decided_more_than_its_other_life_before_it_is_heard_loses_nothing(tmp_path: Path) -> None:
    gateway, outbox = FakeGateway(), open_outbox(tmp_path)
    shutil.copytree(tmp_path, tmp_path / "copy")
    outbox.commit(drafts(passage("a"), passage("b")))
    deliver_all(outbox, gateway)

    restored = open_outbox(tmp_path / "copy")
    restored.commit(drafts(passage("c"), passage("d"), passage("e")))
    deliver_all(restored, gateway)
    assert gateway.sources() == ["a", "b", "c", "d", "e"]
    assert gateway.holes() == []


@pytest.mark.parametrize("delivered", [0, 1, 3])
def test_a_copy_of_a_card_with_a_backlog_doubles_nothing_of_it(tmp_path: Path, delivered: int) -> None:
    gateway, outbox = FakeGateway(), open_outbox(tmp_path)
    outbox.commit(drafts(passage("a")))
    deliver_all(outbox, gateway)
    outbox.commit(drafts(passage("b"), passage("c"), passage("d")))
    shutil.copytree(tmp_path, tmp_path / "copy")
    for row in outbox.open_rows(delivered):
        gateway.take(row.body)

    restored = open_outbox(tmp_path / "copy")
    restored.commit(drafts(passage("e")))
    deliver_all(restored, gateway)
    deliver_all(outbox, gateway)
    assert gateway.sources() == ["a", "b", "c", "d", "e"]
    assert gateway.holes() == []


def test_two_copies_of_a_card_with_a_backlog_that_are_both_on_tell_of_it_once(tmp_path: Path) -> None:
    gateway, outbox = FakeGateway(), open_outbox(tmp_path)
    outbox.commit(drafts(*map(passage, "abcdef")))
    outbox.sending([(outbox.epoch, 2)])
    shutil.copytree(tmp_path, tmp_path / "copy")
    copy = open_outbox(tmp_path / "copy")
    copy.commit(drafts(passage("x"), passage("y")))
    outbox.commit(drafts(passage("z")))
    # The first life sends some of it, the copy all it has, and then the first one the rest.
    answers = [gateway.take(row.body) for row in outbox.open_rows(3)]
    deliver_all(copy, gateway)
    outbox.apply(answers, WALL_MS)
    deliver_all(outbox, gateway)
    assert gateway.sources() == sorted("abcdefxyz")
    assert gateway.holes() == []


def test_what_waits_in_an_earlier_epoch_is_sent_although_nothing_was_decided_since(tmp_path: Path) -> None:
    gateway, outbox = FakeGateway(), open_outbox(tmp_path)
    outbox.commit(drafts(passage("a"), passage("b")))
    outbox.apply([receipt(outbox.epoch, 0, highest=9)], WALL_MS)
    assert (outbox.seq, outbox.open_count()) == (0, 2)
    deliver_all(open_outbox(tmp_path), gateway)
    assert gateway.sources() == ["a", "b"]


def test_a_receipt_for_another_machines_event_under_the_same_number_settles_nothing(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage("a"), passage("b")))
    outbox.sending([(outbox.epoch, 2)])
    mine, old = proofs(outbox, 1, 2), outbox.epoch
    outbox.apply([receipt(old, 2, also=(1, 2), highest=2)], WALL_MS)
    assert outbox.open_count() == 2, "numbers alone prove nothing"
    outcome = outbox.apply([receipt(old, 2, highest=2, proof={1: mine[1], 2: "0" * 16})], WALL_MS)
    assert (outcome.settled, outcome.moved) == (1, 1)
    (moved,) = outbox.open_rows(10)
    assert moved.key[0] not in (old, outbox.epoch)
    assert (moved.key[1], outbox.seq) == (1, 0), "an epoch of its own, so that the present one has no hole"


def test_the_picture_of_a_moved_event_goes_with_it(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage("a", "a" * 64), passage("b", "b" * 64)))
    outbox.sending([(outbox.epoch, 2)])
    outbox.apply([receipt(outbox.epoch, 2, highest=2, proof=proofs(outbox, 1) | {2: "0" * 16})], WALL_MS)
    book = PictureBook(Database(tmp_path / "node.sqlite3"))
    assert book.next(9) == ["a" * 64]
    (moved,) = outbox.open_rows(9)
    outbox.apply([receipt(moved.key[0], 1, proof={1: proof_of(moved.body)})], WALL_MS)
    assert book.next(9) == ["a" * 64, "b" * 64]


def test_another_machines_refusal_moves_nothing(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage("a")))
    outbox.sending([(outbox.epoch, 1)])
    refusal = Refusal(seq=1, reason="conflict")
    outcome = outbox.apply([receipt(outbox.epoch, 1, refused=(refusal,), proof=proofs(outbox, 1))], WALL_MS)
    assert (outcome.settled, outcome.moved, outcome.refused) == (1, 0, ())


def test_two_copies_of_one_card_that_take_turns_lose_and_double_nothing(tmp_path: Path) -> None:
    gateway, outbox = FakeGateway(), open_outbox(tmp_path)
    outbox.commit(drafts(passage("a")))
    deliver_all(outbox, gateway)
    shutil.copytree(tmp_path, tmp_path / "copy")
    copy = open_outbox(tmp_path / "copy")
    for both in (outbox, copy):
        both.commit(drafts(passage(f"{'xy'[both is copy]}1"), passage(f"{'xy'[both is copy]}2")))
        both.sending([(both.epoch, 3)])
    (row,) = (row for row in copy.open_rows(9) if row.key[1] == 2)
    answer = gateway.take(row.body)
    for both in (outbox, copy):
        both.apply([answer], WALL_MS)
    for both in (outbox, copy, outbox, copy):
        deliver_all(both, gateway)
    assert gateway.sources() == ["a", "x1", "x2", "y1", "y2"]
    assert gateway.holes() == []


def test_a_card_that_is_copied_while_the_place_of_its_events_is_taken_gives_them_one_place(tmp_path: Path) -> None:
    gateway, outbox = FakeGateway(), open_outbox(tmp_path)
    outbox.commit(drafts(passage("a")))
    deliver_all(outbox, gateway)
    first = open_copy(tmp_path, "first")
    first.commit(drafts(*map(passage, "xyz")))
    deliver_all(first, gateway)
    outbox.commit(drafts(*map(passage, "bcd")))
    outbox.sending([(outbox.epoch, 4)])
    second = open_copy(tmp_path, "second")
    second.commit(drafts(passage("m")))
    outbox.commit(drafts(passage("e")))
    for card in (second, outbox, first):
        deliver_all(card, gateway)
    assert gateway.sources() == sorted("abcdexyzm")
    assert gateway.holes() == []


def test_what_the_gateway_will_never_store_is_reported_once_and_not_sent_again(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    refusal = Refusal(seq=1, reason="unreadable")
    answers = [outbox.apply([receipt(outbox.epoch, 0, refused=(refusal,))], WALL_MS).refused for _ in range(2)]
    assert answers == [(refusal,), ()]
    assert outbox.open_count() == 0


def test_the_gateway_may_ask_again_for_what_the_ring_still_holds(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(*[passage()] * 4))
    outbox.apply([receipt(outbox.epoch, 4, proof=proofs(outbox, 1, 2, 3, 4))], WALL_MS)
    assert outbox.reopen(outbox.epoch, [(2, 3), (9, 12)]) == 2
    assert [key[1] for key, *_ in outbox.open_rows(10)] == [2, 3]


def test_the_ring_forgets_only_what_was_receipted_long_ago(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage("old", "a" * 64), passage("new", "b" * 64), passage("open", "c" * 64)))
    outbox.apply([receipt(outbox.epoch, 1, proof=proofs(outbox, 1))], WALL_MS)
    outbox.apply([receipt(outbox.epoch, 2, proof=proofs(outbox, 2))], WALL_MS + 5 * DAY_MS)
    PictureBook(Database(tmp_path / "node.sqlite3")).mark(["a" * 64], "sent")
    assert outbox.prune(WALL_MS + 8 * DAY_MS, 7) == ["a" * 64]
    assert outbox.reopen(outbox.epoch, [(1, 3)]) == 2


def test_what_was_receipted_in_1970_is_not_forgotten_when_the_clock_is_set(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    outbox.apply([receipt(outbox.epoch, 1, proof=proofs(outbox, 1))], 60_000)
    outbox.prune(WALL_MS, 7)
    assert outbox.reopen(outbox.epoch, [(1, 1)]) == 1


def settled(outbox: Outbox, count: int, at_ms: int) -> None:
    """So many events, receipted then."""
    outbox.commit(drafts(*[passage()] * count))
    first = outbox.seq - count + 1
    rows = proofs(outbox, *range(first, outbox.seq + 1))
    outbox.apply([receipt(outbox.epoch, outbox.seq, proof=rows)], at_ms)


def test_epoch_and_number_are_told_as_of_one_moment(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    settled(outbox, 2, WALL_MS)
    assert outbox.place == (outbox.epoch, 2)


def test_a_clock_that_nobody_vouches_for_does_not_empty_the_ring(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    settled(outbox, 3, WALL_MS)
    outbox.prune(None, 7)
    assert outbox.reopen(outbox.epoch, [(1, 3)]) == 3


def test_without_a_clock_as_many_stay_as_the_busiest_days_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhian_edge.delivery.ring._LEAST_KEPT", 1)
    outbox = open_outbox(tmp_path)
    for day, count in (("01", 1), ("02", 3), ("03", 2)):
        outbox.commit([Draft(passage(), stamp(time=f"2026-03-{day}T02:00:00.000Z"))] * count)
    outbox.apply([receipt(outbox.epoch, 6, proof=proofs(outbox, *range(1, 7)))], 0)
    outbox.sending([(outbox.epoch, 6)])
    outbox.prune(None, 1)
    assert outbox.reopen(outbox.epoch, [(1, 6)]) == 3
    assert [key[1] for key, *_ in outbox.open_rows(10)] == [4, 5, 6]


def test_what_was_receipted_by_a_clock_that_was_ahead_ages_once_it_is_right(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    settled(outbox, 1, WALL_MS + 4000 * DAY_MS)
    outbox.prune(WALL_MS, 7)
    outbox.prune(WALL_MS + 8 * DAY_MS, 7)
    assert outbox.reopen(outbox.epoch, [(1, 1)]) == 0


def test_decided_events_are_counted_by_local_day(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit([Draft(passage(), stamp(time="2026-03-01T15:59:59.999Z"))])
    outbox.commit([Draft(passage(), stamp(time="2026-03-01T16:00:00.000Z"))] * 2)
    assert outbox.decided("2026-03-01") == {outbox.epoch: 1}
    assert outbox.decided("2026-03-02") == {outbox.epoch: 2}


def test_a_damaged_database_is_put_aside_and_what_was_not_delivered_keeps_its_place(tmp_path: Path) -> None:
    path = tmp_path / "node.sqlite3"
    before = open_outbox(tmp_path)
    before.commit(drafts(*[passage(f"{n}" * 300) for n in range(40)]))
    before.apply([receipt(before.epoch, 3)], WALL_MS)
    keys = {row.key: row.body for row in before.open_rows(100)}
    epoch = before.epoch
    before._database.close()
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = os.urandom(4096)
    path.write_bytes(content)

    with pytest.raises(OutboxCorrupt):
        Database(path)
    opened = open_or_replace(path, WALL_MS)
    assert opened.aside is not None
    assert opened.aside.exists()
    outbox = open_outbox(tmp_path)
    assert outbox.epoch != epoch
    rows = {row.key: row.body for row in outbox.open_rows(100)}
    assert 0 < len(rows) == opened.salvaged
    assert rows.items() <= keys.items()


def test_a_file_that_is_no_database_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "node.sqlite3").write_text("not a database, but long enough to look like a file" * 20)
    assert open_or_replace(tmp_path / "node.sqlite3", WALL_MS).salvaged == 0
    assert open_outbox(tmp_path).commit(drafts(passage()))[0].seq == 1


def test_a_database_of_a_later_version_stays_as_it_is(tmp_path: Path) -> None:
    open_outbox(tmp_path)._database.close()
    with sqlite3.connect(tmp_path / "node.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(OutboxNewer, match="newer"):
        open_or_replace(tmp_path / "node.sqlite3", WALL_MS)
    assert [path.name for path in tmp_path.iterdir() if "damaged" in path.name] == []


def test_without_space_nothing_is_decided_by_halves(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    with outbox._database.reading() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        outbox.commit(drafts(*[passage("x" * 2000)] * 50), {"presence": b"2"})
    assert (outbox.seq, outbox.open_count(), outbox.state()) == (1, 1, {})
    with outbox._database.reading() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    assert [event.seq for event in outbox.commit(drafts(passage()))] == [2]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull),
        (sqlite3.SQLITE_IOERR_READ, DiskFails),
        (sqlite3.SQLITE_IOERR_FSYNC, DiskFails),
    ],
)
def test_a_disk_that_fails_is_not_called_full(tmp_path: Path, code: int, error: type[Exception]) -> None:
    failure = sqlite3.OperationalError("from the disk")
    failure.sqlite_errorcode = code
    database = Database(tmp_path / "node.sqlite3")
    with pytest.raises(error) as raised, database.transaction():
        raise failure
    assert type(raised.value) is error
    database.close()


CRASH = """
import runpy, sys
from pathlib import Path
peers = runpy.run_path(sys.argv[2])
outbox = peers["open_outbox"](Path(sys.argv[1]))
while True:
    print(outbox.commit(peers["drafts"](peers["passage"](), peers["passage"]()))[-1].seq, flush=True)
"""


def test_a_killed_node_resumes_at_the_next_seq(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", CRASH, str(tmp_path), str(Path(__file__).with_name("peers.py"))]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdout is not None
        lines = [node.stdout.readline() for _ in range(20)]
        node.kill()
        lines += node.stdout.readlines()
    told = int([line for line in lines if line.endswith("\n")][-1])
    outbox = open_outbox(tmp_path)
    seqs = sorted(row.key[1] for row in outbox.open_rows(100_000))
    assert seqs == list(range(1, outbox.seq + 1))
    assert outbox.seq >= told
    assert decode(outbox.open_rows(1)[0].body).seq == 1
