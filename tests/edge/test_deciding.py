"""What devices must do is handed out only after the commit, whatever the disk does; orders are kept with the events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.lanes import CARD, PEOPLE, plan, read
from zhian_edge.deciding import Deciding, NewRoster
from zhian_edge.decision.actions import Act, Action
from zhian_edge.decision.decider import Decider
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Draft, Identity, Outbox
from zhian_edge.delivery.spool import Spool
from zhian_edge.desk import Desk
from zhian_edge.errors import DiskFull, NotWritten
from zhian_edge.process.clock import EARLIEST_MS, ClockTie, Reading
from zhian_edge.sight import Sight
from zhian_edge.signals import Contact, LaneOrder
from zhian_wire.events import Decision
from zhian_wire.roster import Roster


class FullDisk(Outbox):
    """An outbox whose disk is full on demand."""

    full = False

    def commit(self, drafts: Sequence[Draft], state: object = None) -> list[object]:  # type: ignore[override]
        if self.full:
            raise DiskFull("no space")
        return super().commit(drafts, state)  # type: ignore[arg-type, return-value]


class Loop:
    """The decision loop without its thread, at a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.now = 0
        tie = ClockTie("boot", self.read())
        self.outbox = FullDisk(Database(folder / "node.sqlite3"), Identity("s", "n", ZoneInfo("Asia/Shanghai")))
        self.handed: list[tuple[str, int]] = []
        self.deciding = Deciding(
            Decider(plan(CARD)), Desk(self.outbox, Spool(folder / "spool"), tie, lambda: None), tie, Sight("n"),
            short_of_space=lambda: None, act=self.act, now=lambda: self.now, read=self.read,
        )  # fmt: skip
        self.deciding.put(NewRoster(Roster(version=1, persons=PEOPLE)))

    def read(self) -> Reading:
        return Reading(self.now, EARLIEST_MS + self.now, synchronised=True)

    def act(self, actions: Sequence[Action]) -> None:
        """Each order with the rows that were on the disk when it came."""
        self.handed += [(action.action, self.outbox.open_count()) for action in actions if isinstance(action, Act)]

    def at(self, now: int, *signals: object) -> None:
        self.now = now
        for signal in signals:
            self.deciding.put(signal)  # type: ignore[arg-type]
        self.deciding.round(0)


@pytest.fixture
def loop(tmp_path: Path) -> Loop:
    return Loop(tmp_path)


def test_a_barrier_moves_only_after_its_decision_is_on_the_disk(loop: Loop) -> None:
    loop.at(1000, read("A1", 1000))
    assert loop.handed == [("pulse", 1)]
    (decision,) = [event.data for event in loop.outbox.log()]
    assert isinstance(decision, Decision)


def test_without_a_place_for_the_decision_nothing_opens_but_the_way_out(loop: Loop) -> None:
    loop.outbox.full = True
    loop.at(1000, read("A1", 1000))
    assert loop.handed == []
    loop.at(1100, read("B1", 1100, "r-out"))
    assert loop.handed == [("pulse", 0)]
    loop.outbox.full = False
    loop.at(1200)
    assert loop.handed == [("pulse", 0), ("pulse", 2)]  # late, and only good if it has not expired


def test_what_waited_for_the_disk_does_not_end_a_release_for_fire(loop: Loop) -> None:
    loop.outbox.full = True
    loop.at(1000, LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=1000))
    loop.at(2000, Contact(device="fire", at_ms=2000, state="active"))
    loop.outbox.full = False
    loop.at(3000)
    assert [word for word, _ in loop.handed] == ["hold"]
    loop.at(4000, Contact(device="fire", at_ms=4000, state="idle"))
    assert [word for word, _ in loop.handed] == ["hold", "close"]


def test_an_order_that_stands_is_kept_with_the_event_that_tells_it(loop: Loop) -> None:
    loop.at(1000, LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=1000))
    assert set(loop.outbox.state()) == {"lane/main", "orders"}
    loop.at(2000, LaneOrder(order="p", lane="main", state="normal", who="guard", at_ms=2000))
    assert set(loop.outbox.state()) == {"orders"}
    assert loop.handed == [("close", 1), ("close", 2)]


@pytest.fixture
def running(loop: Loop) -> Iterator[Loop]:
    loop.deciding.start()
    yield loop
    loop.deciding.stop()


def test_an_order_is_answered_when_it_is_on_the_disk_and_not_before(running: Loop) -> None:
    locked = LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=0)
    running.outbox.full = True
    with pytest.raises(NotWritten):
        running.deciding.carry(locked, 0.3)
    assert list(running.outbox.log()) == []
    running.outbox.full = False
    running.deciding.carry(locked, 30)
    assert [type(event.data) for event in running.outbox.log()] == [Decision]
    assert running.handed == [("close", 1)]
