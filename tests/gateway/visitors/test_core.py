"""What is typed is brought into one form or refused; a visit's steps, times and screening follow rules alone."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.errors import BadInput, Conflict
from zhian_gateway.visitors import citizen, hours, life, passes, screening
from zhian_gateway.visitors.screening import Answer
from zhian_gateway.visitors.typed import Typed, masked_phone, typed
from zhian_wire.cards import Claim, Holders, canonical

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = hours.Limits(timedelta(hours=12), timedelta(days=30), timedelta(minutes=15))
#: The examples of GB 11643-1999, clause 5.
OF_THE_STANDARD = ("11010519491231002X", "440524188001010014")


def test_the_check_character_is_the_standards() -> None:
    for whole in OF_THE_STANDARD:
        assert citizen.check_character(whole[:17]) == whole[17]


@pytest.mark.parametrize("said", ["11010519491231002X", "110105 19491231 002x", "110105-19491231-002X"])
def test_a_citizen_number_is_kept_as_it_is_printed(said: str) -> None:
    assert citizen.number(said, TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    "said",
    ["110105194912310021", "11010519491331002X", "11010520271231002X", "1101051949123100", "01010519491231002X",
     "x" * 18, "１１０１０５１９４９１２３１００２Ｘ"],
)  # fmt: skip
def test_what_is_no_citizen_number_is_refused_and_not_repeated(said: str) -> None:
    with pytest.raises(BadInput) as caught:
        citizen.number(said, TODAY)
    assert said not in str(caught.value)


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(at: int, more: int) -> None:
    whole = OF_THE_STANDARD[0]
    wrong = whole[:at] + str((int(whole[at]) + more) % 10) + whole[at + 1 :]
    with pytest.raises(BadInput):
        citizen.number(wrong, TODAY)


@given(st.integers(0, 15))
def test_two_digits_that_changed_places_are_always_noticed(at: int) -> None:
    whole = OF_THE_STANDARD[0]
    wrong = whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :]
    if wrong != whole:
        with pytest.raises(BadInput):
            citizen.number(wrong, TODAY)


def test_a_masked_number_tells_neither_birthday_nor_sequence() -> None:
    assert citizen.masked("11010519491231002X") == "110***********002X"
    assert citizen.masked("") == masked_phone("") == ""
    assert masked_phone("13800138000") == "138****8000"
    assert masked_phone("12345") == "*****"


def test_what_people_type_is_brought_into_one_form() -> None:
    found = typed(Typed("  李  雷 ", "138-0013 8000", "京 a·12345", "11010519491231002x", " 家长会 "), TODAY)
    assert found == Typed("李 雷", "13800138000", "京A12345", "11010519491231002X", "家长会")


@pytest.mark.parametrize(
    ("field", "said"),
    [("name", "  "), ("name", "x" * 41), ("name", "a\u202eb"), ("phone", "12ab5"), ("phone", "12012345678"),
     ("plate", "AB123"), ("plate", "京A1234"), ("citizen", "1"), ("purpose", "x" * 201)],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_the_name_of_its_field(field: str, said: str) -> None:
    with pytest.raises(BadInput, match=f"^{field}: "):
        typed(Typed("李雷")._replace(**{field: said}), TODAY)


#: By step: from where, to where; everything else is refused.
FOLLOWS = {
    ("announce", "invited"): "announced", ("announce", "announced"): "announced", ("admit", "announced"): "inside",
    ("leave", "inside"): "left", ("refuse", "invited"): "refused", ("refuse", "announced"): "refused",
    ("cancel", "invited"): "cancelled", ("cancel", "announced"): "cancelled", ("miss", "invited"): "missed",
    ("miss", "announced"): "missed", ("take_back", "inside"): "announced",
}  # fmt: skip


@pytest.mark.parametrize(("step", "state"), list(itertools.product(get_args(life.Step), get_args(life.State))))
def test_only_what_follows_may_follow(step: life.Step, state: life.State) -> None:
    if (step, state) in FOLLOWS:
        assert life.advance(state, step) == FOLLOWS[step, state]
    else:
        with pytest.raises(Conflict):
            life.advance(state, step)


@pytest.mark.parametrize(
    ("verdict", "decided", "stands"),
    [("clear", False, False), ("clear", True, False), ("hit", False, True), ("hit", True, False),
     ("unscreened", False, True), ("unscreened", True, False), ("none", False, True), ("none", True, True)],
)  # fmt: skip
def test_nobody_goes_in_unscreened_but_by_a_persons_decision(
    verdict: life.Verdict, decided: bool, stands: bool
) -> None:
    assert bool(life.objection(verdict, decided)) is stands


@pytest.mark.parametrize(
    ("words", "verdict"),
    [(("clear",), "clear"), (("clear", "clear"), "clear"), (("clear", "unavailable"), "unscreened"),
     (("unavailable", "hit"), "hit"), (("clear", "hit"), "hit"), ((), "unscreened")],
)  # fmt: skip
def test_one_list_that_cannot_be_asked_makes_the_whole_unscreened(
    words: tuple[screening.Word, ...], verdict: str
) -> None:
    assert screening.verdict([Answer("a", word) for word in words]) == verdict


@pytest.mark.parametrize(
    ("begins", "ends", "fault"),
    [(NOW, NOW, "before"), (NOW - 2 * HOUR, NOW - HOUR, "over"), (NOW, NOW + 13 * HOUR, "12 hours"),
     (NOW + timedelta(days=31), NOW + timedelta(days=31, hours=1), "30 days")],
)  # fmt: skip
def test_a_visit_that_cannot_be_is_not_arranged(begins: datetime, ends: datetime, fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        hours.span(begins, ends, NOW, LIMITS)


@pytest.mark.parametrize(
    ("state", "since_end", "on_site", "due"),
    [("inside", -1, True, "nothing"), ("inside", 0, True, "nothing"), ("inside", 15, True, "overdue"),
     ("inside", 0, False, "over"), ("inside", 60, False, "over"), ("inside", -1, False, "nothing"),
     ("invited", 0, False, "missed"), ("announced", 0, True, "missed"), ("announced", -1, True, "nothing"),
     ("left", 60, True, "nothing"), ("refused", 60, True, "nothing")],
)  # fmt: skip
def test_who_stays_too_long_is_overdue_and_who_has_gone_never_is(
    state: life.State, since_end: int, on_site: bool, due: hours.Due
) -> None:
    now = NOW + timedelta(minutes=since_end)
    assert hours.due(state, NOW, now, LIMITS.grace, on_site=on_site) == due


def test_a_pass_holds_from_now_for_who_comes_in_time_and_not_earlier_than_arranged() -> None:
    assert hours.opens(NOW + timedelta(minutes=5), NOW) == NOW
    assert hours.opens(NOW - HOUR, NOW) == NOW
    assert hours.opens(NOW + HOUR, NOW) == NOW + HOUR


def test_a_pass_is_a_code_that_no_reader_cuts_and_that_nobody_has_twice() -> None:
    codes = {passes.code(b"k", visit, serial) for visit in (1, 2) for serial in ("a", "b")}
    assert len(codes) == 4
    assert all(passes.is_code(code.lower()) and len(code) * 4 > 64 for code in codes)
    assert not passes.is_code("04A2B3C4")


def test_a_node_knows_a_pass_from_a_scanner_that_types_it_and_never_from_a_part_of_it() -> None:
    code = passes.code(b"k", 1, "a")
    known = Holders([("visitor", [code])])
    typed_by_scanner = canonical(code.lower(), "hex").card
    assert known.who(typed_by_scanner) == Claim("visitor", "whole")
    assert [known.who(code[-digits:]).person for digits in (6, 8)] == [None, None]


def test_a_qr_code_is_a_picture_without_script_or_addresses() -> None:
    root = ElementTree.fromstring(passes.svg("0A" * 10))
    assert {each.tag.rpartition("}")[2] for each in root.iter()} <= {"svg", "path", "g"}
    assert not any(name.rpartition("}")[2] in ("href", "style") for each in root.iter() for name in each.attrib)
