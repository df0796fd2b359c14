"""People's orders: taken once, told with who gave them and why, and forgotten neither by time nor by a restart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from support.lanes import CARD, MONDAY, Node, body, crossed, plan
from zhian_edge.decision.actions import Act
from zhian_edge.decision.decider import REMEMBERED, Decider
from zhian_edge.decision.plan import Plan
from zhian_edge.signals import ClockTold, Contact, LaneOrder, ManualPassage
from zhian_wire import reasons
from zhian_wire.events import Decision, EventData

HOUR = 3_600_000
#: The next boot of a computer whose clock has no battery.
NEXT = replace(plan(CARD), run="next")
IN_1970 = ClockTold(at_ms=0, wall_ms=5000, clock="unsynced")


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


@pytest.mark.parametrize("state", ["open_once", "locked", "held_open"])
def test_an_order_whose_time_ran_out_before_its_turn_is_told_once_and_moves_nothing(state: Any) -> None:
    node = Node(plan(CARD))
    late = order(state, 1000, until_ms=6000, who="porter", why="parcel")
    for now_ms in (9000, 9500):
        node.at(late, now_ms)
    assert [(d.verdict, d.reason, d.by, d.why, d.until) for d in node.decisions] == [
        ("refuse", reasons.TOO_LATE, "porter", "parcel", None)
    ]
    assert (node.moves, node.decider.lanes()["main"]) == ([], "normal")


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


def kept(node: Node) -> dict[str, bytes]:
    return {key: value for key, value in node.decider.changes().items() if value is not None}


def clock(hours: float, at_ms: int = 0) -> ClockTold:
    """So many hours after the node of the tests began."""
    wall_ms = round((MONDAY + timedelta(hours=hours)).timestamp() * 1000)
    return ClockTold(at_ms=at_ms, wall_ms=wall_ms, clock="trusted")


def again(rows: dict[str, bytes], told: ClockTold, planned: Plan = NEXT) -> tuple[Decider, list[str]]:
    """A node that was restarted, and why it decided something at once."""
    decider = Decider(planned)
    events = decider.recall(lambda: iter(()), rows, told)
    return decider, [each.reason for each in decisions(events)]


def decisions(events: Sequence[EventData]) -> list[Decision]:
    return [event for event in events if isinstance(event, Decision)]


def test_a_lane_is_not_held_open_by_a_node_that_cannot_know_whether_that_is_over() -> None:
    node = Node(plan(CARD))
    node.at(order("held_open", 1000, until_ms=HOUR))
    rows = kept(node)
    decider, reasons_given = again(rows, IN_1970)
    assert reasons_given == []
    assert decider.lanes()["main"] == "normal"
    assert decider.changes() == {}  # it is not forgotten
    (held,) = decisions(decider.step(clock(0.5, 9000), 9000))
    assert (held.reason, held.by, held.until) == (reasons.HELD_OPEN, "guard", "2026-03-02T00:30:00.000Z")
    decider.tick(9000 + HOUR // 2)
    assert decider.lanes()["main"] == "normal"
    late, _ = again(rows, IN_1970)
    assert decisions(late.step(clock(72, 9000), 9000)) == []
    assert late.lanes()["main"] == "normal"
    assert late.changes() == {"lane/main": None}


def test_a_lock_ends_when_it_was_to_end_once_the_time_is_known() -> None:
    node = Node(plan(CARD))
    node.at(order("locked", 1000, until_ms=HOUR))
    decider, reasons_given = again(kept(node), IN_1970)
    assert reasons_given == [reasons.LOCKED]
    decider.tick(100 * HOUR)
    assert decider.lanes()["main"] == "locked"
    assert decisions(decider.step(clock(0.5, 100 * HOUR), 100 * HOUR)) == []
    decider.tick(100 * HOUR + HOUR // 2)
    assert decider.lanes()["main"] == "normal"


def test_another_order_overrules_one_that_waits_for_the_time() -> None:
    node = Node(plan(CARD))
    node.at(order("held_open", 1000, until_ms=HOUR))
    decider, _ = again(kept(node), IN_1970)
    decider.step(order("locked", 2000), 2000)
    assert "lane/main" in decider.changes()
    decider.step(clock(0.5, 9000), 9000)
    assert decider.lanes()["main"] == "locked"


def test_an_order_that_was_given_in_1970_keeps_its_end() -> None:
    node = Node(plan(CARD), wall=None)
    node.at(order("held_open", 1000, until_ms=HOUR))
    rows = kept(node)
    same, _ = again(rows, msgspec.structs.replace(IN_1970, at_ms=2000), plan(CARD))  # the program alone was restarted
    assert same.lanes()["main"] == "held_open"
    same.tick(HOUR)
    assert same.lanes()["main"] == "normal"
    other, _ = again(rows, clock(0.1))  # its end lay in a boot that is over
    assert other.lanes()["main"] == "normal"
    assert other.changes() == {"lane/main": None}
    node.at(clock(0, 2000))
    rows = kept(node)
    known, _ = again(rows, clock(0.1))
    assert known.lanes()["main"] == "held_open"


def test_an_order_without_an_end_stands_whatever_time_it_is() -> None:
    node = Node(plan(CARD))
    node.at(order("held_open", 1000))
    assert again(kept(node), IN_1970)[1] == [reasons.HELD_OPEN]


def test_an_order_that_ended_while_the_node_was_down_is_forgotten() -> None:
    node = Node(plan(CARD))
    node.at(order("locked", 1000, until_ms=HOUR))
    decider, reasons_given = again(kept(node), clock(2))
    assert reasons_given == []
    assert decider.changes() == {"lane/main": None}


def test_an_order_that_comes_twice_is_carried_out_once_also_over_a_restart() -> None:
    node = Node(plan(CARD))
    press = order("open_once", 1000, order="press", until_ms=90_000)
    word = ManualPassage(order="word", lane="main", direction="in", who="guard", at_ms=1500, person_id="ann")
    for _ in range(2):
        node.at(press, 2000)
        node.at(word, 2000)
    assert node.moves == ["pulse"]
    node.until(30_000)
    assert [each.person_id for each in node.passages] == ["ann"]
    decider, _ = again(kept(node), clock(0.001))
    assert decider.step(press, 5000) == []
    assert decider.actions() == []
    decider.step(word, 5000)
    assert not [each for at in range(5000, 60_000, 500) for each in decider.tick(at)]
    decider.step(order("open_once", 1000, order="another"), 61_000)
    assert [act.action for act in decider.actions() if isinstance(act, Act)] == ["close", "pulse"]


def test_only_so_many_orders_are_remembered() -> None:
    node = Node(plan(CARD))
    for n in range(REMEMBERED + 10):
        node.at(order("normal", 1000 + n, order=f"o{n}"))
    assert len(msgspec.msgpack.decode(kept(node)["orders"])) == REMEMBERED


def test_a_passage_by_a_guards_word_says_whose_word_it_was() -> None:
    node = Node(plan(CARD))
    node.at(ManualPassage(order="m", lane="main", direction="in", who="head", at_ms=1000, person_id="eve", why="a key"))
    node.until(30_000)
    (passage,) = node.passages
    assert [(piece.kind, piece.by, piece.why) for piece in passage.evidence] == [("manual", "head", "a key")]
