"""What nodes say of themselves is kept; they are asked for their counts, and revoked ones to delete what they have."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from support.events import event, passage
from support.gateway import add_node
from support.pipeline import take_in
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Draft, Identity, Outbox, Outcome, Row
from zhian_edge.process.clock import Stamp
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.ledger.reading import read
from zhian_gateway.nodes import identity
from zhian_gateway.nodes import words as kept
from zhian_gateway.nodes.listening import NodeListener
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts, signed, words
from zhian_wire import codec, times
from zhian_wire.commands import Answer, Command, SignCount, Wipe
from zhian_wire.state import NodeState


class Node:
    """A node's side of the conversation, and what the gateway sends it."""

    def __init__(self, parts: Services, outbound: Any, name: str = "gate-1") -> None:
        self.parts = parts
        self.name = name
        self.outbound = outbound
        self.listener = NodeListener(parts)
        self._beats = itertools.count()

    def beat(self, seq: int = 1, epoch: str = "e1", *, retained: bool = False, time: str = "", run: str = "") -> None:
        said = time or times.to_text(self.parts.clock() + timedelta(milliseconds=next(self._beats)))
        state = NodeState(node=self.name, epoch=epoch, seq=seq, time=said, version="1", run=run)
        found = self.listener.take_state(self.name, codec.encode_message(state), retained)
        if found is not None and not retained:
            self.parts.presence.hear(self.name, found, self.parts.clock())
        self.listener.step()

    def answer(self, command: str, result: Any = "done", **data: str | int) -> None:
        body = codec.encode_message(Answer(id=command, result=result, data=data))
        self.listener.take_answer(self.name, body, False)
        self.listener.step()

    def told(self) -> list[Any]:
        """The commands since the last look."""
        found = [codec.decode_message(body, Command) for _, kind, body in self.outbound.sent if kind == "command"]
        self.outbound.sent.clear()
        return found


@pytest.fixture
def node(parts: Services, outbound: Any) -> Node:
    add_node(parts, "gate-1")
    return Node(parts, outbound)


def rows(parts: Services, table: Any) -> list[Any]:
    with parts.store.read() as link:
        return list(link.execute(select(table)))


def waiting(parts: Services) -> int:
    with parts.store.read() as link:
        return sum(line.waiting for line in read(link, parts.site, parts.zone))


def test_the_ledger_knows_what_a_node_still_holds(parts: Services, node: Node) -> None:
    take_in(parts, event(seq=1), event(seq=2))
    node.beat(seq=6)
    assert waiting(parts) == 4
    take_in(parts, *(event(seq=seq) for seq in range(3, 7)))
    assert waiting(parts) == 0


def test_a_retained_heart_beat_is_a_word_with_its_own_age(parts: Services, node: Node) -> None:
    node.beat(seq=6, retained=True, time="2026-03-01T00:00:00.000Z")
    assert [(row.seq, row.at) for row in rows(parts, words)] == [(6, "2026-03-01T00:00:00.000Z")]
    node.beat(seq=9)
    node.beat(seq=6, retained=True, time="2026-03-01T00:00:00.000Z")
    assert [(row.seq, row.at) for row in rows(parts, words)] == [(9, parts.now())]


def test_counts_are_asked_for_every_hour_and_after_midnight(parts: Services, node: Node, clock: Any) -> None:
    node.beat()
    first = node.told()
    assert [(type(each), each.day) for each in first] == [(SignCount, "2026-03-01"), (SignCount, "2026-03-02")]
    node.answer(first[0].id, day="2026-03-01", decided=3, e1=3)
    node.answer(first[1].id, day="2026-03-02", decided=5, e0=1, e1=4)
    assert [(row.epoch, row.day, row.decided) for row in rows(parts, signed)] == [
        ("e1", "2026-03-01", 3),
        ("e0", "2026-03-02", 1),
        ("e1", "2026-03-02", 4),
    ]
    node.beat()
    assert node.told() == []
    clock.forward(3600)
    node.beat()
    assert len(node.told()) == 2


def test_after_local_midnight_the_day_that_ended_is_asked_for_at_once(parts: Services, node: Node, clock: Any) -> None:
    clock.forward(7 * 3600 + 3500)
    node.beat()
    for each in node.told():
        node.answer(each.id, day=each.day, decided=0)
    clock.forward(101)
    node.beat()
    assert [each.day for each in node.told()] == ["2026-03-02", "2026-03-03"]


def test_what_is_not_answered_is_asked_again(node: Node, clock: Any) -> None:
    node.beat()
    assert len(node.told()) == 2
    clock.forward(61)
    node.beat()
    assert len(node.told()) == 2


