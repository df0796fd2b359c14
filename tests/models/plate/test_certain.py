"""What is said is certain: a guessed province, a faint character and other lettering are refused, each by its name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from zhian_models.plate.certain import refusal
from zhian_models.plate.judge import Look, Verdict, judge
from zhian_models.plate.types import Colour, RejectReason

from .frames import frames_of

BLUE = {each: 0.0 if each is Colour.BLUE else 6.0 for each in Colour}


def verdict(text: str = "京A12345", doubts: dict[int, dict[str, float]] | None = None) -> Verdict:
    """Of two looks that show the same."""
    found = judge([Look(frames_of(text, doubts=doubts))] * 2, BLUE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("province", "reason"),
    [
        ({"京": 0.97}, None),
        ({"京": 0.55, "津": 0.4}, None),
        ({"京": 0.45, "津": 0.3}, RejectReason.LOW_CONFIDENCE),
        ({"京": 0.45, "津": 0.02}, None),
    ],
    ids=["sure", "better than its rival", "may as well be another", "faint without a rival"],
)
def test_a_province_that_may_as_well_be_another_is_not_said(
    province: dict[str, float], reason: RejectReason | None
) -> None:
    assert refusal(verdict(doubts={0: province}), "京A12345") is reason


def test_a_plate_that_begins_with_no_province_has_none_to_guess() -> None:
    white = {each: 0.0 if each is Colour.WHITE else 6.0 for each in Colour}
    read = judge([Look(frames_of("WJ粤6788B"))] * 2, white)
    assert read is not None
    assert refusal(read, read.text) is None


def test_a_faint_character_is_refused() -> None:
    assert refusal(verdict(doubts={4: {"3": 0.12, "8": 0.1}}), "京A12345") is RejectReason.LOW_CONFIDENCE


@pytest.mark.parametrize(
    ("plain", "reason"),
    [("", RejectReason.NO_TEXT), ("SGMW", RejectReason.TOO_SHORT), ("FORLAND", RejectReason.BAD_PROVINCE)],
)
def test_what_strains_too_much_is_called_by_what_it_looks_like(plain: str, reason: RejectReason) -> None:
    assert refusal(replace(verdict(), strain=20.0), plain) is reason
