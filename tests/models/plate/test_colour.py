"""The ground's colour is measured, in daylight and at dusk."""

from __future__ import annotations

import numpy as np
import pytest
from zhian_models.plate.colour import costs, ends_in_red, measure, starts_in_red
from zhian_models.plate.draw import draw
from zhian_models.plate.rectify import rectify, whole
from zhian_models.plate.types import Colour, Kind

PLATES = [
    ("京A12345", Kind.CIVIL, Colour.BLUE),
    ("京A12345", Kind.CIVIL, Colour.YELLOW),
    ("鲁L88888", Kind.CIVIL, Colour.BLACK),
    ("苏ED51712", Kind.NEV, Colour.GREEN),
    ("苏E51712D", Kind.NEV_LARGE, Colour.YELLOW_GREEN),
    ("VA30093", Kind.MILITARY, Colour.WHITE),
    ("民航B9016", Kind.AVIATION, Colour.GREEN),
]


@pytest.mark.parametrize("light", [1.0, 0.5, 0.3])
@pytest.mark.parametrize(("text", "kind", "colour"), PLATES)
def test_the_drawn_colour_fits_best(text: str, kind: Kind, colour: Colour, light: float) -> None:
    plate = (draw(text, kind, colour, scale=0.5) * light).astype(np.uint8)
    found = costs(measure(rectify(plate, whole(plate))))
    assert min(found, key=lambda each: found[each]) is colour


def test_one_flat_patch_is_measured_without_an_error() -> None:
    assert set(costs(measure(np.full((32, 104, 3), 128, np.uint8)))) == set(Colour)


@pytest.mark.parametrize(
    ("text", "kind", "red"),
    [
        ("京A1284警", Kind.POLICE, True),
        ("VA30093", Kind.MILITARY, False),
        ("WJ粤67882", Kind.ARMED_POLICE, False),
        ("沪QJ4950", Kind.TEMPORARY, False),
    ],
)
def test_only_a_police_plate_ends_in_red(text: str, kind: Kind, red: bool) -> None:
    plate = draw(text, kind, Colour.WHITE, scale=0.5)
    assert ends_in_red(rectify(plate, whole(plate))) is red


@pytest.mark.parametrize(
    ("text", "kind", "colour", "red"),
    [
        ("WJ1693015", Kind.ARMED_POLICE, Colour.WHITE, True),
        ("VA30093", Kind.MILITARY, Colour.WHITE, True),
        ("京A1234警", Kind.POLICE, Colour.WHITE, False),
        ("京A12345", Kind.CIVIL, Colour.YELLOW, False),
    ],
)
def test_red_first_characters_are_seen(text: str, kind: Kind, colour: Colour, red: bool) -> None:
    plate = draw(text, kind, colour, scale=0.5)
    assert starts_in_red(rectify(plate, whole(plate))) is red
