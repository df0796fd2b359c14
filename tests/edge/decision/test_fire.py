"""Fire releases lanes, and nothing but the end of all fire inputs takes that back."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from support.lanes import CARD, Node, plan, read
from zhian_edge.decision.plan import InputPlan, Plan
from zhian_edge.signals import Contact, LaneOrder
from zhian_wire import reasons


def with_inputs(*more: InputPlan) -> Plan:
    base = plan(CARD)
    return replace(base, inputs={**base.inputs, **{each.id: each for each in more}})


def told(node: Node, device: str, state: Literal["active", "idle"], at_ms: int) -> None:
    node.at(Contact(device=device, at_ms=at_ms, state=state))


def test_one_input_that_is_idle_does_not_end_what_another_began() -> None:
    node = Node(with_inputs(InputPlan("fire2", "fire")))
    node.at(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=500))
    told(node, "fire", "active", 1000)
    told(node, "fire2", "idle", 2000)  # as it says when its line is back
    assert node.moves == ["close", "hold"]
    node.at(read("FFFF", 3000))
    assert (node.decisions[-1].verdict, node.decisions[-1].reason) == ("open", reasons.RELEASED)
    told(node, "fire2", "active", 4000)
    told(node, "fire", "idle", 5000)
    assert node.moves == ["close", "hold"]
    told(node, "fire2", "idle", 6000)
    assert node.moves == ["close", "hold", "close"]


def test_an_input_of_one_lane_releases_that_lane_alone() -> None:
    node = Node(with_inputs(InputPlan("fire2", "fire", "other")))
    told(node, "fire2", "active", 1000)
    assert node.decider.lanes() == {"main": "normal", "other": "released"}
    told(node, "fire", "active", 2000)
    told(node, "fire", "idle", 3000)
    assert node.decider.lanes() == {"main": "normal", "other": "released"}
