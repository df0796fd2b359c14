"""Whether an outline can be built upon: enough corners, no two the same, no edge across another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from .plan import Point

Flaw = Literal["few", "twice", "crossed"]


def flaw(outline: Sequence[Point]) -> Flaw | None:
    """What keeps an outline from being one; None: nothing.

    few: less than three corners; twice: a corner follows itself; crossed: two edges meet where they should not, as also
    all of them do that lie on one line.
    """
    if len(outline) < 3:
        return "few"
    edges = list(zip(outline, [*outline[1:], outline[0]], strict=True))
    if any(start == end for start, end in edges):
        return "twice"
    return "crossed" if any(_meet(edges, one, two) for one in range(len(edges)) for two in range(one)) else None


def area(outline: Sequence[Point]) -> float:
    """Of what it encloses, in square units (Gauss's formula)."""
    pairs = zip(outline, [*outline[1:], *outline[:1]], strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def _meet(edges: Sequence[tuple[Point, Point]], one: int, two: int) -> bool:
    """Whether edge `one` and the earlier edge `two` meet elsewhere than at the corner that neighbours share."""
    (a, b), (c, d) = edges[two], edges[one]
    if one - two == 1:
        return _folds_back(a, b, d)
    if two == 0 and one == len(edges) - 1:
        return _folds_back(c, d, b)
    return _cross(a, b, c, d)


def _folds_back(before: Point, corner: Point, after: Point) -> bool:
    """The next edge goes back over this one."""
    back = (before[0] - corner[0], before[1] - corner[1])
    on = (after[0] - corner[0], after[1] - corner[1])
    return _turn(before, corner, after) == 0 and back[0] * on[0] + back[1] * on[1] > 0


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two edges share any place, by the sides on which their ends lie."""
    sides = _sign(_turn(a, b, c)), _sign(_turn(a, b, d)), _sign(_turn(c, d, a)), _sign(_turn(c, d, b))
    if sides[0] != sides[1] and sides[2] != sides[3]:
        return True
    ends = ((a, b, c, sides[0]), (a, b, d, sides[1]), (c, d, a, sides[2]), (c, d, b, sides[3]))
    return any(side == 0 and _between(start, end, place) for start, end, place, side in ends)


def _turn(a: Point, b: Point, c: Point) -> float:
    """Above zero where a to b to c turns one way, below where it turns the other, zero on one line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _between(a: Point, b: Point, c: Point) -> bool:
    """Whether `c`, which lies on the line through `a` and `b`, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
