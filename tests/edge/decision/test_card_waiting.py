"""A card that waits for its owner's face is answered by what is so when it is answered, not when it was read."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import ANN, BOB, BOTH, EVE, Node, face, other, plan, read, same
from support.tiers import examples
from zhian_edge.signals import CameraReport, Contact, LaneOrder, Signal
from zhian_wire import reasons
from zhian_wire.roster import Person, Roster

#: A card of hers, and when it is read; without a face it is answered four seconds later.
CARD, READ_MS, END_MS = "A1", 1000, 5100
FIRE: Final = Contact(device="fire", at_ms=2000, state="active")
BLIND: Final = CameraReport(camera="cam", at_ms=2000, status="blind")


def order(state: str, at_ms: int = 2000) -> LaneOrder:
    return LaneOrder(order=f"o{at_ms}", lane="main", state=state, who="guard", at_ms=at_ms)  # type: ignore[arg-type]


def answers(node: Node) -> list[tuple[str, str]]:
    """To cards alone: fires and orders are told as decisions too."""
    return [(d.verdict, d.reason) for d in node.decisions if any(piece.kind == "card" for piece in d.evidence)]


def roster(*people: Person) -> Roster:
    return Roster(version=2, persons=(*people, BOB, EVE))


@pytest.mark.parametrize(
    ("meanwhile", "answer"),
    [
        ([], ("refuse", reasons.MISSING_FACTOR)),
        ([FIRE], ("open", reasons.RELEASED)),
        ([order("held_open")], ("open", reasons.HELD_OPEN)),
        ([order("locked")], ("refuse", reasons.LOCKED)),
        ([BLIND], ("open", reasons.CARD)),
        ([face(11, 1500, None, other("ann"), final=False)], ("refuse", reasons.FACE_DIFFERS)),
        ([face(11, 1500, None, other("ann"), final=False), BLIND], ("open", reasons.CARD)),
    ],
    ids=["nothing", "fire", "held open", "locked", "blind", "another's face", "another's face, then blind"],
)
def test_a_card_whose_face_does_not_come_is_answered_by_what_came_meanwhile(
    meanwhile: list[Signal], answer: tuple[str, str]
) -> None:
    node = Node(plan(BOTH))
    for signal in (read(CARD, READ_MS), *meanwhile):
        node.at(signal)
    node.until(END_MS)
    assert answers(node) == [answer]


def test_a_card_that_waited_as_long_as_evidence_is_fresh_is_still_told_to_be_anothers() -> None:
    node = Node(plan(replace(BOTH, confirm_ms=5000, fresh_ms=5000)))
    node.at(read(CARD, 1050))
    node.at(face(11, 1500, None, other("ann"), final=False))
    node.until(6200)
    assert answers(node) == [("refuse", reasons.FACE_DIFFERS)]
    assert node.alerts == ["borrowed_card"]


@pytest.mark.parametrize(
    ("now", "reason", "alerts"),
    [
        (roster(msgspec.structs.replace(ANN, cards=("A2",), withdrawn=("A1",))), reasons.WITHDRAWN_CARD, 1),
        (roster(msgspec.structs.replace(ANN, cards=("A2",))), reasons.UNKNOWN_CARD, 1),
        (roster(ANN, Person(id="cy", cards=("C1",)), Person(id="bo", cards=())), reasons.CONFIRMED, 0),
        (roster(msgspec.structs.replace(ANN, cards=()), Person(id="cy", cards=("A1",))), reasons.WITHDRAWN_CARD, 0),
        (roster(msgspec.structs.replace(ANN, ends="2026-03-01T00:00:00Z")), reasons.NOT_VALID, 0),
    ],
    ids=["withdrawn", "not listed", "another roster", "given to another", "ended"],
)
def test_a_card_is_judged_by_the_roster_of_the_moment_when_it_is_answered(
    now: Roster, reason: str, alerts: int
) -> None:
    node = Node(plan(BOTH))
    node.at(read(CARD, READ_MS))
    node.until(2000)
    node.decider.use_roster(now)
    node.at(face(11, 2500, None, same("ann"), final=False))
    assert [found for _, found in answers(node)] == [reason]
    assert len(node.alerts) == alerts


@settings(max_examples=examples(60), deadline=None)
@given(
    withdrawn_ms=st.integers(1001, 4900),
    look_ms=st.integers(1001, 4900),
    fires_ms=st.none() | st.integers(1001, 4900),
)
def test_a_withdrawn_card_opens_only_what_is_open_for_everybody(
    withdrawn_ms: int, look_ms: int, fires_ms: int | None
) -> None:
    node = Node(plan(BOTH))
    node.at(read(CARD, READ_MS))
    fire = [] if fires_ms is None else [msgspec.structs.replace(FIRE, at_ms=fires_ms)]
    happened = sorted([face(11, look_ms, None, same("ann"), final=False), *fire], key=lambda each: each.at_ms)
    for signal in (each for each in happened if each.at_ms < withdrawn_ms):
        node.at(signal)
    node.until(withdrawn_ms)
    node.decider.use_roster(roster(msgspec.structs.replace(ANN, cards=(), withdrawn=("A1",))))
    for signal in (each for each in happened if each.at_ms >= withdrawn_ms):
        node.at(signal)
    node.until(END_MS)
    (answer,) = answers(node)
    if look_ms < withdrawn_ms:
        assert answer[0] == "open"
    elif answer[0] == "open":
        assert answer[1] == reasons.RELEASED
    else:
        assert answer == ("refuse", reasons.WITHDRAWN_CARD)
