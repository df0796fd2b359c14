"""A card and its owner's face open for whoever stands there with both, not for who comes with the card of another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import BOTH, Node, body, crossed, face, in_view, other, plan, read, same
from support.tiers import examples
from zhian_edge.decision.plan import CameraPlan, Plan, ReaderPlan
from zhian_edge.signals import Signal
from zhian_wire import reasons

#: Of one person: the second card is no read of the first one's presentation.
FIRST, SECOND = "A1", "A2"


def both(**more: CameraPlan) -> Plan:
    planned = plan(BOTH)
    return replace(planned, cameras={**planned.cameras, **more})


def told(node: Node, happened: list[Signal], until_ms: int) -> list[tuple[str, str]]:
    for signal in sorted(happened, key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(until_ms)
    return [(decision.verdict, decision.reason) for decision in node.decisions if decision.person_id == "ann"]


@pytest.mark.parametrize(
    ("owner", "answer"),
    [
        ([face(11, 4900, "ann", final=False)], [("open", reasons.CONFIRMED)]),
        ([face(11, 4900, "ann")], [("refuse", reasons.MISSING_FACTOR)]),
        ([face(11, 4900, "ann"), in_view(10, 4000, 3500)], [("open", reasons.CONFIRMED)]),
        ([face(11, 4000, "ann", final=False), crossed(10, 4800)], [("refuse", reasons.MISSING_FACTOR)]),
        ([face(11, 4800, "ann", final=False), crossed(10, 5100)], [("open", reasons.CONFIRMED)]),
        ([face(11, 4000, "ann", final=False), crossed(10, 4800, "out")], [("refuse", reasons.MISSING_FACTOR)]),
        ([crossed(10, 4000, "out"), face(11, 4800, "ann", final=False)], [("open", reasons.CONFIRMED)]),
        ([face(11, 4900, "ann", final=False, camera="way-out")], [("refuse", reasons.MISSING_FACTOR)]),
    ],
    ids=[
        "stands there",
        "was gone from sight",
        "looks down, in view still",
        "is over the line",
        "goes with the card",
        "went out",
        "went out and comes back",
        "is on the way out",
    ],
)
def test_only_an_owner_who_may_stand_there_confirms_a_card(owner: list[Signal], answer: list[tuple[str, str]]) -> None:
    node = Node(both(**{"way-out": CameraPlan("way-out", "main", direction="out")}))
    assert told(node, [*owner, read(FIRST, 5000)], 10_000)[-1:] == answer


@pytest.mark.parametrize(
    ("owner", "verdict"),
    [
        ([face(11, 4900, "ann", final=False)], "open"),
        ([face(11, 4900, "ann")], "refuse"),
        ([face(11, 4000, "ann", final=False), crossed(10, 4800)], "refuse"),
        ([face(11, 4800, "ann", final=False), crossed(10, 5100)], "open"),
        ([face(11, 4000, "ann", final=False), crossed(10, 4800, "out")], "refuse"),
        ([crossed(10, 4000, "out"), face(11, 4800, "ann", final=False)], "open"),
    ],
    ids=["stands there", "was gone", "is over the line", "goes with the card", "went out", "went out and comes back"],
)
def test_a_reader_for_both_ways_opens_for_whom_the_camera_sees_come(owner: list[Signal], verdict: str) -> None:
    readers = {"r-in": ReaderPlan("r-in", "main", "none")}
    node = Node(replace(both(), readers=readers))
    assert [said for said, _ in told(node, [*owner, read(FIRST, 5000)], 10_000)][-1:] == [verdict]


def test_a_camera_that_sees_both_ways_confirms_at_either_reader() -> None:
    node = Node(both(**{"cam": CameraPlan("cam", "main", direction="none")}))
    assert told(node, [face(11, 4900, "ann", final=False), read(FIRST, 5000)], 10_000) == [("open", reasons.CONFIRMED)]


@pytest.mark.parametrize(
    ("later", "answer"),
    [
        ([], [("refuse", reasons.MISSING_FACTOR)]),
        ([face(11, 5300, None, same("ann"), final=False)], [("open", reasons.CONFIRMED)]),
    ],
    ids=["as she was before", "looked at with the card"],
)
def test_while_somebody_else_is_there_too_the_owner_is_looked_at_with_the_card(
    later: list[Signal], answer: list[tuple[str, str]]
) -> None:
    there: list[Signal] = [face(11, 4500, "ann", final=False), face(21, 4900, None, other("ann"), final=False)]
    assert told(Node(both()), [*there, read(FIRST, 5000), *later], 10_000) == answer


def test_the_decision_shows_the_face_that_it_rests_on_and_no_earlier_one() -> None:
    node = Node(both())
    gone, here = face(11, 1000, "ann"), face(31, 4500, "ann", final=False)
    told(node, [gone, here, read(FIRST, 5000)], 10_000)
    assert [piece for piece in node.decisions[0].evidence if piece.kind == "face"] == [here.evidence]


@settings(max_examples=examples(60), deadline=None)
@given(
    looks=st.lists(st.integers(100, 3000), min_size=1, max_size=4),
    went_ms=st.integers(3001, 4500),
    word_ms=st.integers(3001, 9000),
    stranger_ms=st.none() | st.integers(1000, 9000),
    again_ms=st.integers(4501, 9000),
)
def test_whoever_comes_with_the_card_of_one_who_went_in_is_not_let_in(
    looks: list[int], went_ms: int, word_ms: int, stranger_ms: int | None, again_ms: int
) -> None:
    owner: list[Signal] = [face(11, at, None, same("ann"), final=False) for at in looks]
    owner += [read(FIRST, 500), crossed(10, went_ms), face(11, max(looks) + 1, None, same("ann"))]
    owner += [body(10, word_ms, last_s=went_ms / 1000 + 0.2)]
    if stranger_ms is not None:
        owner.append(face(21, stranger_ms, None, other("ann"), final=False))
    node = Node(both())
    told(node, [*owner, read(SECOND, again_ms)], 20_000)
    assert not any(d.verdict == "open" and d.evidence[0].at_ms == again_ms for d in node.decisions)


@settings(max_examples=examples(60), deadline=None)
@given(
    first_ms=st.integers(100, 4900),
    look_ms=st.integers(5000, 8900),
    others=st.lists(st.tuples(st.integers(2, 6), st.integers(100, 8900)), max_size=6),
)
def test_whoever_shows_card_and_face_is_let_in_whoever_else_is_there(
    first_ms: int, look_ms: int, others: list[tuple[int, int]]
) -> None:
    there: list[Signal] = [face(10 * who + 1, at, None, other("ann"), final=False) for who, at in others]
    there += [
        face(11, first_ms, "ann", final=False),
        face(11, look_ms, "ann", same("ann"), final=False, last_s=look_ms / 1000),
    ]
    answers = told(Node(both()), [*there, read(FIRST, 5000)], 12_000)
    assert answers == [("open", reasons.CONFIRMED)]
