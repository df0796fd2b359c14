"""Two gates of one school agree on who is inside, through the gateway; without it each goes on alone, and says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from zhian_wire import reasons
from zhian_wire.events import Alert, Decision

from ..support.broker import Broker
from ..support.gateway import GatewayProcess
from ..support.people import ground, person_file, some_face
from ..support.waiting import eventually
from .nodes import BARRIER, READER, NodeProcess

CARD = "04A1B2C3"
#: A heart-beat comes every three seconds.
SIBLING_S = 6
LANE = """
policy = "card"
inside = "school"
egress = "free"
anti_passback = "hard"
window_s = 0.2
[presence]
siblings = ["{sibling}"]
sibling_s = {sibling_s}
"""

pytestmark = pytest.mark.slow


class SchoolGate(NodeProcess):
    """A gate with one reader."""

    def __init__(self, folder: Path, gateway: GatewayProcess, name: str, sibling: str) -> None:
        more = LANE.format(sibling=sibling, sibling_s=SIBLING_S) + READER + BARRIER
        super().__init__(folder / name, gateway.broker, gateway, folder, more, name=name)
        self._cards = folder / name / "cards.jsonl"
        self._cards.touch()

    def present(self, card: str = CARD) -> tuple[str, str]:
        """Hold a card before the reader; what the lane answers."""
        before = len(self.answers())
        with self._cards.open("a") as file:
            file.write(json.dumps({"card": card}) + "\n")
        answers = eventually(lambda: (told := self.answers())[before:] and told, f"{self.name}'s answer")
        return answers[-1]

    def answers(self) -> list[tuple[str, str]]:
        told = [event.data for event in self.events()]
        return [(each.verdict, each.reason) for each in told if isinstance(each, Decision)]

    def alerts(self) -> list[str]:
        return [each.data.kind for each in self.events() if isinstance(each.data, Alert)]

    def await_presence(self, counts: dict[str, int], what: str) -> None:
        eventually(lambda: self.status()["node"].get("presence", {}) == counts, f"{self.name}: {what}", 30)

    def await_roster(self) -> None:
        eventually(lambda: self.status()["node"].get("roster_version", 0) > 0, f"{self.name}'s roster", 30)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    broker = Broker(tmp_path / "broker").start()
    one = GatewayProcess(tmp_path / "gateway", broker).start()
    with one.services() as parts, parts.store.write() as link:
        about = person_file(cards=(CARD,))
        parts.registry.enrol(link, "ann", about, ground("2099-01-01T00:00:00.000Z"), some_face(), who="t",
                             now=parts.now())  # fmt: skip
    yield one
    one.kill()
    broker.kill()


@pytest.fixture
def gates(tmp_path: Path, gateway: GatewayProcess) -> Iterator[tuple[SchoolGate, SchoolGate]]:
    front = SchoolGate(tmp_path, gateway, "front", "back")
    back = SchoolGate(tmp_path, gateway, "back", "front")
    for gate in (front, back):
        gate.start()
    yield front, back
    for gate in (front, back):
        if gate.alive:
            gate.kill()


def test_who_is_inside_by_one_gate_is_refused_by_the_other_until_it_is_left_alone(
    gateway: GatewayProcess, gates: tuple[SchoolGate, SchoolGate]
) -> None:
    front, back = gates
    for gate in gates:
        gate.await_roster()
    assert front.present() == ("open", reasons.CARD)
    back.await_presence({"school": 1}, "what the front gate saw")
    assert back.present() == ("refuse", reasons.PASSBACK)
    assert back.alerts() == ["passback"]

    back.kill()
    back.start()
    back.await_presence({"school": 1}, "the present state, after a restart")

    gateway.kill()
    back.await_presence({"school?": 1}, "that nobody vouches for the front gate")
    assert back.present() == ("open", reasons.CARD)

    gateway.start()
    front.await_presence({"school": 1}, "the other gate again")
    assert front.present() == ("refuse", reasons.PASSBACK)
