"""The cheapest way to pair two sets, exactly: the Hungarian method (Kuhn 1955), by shortest augmenting paths with
potentials (Jonker and Volgenant 1987)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

L = TypeVar("L")
R = TypeVar("R")
#: What cannot be; larger than any sum of costs.
_NEVER: Final = 1e9


@dataclass(frozen=True)
class Matching(Generic[L, R]):
    """Two sets of which each on the left has at most one partner on the right, and the other way round.

    `cost` of a pair, None: they cannot be one; `alone_*`: what it costs to leave one without a partner. Equal
    arrangements are told apart by the order of the sequences, so callers sort them.
    """

    left: Sequence[L]
    right: Sequence[R]
    cost: Callable[[L, R], float | None]
    alone_left: Callable[[L], float]
    alone_right: Callable[[R], float]

    def pairs(self) -> list[tuple[L, R]]:
        """The pairs of the cheapest whole arrangement, in the order of `left`."""
        left, right = self.left, self.right
        table = [[self.cost(one, other) for other in right] for one in left]
        # Rows beyond `left` and columns beyond `right` stand for having no partner.
        paired = [[_NEVER if known is None else known for known in row] for row in table]
        square = [row + [self.alone_left(one)] * len(left) for one, row in zip(left, paired, strict=True)]
        square += [[self.alone_right(other) for other in right] + [0.0] * len(left) for _ in right]
        return [
            (left[i], right[j])
            for i, j in enumerate(_assigned(square)[: len(left)])
            if j < len(right) and table[i][j] is not None
        ]

    def total(self, found: Sequence[tuple[L, R]]) -> float:
        """What the arrangement of these pairs costs as a whole."""
        ones, others = {id(one) for one, _ in found}, {id(other) for _, other in found}
        return (
            sum(self.cost(one, other) or 0.0 for one, other in found)
            + sum(self.alone_left(one) for one in self.left if id(one) not in ones)
            + sum(self.alone_right(other) for other in self.right if id(other) not in others)
        )

    def without(self, one: L, other: R) -> Matching[L, R]:
        """The same, where these two cannot be a pair."""

        def cost(left: L, right: R) -> float | None:
            return None if left is one and right is other else self.cost(left, right)

        return replace(self, cost=cost)


def _assigned(cost: Sequence[Sequence[float]]) -> list[int]:
    """For each row its column, at least total cost; `cost` is square."""
    size = len(cost)
    of_row, of_column = [0.0] * (size + 1), [0.0] * (size + 1)
    row_at = [0] * (size + 1)  # the row (from 1) that holds a column (from 1); 0: none
    for row in range(1, size + 1):
        came_from = _path(cost, row, of_row, of_column, row_at)
        column = came_from.pop()
        while column:
            before = came_from[column]
            row_at[column] = row_at[before]
            column = before
    found = [0] * size
    for column in range(1, size + 1):
        found[row_at[column] - 1] = column - 1
    return found


def _path(
    cost: Sequence[Sequence[float]], row: int, of_row: list[float], of_column: list[float], row_at: list[int]
) -> list[int]:
    """The cheapest path from `row` to a free column: for each column the one before it; the last entry is its end."""
    size = len(cost)
    row_at[0] = row
    least, done, before = [_NEVER * 10] * (size + 1), [False] * (size + 1), [0] * (size + 1)
    column = 0
    while True:
        done[column] = True
        current, nearest, step = row_at[column], 0, _NEVER * 10
        for other in range(1, size + 1):
            if done[other]:
                continue
            reduced = cost[current - 1][other - 1] - of_row[current] - of_column[other]
            if reduced < least[other]:
                least[other], before[other] = reduced, column
            if least[other] < step:
                step, nearest = least[other], other
        for other in range(size + 1):
            if done[other]:
                of_row[row_at[other]] += step
                of_column[other] -= step
            else:
                least[other] -= step
        column = nearest
        if row_at[column] == 0:
            return [*before, column]
