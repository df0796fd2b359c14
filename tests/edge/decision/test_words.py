"""A guard's word, the child's own card and the way over the line, in any order within the lane's window, are one
passage with all of it; two children stay two."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import permutations
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.lanes import ANY, BOTH, CARD, Node, body, crossed, face, plan, read, same
from support.tiers import examples
from zhian_edge.decision.plan import Access
from zhian_edge.signals import ManualPassage, PassageTakenBack, Signal

SOFT: Final = replace(CARD, anti_passback="soft")
HARD: Final = replace(CARD, anti_passback="hard")
POLICIES: Final = [CARD, SOFT, HARD, ANY]
#: The lane's window, and when a passage is told at the earliest.
WINDOW_MS: Final = 4000
SETTLED_MS: Final = WINDOW_MS // 2
START_MS: Final = 20_000


def word(at_ms: int, person_id: str | None = "ann", *, opens: bool = True, order: str = "") -> ManualPassage:
    return ManualPassage(
        order=order or f"press-{person_id}", lane="main", direction="in", who="guard", why="forgot", at_ms=at_ms,
        person_id=person_id, opens=opens,
    )  # fmt: skip


def goes(track: int, at_ms: int) -> list[Signal]:
    """A body goes over the line; what it was is said a moment later."""
    return [crossed(track, at_ms), body(track, at_ms + 300)]


def told(access: Access, *signals: Signal, line: bool = True) -> Node:
    node = Node(plan(access, line=line))
    for signal in sorted(signals, key=lambda each: each.at_ms):  # type: ignore[union-attr]
        node.at(signal)
    node.until(START_MS + 60_000)
    return node


def passed(node: Node) -> list[tuple[str | None, str, list[str]]]:
    """Whom each passage names, which way, and the kinds of its evidence."""
    return [(p.person_id, p.direction, sorted({piece.kind for piece in p.evidence})) for p in node.passages]


ALL: Final = ["body", "card", "crossing", "manual"]


def moments(steps: int) -> st.SearchStrategy[list[int]]:
    """So many moments within what may be one passing, told before the first of them is settled."""
    return st.lists(st.integers(0, SETTLED_MS - 200), min_size=steps, max_size=steps, unique=True)


@settings(max_examples=examples(100), deadline=None)
@given(moments(2), st.integers(0, 400), st.sampled_from(POLICIES), st.booleans())
def test_word_card_and_one_way_over_the_line_are_one_passage_in_any_order(
    at: list[int], late: int, access: Access, opens: bool
) -> None:
    press_ms, card_ms = (START_MS + each for each in at)
    # A card is shown before the line, or by a hand that comes half a second late.
    line_ms = max(card_ms - late, START_MS)
    node = told(access, word(press_ms, opens=opens), read("A1", card_ms), *goes(11, line_ms))
    assert passed(node) == [("ann", "in", ALL)]
    assert node.passages[0].transaction == "press-ann"
    assert [kind for kind in node.alerts if kind != "passback"] == []


@settings(max_examples=examples(100), deadline=None)
@given(
    st.integers(0, WINDOW_MS - 100), st.integers(0, WINDOW_MS - 100), st.integers(200, 3000), st.sampled_from(POLICIES)
)
def test_whoever_is_let_pass_and_shows_a_card_on_the_way_goes_once(
    press: int, card: int, walk: int, access: Access
) -> None:
    """The word before or after the card, and the line some steps after both."""
    press_ms, card_ms = START_MS + press, START_MS + card
    node = told(access, word(press_ms), read("A1", card_ms), *goes(11, max(press_ms, card_ms) + walk % WINDOW_MS))
    assert [person for person, *_ in passed(node)] == ["ann"]
    assert node.alerts == []
    assert node.passages[0].transaction == "press-ann"
    assert {"card", "manual"} <= {piece.kind for piece in node.passages[0].evidence}


@pytest.mark.parametrize("access", POLICIES)
@pytest.mark.parametrize("order", list(permutations(["word", "card", "line"])))
@pytest.mark.parametrize("apart_ms", [100, 400, 900])
def test_every_order_of_word_card_and_line_is_one_passage(
    access: Access, order: tuple[str, ...], apart_ms: int
) -> None:
    at = {what: START_MS + place * apart_ms for place, what in enumerate(order)}
    if order.index("card") - order.index("line") == 2:
        at["card"] = at["line"] + min(2 * apart_ms, 500)
        at["word"] = at["line"] + 50
    node = told(access, word(at["word"]), read("A1", at["card"]), *goes(11, at["line"]))
    assert passed(node) == [("ann", "in", ALL)]
    # By then they count as inside, and a card that is handed back opens nothing there.
    handed = order[-1] == "card" and access is HARD
    assert node.alerts == (["passback"] if handed else [])


@pytest.mark.parametrize("access", POLICIES)
@pytest.mark.parametrize("late_ms", [2500, 3900])
def test_a_word_that_comes_when_the_passage_by_card_is_told_is_of_that_passage(access: Access, late_ms: int) -> None:
    node = told(access, read("A1", START_MS - 800), *goes(11, START_MS), word(START_MS + late_ms))
    assert passed(node) == [("ann", "in", ["body", "card", "crossing"])]
    assert (node.alerts, node.moves) == ([], ["pulse", "pulse"])
    assert [each.transaction for each in node.decisions][1:] == ["press-ann"]


def test_who_went_by_a_face_that_was_told_goes_once_though_a_guard_says_so_then() -> None:
    node = told(ANY, face(12, START_MS - 500, "ann"), *goes(11, START_MS), word(START_MS + 3000, opens=False))
    assert ([p.person_id for p in node.passages], node.alerts) == (["ann"], [])


def test_who_comes_again_after_going_out_is_told_of_again() -> None:
    out = [read("A1", START_MS + 4000, "r-out"), crossed(21, START_MS + 4800, "out"), body(21, START_MS + 5000)]
    back = [word(START_MS + 12_000), *goes(31, START_MS + 13_000)]
    node = told(CARD, read("A1", START_MS - 800), *goes(11, START_MS), *out, *back)
    assert [(p.person_id, p.direction) for p in node.passages] == [("ann", "in"), ("ann", "out"), ("ann", "in")]


@pytest.mark.parametrize("access", POLICIES)
@pytest.mark.parametrize("card_ms", [-3000, -300, 300, 3500])
def test_where_no_camera_sees_the_line_word_and_card_are_one_passage(access: Access, card_ms: int) -> None:
    node = told(access, word(START_MS), read("A1", START_MS + card_ms), line=False)
    assert passed(node) == [("ann", "in", ["card", "manual"])]
    assert node.alerts == []


@pytest.mark.parametrize("card_ms", [-500, 700])
@pytest.mark.parametrize("seen", [True, False])
def test_a_card_that_waits_for_its_owners_face_beside_a_word_is_part_of_the_one_passage(
    card_ms: int, seen: bool
) -> None:
    faces = [face(12, START_MS + 1200, None, same("ann"), final=False)] if seen else []
    node = told(BOTH, word(START_MS), read("A1", START_MS + card_ms), *faces, *goes(11, START_MS + 2000))
    assert [(p.person_id, p.transaction) for p in node.passages] == [("ann", "press-ann")]
    assert {"card", "manual"} <= {piece.kind for piece in node.passages[0].evidence}
    assert [kind for kind in node.alerts if kind in ("impossible_card", "tailgating", "card_without_person")] == []


def test_a_card_that_is_shown_once_more_before_the_line_makes_no_second_passage() -> None:
    cards = [read("A1", START_MS + 500), read("A1", START_MS + 4500)]
    node = told(CARD, word(START_MS), *cards, *goes(11, START_MS + 5500))
    assert ([p.person_id for p in node.passages], node.alerts) == (["ann"], [])


def test_a_card_that_is_handed_back_is_no_part_of_the_word_for_its_owner() -> None:
    again = [read("A1", START_MS + 4200), *goes(21, START_MS + 5200)]
    node = told(CARD, word(START_MS), read("A1", START_MS + 500), *goes(11, START_MS + 1500), *again)
    assert [p.person_id for p in node.passages] == ["ann", "ann"]
    assert node.alerts == ["impossible_card"]


@pytest.mark.parametrize("opens", [True, False])
def test_who_shows_a_card_after_a_word_that_is_undone_goes_by_the_card(opens: bool) -> None:
    slip = PassageTakenBack(order="slip", passage="press-ann", lane="main", at_ms=START_MS + 1000)
    node = told(CARD, word(START_MS, opens=opens), read("A1", START_MS + 500), slip, *goes(11, START_MS + 1600))
    assert passed(node) == [("ann", "in", ["body", "card", "crossing"])]
    assert (node.passages[0].transaction, node.alerts) == (node.decisions[-1].transaction, [])


@settings(max_examples=examples(50), deadline=None)
@given(st.integers(-2000, 2000), st.integers(700, 3000), st.booleans(), *([st.integers(700, 1300)] * 2))
def test_two_children_of_whom_a_guard_lets_one_pass_stay_two(
    said: int, apart: int, first: bool, walk: int, other_walk: int
) -> None:
    """Each by their own card, seven tenths of a second apart at least, nobody overtaking, and the word at any time."""
    ann_ms, bob_ms = (START_MS, START_MS + apart) if first else (START_MS + apart, START_MS)
    lines = sorted([(ann_ms + walk, "ann"), (bob_ms + other_walk, "bob")])
    assume(([who for _, who in lines] == ["ann", "bob"]) is first and lines[1][0] - lines[0][0] >= 500)
    signals: list[Signal] = [read("A1", ann_ms), read("B1", bob_ms), word(ann_ms + said)]
    for track, (at_ms, _) in zip((11, 21), lines, strict=True):
        signals += goes(track, at_ms)
    for access in POLICIES:
        node = told(access, *signals)
        assert Counter(p.person_id for p in node.passages) == {"ann": 1, "bob": 1}
        of = {p.person_id: [e.at_ms for e in p.evidence if e.kind == "crossing"] for p in node.passages}
        assert of == {who: [at_ms] for at_ms, who in lines}
        assert node.alerts == []


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1000, 4000), st.booleans())
def test_who_follows_somebody_whom_a_guard_lets_pass_is_no_part_of_it(
    press: int, card: int, apart: int, opens: bool
) -> None:
    ready = START_MS + max(press, card)
    signals: list[Signal] = [word(START_MS + press, opens=opens), read("A1", START_MS + card)]
    node = told(CARD, *signals, *goes(11, ready + 1000), *goes(21, ready + 1000 + apart))
    assert Counter(p.person_id for p in node.passages) == {"ann": 1, None: 1}
    assert node.alerts == ["tailgating"]


@settings(max_examples=examples(100), deadline=None)
@given(st.permutations(["ann", "bob"]), *([st.integers(-2000, 2000)] * 2), *([st.integers(700, 1300)] * 2))
def test_two_children_whom_guards_let_pass_and_who_show_their_cards_stay_two(
    order: list[str], word_a: int, word_b: int, walk_a: int, walk_b: int
) -> None:
    cards, lines = {"ann": "A1", "bob": "B1"}, {}
    signals: list[Signal] = []
    for place, (who, said, walk) in enumerate(zip(order, (word_a, word_b), (walk_a, walk_b), strict=True)):
        at_ms = START_MS + 3000 + place * 1200
        lines[who] = [at_ms + walk]
        signals += [word(at_ms + said, who), read(cards[who], at_ms), *goes(11 + 10 * place, at_ms + walk)]
    node = told(SOFT, *signals)
    assert Counter(p.person_id for p in node.passages) == {"ann": 1, "bob": 1}
    assert {p.person_id: [e.at_ms for e in p.evidence if e.kind == "crossing"] for p in node.passages} == lines
    assert {p.transaction for p in node.passages} == {"press-ann", "press-bob"}
    assert node.alerts == []
