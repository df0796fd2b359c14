"""The emergency button makes a real relay board's siren sound: from the page, by its key and by a wired button."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from ..contract.talking import Talking
from ..support.broker import Broker
from ..support.gateway import GatewayProcess
from ..support.ports import free_port
from ..support.waiting import eventually
from .nodes import SCHOOL, NodeProcess

HORN = 3
BUTTON = 5
BOARD = """
[[sirens]]
id = "horn"
driver = "modbus"
link = "tcp://127.0.0.1:{port}"
relay = {horn}

[[inputs]]
id = "button"
driver = "modbus"
link = "tcp://127.0.0.1:{port}"
input = {button}
role = "help"
"""


class Board(Talking):
    """A relay board of pymodbus, with the horn on one relay and the guards' button on one input."""

    def horn(self) -> list[str]:
        """What the horn was told, without being told the same again."""
        told = [line["order"] for line in list(self.said) if line.get("relay") == HORN]
        return [word for before, word in zip([None, *told], told, strict=False) if word != before]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    with ExitStack() as undo:
        broker = Broker(tmp_path / "broker").start()
        undo.callback(broker.kill)
        one = GatewayProcess(tmp_path / "gateway", broker).start()
        undo.callback(one.kill)
        yield one


@pytest.fixture
def board(tmp_path: Path, gateway: GatewayProcess) -> Iterator[Board]:
    """A node's board; the node is heard of, and its horn was silenced at the start."""
    port = free_port()
    with ExitStack() as undo:
        one = Board("modbus_board.py", str(port))
        one.start()
        undo.callback(one.kill)
        more = SCHOOL + BOARD.format(port=port, horn=HORN, button=BUTTON)
        node = NodeProcess(tmp_path / "edge", gateway.broker, gateway, tmp_path, more)
        node.start()
        undo.callback(node.kill)
        eventually(lambda: one.horn() == ["off"], "silence at the start", 30)
        yield one


@pytest.fixture
def guard(gateway: GatewayProcess, board: Board) -> Iterator[httpx.Client]:
    with closing(gateway.log_in()) as user:
        eventually(lambda: user.get("/api/lanes").json()["items"], "the node's heart-beat", 30)
        yield user


def test_the_button_sounds_the_horn_a_drill_does_not_and_the_end_silences_it(board: Board, guard: httpx.Client) -> None:
    guard.post("/api/emergency", json={"id": "d-1", "drill": True}).raise_for_status()
    guard.post("/api/emergency/end", json={"why": "the drill is over"}).raise_for_status()
    for number, by in enumerate(("screen", "key"), 1):
        guard.post("/api/emergency", json={"id": f"p-{number}", "by": by}).raise_for_status()
        eventually(lambda: board.horn()[-1] == "on", f"the horn, by {by}")
        eventually(lambda: sounding(guard) == ["sounding"], "the node's word that it sounds")
        guard.post("/api/emergency/end", json={"why": "over"}).raise_for_status()
        eventually(lambda: board.horn()[-1] == "off", "silence")
    # Nothing sounded before the first real one.
    assert board.horn() == ["off", "on", "off", "on", "off"]


@pytest.mark.thorough
def test_a_wired_button_sounds_the_horn_and_the_guard_silences_it(board: Board, guard: httpx.Client) -> None:
    board.tell(input=BUTTON, level=1)
    eventually(lambda: board.horn()[-1] == "on", "the horn, by the wired button")
    call = guard.get("/api/emergency").json()["call"]
    assert (call["source"], call["drill"]) == ("input", False)
    board.tell(input=BUTTON, level=0)
    guard.post("/api/emergency/end", json={"why": "over"}).raise_for_status()
    eventually(lambda: board.horn()[-1] == "off", "silence")


def sounding(user: httpx.Client) -> list[str]:
    """What the gateway says of the nodes' sirens."""
    call = user.get("/api/emergency").json()["call"]
    return [each["result"] for each in call["sirens"]] if call else []
