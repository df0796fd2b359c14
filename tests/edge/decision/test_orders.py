"""People's orders: taken once, told with who gave them and why, and forgotten neither by time nor by a restart."""

from __future__ import annotations

from typing import Any

from support.lanes import CARD, Node, body, crossed, plan
from zhian_edge.signals import LaneOrder


def order(state: Any, at_ms: int, until_ms: int | None = None, **more: Any) -> LaneOrder:
    given = {"order": f"o{at_ms}", "lane": "main", "state": state, "who": "guard", "at_ms": at_ms, "until_ms": until_ms}
    return LaneOrder(**{**given, **more})


def test_an_opening_that_comes_too_late_lets_nobody_pass_unasked() -> None:
    node = Node(plan(CARD))
    node.at(order("open_once", 1000, until_ms=900))
    node.at(crossed(11, 2500))
    node.at(body(11, 3500))
    node.until(30_000)
    assert node.moves == []
    assert [(each.kind, each.reason) for each in node.passages] == [("body", "no_credential")]
    assert node.alerts == ["tailgating"]
