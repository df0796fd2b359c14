"""What nobody can tell apart is not told: each by their own card or face, and no body beside another's card."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.crowds import LEARNT_MS, PUPILS, learnt, stranger, told, visit, went_in
from support.lanes import Node, body, crossed, face, in_view, other, read, same
from support.tiers import examples
from zhian_edge.decision.matching import Matching
from zhian_edge.signals import Check, Signal
from zhian_wire.events import Passage
from zhian_wire.roster import Person, Template


def kinds(node: Node) -> dict[str | None, set[str]]:
    """Of which senses the evidence of each passage after `learnt` is."""
    late = [p for p in node.passages if p.media_time_s > 55 and p.direction == "in"]
    return {passage.person_id: {piece.kind for piece in passage.evidence} for passage in late}


def two(first_ms: int, second_ms: int) -> list[Signal]:
    """Two without a face go over the line 0.6 s apart; when the card of the first, and of the second, was read."""
    return [*stranger(901, 60_000), *stranger(911, 60_600), read("C1", first_ms), read("C2", second_ms)]


def test_two_whose_hands_came_together_are_told_by_their_cards_alone() -> None:
    node = told(two(59_310, 59_290))
    assert sorted(name for name, _ in went_in(node) if name) == ["p1", "p2"]
    assert kinds(node) == {"p1": {"card"}, "p2": {"card"}}
    assert node.alerts == []


def test_two_whose_hands_came_in_their_order_have_their_bodies() -> None:
    node = told(two(59_000, 59_600))
    assert went_in(node) == [("p1", 60.0), ("p2", 60.6)]
    assert kinds(node) == {"p1": {"card", "body", "crossing"}, "p2": {"card", "body", "crossing"}}


def test_who_is_named_at_the_body_is_sure_of_it_whatever_the_neighbour_did() -> None:
    node = told([*visit(1, 60_000, card_ms=None), *stranger(911, 60_600), read("C1", 59_310), read("C2", 59_290)])
    assert went_in(node) == [("p1", 60.0), ("p2", 60.6)]
    assert kinds(node)["p1"] >= {"card", "face", "crossing"}


def test_the_body_of_one_who_was_told_without_it_gives_nobody_a_name_later() -> None:
    node = told(two(59_310, 59_290), [(crossed(901, 63_000, "out"), None)])
    out = [p.person_id for p in node.passages if p.direction == "out"]
    assert out == [None]


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(-150, 150), st.integers(400, 900), st.randoms(use_true_random=False))
def test_however_close_two_hands_were_nobody_has_another_pupils_body(lead: int, headway: int, random: Random) -> None:
    """Their cards come within the spread of what is usual; whatever is told of bodies must be in the cards' order."""
    cards = [read("C1", 59_300), read("C2", 59_300 + lead)]
    bodies = [*stranger(901, 60_100), *stranger(911, 60_100 + headway)]
    signals: list[Signal] = [*cards, *bodies]
    random.shuffle(signals)
    node = Node(people=PUPILS)
    for signal in sorted(learnt(), key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(60_100 + headway)
    for signal in signals:
        node.at(signal, now_ms=60_100 + headway)
    node.until(LEARNT_MS + 60_000)
    assert sorted(name for name, _ in went_in(node) if name) == ["p1", "p2"]
    shown = {p.person_id: p.media_time_s for p in node.passages if p.media_time_s > 55 and has_body(p)}
    if shown:
        first, last = ("p1", "p2") if lead > 0 else ("p2", "p1")
        assert shown[first] < shown[last]


def has_body(passage: Passage) -> bool:
    return any(piece.kind in ("body", "crossing") for piece in passage.evidence)


def test_a_card_is_of_who_turned_back_and_not_borrowed_by_the_named_one_before_them() -> None:
    """One whose own card was not read goes over the line just after the card of the next, who then turns back."""
    turned: list[Signal] = [in_view(901, 58_000, 57_500), read("C1", 59_500)]
    node = told([*visit(0, 60_000, card_ms=None), *turned], [(body(901, 63_000, first_s=57.5), 71_000)])
    assert went_in(node) == [("p0", 60.0)]
    assert "borrowed_card" not in node.alerts


def test_a_card_in_another_pupils_hand_is_borrowed_though_others_go_by_with_theirs() -> None:
    node = told(
        [
            *visit(0, 60_000, other("p5"), card_ms=None), read("C5", 59_000),
            in_view(21, 59_000, 58_500), *visit(1, 60_900), in_view(31, 59_500, 59_000), *visit(2, 61_800),
        ]
    )  # fmt: skip
    assert went_in(node) == [("p0", 60.0), ("p1", 60.9), ("p2", 61.8)]
    assert node.alerts == ["borrowed_card"]


def test_who_stands_there_all_the_time_has_nobodys_card() -> None:
    watcher: list[Signal] = [in_view(901, 40_000, 39_000)]
    late = [(body(901, 90_000, first_s=39.0), 95_000)]
    node = told([*visit(0, 60_000, other("p5"), card_ms=None), read("C5", 59_000), *watcher], late)
    assert went_in(node) == [("p0", 60.0)]
    assert node.alerts == ["borrowed_card"]


def test_a_face_that_was_joined_to_no_body_is_of_the_one_that_came_with_it() -> None:
    # It was in view until a moment after the first was over the line; the second came into view with it.
    named = face(922, 60_100, "p1", subject=922, first_s=58.4, last_s=60.2)
    bodies: list[Signal] = [crossed(901, 60_000), crossed(911, 60_700)]
    views: list[Signal] = [in_view(901, 57_500, 56_500), in_view(911, 58_800, 58_300)]
    last: list[Signal] = [body(901, 60_300, first_s=56.5), body(911, 61_000, first_s=58.3)]
    node = told([read("C2", 58_900), *bodies, *views, named, *last])
    assert went_in(node) == [("p2", 60.0), ("p1", 60.7)]


def test_a_sibling_with_whom_nothing_can_be_compared_does_not_take_the_other_ones_card() -> None:
    """The second one's face is like the first one's, whose own is seen badly; time and order say who has which card."""
    pupils = [Person(id=f"p{n}", cards=(f"C{n}",), templates=() if n == 2 else (Template(key="k", vector=b""),))
              for n in range(24)]  # fmt: skip
    unsure = Check(person_id="p1", score=0.33, verdict="unsure")
    signals: list[Signal] = [
        *visit(1, 60_000, unsure, name=False), *visit(2, 60_900, same("p1"), card_ms=850, name=False)
    ]  # fmt: skip
    node = Node(people=pupils)
    for signal in sorted([*learnt(), *signals], key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(LEARNT_MS + 60_000)
    assert went_in(node) == [("p1", 60.0), ("p2", 60.9)]
    assert node.alerts == []


def test_a_sibling_who_turned_back_does_not_take_the_card_of_the_one_who_went_in() -> None:
    """Both faces are like the card's owner; with the one who turns back nothing can be compared."""
    pupils = [Person(id=f"p{n}", cards=(f"C{n}",), templates=() if n == 2 else (Template(key="k", vector=b""),))
              for n in range(24)]  # fmt: skip
    turned: list[Signal] = [in_view(31, 58_800, 58_300), read("C2", 59_550)]
    turned += [face(32, 60_800, None, same("p1", 0.53), first_s=58.9), body(31, 63_800, first_s=58.3)]
    node = Node(people=pupils)
    signals = [*learnt(), *visit(1, 60_000, same("p1", 0.58), name=False), *turned]
    for signal in sorted(signals, key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(LEARNT_MS + 60_000)
    assert went_in(node) == [("p1", 60.0)]


def test_what_was_no_body_after_all_is_waited_for_by_nobody() -> None:
    node = Node(people=PUPILS)
    node.at(in_view(901, 5000, 4500))
    assert node.decider.open == 1
    node.at(in_view(901, 6000, 4500, over=True))
    assert node.decider.open == 0


def test_a_body_that_takes_over_the_number_of_a_face_is_one_with_it() -> None:
    node = Node(people=PUPILS)
    node.at(in_view(901, 5000, 4500))
    node.at(crossed(901, 6000).__class__(**{**_fields(crossed(901, 6000)), "subject": 7}))
    assert node.decider.open == 1


def _fields(signal: Signal) -> dict[str, object]:
    return {name: getattr(signal, name) for name in signal.__struct_fields__}


def test_whoever_stood_in_view_for_long_is_let_in_when_their_face_is_known() -> None:
    node = Node()
    node.at(in_view(11, 1000, 500))
    node.until(60_000)
    assert node.decider.open == 0
    node.at(face(12, 61_000, "ann", final=False))
    assert [decision.person_id for decision in node.decisions] == ["ann"]


@pytest.mark.parametrize(("forbidden", "total"), [((0, 0), 9.0), ((0, 1), 2.0)])
def test_the_cheapest_arrangement_without_a_pair_costs_as_much_or_more(
    forbidden: tuple[int, int], total: float
) -> None:
    table = [[1.0, 5.0], [4.0, 1.0]]
    matching = Matching(range(2), range(2), lambda i, j: table[i][j], lambda _i: 10.0, lambda _j: 10.0)
    assert matching.total(matching.pairs()) == 2.0
    turned = matching.without(*forbidden)
    assert turned.total(turned.pairs()) == total
