"""A guard's order from the page's API to a real node and back: what was locked refuses, and who was let pass counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from zhian_wire import reasons
from zhian_wire.events import Actuated, Decision, Passage

from ..support.broker import Broker
from ..support.gateway import GatewayProcess
from ..support.people import ground, person_file, some_face
from ..support.waiting import eventually
from .nodes import BARRIER, READER, SCHOOL, NodeProcess

#: Two people, since one card that is held there twice in a moment is one question.
CARDS = {"ann": "04A1B2C3", "bob": "04D4E5F6"}
LIBRARY = """
[[lanes]]
id = "library"
policy = "card"
egress = "free"
"""


class Gate(NodeProcess):
    """A gate with a reader and a barrier, and a second lane that has neither."""

    def __init__(self, folder: Path, gateway: GatewayProcess) -> None:
        super().__init__(folder / "edge", gateway.broker, gateway, folder, SCHOOL + READER + BARRIER + LIBRARY)
        self._cards = folder / "edge" / "cards.jsonl"
        self._cards.touch()

    def present(self, person: str) -> tuple[str, str]:
        """Hold somebody's card before the reader; what the lane answers."""
        before = len(self.decisions())
        with self._cards.open("a") as file:
            file.write(json.dumps({"card": CARDS[person]}) + "\n")
        answers = eventually(lambda: (told := self.decisions())[before:] and told, "the lane's answer")
        return answers[-1].verdict, answers[-1].reason

    def decisions(self) -> list[Decision]:
        """What the main lane decided so far."""
        told = [event.data for event in self.events()]
        return [each for each in told if isinstance(each, Decision) and each.lane == "main"]

    def pulses(self) -> int:
        """How often the barrier was opened for one."""
        told = [event.data for event in self.events()]
        return sum(isinstance(each, Actuated) and each.action == "pulse" for each in told)


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
def gate(tmp_path: Path, gateway: GatewayProcess) -> Iterator[Gate]:
    one = Gate(tmp_path, gateway)
    one.start()
    eventually(lambda: one.status()["node"].get("roster_version", 0) > 0, "the roster", 30)
    yield one
    if one.alive:
        one.kill()


@pytest.fixture
def guard(gateway: GatewayProcess, gate: Gate) -> Iterator[httpx.Client]:
    with closing(gateway.log_in()) as user:
        eventually(lambda: {"library", "main"} == set(standings(user)), "the lanes of the node's heart-beat")
        yield user


def standings(user: httpx.Client) -> dict[str, str]:
    """How the gateway shows each lane."""
    return {lane["lane"]: lane["standing"] for lane in user.get("/api/lanes").json()["items"]}


def order(user: httpx.Client, lane: str, **wanted: Any) -> httpx.Response:
    return user.post(f"/api/lanes/gate-1/{lane}/state", json={"why": "exercise"} | wanted)


def test_a_locked_lane_refuses_and_is_normal_again_when_a_guard_says_so(gate: Gate, guard: httpx.Client) -> None:
    locked = guard.post("/api/lanes/state", json={"state": "locked", "minutes": 5, "why": "exercise"}).json()
    assert [(item["lane"], item["result"]) for item in locked["items"]] == [("library", "done"), ("main", "done")]
    assert gate.present("ann") == ("refuse", reasons.LOCKED)
    eventually(lambda: standings(guard) == {"library": "locked", "main": "locked"}, "both lanes locked")
    assert order(guard, "main", state="normal").status_code == 200
    assert gate.present("bob") == ("open", reasons.CARD)
    assert order(guard, "library", state="normal").status_code == 200
    # That lane has no barrier whose closing would be told.
    eventually(lambda: standings(guard) == {"library": "normal", "main": "normal"}, "both lanes as always")


@pytest.mark.slow
def test_a_press_opens_once_however_often_it_is_sent_also_by_a_gateway_that_was_killed(
    gateway: GatewayProcess, gate: Gate, guard: httpx.Client
) -> None:
    press = {"state": "open_once", "id": "press-1"}
    for _ in range(2):
        assert order(guard, "main", **press).status_code == 200
    gateway.kill()
    gateway.start()
    eventually(lambda: order(guard, "main", **press).status_code == 200, "the node's answer after the restart", 30)
    assert order(guard, "main", state="open_once", id="press-2").status_code == 200
    eventually(lambda: gate.pulses() == 2, "the second press")
    assert len([each for each in gate.decisions() if each.reason == reasons.MANUAL]) == 2


