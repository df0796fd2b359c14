"""In a crowd every card goes to whom it can be of: by sight, order, likeness; what fits nobody is told as such."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.crowds import LEARNT_MS, PUPILS, Late, learnt, stranger, told, visit, went_in
from support.lanes import ANY, BOTH, FACE, Node, body, crossed, face, other, plan, read, same
from support.tiers import examples
from zhian_edge.decision.transaction import Transaction
from zhian_edge.signals import Check, Signal
from zhian_wire.roster import Person


def test_a_card_that_was_read_before_somebody_was_in_view_is_not_theirs() -> None:
    node = told([*visit(0, 60_000), read("C1", 59_600), *stranger(901, 62_500, since_ms=1800)])
    assert went_in(node) == [("p0", 60.0), (None, 62.5)]
    assert sorted(node.alerts) == ["card_without_person", "tailgating"]


def test_whoever_dawdles_in_view_has_the_card_that_they_presented() -> None:
    node = told([read("C1", 59_600), *stranger(901, 62_500, since_ms=4000)])
    assert went_in(node) == [("p1", 62.5)]
    assert node.alerts == []


def test_where_people_go_one_behind_the_other_nobody_overtakes_with_a_card() -> None:
    # The first presents a second card, of somebody at home; one without any follows the next one closely.
    node = told([*visit(0, 60_000), read("C1", 59_500), *visit(2, 61_000), *stranger(901, 61_500)])
    assert went_in(node) == [("p0", 60.0), ("p2", 61.0), (None, 61.5)]
    assert sorted(node.alerts) == ["card_without_person", "tailgating"]


def test_a_poor_face_has_the_card_whose_owner_it_is_more_like() -> None:
    def unsure(owner: int, score: float) -> Check:
        return Check(person_id=f"p{owner}", score=score, verdict="unsure")

    poor = visit(0, 60_000, unsure(0, 0.27), unsure(1, 0.07), card_ms=1250, name=False)
    node = told([*poor, read("C1", 59_000)])
    assert went_in(node) == [("p0", 60.0)]
    assert node.alerts == ["card_without_person"]


def test_who_proved_quite_unlike_the_owner_stays_so_when_a_later_look_leaves_it_open() -> None:
    unsure = Check(person_id="p1", score=0.21, verdict="unsure")
    looks: list[Late] = [
        (face(902, 59_300, None, other("p1"), final=False), None),
        (face(902, 59_900, None, unsure, last_s=60.0), 62_000),
    ]
    node = told([read("C1", 59_000), *stranger(901, 60_000)], looks)
    assert went_in(node) == [(None, 60.0)]
    assert node.alerts == ["borrowed_card"]


def test_a_later_look_that_confirms_the_owner_takes_back_that_it_was_not() -> None:
    looks: list[Late] = [
        (face(902, 59_300, None, other("p1"), final=False), None),
        (face(902, 59_900, None, same("p1"), last_s=60.0), 62_000),
    ]
    node = told([read("C1", 59_000), *stranger(901, 60_000)], looks)
    assert went_in(node) == [("p1", 60.0)]
    assert node.alerts == []


def test_a_card_is_confirmed_by_the_very_look_that_was_compared_with_others_before() -> None:
    node = Node(plan(BOTH), [Person(id="p1", cards=("C1",), templates=FACE)])
    node.at(face(902, 5000, None, other("p2"), final=False))
    node.at(read("C1", 5100))
    node.at(face(902, 5000, None, same("p1"), final=False), now_ms=5300)
    assert [decision.reason for decision in node.decisions] == ["confirmed"]


@given(st.permutations(range(4)))
def test_what_a_face_was_compared_with_is_the_same_in_whatever_order_its_words_come(order: list[int]) -> None:
    words = [
        face(902, 5000, None, other("p1"), final=False),
        face(902, 5000, None, other("p1"), same("p2"), final=False),
        face(902, 5400, None, Check(person_id="p2", score=0.4, verdict="unsure"), final=False),
        face(902, 5600, None, Check(person_id="p3", score=0.3, verdict="unsure")),
    ]
    seen = Transaction(("cam", 90), over_line=True)
    for index in order:
        seen.add(words[index])
    assert (seen.other("p1"), seen.same("p1"), seen.same("p2"), seen.likeness("p2")) == (True, False, False, 0.4)
    assert [seen.compared(f"p{n}") for n in range(5)] == [False, True, True, True, False]


def test_whoever_turns_back_is_not_taken_for_a_body_without_a_face_while_their_own_is_followed() -> None:
    signals: list[Signal] = [*visit(1, 60_000, name=False), face(902, 60_000, "p2", joined=True)]
    node = told(signals, [(body(901, 63_000, first_s=57.0), 69_500)])
    assert went_in(node) == [("p1", 60.0)]
    assert node.alerts == []


def test_whoever_turns_back_has_one_card_though_face_and_body_were_not_joined() -> None:
    turned: list[Signal] = [face(902, 57_000, "p0", subject=902, first_s=54.0), body(901, 60_300, first_s=54.2)]
    node = told([read("C0", 56_500), *turned, *visit(2, 59_700), read("C1", 59_400)])
    assert went_in(node) == [("p2", 59.7)]
    assert node.alerts == ["card_without_person"]


def test_a_named_pupil_without_a_card_is_told_when_it_is_known_that_the_next_one_has_not_theirs() -> None:
    # Somebody else's card is in p0's hand; the next one, unlike its owner, says so with the last word only.
    unlike = Check(person_id="p1", score=0.04, verdict="unsure")
    late: list[Late] = [(s, 66_000) for s in visit(2, 60_900, unlike, card_ms=None, name=False)[1:]]
    node = told([*visit(0, 60_000, card_ms=None), read("C1", 59_300), crossed(31, 60_900)], late)
    assert went_in(node) == [("p0", 60.0), (None, 60.9)]
    assert sorted(node.alerts) == ["borrowed_card", "tailgating"]


def test_a_body_waits_for_the_face_that_was_seen_beside_it() -> None:
    # Not joined to its body, and named by its last word, seconds after the line.
    late: list[Late] = [
        (face(905, 59_500, None, other("p1"), subject=905, final=False), None),
        (face(905, 59_800, "p0", subject=905), 66_000),
    ]
    node = told([read("C1", 59_000), *stranger(901, 60_000)], late)
    assert went_in(node) == [("p0", 60.0)]
    assert node.alerts == ["borrowed_card"]


def test_siblings_confirmed_by_the_same_card_are_told_when_both_have_said_their_last_word() -> None:
    unsure = Check(person_id="p1", score=0.50, verdict="unsure")
    first, second = (same("p0", 0.68), same("p1", 0.54)), (same("p0", 0.57),)
    signals: list[Signal] = [
        *visit(0, 60_000, *first, name=False), read("C1", 59_900), crossed(21, 60_700),
        face(22, 60_300, None, *second, final=False, first_s=58.5),
    ]  # fmt: skip
    late: list[Late] = [
        (face(22, 60_400, None, *second, unsure, first_s=58.5), 66_000),
        (body(21, 61_000, first_s=58.5), 65_000),
    ]
    assert went_in(told(signals, late)) == [("p0", 60.0), ("p1", 60.7)]


def test_whoever_is_over_the_line_too_soon_after_another_pupils_card_did_not_borrow_it() -> None:
    # Their own was not read; whose the other card is, nobody saw.
    node = told([*visit(0, 60_000, card_ms=None), read("C1", 59_800)])
    assert went_in(node) == [("p0", 60.0)]
    assert node.alerts == ["card_without_person"]


def test_whoever_presents_a_card_before_the_line_does_not_give_it_to_who_is_over_it() -> None:
    # One turns back at the reader, as somebody without a card goes over the line.
    node = told([*stranger(901, 60_000), read("C1", 60_030), body(911, 63_000, first_s=57.5)])
    assert went_in(node) == [(None, 60.0)]
    assert node.alerts == ["tailgating"]


def test_a_neighbours_face_does_not_say_that_a_card_is_borrowed_while_one_without_a_face_went_by() -> None:
    node = Node(plan(BOTH), [Person(id="p1", cards=("C1",), templates=FACE)])
    node.at(read("C1", 5000))
    node.at(face(902, 5200, None, other("p1"), final=False))
    node.at(crossed(21, 6000))
    node.until(40_000)
    assert [decision.reason for decision in node.decisions] == ["missing_factor"]
    assert "borrowed_card" not in node.alerts


def test_whoever_is_late_with_another_pupils_card_borrowed_it_where_nobody_else_was() -> None:
    node = told([*visit(0, 60_000, other("p1"), card_ms=None, name=False), read("C1", 58_300)])
    assert went_in(node) == [(None, 60.0)]
    assert node.alerts == ["borrowed_card"]


def test_a_card_that_is_read_again_was_not_in_the_hand_of_whoever_was_over_the_line_by_then() -> None:
    unlike = visit(1, 60_600, other("p3"), card_ms=None, name=False)
    node = told([*stranger(901, 60_000), read("C3", 59_350), *unlike, read("C3", 60_550)])
    assert went_in(node) == [(None, 60.0), (None, 60.6)]
    assert sorted(node.alerts) == ["borrowed_card", "tailgating"]


@settings(max_examples=examples(40), deadline=None)
@given(
    st.data(), st.integers(1200, 1500), st.integers(400, 700), st.integers(450, 700), st.randoms(use_true_random=False)
)  # fmt: skip
def test_two_cards_and_a_follower_are_both_raised_in_whatever_order_all_is_told(
    data: st.DataObject, headway: int, second_ms: int, gap: int, random: Random
) -> None:
    """One presents a friend's card too; somebody without one follows another later on. Nobody is told as the friend."""
    pupils = data.draw(st.integers(3, 5))
    holder = data.draw(st.integers(0, pupils - 2))
    led = data.draw(st.integers(holder + 1, pupils - 1))
    times = [LEARNT_MS + n * headway + (gap if n > led else 0) for n in range(pupils)]
    signals: list[Signal] = [s for n, at_ms in enumerate(times) for s in visit(n, at_ms)]
    signals += [read("C9", times[holder] - 1000 + second_ms), *stranger(901, times[led] + gap)]
    random.shuffle(signals)
    node = Node(plan(replace(ANY, fresh_ms=60_000)), PUPILS)
    for signal in sorted(learnt(), key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(times[-1] + 500)
    for signal in signals:
        node.at(signal, now_ms=times[-1] + 500)
    node.until(LEARNT_MS + 60_000)
    assert [each for each in went_in(node) if each[0] is not None] == [(f"p{n}", t / 1000) for n, t in enumerate(times)]
    assert [each[1] for each in went_in(node) if each[0] is None] == [(times[led] + gap) / 1000]
    assert sorted(node.alerts) == ["card_without_person", "tailgating"]


def test_who_lost_their_card_to_a_siblings_likeness_waits_for_the_comparison_that_gives_it_back() -> None:
    """Both go a second after their card; the second one's face is like the first one's, which says nothing, and is
    compared with the second one's own card by its last word alone."""
    enrolled = [msgspec.structs.replace(pupil, templates=FACE) for pupil in PUPILS]
    like_p0 = same("p0", 0.54)
    signals: list[Signal] = [
        read("C0", 59_000), crossed(11, 60_000),
        face(22, 60_400, None, like_p0, final=False, first_s=59.2, joined=True),
        read("C1", 60_500), crossed(21, 61_500),
    ]  # fmt: skip
    late: list[Late] = [
        (face(12, 59_800, None, Check(person_id="p0", score=0.36, verdict="unsure"), first_s=58.5), 63_400),
        (body(11, 60_100, first_s=58.0), 63_600),
        (face(22, 61_300, None, like_p0, same("p1", 0.6), first_s=59.2), 65_500),
        (body(21, 61_600, first_s=58.9), 65_900),
    ]
    node = told(signals, late, enrolled)
    assert went_in(node) == [("p0", 60.0), ("p1", 61.5)]
    assert node.alerts == []


@pytest.mark.parametrize("lost_ms", [None, 59_300])
def test_a_face_beside_which_no_body_stays_goes_with_the_one_over_the_line_before_a_second_card_does(
    lost_ms: int | None,
) -> None:
    """Two cards in one hand, the second at the usual time; whoever turns back is seen to stay before the line."""
    since_s = 57.9 if lost_ms is None else lost_ms / 1000 + 0.2
    signals: list[Signal] = [
        read("C0", 58_750), read("C1", 59_150), crossed(21, 60_000),
        face(32, 59_200, "p0", same("p0"), other("p1"), first_s=58.3, final=False),
    ]  # fmt: skip
    late: list[Late] = [
        (face(32, 59_800, "p0", same("p0"), other("p1"), first_s=58.3), 63_000),
        (body(21, 60_100, first_s=since_s), 64_000),
    ]
    if lost_ms is not None:
        late.append((body(11, lost_ms, first_s=57.9), 63_500))
    node = told(signals, late)
    assert went_in(node) == [("p0", 60.0)]
    assert node.alerts == ["card_without_person"]


def test_who_turned_back_and_stays_before_the_line_is_not_put_to_a_body_that_went_over_it() -> None:
    signals: list[Signal] = [
        read("C0", 58_750), read("C1", 59_150), crossed(21, 60_000),
        face(32, 59_200, "p0", same("p0"), other("p1"), first_s=58.0, final=False),
    ]  # fmt: skip
    late: list[Late] = [
        (face(32, 59_800, "p0", same("p0"), other("p1"), first_s=58.0), 63_000),
        (body(41, 61_000, first_s=57.9, direction="none"), 63_500),
        (body(21, 60_100, first_s=58.0), 64_000),
    ]
    node = told(signals, late)
    assert went_in(node) == [("p1", 60.0)]
