"""A gate between real peers: an OSDP reader and a Modbus relay, each in another process, one killed after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.barriers import ModbusPeer
from contract.cabled import Order
from contract.peer_osdp import OsdpPeer
from contract.wire import Pty, Tcp
from support.configs import write_config
from support.gates import LANES, decided, device, enrol, recent, running
from support.waiting import eventually
from zhian_edge.gate import Gate
from zhian_edge.process.control import ask
from zhian_wire.events import Actuated, Alert, Decision, Health
from zhian_wire.roster import Person

#: Of one pupil each: whoever holds a card twice before the reader passes once.
CARDS = ("04A1B2C3", "04A1B2C4", "04A1B2C5", "04A1B2C6")

pytestmark = pytest.mark.slow


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[OsdpPeer]:
    one = OsdpPeer(tmp_path, Pty())
    one.start()
    yield one
    one.close()


@pytest.fixture
def board() -> Iterator[ModbusPeer]:
    one = ModbusPeer(Tcp())
    one.start()
    yield one
    one.close()


@pytest.fixture
def gate(tmp_path: Path, reader: OsdpPeer, board: ModbusPeer) -> Iterator[Gate]:
    devices = f"""\
[[readers]]
id = "in"
driver = "osdp"
link = "{reader.settings.link}"
key_file = "reader.key"
lane = "main"
[[barriers]]
id = "boom"
driver = "modbus"
link = "{board.settings.link}"
relay = 1
lane = "main"
pulse_s = 0.5
"""
    config = write_config(tmp_path, LANES + devices)
    enrol(tmp_path, *(Person(id=f"pupil-{card}", cards=(card,)) for card in CARDS))
    with running(config) as one:
        await_well(tmp_path)
        yield one


def await_well(folder: Path) -> None:
    def well() -> bool:
        return all(each["state"] == "ok" and not each["error"] for each in ask(folder / "node", "devices"))

    eventually(well, "the devices", 30)


def pulses(board: ModbusPeer) -> list[Order]:
    """What came to the board to open it."""
    return [order for order in board.orders() if order != ("off", 0)]


def await_lost(folder: Path, name: str) -> None:
    eventually(lambda: device(folder, name)["error"], f"the loss of {name}", 30)


def test_a_card_opens_though_reader_and_board_were_killed_before_and_each_pulse_is_one_decision(
    tmp_path: Path, gate: Gate, reader: OsdpPeer, board: ModbusPeer
) -> None:
    reader.present(CARDS[0])
    eventually(lambda: len(pulses(board)) == 1, "the first pulse")

    reader.kill()
    await_lost(tmp_path, "in")
    reader.start()
    await_well(tmp_path)
    reader.present(CARDS[1])
    eventually(lambda: len(pulses(board)) == 2, "the pulse after the reader's return")

    board.kill()
    await_lost(tmp_path, "boom")
    reader.present(CARDS[2])
    eventually(
        lambda: any(each["kind"] == "Acted" and each["result"] != "done" for each in recent(tmp_path)), "failure"
    )
    board.start()
    await_well(tmp_path)
    reader.present(CARDS[3])
    eventually(lambda: len(pulses(board)) == 3, "the pulse after the board's return")

    gate.stop()
    told = [event.data for event in decided(tmp_path)]
    opened = [each for each in told if isinstance(each, Decision) and each.verdict == "open"]
    done = [each for each in told if isinstance(each, Actuated) and each.action == "pulse"]
    assert pulses(board) == [("pulse", 500)] * 3
    # Whatever the node before it had held is let go, once.
    assert [each.result for each in told if isinstance(each, Actuated) and each.action == "close"] == ["done"]
    assert board.orders().count(("off", 0)) == 1
    assert [each.result for each in done] == ["done", "done", "failed", "done"]
    assert [each.transaction for each in done] == [each.transaction for each in opened]
    assert [each.kind for each in told if isinstance(each, Alert)] == ["door_failed"]
    assert {each.component for each in told if isinstance(each, Health)} <= {"reader", "barrier", "clock", "link"}
