"""Turns on a shared line: one at a time, whoever opens a door first, and nobody is left out."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from support.waiting import eventually
from zhian_edge.errors import Expired
from zhian_edge.hal.expiry import demand
from zhian_edge.hal.turns import Turn, Turns


def waiting(turns: Turns, turn: Turn, had: list[Turn]) -> threading.Thread:
    def run() -> None:
        with turns.take(turn):
            had.append(turn)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_orders_go_before_all_that_only_ask_and_waited_before_them() -> None:
    turns, had = Turns(), list[Turn]()
    with turns.take("patient"):
        asking = [waiting(turns, "patient", had) for _ in range(5)]
        orders = [waiting(turns, "urgent", had) for _ in range(2)]
        eventually(lambda: turns.urgent == 2, "the orders that wait")
    for thread in (*asking, *orders):
        thread.join(10)
    assert had == ["urgent"] * 2 + ["patient"] * 5


def test_a_turn_that_fails_is_over() -> None:
    turns = Turns()
    with suppress(ValueError), turns.take("urgent"):
        raise ValueError
    with turns.take("patient"):
        assert turns.urgent == 0


@pytest.mark.parametrize(("until_ms", "late"), [(None, False), (1000, False), (1001, False), (999, True)])
def test_an_order_is_good_until_its_time_is_over(until_ms: int | None, *, late: bool) -> None:
    if late:
        with pytest.raises(Expired, match="expired 1 ms before"):
            demand(until_ms, 1000)
    else:
        demand(until_ms, 1000)
