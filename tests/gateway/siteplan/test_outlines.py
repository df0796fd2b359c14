"""What can be built upon is told from what cannot, wherever it begins and whichever way round it is drawn."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.siteplan.outlines import Flaw, area, flaw
from zhian_gateway.siteplan.plan import Point

SQUARE: list[Point] = [(0, 0), (4, 0), (4, 3), (0, 3)]
TABLE: list[tuple[str, list[Point], Flaw | None]] = [
    ("a square", SQUARE, None),
    ("an L", [(0, 0), (4, 0), (4, 2), (2, 2), (2, 4), (0, 4)], None),
    ("with a corner on a straight line", [(0, 0), (2, 0), (4, 0), (4, 3), (0, 3)], None),
    ("nothing", [], "few"),
    ("a line", [(0, 0), (4, 0)], "few"),
    ("the same corner twice in a row", [(0, 0), (4, 0), (4, 0), (0, 3)], "twice"),
    ("closed by hand", [*SQUARE, SQUARE[0]], "twice"),
    ("all on one line", [(0, 0), (2, 0), (4, 0)], "crossed"),
    ("a bow tie", [(0, 0), (4, 4), (4, 0), (0, 3)], "crossed"),
    ("a spike that goes back over itself", [(0, 0), (4, 0), (2, 0), (2, 3)], "crossed"),
    ("a corner on another edge", [(0, 0), (4, 0), (4, 3), (2, 0), (0, 3)], "crossed"),
    ("two corners at one place", [(0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4)], "crossed"),
]
WHOLE = st.integers(-50, 50)
ANY = st.lists(st.tuples(WHOLE, WHOLE), max_size=9)
ANGLES = st.lists(st.integers(0, 359), min_size=3, max_size=30, unique=True).map(sorted)


@pytest.mark.parametrize(("outline", "expected"), [pytest.param(*row[1:], id=row[0]) for row in TABLE])
def test_the_flaw_is(outline: list[Point], expected: Flaw | None) -> None:
    assert flaw(outline) == expected


@given(ANY, st.integers(0, 8), WHOLE, WHOLE)
def test_it_matters_neither_where_it_begins_nor_which_way_round_nor_where_it_lies(
    outline: list[Point], start: int, right: int, down: int
) -> None:
    found = flaw(outline)
    turned = outline[start:] + outline[:start]
    assert flaw(turned) == found
    assert flaw(outline[::-1]) == found
    assert flaw([(x + right, y + down) for x, y in outline]) == found
    assert area(outline[::-1]) == pytest.approx(area(outline))


@given(ANGLES, st.data())
def test_what_is_drawn_around_a_middle_is_whole(angles: list[int], data: st.DataObject) -> None:
    gaps = [(after - before) % 360 for before, after in zip(angles, [*angles[1:], angles[0]], strict=True)]
    reach = st.integers(5, 100)
    corners = [(data.draw(reach), math.radians(angle)) for angle in angles]
    outline = [(r * math.cos(angle), r * math.sin(angle)) for r, angle in corners]
    if max(gaps) < 180:
        assert flaw(outline) is None
        assert area(outline) > 0


@given(st.integers(1, 40), st.integers(1, 40))
def test_the_area_of_a_rectangle_is_its_sides_product(wide: int, high: int) -> None:
    assert area([(0, 0), (wide, 0), (wide, high), (0, high)]) == wide * high