@pytest.mark.parametrize("result", ["failed", "unsupported", "expired"])
def test_an_answer_without_a_count_signs_nothing(parts: Services, node: Node, result: str) -> None:
    node.beat()
    node.answer(node.told()[0].id, result, day="2026-03-01", decided=1, e1=1)
    assert rows(parts, signed) == []


def test_nobody_answers_for_another_node(parts: Services, node: Node, outbound: Any) -> None:
    add_node(parts, "gate-2")
    node.beat()
    asked = node.told()[0]
    node.name = "gate-2"
    node.answer(asked.id, day=asked.day, decided=1, e1=1)
    assert rows(parts, signed) == []


def test_a_revoked_node_is_told_to_delete_what_it_has_until_it_says_so(parts: Services, node: Node) -> None:
    with parts.store.write() as link:
        identity.revoke(link, site=parts.site, node="gate-1", now=parts.now(), who="test")
    node.beat(retained=True)
    assert node.told() == []
    node.beat()
    (first,) = node.told()
    node.answer(first.id, "failed")
    node.beat()
    (second,) = node.told()
    assert isinstance(second, Wipe)
    node.answer(second.id)
    node.beat()
    assert node.told() == []
    with parts.store.read() as link:
        assert identity.to_wipe(link, parts.site) == set()
    add_node(parts, "gate-1")
    with parts.store.write() as link:
        identity.revoke(link, site=parts.site, node="gate-1", now=parts.now(), who="test")
    node.beat()
    assert [type(each) for each in node.told()] == [Wipe]


def test_two_machines_under_one_name_are_a_case(parts: Services, node: Node) -> None:
    for epoch in ("e1", "e2"):
        node.beat(epoch=epoch)
    assert rows(parts, alerts) == []
    node.beat(epoch="e1")
    assert [(row.kind, row.node) for row in rows(parts, alerts)] == [("node_cloned", "gate-1")]


def test_what_the_broker_delivers_again_is_no_other_machine(parts: Services, node: Node) -> None:
    old = parts.now()
    node.beat(seq=5, time=old)
    node.beat(seq=6)
    node.beat(seq=5, time=old)
    assert rows(parts, alerts) == []
    heard = parts.presence.last("gate-1")
    assert heard is not None
    assert heard.state.seq == 6
    node.beat(seq=5)
    assert [row.kind for row in rows(parts, alerts)] == ["node_cloned"]


def test_the_highest_word_of_each_node_and_epoch_counts(parts: Services) -> None:
    with parts.store.write() as link:
        kept.keep(link, parts.site, [kept.Word("n", "e1", 1, "a"), kept.Word("n", "e1", 2, "b")])
        kept.keep(link, parts.site, [kept.Word("n", "e1", 3, "c"), kept.Word("n", "e2", 1, "c")])
        kept.keep(link, "elsewhere", [kept.Word("n", "e1", 9, "c")])
    found = {(row.site, row.epoch): (row.seq, row.at) for row in rows(parts, words)}
    assert found == {(parts.site, "e1"): (3, "c"), (parts.site, "e2"): (1, "c"), ("elsewhere", "e1"): (9, "c")}


def test_two_copies_of_one_card_that_decided_nothing_since_are_a_case(parts: Services, node: Node) -> None:
    for run in ("this", "that", "this"):
        assert rows(parts, alerts) == []
        node.beat(run=run)
    assert [(row.kind, row.node) for row in rows(parts, alerts)] == [("node_cloned", "gate-1")]


def ledger(parts: Services) -> tuple[int, int, int, int]:
    with parts.store.read() as link:
        (line,) = read(link, parts.site, parts.zone)
    return line.decided, line.stored, line.waiting, line.reused


def test_what_a_restored_card_counts_again_stays_in_the_ledger(
    parts: Services, node: Node, outbound: Any, clock: Any
) -> None:
    take_in(parts, *(event(seq=seq) for seq in range(1, 4)))
    node.beat(seq=9, run="first")
    with parts.store.write() as link:
        kept.sign(link, site=parts.site, node="gate-1", epoch="e1", day="2026-03-02", decided=9, at=parts.now())
    clock.forward(60)
    restarted = Node(parts, outbound)
    restarted.beat(seq=3, run="second")
    assert ledger(parts) == (9, 3, 6, 0)
    (case,) = (row for row in rows(parts, alerts) if row.kind == "node_cloned")
    assert (case.count, "6 events had not come" in case.detail) == (1, True)
    # A copy that does not heed it gives the numbers out once more.
    take_in(parts, *(event(seq=seq) for seq in range(4, 13)))
    restarted.beat(seq=12, run="second")
    assert ledger(parts) == (18, 12, 0, 6)
    assert [row.count for row in rows(parts, alerts) if row.kind == "node_cloned"] == [1]


