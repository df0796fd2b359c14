"""What every barrier keeps to: an order is carried out once or an error, never twice, and never late."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from contract.barriers import BARRIERS, SLOW, BarrierPeer
from contract.cabled import Order
from contract.ledger import Ledger, Row
from support.waiting import eventually
from zhian_edge.errors import DeviceLost, EdgeError, Expired, Unconfirmed
from zhian_edge.hal.contracts import Barrier
from zhian_edge.process.clock import mono_ms


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in BARRIERS])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BarrierPeer]:
    one = BARRIERS[request.param](tmp_path)
    one.start()
    yield one
    one.close()


@pytest.fixture
def barrier(peer: BarrierPeer) -> Iterator[Barrier]:
    one = peer.barrier()
    reopen(one)
    yield one
    one.close()


@pytest.fixture
def count(peer: BarrierPeer, barrier: Barrier, ledger: Ledger) -> Count:
    return Count(peer, barrier, ledger)


class Count:
    """Gives orders, and compares those that were confirmed with what came to the peer."""

    def __init__(self, peer: BarrierPeer, barrier: Barrier, ledger: Ledger) -> None:
        self._peer, self._barrier, self._ledger = peer, barrier, ledger
        self._timed = barrier.diagnostics().capabilities.timed
        self.done = self.unknown = self.held = 0

    def pulse(self, ms: int = 1000) -> EdgeError | None:
        """One order; what it raised."""
        try:
            self._barrier.pulse(ms)
        except (DeviceLost, Unconfirmed) as error:
            self.unknown += isinstance(error, Unconfirmed)
            return error
        self.done += 1
        if not self._timed:
            eventually(lambda: self._peer.orders()[-1:] == [("on", 0)], "the beginning, which the peer must see")
            self._barrier.shut()
            eventually(lambda: self._peer.orders()[-1] == ("off", 0), "the end of the pulse, which the peer must see")
        return None

    def hold(self) -> None:
        """Open, and stay so."""
        self._barrier.hold()
        self.held += 1

    def pulsed(self, ms: int) -> list[Order]:
        """How a pulse comes to the peer: by itself, or as its beginning and end."""
        return [("pulse", ms)] if self._timed else [("on", 0), ("off", 0)]

    def _came(self) -> int:
        return sum(word == self.pulsed(0)[0][0] for word, _ in self._peer.orders()) - self.held * (not self._timed)

    def row(self, scenario: str) -> Row:
        """Confirmed pulses that did not come are lost, and those beyond what was given are doubled."""
        with suppress(AssertionError):
            eventually(lambda: self._came() >= self.done, "the orders")
        came = self._came()
        lost, doubled = max(0, self.done - came), max(0, came - self.done - self.unknown)
        row = Row(
            "barrier", self._peer.driver, self._peer.version, scenario, self.done + self.unknown, lost, doubled,
            passed=not lost and not doubled,
        )  # fmt: skip
        self._ledger.add(row)
        return row


def reopen(barrier: Barrier) -> None:
    """As its supervisor does: until it can be used."""

    def opened() -> bool:
        barrier.close()
        try:
            barrier.open()
        except EdgeError:
            return False
        return settled(barrier)

    eventually(opened, "the barrier", 30)


def settled(barrier: Barrier) -> bool:
    try:
        eventually(lambda: barrier.state() is not None, "its state", 5)
    except EdgeError:
        return False
    return True


def after(act: Callable[[], object], peer: BarrierPeer, *orders: tuple[str, int]) -> None:
    """What came to the peer by `act`."""
    before = len(peer.orders())
    act()
    eventually(lambda: len(peer.orders()) >= before + len(orders), "the order's arrival")
    assert tuple(peer.orders()[before:]) == orders


def test_orders_are_absolute_and_read_back(peer: BarrierPeer, barrier: Barrier, count: Count) -> None:
    unread = "unknown" if not barrier.diagnostics().capabilities.reads_back else ""
    timed = barrier.diagnostics().capabilities.timed
    after(lambda: count.pulse(300), peer, *count.pulsed(300))
    eventually(lambda: barrier.state().output != "off" or not timed, "the pulse")
    after(count.hold, peer, ("on", 0))
    eventually(lambda: barrier.state().output == (unread or "on"), "the hold")
    after(barrier.shut, peer, ("off", 0))
    eventually(lambda: barrier.state().output == (unread or "off"), "the end")
    row = count.row("works")
    assert row.passed, row
    assert row.given == 1


def test_an_order_to_a_dead_peer_is_an_error_and_is_not_carried_out_when_it_lives_again(
    peer: BarrierPeer, barrier: Barrier, count: Count
) -> None:
    peer.kill()
    assert count.pulse() is not None
    peer.start()
    reopen(barrier)
    assert count.row("peer killed").passed
    assert not peer.orders()


def test_a_restarted_peer_obeys_again(peer: BarrierPeer, barrier: Barrier, count: Count) -> None:
    for _ in range(2):
        count.pulse()
        peer.kill()
        peer.start()
        reopen(barrier)
    assert count.pulse() is None
    assert count.row("peer restarted").passed


def test_garbage_opens_nothing_twice(peer: BarrierPeer, barrier: Barrier, count: Count) -> None:
    for _ in range(5):
        peer.garbage()
        if count.pulse() is not None:
            reopen(barrier)
    assert count.pulse() is None
    row = count.row("garbage")
    assert row.passed, row


def test_an_answer_that_was_cut_leaves_no_doubt_unsaid(peer: BarrierPeer, barrier: Barrier, count: Count) -> None:
    peer.cut()
    if count.pulse() is not None:
        reopen(barrier)
    assert count.pulse() is None
    row = count.row("cut frame")
    assert row.passed, row


def test_a_flood_of_orders_is_carried_out_one_by_one(peer: BarrierPeer, count: Count) -> None:
    for _ in range(20):
        assert count.pulse(100) is None
    row = count.row("flood")
    assert row.passed, row
    assert row.given == 20


def test_an_order_that_comes_too_late_moves_nothing_and_hurts_nothing(
    peer: BarrierPeer, barrier: Barrier, count: Count
) -> None:
    before = peer.orders()
    with pytest.raises(Expired):
        barrier.pulse(1000, mono_ms() - 1)
    barrier.state()
    # Peers tell what came to them later; but in its order.
    barrier.pulse(100, mono_ms() + 60_000)
    in_time = [*before, *count.pulsed(100)[:1]]
    eventually(lambda: peer.orders() == in_time, "the order that is in time, and only that")


def test_a_barrier_is_closed_twice_and_opened_again(peer: BarrierPeer, barrier: Barrier) -> None:
    barrier.close()
    barrier.close()
    with pytest.raises(EdgeError):
        barrier.pulse(100)
    reopen(barrier)
    assert barrier.diagnostics().capabilities.timed is (peer.driver != "gpio")
    assert not peer.orders()
