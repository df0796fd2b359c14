"""A guard lets somebody pass: the lane opens, one passage is told by the order's name, and a slip is undone."""

from __future__ import annotations

from typing import Any

import pytest
from support.lanes import ANY, BOTH, CARD, Node, body, crossed, face, plan, read
from zhian_edge.signals import LaneOrder, ManualPassage, PassageTakenBack, Signal
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


def goes(track: int, at_ms: int) -> list[Signal]:
    return [crossed(track, at_ms), body(track, at_ms + 1000)]


def told(node: Node, *signals: Signal) -> list[tuple[str, str | None, str]]:
    """Kind, person and way of every passage that comes of these."""
    for signal in signals:
        node.at(signal)
    node.until(30_000)
    return [(each.kind, each.person_id, each.direction) for each in node.passages]


@pytest.mark.parametrize(
    "before",
    [[read("A1", 500)], [read("A1", 500), word(1500, order="first")], [read("A1", 500), word(900, order="first")]],
    ids=["her card", "another guard's word after it", "another guard's word before it"],
)
def test_who_asked_by_a_card_too_goes_by_it_when_the_word_is_undone(before: list[Signal]) -> None:
    node = Node(plan(CARD))
    signals = sorted([*before, word(1000)], key=lambda each: each.at_ms)  # type: ignore[union-attr]
    found = told(node, *signals, slip(2000), *goes(11, 2500))
    assert [(person, way) for _, person, way in found] == [("ann", "in")]
    (opened, *_) = node.decisions
    expected = "first" if len(before) > 1 else opened.transaction
    assert ([each.transaction for each in node.passages], node.alerts) == ([expected], [])


@pytest.mark.parametrize(("opens", "alerts"), [(True, []), (False, ["tailgating"])])
def test_whose_card_was_refused_goes_by_a_lane_that_the_undone_word_opened_and_by_no_other(
    opens: bool, alerts: list[str]
) -> None:
    node = Node(plan(BOTH))
    found = told(node, read("A1", 500), word(1000, opens=opens), slip(2000), *goes(11, 2500))
    assert found == [("card", "ann", "in")]
    assert node.passages[0].transaction != "press"
    assert [each for each in node.alerts if each == "tailgating"] == alerts


def test_whom_a_face_opens_for_after_a_slip_goes_by_that_decision() -> None:
    node = Node(plan(ANY))
    found = told(node, word(1000), slip(2000), face(12, 2200, "ann"), *goes(11, 2500))
    decided = [each.transaction for each in node.decisions if each.transaction != "press"]
    assert (found, [each.transaction for each in node.passages]) == ([("face", "ann", "in")], decided)
    assert node.alerts == []


def test_who_goes_nameless_through_what_a_slip_opened_is_told_by_a_name_that_was_not_taken_back() -> None:
    node = Node(plan(CARD))
    assert told(node, word(), slip(2000), *goes(11, 2500)) == [("manual", None, "in")]
    assert node.passages[0].transaction not in ("press", None)


def test_a_slip_that_opened_nothing_hides_no_tailgater() -> None:
    node = Node(plan(CARD))
    found = told(node, word(opens=False), slip(2000), *goes(11, 2500))
    assert (found, node.alerts) == ([("body", None, "in")], ["tailgating"])