def test_what_came_between_two_falls_is_not_missing(parts: Services, node: Node, outbound: Any) -> None:
    take_in(parts, *(event(seq=seq) for seq in range(1, 9)))
    node.beat(seq=10, run="first")
    Node(parts, outbound).beat(seq=3, run="second")
    take_in(parts, *(event(seq=seq) for seq in range(9, 31)))
    node.beat(seq=30, run="first")
    Node(parts, outbound).beat(seq=3, run="third")
    assert ledger(parts) == (32, 30, 0, 2), "9 and 10 may have been others"
    node.beat(seq=31, run="first")
    Node(parts, outbound).beat(seq=4, run="third")
    assert ledger(parts) == (33, 30, 1, 2)


def test_a_restored_card_uses_no_number_again_that_its_other_life_only_spoke_of(
    parts: Services, node: Node, outbound: Any, tmp_path: Path
) -> None:
    own = {"site": parts.site, "zone": parts.zone, "clock": parts.clock, "falls": parts.falls}
    keeper = Keeper(parts.store, parts.book, **own)
    who = Identity(parts.site, "gate-1", parts.zone)

    def deliver(card: Outbox, rows: list[Row]) -> Outcome:
        card.sending(row.key for row in rows)
        return card.apply(keeper.keep([Message("gate-1", row.body) for row in rows]), 0)

    def decide(card: Outbox, count: int) -> None:
        now = Stamp("boot", 1, times.to_text(parts.clock()), "trusted")
        card.commit([Draft(passage(plate=f"粤B{number}"), now) for number in range(count)])

    database = Database(tmp_path / "node.sqlite3")
    card = Outbox(database, who)
    decide(card, 2)
    deliver(card, card.open_rows(9))
    with database.reading() as db:
        db.execute("VACUUM INTO ?", (str(tmp_path / "image.sqlite3"),))
    decide(card, 3)
    node.beat(seq=card.seq, epoch=card.epoch, run="first")
    restored = Outbox(Database(tmp_path / "image.sqlite3"), who)
    Node(parts, outbound).beat(seq=restored.seq, epoch=restored.epoch, run="second")
    probe = restored.probe()
    assert probe is not None
    assert deliver(restored, [probe]).new_epoch == restored.epoch
    decide(restored, 4)
    deliver(restored, restored.open_rows(9))
    assert ledger(parts) == (9, 6, 3, 0)


def test_a_fall_is_one_case_whoever_notices_it(parts: Services, node: Node) -> None:
    node.beat(seq=9, run="first")
    node.beat(seq=3, run="second")
    node.beat(seq=4, run="second")
    assert [(row.kind, row.count) for row in rows(parts, alerts)] == [("node_cloned", 1)]
    assert parts.falls == {("gate-1", "e1"): 9}
    with parts.store.read() as link:
        assert kept.fallen(link, parts.site) == parts.falls


def test_what_comes_late_or_was_kept_by_a_broker_is_no_fall(parts: Services, node: Node, outbound: Any) -> None:
    node.beat(seq=9, run="first", time="2026-03-02T00:00:03.000Z")
    node.beat(seq=8, run="first", time="2026-03-02T00:00:00.000Z")
    Node(parts, outbound).beat(seq=3, retained=True, time="2026-03-01T00:00:00.000Z")
    assert [(row.seq, row.fell_from) for row in rows(parts, words)] == [(9, None)]
    assert parts.falls == {}


@pytest.mark.parametrize(
    "body",
    [
        b"noise",
        b'{"node":"gate-1","epoch":"a b","seq":1,"time":"2026-03-01T00:00:00.000Z","version":"1"}',
        b'{"node":"gate-1","epoch":"e","seq":-1,"time":"2026-03-01T00:00:00.000Z","version":"1"}',
        b'{"node":"gate-1","epoch":"e","seq":1,"time":"now","version":"1"}',
        b'{"node":"gate-2","epoch":"e","seq":1,"time":"2026-03-01T00:00:00.000Z","version":"1"}',
    ],
)
def test_what_cannot_be_a_nodes_word_is_not_heard(parts: Services, node: Node, body: bytes) -> None:
    assert node.listener.take_state("gate-1", body, False) is None
    node.listener.step()
    assert rows(parts, words) == []


def test_who_is_no_node_of_the_site_has_no_word(parts: Services, outbound: Any) -> None:
    Node(parts, outbound, "gate-9").beat()
    assert rows(parts, words) == []
    assert outbound.sent == []
