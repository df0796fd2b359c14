"""A node that was killed does not open twice for the card that still lies on the reader, nor believe an undone word."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import ANY, CARD, MONDAY, PEOPLE, Node, body, crossed, face, plan, read
from support.tiers import examples
from zhian_edge.decision.decider import REMEMBERED, Decider
from zhian_edge.decision.plan import Access, Plan
from zhian_edge.signals import Acted, ClockTold, LaneOrder, ManualPassage, PassageTakenBack, Signal
from zhian_wire import reasons
from zhian_wire.events import Event
from zhian_wire.evidence import Direction
from zhian_wire.roster import Person, Roster
from zhian_wire.times import to_text

HARD = replace(CARD, anti_passback="hard")


def logged(node: Node, boot: str = "boot") -> list[Event]:
    """What the node has on its disk."""
    return [
        Event(
            site="s", node="n", epoch="e", seq=number, boot=boot, mono_ms=node.now, time=to_text(MONDAY),
            clock="trusted", data=data,
        )
        for number, data in enumerate(node.events, 1)
    ]  # fmt: skip


def killed(node: Node, planned: Plan, back_ms: int, boot: str = "boot", people: tuple[Person, ...] = PEOPLE) -> Node:
    """The node with its own log, started again at `back_ms`; `boot`: in which its log was written."""
    log = logged(node, boot)
    again = Node(planned, people, wall=None)
    again.now = back_ms
    told = ClockTold(at_ms=back_ms, wall_ms=round(MONDAY.timestamp() * 1000) + back_ms, clock="trusted")
    again._keep(again.decider.recall(lambda: log, node.decider.changes(), told))
    return again


def restarted(access: Access, before: list[Signal], back_ms: int, *, line: bool = True, boot: str = "boot") -> Node:
    planned = plan(access, line=line)
    node = Node(planned)
    for signal in before:
        node.at(signal)
    return killed(node, planned, back_ms, boot)


def card(node: Node, at_ms: int, reader: str = "r-in") -> str | None:
    """What the card is answered; None: nothing, for it was answered before."""
    count = len(node.decisions)
    node.at(read("A1", at_ms, reader))
    return node.decisions[-1].reason if len(node.decisions) > count else None


@pytest.mark.parametrize(
    ("access", "at_ms", "reader", "answer"),
    [
        (CARD, 2500, "r-in", None),
        (CARD, 5500, "r-in", reasons.CARD),
        (CARD, 2500, "r-out", reasons.EGRESS),
        (HARD, 2500, "r-in", None),
        (HARD, 5500, "r-in", reasons.PASSBACK),
        (HARD, 2500, "r-other", reasons.PASSBACK),
        (HARD, 17_500, "r-in", reasons.CARD),
    ],
)
def test_who_was_let_in_just_before_a_restart_is_not_let_in_again(
    access: Access, at_ms: int, reader: str, answer: str | None
) -> None:
    node = restarted(access, [read("A1", 1000)], 2000)
    assert card(node, at_ms, reader) == answer


def test_whose_passage_was_told_before_the_restart_is_where_it_says() -> None:
    before: list[Signal] = [read("A1", 1000), crossed(10, 2000), body(10, 2200)]
    planned = plan(HARD)
    node = Node(planned)
    for signal in before:
        node.at(signal)
    node.until(5500)
    assert [p.person_id for p in node.passages] == ["ann"]
    again = killed(node, planned, 6000)
    assert card(again, 7000, "r-out") == reasons.EGRESS
    again.at(crossed(20, 8000, "out"))
    again.at(body(20, 8200, direction="out"))
    again.until(13_000)
    assert card(again, 14_000) == reasons.CARD


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ([("pulse", "failed")], reasons.CARD),
        ([("pulse", "done")], None),
        ([("pulse", "done"), ("close", "failed")], None),
    ],
    ids=["nothing opened", "it opened", "it opened, and the end of the pulse failed"],
)
def test_only_for_whom_nothing_opened_is_let_in_after_the_restart(
    told: list[tuple[Literal["pulse", "close"], Literal["done", "failed"]]], answer: str | None
) -> None:
    planned = plan(HARD, line=False)
    node = Node(planned)
    node.at(read("A1", 1000))
    opened = node.decisions[0].transaction
    for number, (action, result) in enumerate(told):
        at_ms = 1200 + 100 * number
        node.at(Acted(lane="main", transaction=opened, action=action, result=result, at_ms=at_ms))
    assert card(killed(node, planned, 2000), 3900) == answer


def test_a_refusal_before_the_restart_keeps_nobody_out() -> None:
    locked = LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=500, until_ms=1500)
    assert card(restarted(CARD, [locked, read("A1", 1000)], 2000), 3000) == reasons.CARD


def test_a_face_in_view_is_not_let_in_twice_either() -> None:
    node = restarted(ANY, [face(11, 1000, "ann", final=False)], 2000)
    node.at(face(21, 2500, "ann", final=False))
    assert node.moves == []


def test_what_another_boot_answered_is_long_over() -> None:
    assert card(restarted(HARD, [read("A1", 1000)], 2000, boot="before"), 2500) == reasons.CARD


@settings(max_examples=examples(60), deadline=None)
@given(
    shown_ms=st.integers(1000, 5000),
    down_ms=st.integers(1, 6000),
    later=st.lists(st.tuples(st.integers(1, 9000), st.sampled_from(["r-in", "r-other"])), max_size=8),
    line=st.booleans(),
)
def test_under_hard_anti_passback_one_card_opens_once_though_the_node_is_killed(
    shown_ms: int, down_ms: int, later: list[tuple[int, str]], line: bool
) -> None:
    back_ms = shown_ms + down_ms
    node = restarted(HARD, [read("A1", shown_ms)], back_ms, line=line)
    for after_ms, reader in sorted(later):
        if back_ms + after_ms - shown_ms <= 16_000:
            node.at(read("A1", back_ms + after_ms, reader))
    assert node.moves == []


WORD = ManualPassage(order="m1", lane="main", direction="in", who="guard", at_ms=1000, person_id="ann")


@pytest.mark.parametrize(
    ("slip", "before", "now"),
    [
        (None, {"school": 1}, {"school": 1}),
        (PassageTakenBack(order="m2", passage="m1", lane="main", at_ms=20_500, person_id="ann"), {}, {}),
        (
            PassageTakenBack(order="m2", passage="m1", lane="main", at_ms=20_500, person_id="ann", zone="school"),
            {"school": 1},
            {"school": 1},
        ),
        (PassageTakenBack(order="m2", passage="m9", lane="main", at_ms=900, person_id="ann"), {"school": 1},
         {"school": 1}),
    ],
    ids=["no slip", "was outside", "was inside by another word", "another's slip"],
)  # fmt: skip
def test_a_word_that_was_undone_counts_for_nothing_after_restarts_too(
    slip: PassageTakenBack | None, before: dict[str, int], now: dict[str, int]
) -> None:
    planned = plan(CARD)
    node = Node(planned)
    node.at(WORD)
    node.until(20_000)
    if slip is not None:
        node.at(slip, 20_500)
    assert node.decider.presence(20_500) == before
    kept = {key: row for key, row in node.decider.changes().items() if row is not None}
    first = again_with(node, planned, kept)
    assert first.presence(22_000) == now
    assert again_with(node, planned, kept | {k: v for k, v in first.changes().items() if v}).presence(22_000) == now


def test_a_passage_after_an_undone_word_counts() -> None:
    planned = plan(CARD)
    node = Node(planned)
    node.at(WORD)
    node.until(20_000)
    node.at(PassageTakenBack(order="m2", passage="m1", lane="main", at_ms=20_500, person_id="ann"))
    node.at(read("A1", 21_000))
    node.at(crossed(10, 22_000))
    node.at(body(10, 22_300))
    node.until(40_000)
    assert again_with(node, planned, {k: v for k, v in node.decider.changes().items() if v}).presence(41_000) == {
        "school": 1
    }


def test_only_so_many_undone_words_are_remembered() -> None:
    node = Node()
    for number in range(REMEMBERED + 10):
        node.at(PassageTakenBack(order=f"o{number}", passage=f"m{number}", lane="main", at_ms=1000 + number))
    row = node.decider.changes()["undone"]
    assert row is not None
    assert list(msgspec.msgpack.decode(row)) == [f"m{number}" for number in range(10, REMEMBERED + 10)]
    assert "undone" not in node.decider.changes()  # said once


def again_with(node: Node, planned: Plan, kept: dict[str, bytes]) -> Decider:
    """Another start of the node by its log and what it kept."""
    decider = Decider(planned)
    decider.use_roster(Roster(version=1, persons=PEOPLE))
    told = ClockTold(at_ms=node.now, wall_ms=round(MONDAY.timestamp() * 1000) + node.now, clock="trusted")
    decider.recall(lambda: logged(node), kept, told)
    return decider


@pytest.mark.parametrize("late_roster", [False, True], ids=["known at once", "the roster comes later"])
@pytest.mark.parametrize(("reader", "way"), [("r-in", "in"), ("r-out", "out")])
def test_who_was_let_in_before_the_restart_goes_by_that(reader: str, way: Direction, late_roster: bool) -> None:
    planned = plan(CARD)
    node = Node(planned)
    node.at(read("A1", 1000, reader))
    again = killed(node, planned, 2000, people=() if late_roster else PEOPLE)
    again.decider.use_roster(Roster(version=2, persons=PEOPLE))
    again.at(crossed(10, 2600, way))
    again.at(body(10, 2900, direction=way))
    again.until(30_000)
    assert [(p.person_id, p.direction, p.transaction) for p in again.passages] == [
        ("ann", way, node.decisions[0].transaction)
    ]
    assert again.alerts == []
    assert again.decider.presence(again.now) == ({"school": 1} if way == "in" else {})


@pytest.mark.parametrize(("line", "told"), [(True, []), (False, ["in"])], ids=["seen", "unseen"])
def test_whom_nobody_saw_go_after_the_restart_is_told_as_without_one(line: bool, told: list[str]) -> None:
    node = restarted(CARD, [read("A1", 1000)], 2000, line=line)
    node.until(30_000)
    assert [p.direction for p in node.passages] == told
    assert node.alerts == []


def test_whose_way_was_told_before_the_restart_lends_it_to_nobody() -> None:
    """The passage bears the guard's word's name, not that of the card's own decision."""
    planned = plan(CARD)
    node = Node(planned)
    for signal in (msgspec.structs.replace(WORD, opens=True), read("A1", 1500), crossed(10, 2500), body(10, 2700)):
        node.at(signal)
    node.until(4600)
    assert [(p.person_id, p.transaction) for p in node.passages] == [("ann", "m1")]
    again = killed(node, planned, 4700)
    again.at(crossed(20, 5000))
    again.at(body(20, 5200))
    again.until(40_000)
    assert [p.person_id for p in again.passages] == [None]
    assert again.alerts == ["tailgating"]
