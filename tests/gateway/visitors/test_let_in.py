"""A visitor whom a guard lets in at a lane is in only where the node let them pass, or nobody knows."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.gateway import add_node
from support.heeding import Nodes, hear
from zhian_gateway.people import rosters
from zhian_wire.commands import Answer

from .conftest import Window

LANE = "/api/lanes/gate-1/main"
NO = Answer(id="", result="refused", detail="the barrier is jammed")


@pytest.fixture
def outbound() -> Nodes:
    return Nodes()


class Gate:
    """A lane, and a visitor who is expected before it."""

    def __init__(self, window: Window, nodes: Nodes) -> None:
        self.window, self.nodes, self.parts = window, nodes, window.parts
        nodes.parts = self.parts
        self.parts.orders.wait_s = 0.05
        add_node(self.parts, "gate-1")
        self.back()
        self.visit = window.registers()
        assert window.asks(self.visit, "screening").json()["screening"] == "clear"

    def back(self) -> None:
        hear(self.parts, "gate-1", "main")

    def away(self) -> None:
        """It says nothing for long enough to be known to be away."""
        self.parts.clock.forward(200)  # type: ignore[attr-defined]

    def press(self, name: str = "press-1", path: str = "pass") -> httpx.Response:
        said: dict[str, Any] = {"id": name, "visit_id": self.visit, "direction": "in", "why": "visitor", "opens": True}
        return self.window.guard.post(f"{LANE}/{path}", json=said)

    def undo(self, order: str) -> None:
        self.window.guard.post(f"/api/lanes/passes/{order}/undo").raise_for_status()

    @property
    def state(self) -> str:
        return str(self.window.looks(self.visit)["state"])

    @property
    def is_listed(self) -> bool:
        """Whether a gate would let them in by their pass now."""
        now = self.parts.now()
        with self.parts.store.read() as link:
            return any(each.ends > now for each in rosters.build(link, since=0, now=now).persons if each.ends)


@pytest.fixture
def gate(window: Window, outbound: Nodes) -> Gate:
    return Gate(window, outbound)


def test_whom_the_node_lets_pass_is_in_and_a_slip_takes_it_back(gate: Gate) -> None:
    order = gate.press().json()["pass_id"]
    assert (gate.state, gate.is_listed) == ("inside", True)
    gate.undo(order)
    assert (gate.state, gate.is_listed) == ("announced", False)
    assert gate.press().status_code == 409, "that press is over"
    assert gate.state == "announced"


def test_whom_the_node_refuses_is_not_in_and_a_new_press_lets_them_in_and_can_be_undone(gate: Gate) -> None:
    gate.nodes.says["gate-1"] = NO
    refused = gate.press()
    assert (refused.status_code, "pass_id" in refused.json()) == (409, False)
    assert (gate.state, gate.is_listed) == ("announced", False)
    del gate.nodes.says["gate-1"]
    order = gate.press("press-2").json()["pass_id"]
    assert gate.state == "inside"
    gate.undo(order)
    assert gate.state == "announced"


def test_whom_the_node_never_heard_of_is_not_in_and_is_recorded_by_the_same_press_and_can_be_undone(
    gate: Gate,
) -> None:
    gate.away()
    assert gate.press().status_code == 503
    assert (gate.state, gate.is_listed) == ("announced", False)
    recorded = gate.press(path="passed").json()
    assert (recorded["recorded"], gate.state) == (True, "inside")
    gate.undo(recorded["id"])
    assert gate.state == "announced"


def test_where_nobody_knows_the_answer_says_by_what_it_is_undone(gate: Gate) -> None:
    gate.nodes.says["gate-1"] = None
    unknown = gate.press()
    assert (unknown.status_code, gate.state) == (504, "inside")
    gate.undo(unknown.json()["pass_id"])
    assert (gate.state, gate.is_listed) == ("announced", False)


def test_a_new_press_after_one_that_nobody_answered_takes_the_visit_back_too(gate: Gate) -> None:
    gate.nodes.says["gate-1"] = None
    gate.press()
    del gate.nodes.says["gate-1"]
    order = gate.press("press-2").json()["pass_id"]
    gate.undo(order)
    assert gate.state == "announced"


def test_who_was_let_in_by_a_word_that_may_have_been_heeded_stays_in_until_somebody_undoes_it(gate: Gate) -> None:
    gate.nodes.says["gate-1"] = None
    gate.press()
    gate.away()
    again = gate.press()
    assert (again.status_code, gate.state) == (503, "inside")
    gate.undo(again.json()["pass_id"])
    assert gate.state == "announced"


def test_who_was_let_in_at_the_window_stays_in_whatever_the_lane_says(gate: Gate) -> None:
    gate.window.lets_in(gate.visit)
    gate.nodes.says["gate-1"] = NO
    assert gate.press().status_code == 409
    del gate.nodes.says["gate-1"]
    gate.undo(gate.press("press-2").json()["pass_id"])
    assert (gate.state, gate.is_listed) == ("inside", True)
