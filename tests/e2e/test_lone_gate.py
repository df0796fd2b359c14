"""A gate without siblings hears of whom its guard recorded by hand, and of no other node's passages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

import httpx
import pytest
from zhian_wire import reasons
from zhian_wire.events import Decision

from ..support.broker import Broker
from ..support.gateway import GatewayProcess
from ..support.people import ground, person_file, some_face
from ..support.waiting import eventually
from .nodes import BARRIER, READER, NodeProcess

CARDS: Final = {"ann": "04A1B2C3", "bob": "04D4E5F6"}
LANE: Final = """
policy = "card"
inside = "school"
egress = "free"
anti_passback = "hard"
window_s = 0.2
"""


class LoneGate(NodeProcess):
    """One reader, and no sibling."""

    def __init__(self, folder: Path, gateway: GatewayProcess, name: str) -> None:
        super().__init__(folder / name, gateway.broker, gateway, folder, LANE + READER + BARRIER, name=name)
        self._cards = folder / name / "cards.jsonl"
        self._cards.touch()

    def present(self, person: str) -> tuple[str, str]:
        """Hold a card before the reader; what the lane answers."""
        before = len(self._answers_to_cards())
        with self._cards.open("a") as file:
            file.write(json.dumps({"card": CARDS[person]}) + "\n")
        return eventually(lambda: self._answers_to_cards()[before:], f"{self.name}'s answer")[-1]

    def _answers_to_cards(self) -> list[tuple[str, str]]:
        told = [event.data for event in self.events()]
        return [(each.verdict, each.reason) for each in told if isinstance(each, Decision) and each.by is None]

    def await_presence(self, counts: dict[str, int], what: str) -> None:
        eventually(lambda: self.status()["node"].get("presence", {}) == counts, f"{self.name}: {what}", 20)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    with ExitStack() as undo:
        broker = Broker(tmp_path / "broker").start()
        undo.callback(broker.kill)
        one = GatewayProcess(tmp_path / "gateway", broker).start()
        undo.callback(one.kill)
        with one.services() as parts, parts.store.write() as link:
            until = ground("2099-01-01T00:00:00.000Z")
            for name, card in CARDS.items():
                about = person_file(cards=(card,))
                parts.registry.enrol(link, name, about, until, some_face(), who="t", now=parts.now())
        yield one


@pytest.fixture
def gates(tmp_path: Path, gateway: GatewayProcess) -> Iterator[tuple[LoneGate, LoneGate]]:
    both = LoneGate(tmp_path, gateway, "gate-1"), LoneGate(tmp_path, gateway, "gate-2")
    with ExitStack() as undo:
        for gate in both:
            gate.start()
            undo.callback(gate.kill)
        for gate in both:
            eventually(lambda gate=gate: gate.status()["node"].get("roster_version", 0) > 0, "the roster", 30)
        yield both


@pytest.fixture
def guard(gateway: GatewayProcess, gates: tuple[LoneGate, LoneGate]) -> Iterator[httpx.Client]:
    with closing(gateway.log_in()) as user:
        known = {gate.name for gate in gates}
        eventually(lambda: known == {lane["node"] for lane in user.get("/api/lanes").json()["items"]}, "both lanes")
        yield user


def says(user: httpx.Client, how: str, person: str, direction: str, node: str) -> None:
    """A guard's word at a lane: `pass`, as the node tells it, or `passed`, which the gateway records."""
    word = {"person_id": person, "direction": direction, "why": "the reader is out", "id": f"{how}-{person}"}
    user.post(f"/api/lanes/{node}/main/{how}", json=word).raise_for_status()


@pytest.mark.thorough
def test_a_lone_gate_goes_by_what_its_guard_recorded_and_by_no_other_nodes_words(
    gates: tuple[LoneGate, LoneGate], guard: httpx.Client
) -> None:
    front, other = gates
    for gate in gates:
        says(guard, "pass", "ann", "out", gate.name)
        says(guard, "pass", "bob", "in", gate.name)
        gate.await_presence({"school": 1}, "its own passage")
    eventually(lambda: len(guard.get("/api/passages").json()["items"]) == 4, "where the lanes lead")
    says(guard, "passed", "bob", "out", other.name)
    other.await_presence({}, "who was recorded going out")
    assert front.status()["node"]["presence"] == {"school": 1}
    says(guard, "passed", "ann", "in", front.name)
    front.await_presence({"school": 2}, "who was recorded going in")
    assert front.present("ann") == ("refuse", reasons.PASSBACK)
    says(guard, "passed", "bob", "out", front.name)
    front.await_presence({"school": 1}, "who was recorded going out")
    assert front.present("bob") == ("open", reasons.CARD)
