"""Lines and zones: who crosses, which way, and who does not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.config.types import Point
from zhian_edge.perception.lines import Tripwire, foothold, within

DOWN = ((0.5, 0.2), (0.5, 0.8))
ACROSS = ((0.2, 0.5), (0.8, 0.5))

# Looking from the top of DOWN to its bottom, the right-hand side is the picture's left.
TABLE = {
    "to the right-hand side is in": (DOWN, [(0.7, 0.5), (0.6, 0.5), (0.4, 0.5)], ["in"]),
    "to the left-hand side is out": (DOWN, [(0.3, 0.5), (0.6, 0.5)], ["out"]),
    "there and back again": (DOWN, [(0.7, 0.5), (0.3, 0.5), (0.7, 0.5)], ["in", "out"]),
    "turns back before the line": (DOWN, [(0.7, 0.5), (0.53, 0.5), (0.7, 0.5)], []),
    "turns back on the line": (DOWN, [(0.7, 0.5), (0.505, 0.5), (0.497, 0.5), (0.7, 0.5)], []),
    "stands on the line and sways": (DOWN, [(0.5, 0.5), (0.51, 0.5), (0.49, 0.5), (0.505, 0.5)], []),
    "walks along the line": (DOWN, [(0.56, 0.25), (0.55, 0.5), (0.56, 0.75)], []),
    "walks along on the line itself, then leaves it where it came from": (
        DOWN, [(0.6, 0.3), (0.5, 0.4), (0.5, 0.6), (0.6, 0.7)], [],
    ),
    "goes around the end": (DOWN, [(0.7, 0.5), (0.7, 0.95), (0.3, 0.95), (0.3, 0.5)], []),
    "starts on the line": (DOWN, [(0.5, 0.5), (0.3, 0.5)], []),
    "comes down the picture": (ACROSS, [(0.5, 0.3), (0.5, 0.7)], ["in"]),
    "goes up the picture": (ACROSS, [(0.5, 0.7), (0.5, 0.3)], ["out"]),
    "slowly": (ACROSS, [(0.5, 0.4 + 0.01 * n) for n in range(25)], ["in"]),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_crossings(case: str) -> None:
    line, path, ways = TABLE[case]
    wire = Tripwire(line, 16 / 9)
    assert [way for place in path if (way := wire.step(1, place))] == ways


def test_two_abreast_both_cross() -> None:
    wire = Tripwire(ACROSS, 16 / 9)
    for track, x in ((1, 0.4), (2, 0.6)):
        assert wire.step(track, (x, 0.3)) is None
    assert [wire.step(1, (0.4, 0.7)), wire.step(2, (0.6, 0.7))] == ["in", "in"]


def test_one_who_passes_behind_another_does_not_disturb() -> None:
    wire = Tripwire(ACROSS, 16 / 9)
    ways = []
    for n in range(11):
        ways += [wire.step(1, (0.5, 0.3 + 0.04 * n)), wire.step(2, (0.3 + 0.04 * n, 0.3))]
    assert [way for way in ways if way] == ["in"]


def test_nothing_is_known_of_a_forgotten_track() -> None:
    wire = Tripwire(ACROSS, 16 / 9)
    wire.step(1, (0.5, 0.3))
    wire.forget(1)
    assert wire.step(1, (0.5, 0.7)) is None
    wire.clear()
    assert wire.step(1, (0.5, 0.3)) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=40))
def test_ways_alternate_unless_the_line_was_walked_around(path: list[Point]) -> None:
    wire = Tripwire(((0.0, 0.5), (1.0, 0.5)), 1.0)
    ways = [way for place in path if (way := wire.step(1, place))]
    assert all(a != b for a, b in itertools.pairwise(ways))


SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
HOOK = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.8, 1.0), (0.8, 0.2), (0.0, 0.2))


@pytest.mark.parametrize(
    ("zone", "place", "is_in"),
    [
        (SQUARE, (0.5, 0.5), True),
        (SQUARE, (0.1, 0.5), False),
        (SQUARE, (0.5, 0.9), False),
        (HOOK, (0.9, 0.9), True),
        (HOOK, (0.5, 0.5), False),
        (HOOK, (0.5, 0.1), True),
    ],
)
def test_zones(zone: tuple[Point, ...], place: Point, is_in: bool) -> None:
    assert within(zone, place) is is_in


def test_a_body_stands_where_its_feet_are_a_face_where_it_is() -> None:
    box = (100.0, 100.0, 200.0, 300.0)
    assert foothold("body", box, 1000, 500) == (0.2, 0.8)
    assert foothold("face", box, 1000, 500) == (0.2, 0.5)
    assert foothold("body", (0, 300, 100, 300), 1000, 500) == (0.05, 1.0)
