"""Whatever order, copies, gaps and restarts: receipts say exactly what the store holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from support.events import event, passage
from support.pipeline import admit
from support.stores import Stores
from support.tiers import examples
from zhian_gateway.cases.book import Book
from zhian_gateway.ingest import progress
from zhian_gateway.ingest.keeping import MOST_STRANGERS, Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.moments import wall_clock
from zhian_gateway.nodes import identity
from zhian_gateway.services import Services
from zhian_gateway.store import Store, open_store
from zhian_gateway.store.tables import alerts, events, intake, refusals
from zhian_wire import codec
from zhian_wire.events import Event
from zhian_wire.receipts import Receipt, proof_of

ZONE = ZoneInfo("Asia/Shanghai")


def message(what: Event, peer: str | None = None) -> Message:
    return Message(peer or what.node, codec.encode(what))


def keeper_of(store: Store) -> Keeper:
    admit(store, "school", "gate-1", "gate-2")
    return Keeper(store, Book("school"), site="school", zone=ZONE, clock=wall_clock)


@pytest.fixture
def keeper(parts: Services) -> Keeper:
    return keeper_of(parts.store)


@pytest.fixture
def rows(parts: Services) -> Callable[[Any], list[Any]]:
    def read(table: Any) -> list[Any]:
        with parts.store.read() as link:
            return list(link.execute(select(table)))

    return read


def test_the_exact_bytes_are_in_the_store(keeper: Keeper, rows: Callable[[Any], list[Any]]) -> None:
    body = codec.encode(event()).replace(b'"lane":"main"', b'"lane":"main", "newer_field" : 1')
    keeper.keep([Message("gate-1", body)])
    assert [row.body for row in rows(events)] == [body]


def test_other_bytes_under_a_known_number_are_refused_and_somebody_is_told(
    keeper: Keeper, rows: Callable[[Any], list[Any]]
) -> None:
    keeper.keep([message(event())])
    forged = event(passage(plate="粤B99999"))
    (receipt,) = keeper.keep([message(forged)])
    assert [(refusal.seq, refusal.reason) for refusal in receipt.refused] == [(1, "conflict")]
    assert receipt.through == 1
    assert [row.body for row in rows(events)] == [codec.encode(event())]
    assert [row.body for row in rows(refusals)] == [codec.encode(forged)]
    assert [(row.kind, row.node) for row in rows(alerts)] == [("event_conflict", "gate-1")]


def test_a_receipt_says_whose_bytes_are_stored_under_each_number_that_came(keeper: Keeper) -> None:
    first, forged = codec.encode(event()), codec.encode(event(passage(plate="粤B99999")))
    for body in (first, first, forged):
        (receipt,) = keeper.keep([Message("gate-1", body)])
        assert receipt.proof == {1: proof_of(first)}


def test_two_different_events_with_one_number_in_one_batch_are_a_conflict_too(keeper: Keeper) -> None:
    (receipt,) = keeper.keep([message(event()), message(event(passage(plate="粤B99999")))])
    assert [refusal.reason for refusal in receipt.refused] == ["conflict"]


def test_a_refusal_that_comes_again_is_answered_again_but_kept_and_told_once(
    keeper: Keeper, rows: Callable[[Any], list[Any]]
) -> None:
    keeper.keep([message(event())])
    for _ in range(3):
        (receipt,) = keeper.keep([message(event(passage(plate="粤B99999")))])
        assert receipt.refused
    assert len(rows(refusals)) == 1
    assert [row.count for row in rows(alerts)] == [1]
    assert [row.conflicts for row in rows(intake)] == [3]


def test_another_nodes_event_is_refused_to_who_sent_it(keeper: Keeper, rows: Callable[[Any], list[Any]]) -> None:
    (receipt,) = keeper.keep([message(event(node="gate-2"), peer="gate-1")])
    assert (receipt.node, receipt.through) == ("gate-1", 0)
    assert [refusal.reason for refusal in receipt.refused] == ["foreign"]
    assert rows(events) == []


def test_an_unreadable_event_is_kept_aside_and_makes_no_hole(keeper: Keeper, rows: Callable[[Any], list[Any]]) -> None:
    broken = codec.encode(event(seq=2)).replace(b'"direction":"in"', b'"direction":"sideways"')
    receipts = keeper.keep([message(event(seq=1)), Message("gate-1", broken), message(event(seq=3))])
    assert [(receipt.through, receipt.highest) for receipt in receipts] == [(3, 3)]
    assert [refusal.reason for refusal in receipts[0].refused] == ["unreadable"]
    assert [row.body for row in rows(refusals)] == [broken]


def test_noise_is_counted_for_the_peer_that_sent_it(keeper: Keeper, rows: Callable[[Any], list[Any]]) -> None:
    assert keeper.keep([Message("gate-1", b"noise"), Message("gate-1", b"{}")]) == []
    assert [(row.node, row.unreadable) for row in rows(intake)] == [("gate-1", 2)]


@pytest.mark.parametrize("was_known", [False, True])
def test_who_is_no_node_of_the_site_is_not_heard_whatever_the_broker_admits(
    parts: Services, keeper: Keeper, rows: Callable[[Any], list[Any]], was_known: bool
) -> None:
    if was_known:
        admit(parts.store, "school", "gate-9")
        with parts.store.write() as link:
            identity.revoke(link, site="school", node="gate-9", now=parts.now(), who="test")
    for _ in range(3):
        assert keeper.keep([message(event(node="gate-9")), Message("gate-9", b"noise")]) == []
    assert [each.node for each in keeper.keep([message(event(node="gate-9")), message(event())])] == ["gate-1"]
    assert [row.node for row in rows(events)] == ["gate-1"]
    assert rows(refusals) == []
    assert [(row.node, row.turned_away) for row in rows(intake)] == [("gate-9", 7)]
    assert [(row.kind, row.node, row.count) for row in rows(alerts)] == [("unknown_node", "gate-9", 1)]


def test_a_node_that_is_admitted_is_heard_from_then_on(parts: Services, keeper: Keeper) -> None:
    assert keeper.keep([message(event(node="gate-9"))]) == []
    admit(parts.store, "school", "gate-9")
    (receipt,) = keeper.keep([message(event(node="gate-9"))])
    assert receipt.through == 1


def test_invented_names_do_not_fill_the_store(keeper: Keeper, rows: Callable[[Any], list[Any]]) -> None:
    for batch in range(3):
        keeper.keep([Message(f"bad-{batch}-{number}", b"") for number in range(50)])
    assert sum(row.turned_away for row in rows(intake)) == 150
    assert len(rows(intake)) == len(rows(alerts)) == MOST_STRANGERS + 1


def test_events_of_a_newer_type_are_stored(keeper: Keeper, rows: Callable[[Any], list[Any]]) -> None:
    body = codec.encode(event()).replace(b"zhian.passage.v1", b"zhian.novelty.v7")
    (receipt,) = keeper.keep([Message("gate-1", body)])
    assert receipt.through == 1
    assert [row.type for row in rows(events)] == ["zhian.novelty.v7"]


def test_a_new_epoch_begins_anew(keeper: Keeper) -> None:
    keeper.keep([message(event(seq=seq)) for seq in (1, 2, 3)])
    (receipt,) = keeper.keep([message(event(epoch="e2"))])
    assert (receipt.epoch, receipt.through) == ("e2", 1)


def test_a_cloned_node_is_told_how_far_the_other_one_got(keeper: Keeper) -> None:
    keeper.keep([message(event(seq=seq)) for seq in range(1, 11)])
    (receipt,) = keeper.keep([message(event(seq=4))])
    assert receipt.highest == 10


def test_a_failed_commit_teaches_the_keeper_nothing(parts: Services, keeper: Keeper) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("disk full")

    broken = Keeper(parts.store, parts.book, site="school", zone=ZONE, clock=wall_clock)
    broken._rows.count = fail  # type: ignore[method-assign]
    with pytest.raises(RuntimeError):
        broken.keep([message(event(seq=1)), message(event(seq=2))])
    (receipt,) = keeper.keep([message(event(seq=2))])
    assert (receipt.through, receipt.also) == (0, (2,))


class AnyOrder(RuleBasedStateMachine):
    """Numbers 1 to 30 of two epochs come in any order and any batches; the keeper is made anew at any time."""

    def __init__(self, storage: Stores) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.place = storage.location(Path(self.folder.name) / "g.db")
        self.sent: dict[str, set[int]] = {"e1": set(), "e2": set()}
        self.last: dict[str, Receipt] = {}

    @initialize()
    def open(self) -> None:
        self.store = open_store(self.place)
        self.keeper = keeper_of(self.store)

    @rule(batch=st.lists(st.tuples(st.sampled_from(["e1", "e2"]), st.integers(1, 30)), min_size=1, max_size=12))
    def send(self, batch: list[tuple[str, int]]) -> None:
        for epoch, seq in batch:
            self.sent[epoch].add(seq)
        receipts = self.keeper.keep([message(event(epoch=epoch, seq=seq)) for epoch, seq in batch])
        assert [receipt.epoch for receipt in receipts] == sorted({epoch for epoch, _ in batch})
        self.last |= {receipt.epoch: receipt for receipt in receipts}

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.open()

    @invariant()
    def receipts_say_what_is_stored(self) -> None:
        for epoch, receipt in self.last.items():
            assert set(range(1, receipt.through + 1)) | set(receipt.also) == self.sent[epoch]
            assert receipt.through + 1 not in self.sent[epoch]
            assert receipt.highest == max(self.sent[epoch])
            assert receipt.refused == ()

    @invariant()
    def everything_is_stored_once(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.read() as link:
            stored = sorted((row.epoch, row.seq) for row in link.execute(select(events)))
        assert stored == sorted((epoch, seq) for epoch, seqs in self.sent.items() for seq in seqs)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        self.folder.cleanup()


@pytest.mark.parametrize("in_mind", [1, progress.MOST_IN_MIND])
def test_in_any_order_and_over_any_restart_receipts_say_what_is_stored_once(
    storage: Stores, in_mind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MOST_IN_MIND", in_mind)
    bounds = settings(max_examples=examples(15), stateful_step_count=15, deadline=None)
    run_state_machine_as_test(lambda: AnyOrder(storage), settings=bounds)  # type: ignore[no-untyped-call]
