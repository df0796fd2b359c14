"""Turns on a shared line: one at a time, whoever opens a door first, and nobody is left out."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from support.waiting import eventually
from zhian_edge.errors import Expired
from zhian_edge.hal.expiry import demand
from zhian_edge.hal.turns import GaveWay, Turn, Turns


def taking(turns: Turns, turn: Turn, had: list[str], name: str) -> threading.Thread:
    def run() -> None:
        with turns.take(turn):
            had.append(name)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def waiting(turns: Turns, turn: Turn, had: list[str], name: str) -> threading.Thread:
    """One more that waits, behind those that do already."""
    before = turns.waiting(turn)
    thread = taking(turns, turn, had, name)
    eventually(lambda: turns.waiting(turn) > before, "one that waits")
    return thread


def test_orders_go_before_those_that_only_ask_but_for_one_between_two_and_each_kind_as_it_came() -> None:
    turns, had = Turns(), list[str]()
    with turns.take("patient"):
        asking = [waiting(turns, "patient", had, f"asks {n}") for n in range(4)]
        orders = [waiting(turns, "urgent", had, f"order {n}") for n in range(3)]
    for thread in (*asking, *orders):
        thread.join(10)
    assert had == ["order 0", "asks 0", "order 1", "asks 1", "order 2", "asks 2", "asks 3"]


def test_whoever_orders_without_end_leaves_nobody_out() -> None:
    turns, had, over = Turns(), list[str](), threading.Event()

    def order() -> None:
        while not over.is_set():
            with turns.take("urgent"):
                eventually(lambda: over.is_set() or turns.waiting("urgent"), "the other's order")

    orders = [threading.Thread(target=order) for _ in range(2)]
    for thread in orders:
        thread.start()
    try:
        taking(turns, "patient", had, "asks").join(5)
        assert had == ["asks"]
    finally:
        over.set()
        for thread in orders:
            thread.join(10)


def test_whoever_gives_way_waits_no_longer_and_holds_nobody_up() -> None:
    turns, had, gave, over = Turns(), list[str](), list[str](), threading.Event()

    def ask() -> None:
        try:
            with turns.take("patient", over.is_set):
                had.append("too late")
        except GaveWay:
            gave.append("asks")

    asking = threading.Thread(target=ask)
    with turns.take("patient"):
        asking.start()
        eventually(lambda: turns.waiting("patient") == 1, "one that waits")
        behind = waiting(turns, "patient", had, "behind it")
        over.set()
        eventually(lambda: gave == ["asks"], "it to give way")
    for thread in (asking, behind):
        thread.join(10)
    assert had == ["behind it"]


def test_a_turn_that_fails_is_over() -> None:
    turns = Turns()
    with suppress(ValueError), turns.take("urgent"):
        raise ValueError
    with turns.take("patient"):
        assert turns.waiting("urgent") == 0


@pytest.mark.parametrize(("until_ms", "late"), [(None, False), (1000, False), (1001, False), (999, True)])
def test_an_order_is_good_until_its_time_is_over(until_ms: int | None, *, late: bool) -> None:
    if late:
        with pytest.raises(Expired, match="expired 1 ms before"):
            demand(until_ms, 1000)
    else:
        demand(until_ms, 1000)
