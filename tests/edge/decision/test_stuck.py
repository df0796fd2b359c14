"""Whoever was let in and stands before a barrier that did not open is told so, and answered when they ask again."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import ANY, CARD, PLATE, Node, body, crossed, face, plan, plate, read
from support.tiers import examples
from zhian_edge.decision.actions import Act, Show
from zhian_edge.signals import Acted, ManualPassage, Observation, Signal
from zhian_wire import reasons

HARD = replace(CARD, anti_passback="hard")
TICK_MS = 50


def acted(node: Node, at_ms: int, result: Any = "failed", action: Any = "pulse") -> None:
    """What became of the last order to the barrier."""
    order = [act for act in node.acts if isinstance(act, Act)][-1]
    node.at(Acted(lane="main", transaction=order.transaction, action=action, result=result, at_ms=at_ms, detail="gone"))


def lights(node: Node) -> list[tuple[str, str]]:
    return [(act.reader, act.feedback) for act in node.acts if isinstance(act, Show)]


@pytest.mark.parametrize(
    ("result", "shown", "pulses"),
    [("done", ["granted"], 1), ("failed", ["granted", "refused"], 2), ("unknown", ["granted", "refused"], 2)],
)
@pytest.mark.parametrize("reader", ["r-in", "r-out"])
def test_a_light_that_turned_green_turns_red_and_the_next_tap_is_answered(
    result: str, shown: list[str], pulses: int, reader: str
) -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000, reader))
    acted(node, 1200, result)
    assert lights(node) == [(reader, each) for each in shown]
    node.at(read("A1", 3000, reader))
    assert node.moves == ["pulse"] * pulses


@pytest.mark.parametrize(
    ("result", "line", "answer"),
    [
        ("failed", True, ("open", reasons.CARD)),
        ("failed", False, ("open", reasons.CARD)),
        ("unknown", True, ("open", reasons.CARD)),
        ("unknown", False, ("refuse", reasons.PASSBACK)),
    ],
)
@pytest.mark.parametrize("again_ms", [3000, 61_000], ids=["at once", "when the passage is told"])
def test_only_what_may_have_opened_counts_as_having_let_somebody_in(
    result: str, line: bool, answer: tuple[str, str], again_ms: int
) -> None:
    node = Node(plan(HARD, line=line))
    node.at(read("A1", 1000))
    acted(node, 1200, result)
    node.at(read("A1", again_ms))
    assert (node.decisions[-1].verdict, node.decisions[-1].reason) == answer


@pytest.mark.parametrize("reader", ["r-in", "r-out"])
def test_nobody_goes_either_way_through_what_did_not_open(reader: str) -> None:
    node = Node(plan(CARD, line=False))
    node.at(read("A1", 1000, reader))
    acted(node, 1200)
    node.at(read("A1", 3200, reader))
    acted(node, 3300)
    node.until(60_000)
    assert node.passages == []
    assert node.decider.presence(node.now) == {}


def word(at_ms: int, *, opens: bool) -> ManualPassage:
    return ManualPassage(
        order="w", lane="main", direction="in", who="g", why="x", at_ms=at_ms, person_id="ann", opens=opens
    )


@pytest.mark.parametrize("line", [True, False])
@pytest.mark.parametrize(
    ("opens", "result", "card_ms", "told"),
    [
        (True, "failed", None, []),
        (True, "unknown", None, ["in"]),
        (True, "done", None, ["in"]),
        (False, "", None, ["in"]),
        (True, "failed", 1500, ["in"]),
    ],
    ids=["did not open", "nobody knows", "opened", "by a key", "the owner's card opened then"],
)
def test_a_guards_word_for_which_nothing_opened_brings_nobody_in(
    line: bool, opens: bool, result: str, card_ms: int | None, told: list[str]
) -> None:
    node = Node(plan(HARD, line=line))
    node.at(word(1000, opens=opens))
    if result:
        acted(node, 1200, result)
    if card_ms is not None:
        node.at(read("A1", card_ms))
    node.until(60_000)
    assert [p.direction for p in node.passages] == told
    assert node.decider.presence(node.now) == ({"school": 1} if told else {})


def test_after_a_word_for_which_nothing_opened_the_owners_card_is_answered() -> None:
    node = Node(plan(HARD, line=False))
    node.at(word(1000, opens=True))
    acted(node, 1200)
    node.at(read("A1", 3000))
    assert [decision.verdict for decision in node.decisions] == ["open", "open"]


def test_a_face_before_a_barrier_that_did_not_open_is_answered_again() -> None:
    node = Node(plan(ANY))
    node.at(face(11, 1000, "ann", final=False))
    acted(node, 1200)
    node.at(face(11, 2600, "ann", final=False))
    node.at(face(11, 2700, "ann", final=False))
    assert node.moves == ["pulse", "pulse"]


@pytest.mark.parametrize(
    ("gone", "pulses"),
    [([], 2), ([face(11, 1600, "ann")], 1), ([crossed(11, 1600, kind="face")], 1)],
    ids=["stands there still", "is gone", "went over the line all the same"],
)
def test_a_face_that_is_told_too_soon_after_that_is_answered_when_it_is_time(gone: list[Signal], pulses: int) -> None:
    node = Node(plan(ANY))
    node.at(face(11, 1000, "ann", final=False))
    acted(node, 1200)
    node.at(face(11, 1300, "ann", final=False))
    for signal in gone:
        node.at(signal)
    node.until(2500)
    assert node.moves == ["pulse"]
    node.until(30_000)
    assert node.moves == ["pulse"] * pulses


def test_a_card_after_a_face_for_which_nothing_opened_is_answered() -> None:
    node = Node(plan(ANY))
    node.at(face(11, 1000, "ann", final=False))
    acted(node, 1200)
    node.at(read("A1", 2000))
    assert node.moves == ["pulse", "pulse"]


def test_nobody_is_missed_who_could_not_go() -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000))
    acted(node, 1200)
    node.until(30_000)
    assert node.alerts == ["door_failed"]


def test_whoever_goes_through_all_the_same_is_no_tailgater() -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000))
    acted(node, 1200)
    node.at(crossed(10, 2500))
    node.at(body(10, 2800))
    node.until(30_000)
    assert [(p.person_id, p.direction) for p in node.passages] == [("ann", "in")]
    assert node.alerts == ["door_failed"]


def test_what_became_of_a_hold_or_of_somebody_elses_pulse_says_nothing_to_who_asked() -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000))
    acted(node, 1100, action="hold")
    node.at(Acted(lane="main", transaction="another", action="pulse", result="failed", at_ms=1200))
    node.at(read("A1", 3000))
    assert node.moves == ["pulse"]
    assert lights(node) == [("r-in", "granted")]


@settings(max_examples=examples(80), deadline=None)
@given(
    taps=st.lists(st.integers(1000, 20_000), min_size=1, max_size=20, unique=True),
    fails_after_ms=st.integers(10, 3000),
)
def test_every_tap_is_answered_soon_and_none_floods_the_barrier(taps: list[int], fails_after_ms: int) -> None:
    node = Node(plan(CARD))
    answered: list[int] = []
    due: list[int] = []
    for at_ms in sorted(taps):
        while due and due[0] <= at_ms:
            acted(node, due.pop(0))
        before = len(node.moves)
        node.at(read("A1", at_ms))
        if len(node.moves) > before:
            answered.append(at_ms)
            due = [at_ms + fails_after_ms]
    gaps = [later - first for first, later in pairwise(answered)]
    assert all(gap > 1500 for gap in gaps)
    for at_ms in taps:
        near = [one for one in taps if at_ms - 1500 - fails_after_ms <= one < at_ms]
        assert near or at_ms in answered


def a_face(at_ms: int) -> Observation:
    return face(11, at_ms, "ann", final=False)


def a_plate(at_ms: int) -> Observation:
    return plate(11, at_ms, "京A12345", final=False)


@settings(max_examples=examples(40), deadline=None)
@given(
    looks=st.lists(st.integers(1000, 12_000), min_size=1, max_size=30, unique=True),
    fails_after_ms=st.integers(10, 3000),
    kept_ms=st.integers(0, 4000),
    asked=st.sampled_from([(ANY, a_face), (PLATE, a_plate)]),
)
def test_no_face_and_no_plate_floods_a_barrier_that_fails(
    looks: list[int], fails_after_ms: int, kept_ms: int, asked: tuple[Any, Any]
) -> None:
    """`kept_ms`: how long before it is told the best look was taken."""
    access, seen = asked
    node, answered, due = Node(plan(access)), list[int](), list[int]()
    for now_ms in range(1000, 16_000, TICK_MS):
        node.until(now_ms)
        while due and due[0] <= now_ms:
            acted(node, due.pop(0))
        for at_ms in (each for each in looks if now_ms - TICK_MS < each <= now_ms):
            node.at(seen(max(at_ms - kept_ms, 0)), now_ms)
        if len(node.moves) > len(answered):
            answered.append(now_ms)
            due.append(now_ms + fails_after_ms)
    assert len(node.moves) == len(answered) >= 1
    assert all(later - first > 1500 for first, later in pairwise(answered))
    stuck = [ms for ms in looks if ms > answered[-1] + fails_after_ms + TICK_MS]
    assert not stuck or kept_ms  # whoever is told of as they are now is answered
