"""A track's readings become one plate, whatever their order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.plate.grammar import parse
from zhian_models.plate.types import Colour, Kind, PlateBox, Reading, RejectReason
from zhian_models.plate.vote import Vote, fuse, weight


def reading(
    text: str,
    sure: float = 0.95,
    *,
    doubts: dict[int, dict[str, float]] | None = None,
    width: float = 120.0,
    colour: Colour = Colour.BLUE,
    reject: RejectReason | None = None,
    readers: int = 2,
) -> Reading:
    """One look at a plate `width` pixels wide."""
    positions = tuple((doubts or {}).get(at, {symbol: sure}) for at, symbol in enumerate(text))
    corners = np.array([[0, 0], [width, 0], [width, width / 3], [0, width / 3]], dtype=np.float32)
    return Reading(
        text=text,
        kind=parse(text, colour),
        colour=colour,
        rows=1,
        confidence=min((p.get(c, 0.0) for c, p in zip(text, positions, strict=True)), default=0.0),
        positions=positions,
        where=PlateBox(corners, (0.0, 0.0, width, width / 3), 0.9),
        sharpness=0.6,
        reject=reject,
        readers=readers,
    )


def text_of(vote: Vote) -> str | None:
    """What was elected."""
    return None if vote.plate is None else vote.plate.text


def test_each_character_goes_to_the_majority_of_the_evidence() -> None:
    votes = [
        reading("京A12345", doubts={3: {"2": 0.9}, 6: {"6": 0.1, "5": 0.8}}),
        reading("京A1Z345", doubts={3: {"Z": 0.5, "2": 0.4}}),
        reading("京A12346", doubts={6: {"6": 0.5, "5": 0.4}}),
    ]
    assert text_of(fuse(votes)) == "京A12345"


def test_big_and_sure_readings_weigh_more() -> None:
    assert weight(reading("京A12345")) > weight(reading("京A12345", 0.5))
    assert weight(reading("京A12345")) > weight(reading("京A12345", width=40))


def test_a_reading_that_both_networks_made_outweighs_a_surer_one_of_one_network() -> None:
    both, alone = reading("京A12346", 0.9), reading("京A1234G", 0.95, readers=1)
    assert weight(both) > weight(alone)
    assert text_of(fuse([both, alone, both, alone])) == "京A12346"


def test_a_character_that_two_symbols_share_gives_no_plate_rather_than_a_wrong_one() -> None:
    contested = {6: {"6": 0.48, "G": 0.46}}
    vote = fuse([reading("京A12346", doubts=contested)] * 4)
    assert vote == Vote(None, RejectReason.READINGS_DISAGREE)


def test_a_letter_takes_little_from_the_digit_like_it_and_a_sure_letter_loses_nothing_to_it() -> None:
    """Digits are issued where letters may stand many times more often."""
    torn, sure = {6: {"6": 0.57, "G": 0.42}}, {6: {"G": 0.95, "6": 0.02}}
    digit, letter = (
        fuse([reading(text, 0.98, doubts=d)] * 3).plate for text, d in (("京A12346", torn), ("京A1234G", sure))
    )
    assert digit is not None and letter is not None
    assert (digit.text, letter.text) == ("京A12346", "京A1234G")
    assert digit.confidence > 0.7
    assert letter.confidence == pytest.approx(0.95)


@pytest.mark.parametrize("shares", [{"G": 0.57, "6": 0.42}, {"6": 0.49, "G": 0.46}])
def test_what_is_issued_more_often_decides_nothing_that_readers_are_torn_about(shares: dict[str, float]) -> None:
    assert fuse([reading("京A1234G", 0.98, doubts={6: shares})] * 4).plate is None


def test_where_only_a_letter_may_stand_no_digit_takes_from_it() -> None:
    vote = fuse([reading("苏ED51712", 0.98, doubts={2: {"D": 0.6, "0": 0.38}}, colour=Colour.GREEN)] * 3)
    assert vote.plate is not None
    assert vote.plate.confidence == pytest.approx(0.6)


def test_a_rival_that_makes_no_plate_is_none() -> None:
    vote = fuse([reading("京A12346", doubts={0: {"京": 0.5, "9": 0.46}})] * 4)
    assert text_of(vote) == "京A12346"


def test_one_faint_reading_is_not_enough() -> None:
    assert fuse([reading("京A12345", 0.6)]).reject is RejectReason.TOO_FEW_READINGS
    assert text_of(fuse([reading("京A12345", 0.6), reading("京A12345", 0.6)])) == "京A12345"


def test_one_sure_reading_is_enough() -> None:
    assert text_of(fuse([reading("京A12345", 0.95)])) == "京A12345"


def test_a_cut_plate_does_not_shorten_the_whole_one() -> None:
    readings = [reading("苏ED51712", colour=Colour.GREEN)] * 2 + [
        reading("苏ED5171", 0.5, colour=Colour.BLUE, reject=RejectReason.LOW_CONFIDENCE)
    ]
    plate = fuse(readings).plate
    assert plate is not None
    assert (plate.text, plate.kind, plate.colour) == ("苏ED51712", Kind.NEV, Colour.GREEN)


def test_readings_that_disagree_give_no_plate() -> None:
    readings = [reading("京A12345", 0.5), reading("沪B67890", 0.5), reading("粤C24680", 0.5)]
    assert fuse(readings).plate is None


def test_without_readings_the_commonest_reason_is_given() -> None:
    wall = reading("", reject=RejectReason.BAD_PROVINCE)
    dust = reading("", reject=RejectReason.TOO_SMALL)
    assert fuse([wall, dust, wall]) == Vote(None, RejectReason.BAD_PROVINCE)
    assert fuse([]) == Vote(None, RejectReason.NO_TEXT)


readings = st.lists(
    st.builds(
        reading,
        st.sampled_from(["京A12345", "京A12346", "沪A12345", "苏ED51712"]),
        st.floats(0.3, 1.0),
        width=st.floats(30, 200),
    ),
    min_size=1,
    max_size=6,
)


@given(readings, st.randoms())
def test_the_order_of_readings_does_not_matter(votes: list[Reading], random: object) -> None:
    shuffled = list(votes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fuse(votes) == fuse(shuffled)


@given(readings)
def test_what_is_elected_is_always_a_plate(votes: list[Reading]) -> None:
    vote = fuse(votes)
    assert (vote.plate is None) != (vote.reject is None)
    if vote.plate is not None:
        assert parse(vote.plate.text) is not None
        assert 0 <= vote.plate.confidence <= 1


@pytest.mark.parametrize("count", [2, 5])
def test_agreement_does_not_lower_the_confidence(count: int) -> None:
    plate = fuse([reading("京A12345", 0.8)] * count).plate
    assert plate is not None
    assert plate.confidence == pytest.approx(0.8)
