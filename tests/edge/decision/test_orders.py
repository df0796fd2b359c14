"""People's orders: taken once, told with who gave them and why, and forgotten neither by time nor by a restart."""

from __future__ import annotations

from typing import Any

from support.lanes import CARD, Node, body, crossed, plan
from zhian_edge.signals import Contact, LaneOrder
from zhian_wire import reasons


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


def test_who_gave_an_order_and_why_and_until_when_is_told_also_when_nothing_moves() -> None:
    node = Node(plan(CARD))
    node.at(order("locked", 1000, until_ms=61_000, why="drill"))
    node.at(order("locked", 2000, who="head", why="longer"))
    node.at(order("normal", 3000, why="over"))
    node.at(order("normal", 4000))
    node.at(order("open_once", 5000, until_ms=9000, who="porter"))
    assert [(d.verdict, d.reason, d.by, d.why, d.until) for d in node.decisions] == [
        ("refuse", reasons.LOCKED, "guard", "drill", "2026-03-01T23:31:01.000Z"),
        ("refuse", reasons.LOCKED, "head", "longer", None),
        ("refuse", reasons.BACK_TO_NORMAL, "guard", "over", None),
        ("refuse", reasons.BACK_TO_NORMAL, "guard", "", None),
        ("open", reasons.MANUAL, "porter", "", None),
    ]
    assert [piece.by for d in node.decisions for piece in d.evidence] == ["guard", "head", "guard", "guard", "porter"]
    assert node.moves == ["close", "close", "pulse"]


def test_the_end_of_an_order_is_told_as_nobodys_word() -> None:
    node = Node(plan(CARD))
    node.at(order("held_open", 1000, until_ms=61_000))
    node.until(62_000)
    assert [(d.reason, d.by) for d in node.decisions] == [(reasons.HELD_OPEN, "guard"), (reasons.BACK_TO_NORMAL, None)]
    assert node.moves == ["hold", "close"]


def test_an_order_during_fire_is_told_at_once_and_again_when_it_takes_effect() -> None:
    node = Node(plan(CARD))
    node.at(Contact(device="fire", at_ms=1000, state="active"))
    node.at(order("locked", 2000, why="nobody in"))
    node.at(Contact(device="fire", at_ms=3000, state="idle"))
    assert [(d.reason, d.by, d.why) for d in node.decisions if d.lane == "main"] == [
        (reasons.RELEASED, None, ""),
        (reasons.RELEASED, "guard", "nobody in"),
        (reasons.LOCKED, "guard", "nobody in"),
    ]
    assert node.moves == ["hold", "close"]
