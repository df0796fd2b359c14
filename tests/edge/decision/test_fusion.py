"""Card, face, body and crossing of one person become one passage, in whatever order they come; nobody is swapped."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import (
    ANY,
    CARD,
    PLATE,
    Node,
    body,
    crossed,
    face,
    other,
    plan,
    plate,
    read,
    same,
)  # fmt: skip
from support.tiers import examples
from zhian_edge.decision.matching import Matching
from zhian_edge.signals import Check, Observation, Signal
from zhian_wire import reasons
from zhian_wire.events import Passage
from zhian_wire.roster import Person

PUPILS = [Person(id=f"p{n}", cards=(f"C{n}",)) for n in range(16)]


def told(signals: Sequence[Signal], node: Node | None = None) -> Node:
    """All signals, each at its own time, and everything that comes of them."""
    node = node or Node(people=PUPILS)
    for signal in sorted(signals, key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(60_000)
    assert node.decider.open == 0
    return node


def shuffled(signals: Sequence[Signal], order: Sequence[int], node: Node | None = None) -> Node:
    """The same signals in another order, all before anything is due."""
    node = node or Node(people=PUPILS)
    node.until(4000)
    for index in order:
        node.at(signals[index], now_ms=4000)
    node.until(60_000)
    return node


def visit(n: int, at_ms: int, *, card: bool = True, name: bool = True) -> list[Signal]:
    """Pupil `n` goes over the line at `at_ms`, a second after presenting the card."""
    number = 10 * (n + 1)
    signals: list[Signal] = [crossed(number + 1, at_ms), body(number + 1, at_ms + 200)]
    if card:
        signals.append(read(f"C{n}", at_ms - 1000))
    signals.append(face(number + 2, at_ms - 500, f"p{n}" if name else None))
    return signals


def test_everything_of_one_child_is_one_passage_whatever_comes_first() -> None:
    signals = visit(0, 3000)
    for order in itertools.permutations(range(len(signals))):
        node = shuffled(signals, order)
        (passage,) = node.passages
        assert (passage.person_id, passage.direction, passage.kind, passage.media_time_s) == ("p0", "in", "card", 3.0)
        assert sorted(piece.kind for piece in passage.evidence) == ["body", "card", "crossing", "face"]
        assert passage.missing == ()
        assert passage.transaction == node.decisions[0].transaction
        assert len(node.decisions) == 1
        assert node.alerts == []


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans()).filter(any), min_size=2, max_size=5),
    st.integers(700, 1500),
    st.randoms(use_true_random=False),
)
def test_children_close_together_are_never_swapped(
    readable: list[tuple[bool, bool]], headway: int, random: object
) -> None:
    """Of each either the card or the face is read; all orders of arrival tell the same."""
    signals = [s for n, (card, name) in enumerate(readable) for s in visit(n, 2000 + n * headway, card=card, name=name)]
    order = list(range(len(signals)))
    random.shuffle(order)  # type: ignore[attr-defined]
    late = Node(plan(replace(ANY, fresh_ms=60_000)), PUPILS)
    late.until(2000 + len(readable) * headway)
    for index in order:
        late.at(signals[index], now_ms=2000 + len(readable) * headway)
    late.until(60_000)
    expected = {(f"p{n}", (2000 + n * headway) / 1000) for n in range(len(readable))}
    assert {(p.person_id, p.media_time_s) for p in late.passages if p.direction == "in"} == expected
    assert late.alerts == []
    assert {(p.person_id, p.media_time_s) for p in told(signals).passages} == expected


@pytest.mark.parametrize("headway", [700, 950])
@pytest.mark.parametrize("readable", [(1, 2, 2, 0), (1, 2, 2, 2), (0, 1, 2, 2), (2, 1, 2, 0), (1, 1, 2, 2)], ids=str)
def test_whoever_is_on_the_way_yet_moves_no_card_to_the_one_before(headway: int, readable: tuple[int, ...]) -> None:
    """0: card and face, 1: the face alone, 2: the card alone."""
    signals = [s for n, how in enumerate(readable) for s in visit(n, 2000 + n * headway, card=how != 1, name=how != 2)]
    expected = {(f"p{n}", (2000 + n * headway) / 1000) for n in range(4)}
    assert {(p.person_id, p.media_time_s) for p in told(signals).passages} == expected


def test_a_face_that_vision_did_not_join_to_its_body_is_still_its_own() -> None:
    first, second = visit(0, 3000), visit(1, 3700)
    apart = [face(98, 2500, "p0", subject=98), *[s for s in first if getattr(s, "kind", "") != "face"]]
    passages = in_order(told([*apart, *second]))
    assert [(p.person_id, p.media_time_s) for p in passages] == [("p0", 3.0), ("p1", 3.7)]
    assert [sum(e.kind == "face" for e in p.evidence) for p in passages] == [1, 1]


def test_a_body_that_was_followed_under_two_numbers_is_one_person() -> None:
    signals = [read("C0", 2000), body(11, 2300), crossed(21, 3000), body(21, 3200, first_s=2.6)]
    node = told(signals)
    assert [(p.person_id, p.direction) for p in node.passages] == [("p0", "in")]
    assert node.alerts == []


def test_a_face_that_goes_over_the_line_with_its_body_is_not_a_second_person() -> None:
    signals = [*visit(0, 3000), crossed(12, 3100, kind="face")]
    assert len(told(signals).passages) == 1
    apart = [read("C1", 2000), crossed(21, 3000), body(21, 3100), crossed(98, 3050, kind="face"), face(98, 2900)]
    assert [p.person_id for p in told(apart).passages] == ["p1"]


def test_a_double_read_is_one_passage_even_after_the_line() -> None:
    node = told([*visit(0, 3000), read("C0", 2300), read("C0", 3400)])
    assert len(node.decisions) == len(node.passages) == 1
    assert node.alerts == []


def test_any_card_of_a_person_is_the_person() -> None:
    node = told([read("A1", 2000), read("A2", 2050), crossed(11, 3000), body(11, 3100)], Node(plan(CARD)))
    (passage,) = node.passages
    assert passage.person_id == "ann"
    assert [piece.card for piece in passage.evidence if piece.kind == "card"] == ["A1", "A2"]


def test_siblings_who_confirm_each_others_cards_are_told_apart_by_time() -> None:
    both = (same("p0", 0.55), same("p1", 0.54))
    signals: list[Signal] = [
        read("C0", 2000), face(12, 2400, None, *both), crossed(11, 3000), body(11, 3100),
        read("C1", 2700), face(22, 3100, None, *both), crossed(21, 3700), body(21, 3800),
    ]  # fmt: skip
    node = told(signals)
    assert [(p.person_id, p.media_time_s) for p in node.passages] == [("p0", 3.0), ("p1", 3.7)]
    assert node.alerts == []


def in_order(node: Node) -> list[Passage]:
    """Its passages in the order of the crossings: who is in doubt is told of later."""
    return sorted(node.passages, key=lambda passage: passage.media_time_s)


def learnt() -> list[Signal]:
    """So many that the usual time from card to line is known: a second."""
    return [s for n in range(10) for s in visit(6 + n, 3000 + 3000 * n)]


def late(node: Node) -> list[tuple[str | None, float]]:
    """Who went in after those of `learnt`."""
    return [(p.person_id, p.media_time_s) for p in node.passages if p.media_time_s > 35 and p.direction == "in"]


def test_a_siblings_card_is_not_believed_before_the_face_was_compared_with_the_right_one() -> None:
    # The first word knows of the sibling's card alone; the last one, seconds later, of both.
    first = same("p5", 0.52)
    signals: list[Signal] = [
        *learnt(),
        read("C5", 39_900), face(252, 39_950, None, first, final=False), read("C4", 40_000), crossed(251, 41_000),
        body(251, 41_200), read("C6", 42_500), *visit(6, 43_500)[:2],
    ]  # fmt: skip
    node = Node(people=PUPILS)
    for signal in sorted(signals, key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.at(face(252, 41_000, None, first, same("p4", 0.5)), now_ms=45_500)
    node.until(90_000)
    assert ("p4", 41.0) in late(node)
    assert all("C4" not in (e.card or "") for p in node.passages if p.person_id == "p5" for e in p.evidence)


def test_siblings_of_whom_one_is_too_like_the_other_are_told_apart_by_both_faces_at_once() -> None:
    # Each face was confirmed as the first one's; the second one's own likeness is hardly less.
    unsure = Check(person_id="p5", score=0.51, verdict="unsure")
    signals: list[Signal] = [
        *learnt(),
        read("C4", 40_000), face(252, 40_100, None, same("p4", 0.56)), crossed(251, 40_450), body(251, 40_700),
        read("C5", 40_100), face(262, 41_300, None, same("p4", 0.54), unsure), crossed(261, 41_150), body(261, 41_500),
    ]  # fmt: skip
    node = told(signals)
    assert late(node) == [("p4", 40.45), ("p5", 41.15)]


def test_a_face_and_a_lost_body_of_one_are_not_shared_out_to_the_next() -> None:
    first: list[Signal] = [
        read("C0", 2000), body(11, 2400, first_s=1.0, last_s=2.2), crossed(21, 3000), body(21, 3600, first_s=2.4),
        face(98, 3001, None, subject=98),
    ]  # fmt: skip
    second: list[Signal] = [read("C1", 2600), crossed(31, 3650), body(31, 3900, first_s=1.0)]
    passages = in_order(told([*first, *second]))
    assert [(p.person_id, p.media_time_s) for p in passages] == [("p0", 3.0), ("p1", 3.65)]
    assert [sum(e.kind == "face" for e in p.evidence) for p in passages] == [1, 0]


def test_a_poor_face_that_is_likest_the_cards_owner_keeps_the_card_from_the_one_behind() -> None:
    def unsure(owner: str, score: float) -> Check:
        return Check(person_id=owner, score=score, verdict="unsure")

    signals: list[Signal] = [
        *learnt(),
        # One with two cards and no face; one with a poor face; one whose face is known and whose card was not read.
        read("C2", 40_000), read("C3", 40_500), crossed(251, 41_000), body(251, 41_300),
        read("C4", 40_700), crossed(261, 41_550), body(261, 41_900),
        face(262, 41_500, None, unsure("p4", 0.36), unsure("p3", 0.06), unsure("p2", 0.1)),
        face(272, 41_400, "p5", other("p4"), final=False), crossed(271, 42_250), body(271, 42_500),
        face(272, 42_200, "p5", other("p4")),
    ]  # fmt: skip
    node = Node(people=PUPILS)
    for signal in sorted(signals, key=lambda each: getattr(each, "at_ms", 0)):
        # The poor face is only spoken of when it is gone.
        poor = isinstance(signal, Observation) and signal.track == 262
        node.at(signal, now_ms=46_000 if poor else None)
    node.until(90_000)
    assert sorted(late(node), key=lambda each: each[1]) == [("p2", 41.0), ("p4", 41.55), ("p5", 42.25)]
    assert node.alerts == ["card_without_person"]


def test_before_anything_is_learnt_nobody_who_was_over_the_line_already_has_the_next_ones_card() -> None:
    node = told([crossed(11, 3000), face(12, 2500, "p0"), body(11, 3200), read("C1", 3080), body(21, 3600)])
    assert [(p.person_id, p.direction) for p in node.passages] == [("p0", "in"), ("p1", "none")]
    assert node.alerts == []


def test_a_sibling_who_comes_back_out_takes_no_card_that_was_presented_to_go_in() -> None:
    unsure = Check(person_id="p4", score=0.51, verdict="unsure")
    signals: list[Signal] = [
        *learnt(),
        read("C4", 40_000), crossed(251, 41_000), face(252, 40_900, None), body(251, 41_300),
        read("C5", 40_700), face(262, 41_300, None, same("p5", 0.55), unsure), crossed(261, 41_650),
        crossed(261, 46_000, "out"), body(261, 46_300),
    ]  # fmt: skip
    node = told(signals)
    moves = [(p.person_id, p.direction, p.media_time_s) for p in in_order(node) if p.media_time_s > 35]
    assert moves == [("p4", "in", 41.0), ("p5", "in", 41.65), ("p5", "out", 46.0)]


def test_whoever_turns_back_is_told_without_a_direction_and_may_come_again() -> None:
    node = told([read("C0", 1000), body(11, 1500), face(12, 1400, "p0"), *visit(0, 20_000)])
    assert [(p.person_id, p.direction) for p in node.passages] == [("p0", "none"), ("p0", "in")]
    assert node.alerts == []
    assert node.decider.presence(60_000) == {"school": 1}


def test_in_and_out_again_by_the_same_way_is_two_passages_of_one_person() -> None:
    node = told([*visit(0, 3000), crossed(11, 7000, "out")])
    assert [(p.person_id, p.direction) for p in node.passages] == [("p0", "in"), ("p0", "out")]
    assert node.decider.presence(60_000) == {}


def test_where_no_camera_sees_a_line_a_card_that_opened_is_a_passage() -> None:
    node = told([read("C0", 1000)], Node(plan(CARD, line=False), PUPILS))
    assert [(p.kind, p.person_id, p.direction, p.camera) for p in node.passages] == [("card", "p0", "in", "r-in")]
    assert node.alerts == []


def test_a_refused_card_without_a_crossing_is_no_passage() -> None:
    node = told([read("FFFF", 1000)], Node(plan(CARD, line=False), PUPILS))
    assert node.passages == []


def test_whoever_turns_back_behind_somebody_is_not_taken_for_them() -> None:
    signals: list[Signal] = [
        *(s for n in range(4) for s in visit(n, 3000 + 3000 * n)),  # so that the usual time is learnt
        read("C4", 20_000), crossed(51, 21_000), body(51, 21_200),
        read("C5", 20_800), face(62, 20_950, "p5", final=False), face(62, 21_800, "p5"), body(61, 21_700),
    ]  # fmt: skip
    node = told(signals)
    assert [(p.person_id, p.direction) for p in node.passages if p.media_time_s > 15] == [("p4", "in"), ("p5", "none")]
    assert node.alerts == []


def test_whoever_turns_back_is_not_told_before_it_is_known_that_they_did() -> None:
    signals: list[Signal] = [
        *learnt(),
        read("C4", 40_000), crossed(251, 41_200), body(251, 41_400),
        read("C5", 40_400), face(262, 41_150, "p5", same("p5"), final=False),
    ]  # fmt: skip
    node = Node(people=PUPILS)
    for signal in sorted(signals, key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    # The last words come seconds later: the face was in view when the other body was over the line for long.
    node.at(face(262, 41_900, "p5", same("p5")), now_ms=45_000)
    node.at(body(261, 42_500), now_ms=47_000)
    node.until(90_000)
    assert late(node) == [("p4", 41.2)]
    assert node.alerts == []


def test_a_last_word_that_comes_long_after_the_line_is_a_name_and_no_refusal() -> None:
    node = Node(people=PUPILS)
    node.at(crossed(11, 3000))
    node.at(body(11, 3200), now_ms=6000)
    node.at(face(92, 2900, "p0", subject=92), now_ms=8900)
    node.until(40_000)
    assert node.decisions == []
    assert [(p.person_id, p.direction) for p in node.passages] == [("p0", "in")]
    assert node.alerts == []


class TestCars:
    """A car is one plate and everybody in it."""

    def car(self, *cards: str) -> Node:
        node = Node(plan(replace(PLATE, ways=("plate", "card"), inside="school")))
        signals: list[Signal] = [
            plate(11, 2000, "京A12345", final=False), crossed(11, 3000, kind="plate"), plate(11, 3100, "京A12345"),
            *(read(card, 2500 + 100 * n) for n, card in enumerate(cards)),
        ]  # fmt: skip
        return told(signals, node)

    def test_a_car_alone_is_its_plate(self) -> None:
        (passage,) = self.car().passages
        assert (passage.kind, passage.plate, passage.person_id, passage.body) == ("plate", "京A12345", None, "car")

    def test_a_parents_car_and_the_child_in_it_are_one_passage_of_the_child(self) -> None:
        node = self.car("A1")
        (passage,) = node.passages
        assert (passage.person_id, passage.plate, passage.direction) == ("ann", "京A12345", "in")
        assert node.alerts == []

    def test_where_cars_open_by_plate_alone_cards_still_say_who_sits_in_them(self) -> None:
        node = Node(plan(replace(PLATE, inside="school")))
        signals: list[Signal] = [plate(11, 2000, "京A12345"), crossed(11, 3000, kind="plate"), read("A1", 2500)]
        (passage,) = told(signals, node).passages
        assert (passage.person_id, passage.plate, passage.reason) == ("ann", "京A12345", reasons.PLATE_READ)
        assert [d.plate for d in node.decisions] == ["京A12345"]
        assert node.alerts == []

    def test_two_children_in_one_car_are_two_passages_of_one_transaction(self) -> None:
        node = self.car("A1", "B1")
        assert [(p.person_id, p.plate) for p in node.passages] == [("ann", "京A12345"), ("bob", "京A12345")]
        assert len({p.transaction for p in node.passages}) == 1
        assert node.decider.presence(60_000) == {"school": 2}


@pytest.mark.parametrize("access", [ANY, CARD])
def test_when_vision_dies_nobody_waits_for_its_last_words(access: object) -> None:
    node = Node(plan(access), PUPILS)  # type: ignore[arg-type]
    for signal in (read("C0", 2000), face(12, 2500, None, final=False), crossed(11, 3000)):
        node.at(signal)
    node.decider.blinded(3100)
    node.until(6000)
    assert [(p.person_id, p.direction) for p in node.passages] == [("p0", "in")]


def test_a_face_that_is_named_only_after_the_passage_still_proves_a_borrowed_card() -> None:
    node = Node(people=PUPILS)
    for signal in (read("C0", 2000), crossed(11, 3000), face(12, 2900, None, final=False), body(11, 3100)):
        node.at(signal)
    node.until(12_000)
    assert [(p.person_id, p.reason) for p in node.passages] == [("p0", reasons.CARD)]
    node.at(face(12, 2900, "p3"), now_ms=12_100)
    assert node.alerts == ["borrowed_card"]


def test_a_face_unlike_the_cards_owner_is_not_told_by_that_name() -> None:
    node = told([read("C0", 2000), face(12, 2500, None, other("p0")), crossed(11, 3000), body(11, 3100)])
    assert [(p.person_id, p.reason) for p in node.passages] == [(None, reasons.FACE_DIFFERS)]
    assert node.alerts == ["borrowed_card"]


Costs = list[list[int | None]]


@settings(max_examples=examples(80), deadline=None)
@given(st.integers(0, 4), st.integers(0, 4), st.data())
def test_the_arrangement_is_the_cheapest_there_is(rows: int, columns: int, data: st.DataObject) -> None:
    cell = st.one_of(st.none(), st.integers(0, 20))
    table: Costs = data.draw(st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    found = Matching(
        range(rows), range(columns), lambda i, j: table[i][j], lambda i: 5.0 + i, lambda j: 3.0 + j
    ).pairs()
    assert _total(table, dict(found), columns) == min(
        _total(table, chosen, columns) for chosen in _arrangements(table, columns)
    )


def _total(table: Costs, chosen: dict[int, int], columns: int) -> float:
    costs = [table[i][j] for i, j in chosen.items()]
    assert None not in costs
    alone = sum(5.0 + i for i in range(len(table)) if i not in chosen)
    return (
        sum(c for c in costs if c is not None)
        + alone
        + sum(3.0 + j for j in range(columns) if j not in chosen.values())
    )


def _arrangements(table: Costs, columns: int) -> list[dict[int, int]]:
    choose: Callable[[int, set[int]], list[dict[int, int]]]

    def choose(row: int, free: set[int]) -> list[dict[int, int]]:
        if row == len(table):
            return [{}]
        rest = choose(row + 1, free)
        for j in free:
            if table[row][j] is not None:
                rest = rest + [{row: j, **more} for more in choose(row + 1, free - {j})]
        return rest

    return choose(0, set(range(columns)))
