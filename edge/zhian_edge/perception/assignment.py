"""Which of two sets belong together at the least cost in all; exact, for the few subjects of one camera."""

from __future__ import annotations

from collections.abc import Sequence


def assign(costs: Sequence[Sequence[float]], alone: float) -> dict[int, int]:
    """Row to column so that the sum is least, where every row or column left alone costs `alone`.

    The Hungarian method with shortest augmenting paths (Kuhn 1955; Jonker and Volgenant 1987). A cost of `2 * alone`
    or more is never taken. Equal sums: the same answer every time.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    width = columns + rows
    # A row may also take one of as many places of its own: then it is alone, and so is a column that nobody took.
    table = [[*row, *(2 * alone if place == number else _NEVER for place in range(rows))] for number, row in
             enumerate(costs)]  # fmt: skip
    owner = [_NOBODY] * (width + 1)
    row_price, column_price = [0.0] * rows, [0.0] * (width + 1)
    for row in range(rows):
        _seat(row, table, owner, row_price, column_price)
    return {owner[column]: column for column in range(columns) if owner[column] != _NOBODY}


_NOBODY = -1
_NEVER = 1e9


def _seat(
    row: int, table: Sequence[Sequence[float]], owner: list[int], row_price: list[float], column_price: list[float]
) -> None:
    """Give `row` a column, moving others along the cheapest path; the last entry of `owner` is where it starts."""
    width = len(owner) - 1
    least, previous, done = [float("inf")] * width, [width] * width, [False] * (width + 1)
    owner[width], column = row, width
    while owner[column] != _NOBODY:
        done[column] = True
        mine = owner[column]
        for other in range(width):
            if not done[other]:
                reduced = table[mine][other] - row_price[mine] - column_price[other]
                if reduced < least[other]:
                    least[other], previous[other] = reduced, column
        nearest = min((n for n in range(width) if not done[n]), key=least.__getitem__)
        step = least[nearest]
        for other in range(width + 1):
            if done[other]:
                row_price[owner[other]] += step
                column_price[other] -= step
            elif other < width:
                least[other] -= step
        column = nearest
    while column != width:
        owner[column] = owner[previous[column]]
        column = previous[column]
    owner[width] = _NOBODY
