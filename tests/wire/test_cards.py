"""The same card told in any way is the same person; what could be two people's is nobody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire.cards import SPELLINGS, Holders, Spelling, canonical, of_bytes, spellings, suggest
from zhian_wire.errors import BadIdentifier

# One EM4100 card in all its spellings: printed `0008106606 123,45678`.
EM4100 = "4C007BB26E"


@pytest.mark.parametrize(
    ("text", "spelling", "card"),
    [
        ("4c 00 7b b2 6e", "hex", EM4100),
        ("0x4C007BB26E", "hex", EM4100),
        ("04:A2:3B:1C:5D:80:01", "hex", "04A23B1C5D8001"),
        ("6EB27B004C", "hex-reversed", EM4100),
        ("0008106606", "decimal", "007BB26E"),
        ("08106606", "decimal", "7BB26E"),
        ("8106606", "decimal", "7BB26E"),
        ("1857190656", "decimal-reversed", "007BB26E"),
        ("123,45678", "facility,number", "7BB26E"),
        ("123 45678", "facility,number", "7BB26E"),
        ("12345678", "facility,number", "7BB26E"),
        ("00123,45678", "facility,number", "007BB26E"),
        ("326425621102", "decimal", EM4100),
        ("e2000017221101441890abcd", "hex", "E2000017221101441890ABCD"),
        ("ABC", "hex", "0ABC"),
    ],
)
def test_every_spelling_has_one_canonical_form(text: str, spelling: Spelling, card: str) -> None:
    assert canonical(text, spelling) == (card, 4 * len(card))


@pytest.mark.parametrize(
    ("text", "spelling", "says"),
    [
        ("", "hex", "hexadecimal"),
        ("4C00ZZ", "hex", "hexadecimal"),
        ("12 34", "decimal", "decimal"),
        ("99999999999999999999", "decimal", "too large"),
        ("300,1", "facility,number", "facility up to 255"),
        ("1,70000", "facility,number", "number up to 65535"),
        ("card", "facility,number", "123,45678"),
        ("A", "hex", "1 bytes"),
        ("00" * 65, "hex", "65 bytes"),
    ],
)
def test_what_is_no_identifier_is_refused_with_what_was_expected(text: str, spelling: Spelling, says: str) -> None:
    with pytest.raises(BadIdentifier, match=says):
        canonical(text, spelling)


@given(st.binary(min_size=3, max_size=8), st.sampled_from(SPELLINGS))
def test_what_is_printed_leads_back_to_the_card(data: bytes, spelling: Spelling) -> None:
    card = of_bytes(data).card
    told = canonical(spellings(card)[spelling], spelling, bits=len(card) * 4)
    assert told.card == (card[-6:] if spelling == "facility,number" else card)


@pytest.mark.parametrize("read", [EM4100, "007BB26E", "7BB26E", "0000004C007BB26E"])
def test_a_reader_that_cuts_names_the_same_person(read: str) -> None:
    assert Holders([("pupil", [EM4100]), ("other", ["4C007BB26F"])]).who(read).person == "pupil"


def test_a_card_enrolled_at_a_reader_that_cuts_is_known_where_it_is_read_whole() -> None:
    assert Holders([("pupil", ["7BB26E"])]).who(EM4100) == ("pupil", "cut")


def test_any_of_several_identifiers_is_the_person() -> None:
    cards = [EM4100, "04A23B1C5D8001", "E2000017221101441890ABCD", "0012D687"]
    holders = Holders([("pupil", cards), ("other", ["04A23B1C5D8002"])])
    assert {holders.who(card) for card in cards} == {("pupil", "whole")}


def test_two_cards_that_a_reader_cannot_tell_apart_are_nobodys() -> None:
    holders = Holders([("one", ["4C007BB26E"]), ("two", ["5D007BB26E"])])
    assert holders.who("7BB26E") == (None, "ambiguous")
    assert holders.who("4C007BB26E") == ("one", "whole")


def test_a_zero_in_front_on_a_list_does_not_win_over_another_card_with_the_same_tail() -> None:
    holders = Holders([("one", ["007BB26E"]), ("two", ["4C7BB26E"])])
    assert holders.who("7BB26E") == (None, "ambiguous")


def test_a_tag_of_a_shop_with_the_same_last_bytes_is_unknown() -> None:
    assert Holders([("pupil", ["7BB26E"])]).who("E20000172211014418" + "7BB26E") == (None, "unknown")
    assert Holders([("pupil", ["E20000172211014418" + "7BB26E"])]).who("7BB26E") == (None, "unknown")


def test_the_installer_is_told_that_a_reader_tells_bytes_backwards() -> None:
    holders = Holders([("pupil", [EM4100])])
    assert list(suggest("6EB27B004C", holders)) == [("hex-reversed", "pupil")]
    assert list(suggest("1111111111", holders)) == []


@given(st.lists(st.binary(min_size=4, max_size=12), unique=True, max_size=8), st.binary(min_size=3, max_size=12))
def test_nobody_is_named_whose_list_does_not_hold_the_bits_that_were_read(listed: list[bytes], read: bytes) -> None:
    holders = Holders([(str(n), [of_bytes(card).card]) for n, card in enumerate(listed)])
    claim = holders.who(of_bytes(read).card)
    if claim.person is not None:
        card = listed[int(claim.person)]
        told = min(len(card), len(read))
        assert card[-told:] == read[-told:]


def test_what_is_no_identifier_is_nobodys() -> None:
    holders = Holders([("pupil", ["lost in the pond", "", EM4100])])
    assert [holders.who(card).person for card in ("lost in the pond", "", "0x", EM4100)] == [None, None, None, "pupil"]


@pytest.mark.parametrize("read", ["000000", "00000000", "FFFFFF", "FFFFFFFF"])
def test_what_a_broken_reader_tells_is_nobodys(read: str) -> None:
    assert Holders([("pupil", ["00000000", "FFFFFFFF"])]).who(read) == (None, "unknown")


def test_who_has_other_cards_now_is_found_by_these_alone() -> None:
    holders = Holders([("pupil", [EM4100, "997BB26E"]), ("other", ["04A23B1C5D8002"])])
    holders.change("pupil", [EM4100, "997BB26E"], ["997BB26E", "11223344"])
    assert (holders.who(EM4100).how, holders.who("11223344").person) == ("unknown", "pupil")
    # Two cards of one person had this place in common: it stays while one of them does.
    assert holders.who("7BB26E").person == "pupil"
    holders.change("pupil", ["997BB26E", "11223344"], [])
    assert {holders.who(card).how for card in (EM4100, "7BB26E", "11223344")} == {"unknown"}
    assert holders.who("04A23B1C5D8002").person == "other"


@pytest.mark.parametrize("card", ["7BB26E", "007BB26E", "4C007BB26E", "00007BB26E"])
def test_whoever_a_reader_might_take_for_the_holder_claims_a_card(card: str) -> None:
    holders = Holders([("one", ["007BB26E"]), ("two", ["04A23B1C5D8002"])])
    assert holders.claimants(card) == {"one"}
    assert holders.claimants("FFFFFFFF") == set()
