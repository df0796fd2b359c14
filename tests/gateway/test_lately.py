"""What is dear to find out is found out seldom, what is cheap each time; nobody waits for an answer twice."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.lately import CHEAP_S, OLDEST_S, SHARE, Lately


class Clock:
    """Stands, until somebody takes their time."""

    def __init__(self) -> None:
        self.now = 100.0
        self.asked = 0

    def __call__(self) -> float:
        return self.now

    def find(self, takes_s: float) -> int:
        self.now += takes_s
        self.asked += 1
        return self.asked


@given(takes_s=st.floats(0.0, 2.0), waits=st.lists(st.floats(0.0, 10.0), max_size=30))
def test_asking_takes_its_share_of_the_time_at_most_and_no_answer_is_too_old(
    takes_s: float, waits: list[float]
) -> None:
    clock = Clock()
    lately = Lately(clock)
    found_at = began = clock.now
    for wait in waits:
        clock.now += wait
        before = clock.asked
        assert lately.of("a", lambda: clock.find(takes_s)) == clock.asked
        found_at = clock.now if clock.asked > before else found_at
        assert clock.now - found_at <= OLDEST_S
        assert clock.asked > before or takes_s > CHEAP_S
    if takes_s > CHEAP_S and SHARE * takes_s <= OLDEST_S:
        assert clock.asked * takes_s <= (clock.now - began) / SHARE + 2 * takes_s


def test_another_question_has_another_answer() -> None:
    clock = Clock()
    lately = Lately(clock)
    assert [lately.of(day, lambda: clock.find(0.5)) for day in ("mon", "tue", "mon")] == [1, 2, 1]


def test_of_those_who_ask_at_once_one_finds_out() -> None:
    clock, entered, go = Clock(), threading.Event(), threading.Event()
    lately = Lately(clock)

    def find() -> int:
        entered.set()
        go.wait()
        return clock.find(1.0)

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(lately.of("a", find))) for _ in range(4)]
    for thread in threads:
        thread.start()
    entered.wait()
    go.set()
    for thread in threads:
        thread.join()
    assert (found, clock.asked) == ([1, 1, 1, 1], 1)


def test_a_fault_is_no_answer() -> None:
    clock = Clock()
    lately = Lately(clock)
    with pytest.raises(ZeroDivisionError):
        lately.of("a", lambda: clock.find(1.0) // 0)
    assert lately.of("a", lambda: clock.find(1.0)) == 2