@pytest.mark.thorough
def test_who_was_let_pass_is_a_passage_and_counts_as_inside(gate: Gate, guard: httpx.Client) -> None:
    told = guard.post(
        "/api/lanes/gate-1/main/pass", json={"person_id": "ann", "direction": "in", "why": "forgot her card"}
    )
    assert (told.status_code, told.json()["result"]) == (200, "done")
    eventually(lambda: gate.status()["node"].get("presence") == {"school": 1}, "the person inside at the node")
    eventually(lambda: guard.get("/api/people/ann/day").json()["zone"] == "school", "the same at the gateway")
    (passed,) = guard.get("/api/passages").json()["items"]
    assert (passed["person"]["id"], passed["direction"], passed["kind"]) == ("ann", "in", "manual")
    assert [event.data.kind for event in gate.events() if isinstance(event.data, Passage)] == ["manual"]


def test_one_word_opens_the_lane_counts_and_is_undone_at_the_node_too(gate: Gate, guard: httpx.Client) -> None:
    word = {"id": "p-1", "person_id": "ann", "direction": "in", "why": "forgot her card", "opens": True}
    told = guard.post("/api/lanes/gate-1/main/pass", json=word).json()
    assert told["result"] == "done"
    eventually(lambda: gate.pulses() == 1, "the lane opens")
    eventually(lambda: gate.status()["node"].get("presence") == {"school": 1}, "the person inside at the node")
    eventually(lambda: len(guard.get("/api/passages").json()["items"]) == 1, "the passage at the gateway")
    undone = guard.post(f"/api/lanes/passes/{told['pass_id']}/undo").json()
    assert undone["undone"]
    eventually(lambda: not gate.status()["node"].get("presence"), "nobody inside at the node")
    (passed,) = guard.get("/api/passages").json()["items"]
    assert (passed["reason"], passed["movement"]) == (reasons.TAKEN_BACK, None)
    assert guard.get("/api/people/ann/day").json()["zone"] in ("", None)


@pytest.mark.thorough
def test_who_was_recorded_while_the_node_was_away_counts_once_when_it_is_back(gate: Gate, guard: httpx.Client) -> None:
    guard.timeout = httpx.Timeout(20)
    word = {"id": "p-2", "person_id": "ann", "direction": "in", "why": "forgot her card", "opens": True}
    gate.kill()
    assert guard.post("/api/lanes/gate-1/main/pass", json=word).status_code in (503, 504)
    assert guard.post("/api/lanes/gate-1/main/passed", json=word).json()["recorded"]
    gate.start()
    # The guard's hand had opened the barrier; her card was read there all the same.
    assert gate.present("ann") == ("open", reasons.CARD)

    def told() -> list[tuple[str, str | None]]:
        return sorted((each["reason"], each["movement"]) for each in guard.get("/api/passages").json()["items"])

    eventually(lambda: len(told()) == 2, "both are told of", 30)
    assert told() == [(reasons.RECORDED_BEFORE, None), (reasons.RECORDED, "arrival")]


@pytest.mark.slow
def test_a_node_that_was_killed_gives_no_answer_and_does_nothing_of_it_later(gate: Gate, guard: httpx.Client) -> None:
    guard.timeout = httpx.Timeout(20)
    gate.kill()
    told = order(guard, "main", state="open_once")
    assert (told.status_code, told.json()["error"]["code"]) == (504, "no_answer")
    gate.start()
    assert order(guard, "main", state="locked", minutes=5).status_code == 200
    assert gate.pulses() == 0


@pytest.mark.thorough
def test_a_node_that_was_away_when_the_site_was_locked_is_locked_when_it_is_back(
    gateway: GatewayProcess, gate: Gate, guard: httpx.Client
) -> None:
    guard.timeout = httpx.Timeout(20)
    gate.kill()
    locked = {"state": "locked", "minutes": 5, "why": "exercise", "id": "press-1"}
    assert not guard.post("/api/lanes/state", json=locked).json()["done"]
    gate.start()
    eventually(lambda: not guard.get("/api/lanes/order").json()["order"]["waiting"], "every lane's answer", 20)
    assert gate.present("ann") == ("refuse", reasons.LOCKED)
    assert not guard.post("/api/lanes/state", json={"state": "normal", "why": "over"}).json()["items"][1]["detail"]
    assert gate.present("bob") == ("open", reasons.CARD)
    # Said again by a browser that had no answer, the old order locks nothing.
    assert guard.post("/api/lanes/state", json=locked).status_code == 409
    assert [each.reason for each in gate.decisions()].count(
        reasons.LOCKED
    ) == 2  # the order, and the card refused by it
    assert gate.pulses() == 1
