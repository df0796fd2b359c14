"""Modbus beyond the contract: contacts, boards without a timer, boards that hang, and what a board does not have."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator

import pytest
from contract.barriers import ModbusPeer
from contract.wire import Tcp
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from support.waiting import eventually
from zhian_edge.acting import BarrierService
from zhian_edge.config.actuators import ModbusBarrier, ModbusInput
from zhian_edge.decision.actions import Act
from zhian_edge.errors import DeviceLost, DeviceRefused, Expired, Unconfirmed
from zhian_edge.hal.drivers.modbus import Flash, ModbusBarrierDriver, ModbusInputDriver, ModbusLine
from zhian_edge.hal.inputs import Settled
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.supervisor import Supervisor
from zhian_edge.signals import Acted, Contact


@pytest.fixture
def peer() -> Iterator[ModbusPeer]:
    one = ModbusPeer(Tcp())
    one.start()
    yield one
    one.close()


def set_input(peer: ModbusPeer, number: int, level: int) -> None:
    peer.device.tell(input=number, level=level)
    peer.device.await_said(lambda line: line == {"level": level}, "the input")


def test_relay_and_contacts_share_one_connection(peer: ModbusPeer) -> None:
    line = ModbusLine(peer.settings)
    help_button = ModbusInput(id="help", role="help", link=peer.settings.link, input=5, settle_s=0.0)
    with ModbusBarrierDriver(peer.settings, line) as barrier, ModbusInputDriver(help_button, line) as port:
        first = port.read(1.0)
        assert first is not None
        assert (first.device, first.state) == ("help", "idle")
        assert barrier.state().door == "closed"
        set_input(peer, 5, 1)
        assert eventually(lambda: port.read(0.2), "the change").state == "active"
        set_input(peer, 2, 1)
        assert barrier.state().door == "open"
        assert port.read(0) is None


def test_a_normally_closed_contact_reads_the_other_way_round(peer: ModbusPeer) -> None:
    settings = replace(peer.settings, contact_open=False)
    with ModbusBarrierDriver(settings, ModbusLine(settings)) as barrier:
        assert barrier.state().door == "open"


def test_the_node_ends_the_pulse_of_a_board_without_a_timer_also_after_its_own_death(peer: ModbusPeer) -> None:
    settings, told, now_ms = replace(peer.settings, board="coils"), list[Acted](), 0
    barrier = BarrierService(ModbusBarrierDriver(settings, ModbusLine(settings)), 400, told.append, lambda: now_ms)
    supervisor: Supervisor[Contact] = Supervisor(barrier, lambda _contact: None, stale_s=None)
    orders = ["off", "on", "on", "off", "on"]
    supervisor.start()
    try:
        for name in ("first", "second"):
            barrier.order(pulse(name))
            eventually(lambda name=name: [each for each in told if each.transaction == name], "the answer")
        now_ms = 400
        eventually(lambda: [word for word, _ in peer.orders()] == orders[:4], "the end of both pulses")
        barrier.order(pulse("third"))
        eventually(lambda: len(told) == 3, "the answer")
    finally:
        supervisor.stop()
    assert [each.result for each in told] == ["done"] * 3
    eventually(lambda: [word for word, _ in peer.orders()] == [*orders, "off"], "what a node leaves that stops")


def pulse(transaction: str) -> Act:
    return Act(lane="main", action="pulse", transaction=transaction, expires_ms=mono_ms() + 60_000)


def test_a_board_that_hangs_leaves_an_order_unknown_and_is_lost(
    peer: ModbusPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhian_edge.hal.drivers.modbus.ANSWER_S", 0.3)
    with ModbusBarrierDriver(peer.settings, ModbusLine(peer.settings)) as barrier:
        peer.device.freeze()
        try:
            with pytest.raises(Unconfirmed):
                barrier.pulse(1000)
            with pytest.raises(DeviceLost):
                barrier.state()
        finally:
            peer.device.thaw()
        eventually(barrier.state, "its return")
        assert len(peer.orders()) <= 1


def test_an_order_whose_time_runs_out_behind_another_request_is_not_given(peer: ModbusPeer) -> None:
    line, expired = ModbusLine(peer.settings), list[Expired]()

    def order(until_ms: int) -> None:
        try:
            barrier.pulse(1000, until_ms)
        except Expired as error:
            expired.append(error)

    with ModbusBarrierDriver(peer.settings, line) as barrier:
        until_ms = mono_ms() + 50
        ordering = threading.Thread(target=order, args=(until_ms,))
        with line._turns.take("patient"):
            ordering.start()
            eventually(lambda: line._turns.waiting("urgent"), "the order that waits")
            eventually(lambda: mono_ms() > until_ms, "the end of its time")
        ordering.join(10)
        assert len(expired) == 1
        barrier.pulse(100)
        eventually(lambda: peer.orders() == [("pulse", 100)], "the next order, and only that")


def test_only_orders_go_before_others_so_that_barriers_which_do_not_answer_hold_up_no_input(peer: ModbusPeer) -> None:
    line = ModbusLine(peer.settings)
    with ModbusBarrierDriver(peer.settings, line) as barrier:
        uses: list[Callable[[], object]] = [barrier.state, barrier.open, lambda: barrier.pulse(1000)]
        threads = [threading.Thread(target=use) for use in uses]
        with line._turns.take("patient"):
            for thread in threads:
                thread.start()
            eventually(lambda: line._turns.waiting("patient") + line._turns.waiting("urgent") == 3, "all that wait")
            assert line._turns.waiting("urgent") == 1
        for thread in threads:
            thread.join(10)


def test_neither_an_order_nor_the_end_of_a_pulse_waits_until_its_own_barrier_was_asked_for_its_door(
    peer: ModbusPeer,
) -> None:
    settings, told, now_ms = replace(peer.settings, board="coils"), list[Acted](), 0
    line = ModbusLine(settings)
    barrier = BarrierService(ModbusBarrierDriver(settings, line), 400, told.append, lambda: now_ms)
    supervisor: Supervisor[Contact] = Supervisor(barrier, lambda _contact: None, stale_s=None)
    supervisor.start()
    try:
        eventually(lambda: supervisor.status().opened, "the barrier")
        with line._turns.take("patient"):
            eventually(lambda: line._turns.waiting("patient"), "a look at its door")
            barrier.order(pulse("first"))
            eventually(lambda: line._turns.waiting("urgent"), "the order")
        eventually(lambda: told, "the answer")
        with line._turns.take("patient"):
            eventually(lambda: line._turns.waiting("patient"), "a look at its door")
            now_ms = 400
            eventually(lambda: line._turns.waiting("urgent"), "the end of the pulse")
        eventually(lambda: [word for word, _ in peer.orders()] == ["off", "on", "off"], "both")
    finally:
        supervisor.stop()
    assert ([each.result for each in told], supervisor.status().error) == (["done"], "")


def test_an_answer_without_a_level_is_an_error_of_ours() -> None:
    """Over TCP nothing checks an answer but its length, and a broken board may say that it holds no byte."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        board = threading.Thread(target=answer_emptily, args=(server,), daemon=True)
        board.start()
        link = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        settings = ModbusBarrier(id="boom", lane="main", link=link)
        with pytest.raises(DeviceLost, match="answers without a level"):
            ModbusBarrierDriver(settings, ModbusLine(settings)).open()
        button = ModbusInput(id="help", role="help", link=link, input=0)
        with pytest.raises(DeviceLost, match="answers without a level"):
            ModbusInputDriver(button, ModbusLine(button)).open()
        board.join(10)


