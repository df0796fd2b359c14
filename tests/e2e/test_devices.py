"""A gate between real peers: an OSDP reader and a Modbus relay, each in another process, one killed after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from contract.barriers import ModbusPeer
from contract.peer_osdp import OsdpPeer
from contract.wire import Pty, Tcp
from support.ports import free_port
from support.waiting import eventually
from zhian_edge.config.reading import load
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Identity, Outbox
from zhian_edge.delivery.roster import RosterFile, Stored
from zhian_edge.gate import DATABASE, Gate
from zhian_edge.process.control import ask
from zhian_wire.codec import decode
from zhian_wire.events import Actuated, Alert, Decision, EventData, Health
from zhian_wire.roster import Person, Roster

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
    (tmp_path / "node.toml").write_text(f"""
[site]
id = "school"
[node]
id = "gate"
[gateway]
brokers = ["mqtt://127.0.0.1:{free_port()}"]
url = "http://127.0.0.1:{free_port()}"
[[lanes]]
id = "main"
policy = "card"
egress = "free"
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
""")
    (tmp_path / "node").mkdir(mode=0o700)
    roster = Roster(version=1, persons=tuple(Person(id=f"pupil-{card}", cards=(card,)) for card in CARDS))
    RosterFile(tmp_path / "node", "gate").save(Stored("1", roster))
    one = Gate(load(tmp_path / "node.toml"))
    one.start()
    await_well(tmp_path)
    yield one
    one.stop()


def await_well(folder: Path) -> None:
    def well() -> bool:
        return all(each["state"] == "ok" and not each["error"] for each in ask(folder / "node", "devices"))

    eventually(well, "the devices", 30)


def await_lost(folder: Path, name: str) -> None:
    def error() -> Any:
        return next(each["error"] for each in ask(folder / "node", "devices") if each["name"] == name)

    eventually(error, f"the loss of {name}", 30)


def events(folder: Path) -> list[EventData]:
    """Everything that the gate decided; it has ended."""
    database = Database(folder / "node" / DATABASE)
    rows = Outbox(database, Identity("school", "gate", ZoneInfo("Asia/Shanghai"))).open_rows(1000)
    database.close()
    return [event.data for event in sorted(map(decode, (row.body for row in rows)), key=lambda event: event.seq)]


def test_a_card_opens_though_reader_and_board_were_killed_before_and_each_pulse_is_one_decision(
    tmp_path: Path, gate: Gate, reader: OsdpPeer, board: ModbusPeer
) -> None:
    reader.present(CARDS[0])
    eventually(lambda: len(board.orders()) == 1, "the first pulse")

    reader.kill()
    await_lost(tmp_path, "in")
    reader.start()
    await_well(tmp_path)
    reader.present(CARDS[1])
    eventually(lambda: len(board.orders()) == 2, "the pulse after the reader's return")

    board.kill()
    await_lost(tmp_path, "boom")
    reader.present(CARDS[2])
    eventually(lambda: any(each["kind"] == "Acted" and each["result"] != "done" for each in acted(tmp_path)), "failure")
    board.start()
    await_well(tmp_path)
    reader.present(CARDS[3])
    eventually(lambda: len(board.orders()) == 3, "the pulse after the board's return")

    gate.stop()
    told = events(tmp_path)
    opened = [each for each in told if isinstance(each, Decision) and each.verdict == "open"]
    done = [each for each in told if isinstance(each, Actuated)]
    assert board.orders() == [("pulse", 500)] * 3
    assert [each.result for each in done] == ["done", "done", "failed", "done"]
    assert [each.transaction for each in done] == [each.transaction for each in opened]
    assert [each.kind for each in told if isinstance(each, Alert)] == ["door_failed"]
    assert {each.component for each in told if isinstance(each, Health)} <= {"reader", "barrier", "clock", "link"}


def acted(folder: Path) -> list[dict[str, Any]]:
    return list(ask(folder / "node", "recent", after="0")["recent"])
