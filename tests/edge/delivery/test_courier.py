"""Whatever is lost, repeated, late or restarted: every decided event is stored exactly once, without a hole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from zhian_edge.delivery.courier import FEW, URGENT, Courier
from zhian_edge.delivery.hurry import LONGEST_MS, WORD_MS
from zhian_edge.delivery.outbox import Outbox
from zhian_edge.delivery.pace import LEAST
from zhian_edge.delivery.window import Window
from zhian_wire.receipts import Receipt

from .peers import WALL_MS, FakeGateway, alert, deliver_all, drafts, health, open_outbox, passage

RESEND_MS = 1000


class LossyLine(RuleBasedStateMachine):
    """A node, a gateway, and a network between them that loses, repeats and delays as it likes."""

    @initialize()
    def start(self) -> None:
        # A context manager would outlive the machine's rules; `teardown` removes the folder.
        self.folder = tempfile.TemporaryDirectory()
        self.gateway = FakeGateway()
        self.copy = b""
        self.copied_disk: list[str] = []
        self.broken_off: set[str] = set()
        self.backup: dict[str, dict[int, bytes]] = {}
        self.now = 0
        self.decided = 0
        #: What somebody still holds, and the node's share of it: its disk keeps receipted rows, too.
        self.sources: list[str] = []
        self.on_disk: list[str] = []
        self.up: list[bytes] = []
        self.down: list[Receipt] = []
        self.restart()

    def restart(self) -> None:
        # One file holds everything: the write-ahead log is emptied when the connection is closed.
        if hasattr(self, "outbox"):
            self.outbox._database.close()
        self.outbox = open_outbox(Path(self.folder.name))
        self.courier = Courier(self.outbox, Window(8, RESEND_MS))

    @rule(count=st.integers(1, 20))
    def decide(self, count: int) -> None:
        names = [f"{self.decided + n}" for n in range(count)]
        others = [health(), alert()][: count % 3]
        self.outbox.commit(drafts(*map(passage, names), *others))
        self.decided += count
        self.sources += names
        self.on_disk += names

    @rule()
    def send(self) -> None:
        self.up += [row.body for row in self.courier.next_rows(self.now)]

    @rule(wait=st.integers(1, 5000))
    def time_passes(self, wait: int) -> None:
        self.now += wait

    @precondition(lambda self: self.up)
    @rule(data=st.data())
    def gateway_takes_one(self, data: st.DataObject) -> None:
        body = self.up.pop(data.draw(st.integers(0, len(self.up) - 1)))
        self.down.append(self.gateway.take(body))

    @precondition(lambda self: self.up)
    @rule(data=st.data())
    def a_message_comes_twice(self, data: st.DataObject) -> None:
        self.up.append(data.draw(st.sampled_from(self.up)))

    @precondition(lambda self: self.down)
    @rule(data=st.data())
    def a_receipt_comes(self, data: st.DataObject) -> None:
        receipt = self.down.pop(data.draw(st.integers(0, len(self.down) - 1)))
        self.courier.receive([receipt], WALL_MS, self.now)

    @rule()
    def broker_dies(self) -> None:
        self.up.clear()
        self.down.clear()
        self.courier.connected()

    @rule()
    def node_is_killed(self) -> None:
        self.restart()

    @rule()
    def gateway_is_backed_up(self) -> None:
        self.backup = {epoch: dict(held) for epoch, held in self.gateway.stored.items()}

    @rule()
    def gateway_is_restored(self) -> None:
        restored = FakeGateway(f"{self.gateway.store_id}+")
        for epoch, held in self.backup.items():
            restored.stored[epoch] = dict(held)
        self.gateway = restored
        # What was only in the gateway since the node's disk was lost went with the gateway's.
        self.sources = sorted({*self.on_disk, *restored.sources()})
        # A receipt of the lost store cannot come after the new one speaks: the gateway itself sends both.
        self.down.clear()

    @rule()
    def disk_is_copied(self) -> None:
        with self.outbox._database.reading() as db:
            self.copy = db.serialize()
        self.copied_disk = list(self.on_disk)

    @precondition(lambda self: self.copy)
    @rule()
    def disk_is_restored(self) -> None:
        """What only the lost disk knew is lost; what the gateway has stays, and nothing collides with it."""
        self.broken_off.add(self.outbox.epoch)
        self.outbox._database.close()
        (Path(self.folder.name) / "node.sqlite3").write_bytes(self.copy)
        self.on_disk = list(self.copied_disk)
        self.sources = sorted({*self.on_disk, *self.gateway.sources()})
        self.up.clear()
        self.down.clear()
        self.restart()

    def teardown(self) -> None:
        try:
            self.settle_everything()
        finally:
            self.outbox._database.close()
            self.folder.cleanup()

    def settle_everything(self) -> None:
        self.outbox.commit(drafts(passage("last")))
        deliver_all(self.outbox, self.gateway)
        assert self.gateway.sources() == sorted([*self.sources, "last"])
        assert [epoch for epoch, _ in self.gateway.holes() if epoch not in self.broken_off] == []


TestLossyLine = LossyLine.TestCase
TestLossyLine.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)


def test_a_backlog_goes_out_by_the_window_and_alerts_first(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(*[passage()] * 100))
    courier = Courier(outbox, Window(8, RESEND_MS))
    gateway = FakeGateway()
    (probe,) = courier.next_rows(0)
    courier.receive([gateway.take(probe.body)], WALL_MS, 0)
    assert len(courier.next_rows(0)) == LEAST
    outbox.commit(drafts(alert()))
    assert [row.key[1] for row in courier.next_rows(1)] == [101]
    assert courier.next_rows(2) == []
    assert courier.next_due_ms() == RESEND_MS


def sent_in_vain(courier: Courier, until_ms: int) -> int:
    """Everything that is due is sent, to nobody, until then; when something would be due again."""
    due = courier.next_due_ms() or 0
    while due < until_ms:
        courier.next_rows(due)
        due = courier.next_due_ms() or until_ms
    return due


def test_a_gateway_that_announces_itself_gets_everything_at_once(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    courier, gateway = Courier(outbox, Window(8, RESEND_MS)), FakeGateway()
    announced = gateway.take(courier.next_rows(0)[0].body)
    courier.receive([announced], WALL_MS, 0)
    outbox.commit(drafts(passage(), alert()))
    courier.next_rows(0)
    assert sent_in_vain(courier, 150_000) > 160_000, "the back-off has grown long"
    assert courier.next_rows(150_000) == []
    courier.receive([announced], WALL_MS, 150_000)
    assert [row.key[1] for row in courier.next_rows(150_000)] == [3, 2]


def test_an_announcement_is_heard_even_while_it_is_unknown_what_the_gateway_has(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    courier = Courier(outbox, Window(8, RESEND_MS))
    courier.next_rows(0)
    sent_in_vain(courier, 150_000)
    courier.receive([Receipt(node="gate", epoch="", through=0, store_id="s")], WALL_MS, 150_000)
    assert len(courier.next_rows(150_000)) == 1


def test_receipts_of_a_gateway_that_is_there_do_not_hurry_what_it_does_not_receipt(tmp_path: Path) -> None:
    outbox = open_outbox(tmp_path)
    outbox.commit(drafts(passage()))
    courier, gateway = Courier(outbox, Window(8, RESEND_MS)), FakeGateway()
    known = gateway.take(courier.next_rows(0)[0].body)
    courier.receive([known], WALL_MS, 0)
    outbox.commit(drafts(passage()))
    assert len(courier.next_rows(0)) == 1
    for now in range(100, RESEND_MS, 100):
        courier.receive([known], WALL_MS, now)
        assert courier.next_rows(now) == []


def verified(tmp_path: Path, window: int = 64) -> tuple[Courier, FakeGateway, Outbox]:
    """A courier whose gateway has one passage, and so is known."""
    outbox, gateway = open_outbox(tmp_path), FakeGateway()
    outbox.commit(drafts(passage()))
    courier = Courier(outbox, Window(window, RESEND_MS))
    courier.receive([gateway.take(courier.next_rows(0)[0].body)], WALL_MS, 0)
    return courier, gateway, outbox


def test_while_an_alert_is_on_its_way_passages_wait_and_small_words_follow_it(tmp_path: Path) -> None:
    courier, gateway, outbox = verified(tmp_path)
    outbox.commit(drafts(passage(), alert(), passage()))
    (sent,) = courier.next_rows(10)
    assert sent.priority == URGENT
    assert (courier.hurrying, courier.word(10), courier.next_word_ms(10)) == (True, False, 10 + WORD_MS)
    assert courier.word(10 + WORD_MS)
    assert courier.next_rows(100) == []
    courier.receive([gateway.take(sent.body)], WALL_MS, 200)
    assert [row.key[1] for row in courier.next_rows(200)] == [2, 4]
    assert not courier.hurrying


@pytest.mark.parametrize(("alerts", "held"), [(1, True), (FEW, True), (FEW + 1, False)])
def test_a_few_alerts_hold_the_rest_up_and_a_flood_of_them_nothing(tmp_path: Path, alerts: int, held: bool) -> None:
    courier, gateway, outbox = verified(tmp_path)
    for now_ms in (1, 2, 3, 4):  # there is room for much, by and by
        outbox.commit(drafts(*[passage() for _ in range(16)]))
        while rows := courier.next_rows(now_ms):
            courier.receive([gateway.take(row.body) for row in rows], WALL_MS, now_ms)
    outbox.commit(drafts(*[alert() for _ in range(alerts)], passage()))
    sent = courier.next_rows(10)
    assert [row.priority == URGENT for row in sent] == [True] * alerts + [False] * (not held)


def test_a_flood_of_alerts_begins_as_slowly_as_a_backlog_so_that_a_line_that_breaks_carries_receipts(
    tmp_path: Path,
) -> None:
    courier, gateway, outbox = verified(tmp_path)
    outbox.commit(drafts(*[alert() for _ in range(4 * FEW)]))
    sent = courier.next_rows(10)
    assert [row.priority for row in sent] == [URGENT] * LEAST
    # The line breaks, but their receipts came.
    courier.receive([gateway.take(row.body) for row in sent], WALL_MS, 20)
    courier.connected()
    (probe,) = courier.next_rows(30)
    courier.receive([gateway.take(probe.body)], WALL_MS, 40)
    assert not {row.key for row in sent} & {row.key for row in courier.next_rows(50)}


def test_an_alert_without_a_receipt_holds_nobody_up_for_long(tmp_path: Path) -> None:
    courier, _, outbox = verified(tmp_path)
    outbox.commit(drafts(alert(), passage()))
    assert [row.priority for row in courier.next_rows(10)] == [URGENT]
    ends = 10 + LONGEST_MS
    assert [row.priority for row in courier.next_rows(ends - 1)] == [URGENT], "again, since its receipt is late"
    assert [row.key[1] for row in courier.next_rows(ends)] == [3]