def answer_emptily(server: socket.socket) -> None:
    """Two connections, one request each."""
    for _ in range(2):
        connection, _ = server.accept()
        with connection:
            asked = connection.recv(260)
            connection.sendall(asked[:4] + struct.pack(">HBBB", 3, asked[6], asked[7], 0))
            connection.recv(260)


def test_a_relay_that_the_board_does_not_have_is_refused(peer: ModbusPeer) -> None:
    settings = replace(peer.settings, relay=20)
    with pytest.raises(DeviceRefused, match="has no such relay or input"):
        ModbusBarrierDriver(settings, ModbusLine(settings)).open()


def test_a_pulse_is_the_documented_bytes() -> None:
    assert Flash(3, 15, 1).encode() == bytes.fromhex("0203000F")


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=50))
def test_a_contact_that_bounces_tells_only_what_lasts(moves: list[tuple[int, bool]]) -> None:
    contact, now, told, level, since = Settled("door", 100), 0, None, None, 0
    for passed, active in moves:
        now += passed
        if active != level:
            level, since = active, now
        state = contact.step(now, active=active)
        assert (state is not None) == (now - since >= 100 and told != active)
        if state is not None:
            assert state == ("open" if active else "closed")
            told = active


def test_an_input_that_was_away_says_anew_how_it_is() -> None:
    contact = Settled("fire", 0)
    assert [contact.step(ms, active=False) for ms in (0, 10)] == ["idle", None]
    contact.forget()
    assert contact.step(20, active=False) == "idle"
