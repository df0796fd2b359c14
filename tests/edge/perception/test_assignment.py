"""The cheapest way to pair, against trying all."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.perception.assignment import assign

ALONE = 1.5
COST = st.one_of(st.floats(0, 4), st.just(1e6))
TABLES = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda size: st.lists(
        st.lists(COST, min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)  # fmt: skip


def total(costs: list[list[float]], chosen: dict[int, int]) -> float:
    left = len(costs) + len(costs[0]) - 2 * len(chosen)
    return sum(costs[row][column] for row, column in chosen.items()) + ALONE * left


def least(costs: list[list[float]]) -> float:
    columns = range(-1, len(costs[0]))
    ways = (
        {row: column for row, column in enumerate(way) if column >= 0}
        for way in itertools.product(columns, repeat=len(costs))
        if len(taken := [column for column in way if column >= 0]) == len(set(taken))
    )
    return min(total(costs, way) for way in ways)


@given(TABLES)
def test_nothing_is_cheaper_than_what_is_chosen(costs: list[list[float]]) -> None:
    chosen = assign(costs, ALONE)
    assert len(set(chosen.values())) == len(chosen)
    assert all(costs[row][column] <= 2 * ALONE for row, column in chosen.items())
    assert total(costs, chosen) == pytest.approx(least(costs), abs=1e-6)


@pytest.mark.parametrize("costs", [[], [[]], [[], []]])
def test_of_nobody_nobody_is_chosen(costs: list[list[float]]) -> None:
    assert assign(costs, ALONE) == {}


def test_two_are_paired_so_that_neither_is_left_though_one_pair_is_cheaper() -> None:
    assert assign([[0.1, 0.5], [0.2, 9.0]], ALONE) == {0: 1, 1: 0}
