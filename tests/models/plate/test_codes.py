"""GA/T 1400 codes."""

from __future__ import annotations

import pytest
from zhian_models.plate.codes import plate_class, plate_colour, plate_reliability
from zhian_models.plate.types import Colour, Kind


@pytest.mark.parametrize(
    ("kind", "colour", "code"),
    [
        (Kind.CIVIL, Colour.BLUE, "02"),
        (Kind.CIVIL, Colour.YELLOW, "01"),
        (Kind.NEV, Colour.GREEN, "52"),
        (Kind.NEV_LARGE, Colour.YELLOW_GREEN, "51"),
        (Kind.POLICE, Colour.WHITE, "23"),
        (Kind.ARMED_POLICE, Colour.WHITE, "81"),
        (Kind.MILITARY, Colour.WHITE, "82"),
        (Kind.TEMPORARY, Colour.WHITE, "22"),
        (Kind.AVIATION, Colour.GREEN, "99"),
    ],
)
def test_kind_and_colour_have_the_platforms_class(kind: Kind, colour: Colour, code: str) -> None:
    assert plate_class(kind, colour) == code


def test_every_kind_and_colour_has_a_code() -> None:
    assert all(len(plate_class(kind, colour)) == 2 for kind in Kind for colour in Colour)
    assert {plate_colour(colour) for colour in Colour} == {"1", "2", "5", "6", "9"}


def test_reliability_is_written_per_character() -> None:
    assert plate_reliability((("苏", 0.8), ("B", 0.904))) == "苏-80,B-90"
