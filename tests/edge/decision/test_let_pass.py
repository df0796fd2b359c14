"""A guard lets somebody pass: the lane opens, one passage is told by the order's name, and a slip is undone."""

from __future__ import annotations

from typing import Any

from support.lanes import CARD, Node, body, crossed, plan
from zhian_edge.signals import LaneOrder, ManualPassage, PassageTakenBack
from zhian_wire import reasons


def word(at_ms: int = 1000, **more: Any) -> ManualPassage:
    said = {"order": "press", "lane": "main", "direction": "in", "who": "guard", "why": "forgot", "at_ms": at_ms}
    return ManualPassage(**{**said, "person_id": "ann", "opens": True, **more})


def slip(at_ms: int, **more: Any) -> PassageTakenBack:
    return PassageTakenBack(**{"order": "slip", "passage": "press", "lane": "main", "at_ms": at_ms, **more})


def test_one_word_opens_once_and_names_the_passage_and_its_decision_by_the_order() -> None:
    node = Node(plan(CARD))
    node.at(word())
    node.at(crossed(11, 2500))
    node.at(body(11, 3500))
    node.until(30_000)
    assert node.moves == ["pulse"]
    (decision,) = node.decisions
    assert (decision.verdict, decision.reason, decision.by, decision.why) == ("open", reasons.MANUAL, "guard", "forgot")
    (passed,) = node.passages
    assert {decision.person_id, passed.person_id} == {"ann"}
    assert {decision.transaction, passed.transaction} == {"press"}
    assert (passed.kind, passed.direction, node.alerts) == ("manual", "in", [])


def test_who_was_let_in_by_a_key_opens_nothing_and_counts_all_the_same() -> None:
    node = Node(plan(CARD))
    node.at(word(opens=False))
    node.until(30_000)
    assert (node.moves, node.decisions) == ([], [])
    assert [(each.person_id, each.transaction) for each in node.passages] == [("ann", "press")]


def test_a_lane_that_is_locked_or_held_open_is_opened_no_more_than_by_any_press() -> None:
    for state, moves in (("locked", ["close", "pulse"]), ("held_open", ["hold"])):
        node = Node(plan(CARD))
        node.at(LaneOrder(order="o", lane="main", state=state, who="head", at_ms=500))  # type: ignore[arg-type]
        node.at(word())
        node.until(30_000)
        assert node.moves == moves


def test_a_slip_that_is_undone_at_once_is_told_of_nobody_and_of_no_tailgater() -> None:
    node = Node(plan(CARD))
    node.at(word())
    node.at(slip(2000))
    node.at(crossed(11, 2500))
    node.at(body(11, 3500))
    node.until(30_000)
    assert [each.person_id for each in node.passages] == [None]
    assert node.alerts == []
    assert "ann" not in node.decider.presence(30_000)


def test_a_slip_that_is_undone_after_it_was_told_leaves_them_where_they_were() -> None:
    node = Node(plan(CARD))
    node.at(word(opens=False))
    node.until(30_000)
    inside = dict(node.decider.presence(30_000))
    node.at(slip(31_000, person_id="ann", zone=""))
    assert inside == {"school": 1}
    assert dict(node.decider.presence(32_000)) == {}


def test_the_same_slip_is_undone_once() -> None:
    node = Node(plan(CARD))
    for _ in range(2):
        node.at(word())
        node.at(slip(2000))
    node.until(30_000)
    assert [each.person_id for each in node.passages if each.person_id] == []
