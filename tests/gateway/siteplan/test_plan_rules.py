"""A plan that cannot be is refused, and told by which part and why; what can be is left as it is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.siteplan import SQUARE, drawing
from zhian_gateway.errors import BadInput
from zhian_gateway.siteplan import rules
from zhian_gateway.siteplan.plan import Plan

Change = Callable[[dict[str, Any]], Any]


def plan_of(said: dict[str, Any]) -> Plan:
    return msgspec.convert(said, Plan)


def changed(change: Change) -> Plan:
    said = copy.deepcopy(drawing())
    change(said)
    return plan_of(said)


def test_a_drawn_school_is_a_plan() -> None:
    rules.check(plan_of(drawing()))
    rules.check(plan_of(drawing(buildings=[], zones=[], gates=[], cameras=[])))


def test_gates_and_cameras_that_are_not_linked_yet_may_be_many() -> None:
    gates = [drawing()["gates"][0] | {"id": f"g{number}", "node": None, "lane": None} for number in range(3)]
    rules.check(plan_of(drawing(gates=gates)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plan: plan["buildings"][0].update(outline=SQUARE[:2]), r"buildings\[0\] '教学楼': .*three corners"),
        (lambda plan: plan["zones"][0].update(outline=[*SQUARE, SQUARE[0]]), r"zones\[0\] '大厅': two corners"),
        (
            lambda plan: plan["buildings"][0].update(outline=[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]),
            "crosses itself",
        ),
        (lambda plan: plan["buildings"][0].update(outline=[[0, 0], [5, 0], [9, 0]]), "crosses itself"),
        (lambda plan: plan["gates"][0].update(at=[201, 5]), r"gates\[0\] '正门': 201, 5 lies beside the plan"),
        (lambda plan: plan["buildings"][0].update(outline=[*SQUARE[:3], [10, 101]]), "beside the plan"),
        (lambda plan: plan.update(model={"sha256": "a" * 64, "at": [0, 999], "heading": 0, "base_m": 0, "scale": 1}),
         "model: 0, 999"),
        (lambda plan: plan["cameras"][0].update(id="g1"), "two parts of the plan have the id 'g1'"),
        (lambda plan: plan["cameras"][0].update(name="  "), r"cameras\[0\]: has no name"),
        (lambda plan: plan["zones"][0].update(building="b9"), "there is no building 'b9'"),
        (lambda plan: plan["zones"][0].update(floor=4), "no floor 4; there are 3"),
        (lambda plan: plan["zones"][0].update(building=None), "no floor 2; there are 1"),
        (lambda plan: plan["gates"].append(plan["gates"][0] | {"id": "g2"}), "lane gate-1/main stands .* 2 times"),
        (lambda plan: plan["cameras"].append(plan["cameras"][0] | {"id": "c2"}), "camera gate-1/cam-1 stands"),
        (lambda plan: plan.update(gates=[plan["gates"][0]] * 201), "at most 200"),
        (lambda plan: plan["buildings"][0].update(outline=[[1, 1]] * 3000), "at most 2500 corners"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_by_part_and_reason(change: Change, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        rules.check(changed(change))


@given(st.floats(-50, 250), st.floats(-50, 150))
def test_a_gate_stands_on_the_sheet_or_is_refused(x: float, y: float) -> None:
    plan = changed(lambda said: said["gates"][0].update(at=[x, y]))
    if 0 <= x <= 200 and 0 <= y <= 100:
        rules.check(plan)
    else:
        with pytest.raises(BadInput, match="beside the plan"):
            rules.check(plan)
