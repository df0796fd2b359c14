"""Which way somebody went, where no line says it."""

from __future__ import annotations

import pytest
from zhian_edge.perception.direction import by_feet, by_size
from zhian_edge.perception.types import Box

HEIGHT = 432


def body(feet: float, tall: float, x: float = 300.0) -> Box:
    """Cut at the picture's lower edge, as a detector gives it."""
    low = min(feet, HEIGHT - 2)
    return x, feet - tall, tall / 3, low - (feet - tall)


STANDS = [body(300, 200)] * 40


@pytest.mark.parametrize(
    ("boxes", "way"),
    [
        ([body(200 + 10 * n, 100 + 10 * n) for n in range(15)], "in"),
        ([body(340 - 10 * n, 240 - 10 * n) for n in range(15)], "out"),
        ([body(460 - 12 * n, 240) for n in range(15)], "out"),
        ([body(280 + 12 * n, 240) for n in range(15)], "in"),
        ([*[body(460 - 30 * n, 240) for n in range(5)], *STANDS], "out"),
        ([*STANDS, *[body(310 + 30 * n, 210) for n in range(5)]], "in"),
        ([body(300 + 2 * (n % 3), 200 + 3 * (n % 2), 20.0 * n) for n in range(15)], "none"),
        (STANDS, "none"),
        ([body(600, 300 + 20 * n) for n in range(9)], "in"),
        ([body(600, 460 - 20 * n) for n in range(9)], "out"),
        ([body(200, 100), body(400, 300)], "none"),
        ([], "none"),
    ],
    ids=[
        "comes nearer", "goes away", "in from below, seen from above", "towards the lower edge, seen from above",
        "in from below, then stands", "stands, then comes nearer", "walks across", "stands", "always cut, grows",
        "always cut, shrinks", "too little seen", "nothing seen",
    ],
)  # fmt: skip
def test_a_body_goes_where_its_feet_and_height_say(boxes: list[Box], way: str) -> None:
    assert by_feet(boxes, HEIGHT) == way


@pytest.mark.parametrize(
    ("sides", "way"),
    [
        ([30 + n for n in range(12)], "in"),
        ([50 - n for n in range(12)], "out"),
        ([40, 41, 40, 39, 40, 41], "none"),
        ([40, 60], "none"),
    ],
)
def test_a_face_goes_where_its_size_says(sides: list[float], way: str) -> None:
    assert by_size([(0.0, 0.0, side, side) for side in sides]) == way
