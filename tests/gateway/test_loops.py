"""A loop steps while there is work, is woken for more, and rests however often it is woken for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from zhian_gateway.loops import Loop

NEVER_S = 3600.0


@contextmanager
def running(step: Callable[[], int], rest_s: float = 0.0) -> Iterator[Loop]:
    loop = Loop("test", step, NEVER_S, rest_s)
    loop.start()
    try:
        yield loop
    finally:
        loop.stop()


def test_there_is_a_step_for_every_piece_of_work_and_one_that_finds_none() -> None:
    work, steps, idle = [3, 2, 1], [], threading.Event()

    def step() -> int:
        steps.append(len(work))
        if not work:
            idle.set()
            return 0
        return work.pop(0)

    with running(step):
        assert idle.wait(10)
    assert steps == [3, 2, 1, 0]


def test_who_is_woken_steps_again_and_who_is_woken_meanwhile_too() -> None:
    entered, go, steps = threading.Semaphore(0), threading.Semaphore(0), []

    def step() -> int:
        entered.release()
        go.acquire()
        steps.append(0)
        return 0

    with running(step) as loop:
        entered.acquire()
        loop.wake()
        go.release()
        entered.acquire()
        go.release(100)
    assert len(steps) >= 2


def test_between_steps_without_work_there_is_a_rest_however_often_it_is_woken() -> None:
    rest_s, at, three = 0.02, [], threading.Event()

    def step() -> int:
        at.append(time.monotonic())
        if len(at) == 3:
            three.set()
        return 0

    with running(step, rest_s) as loop:
        while not three.is_set():
            loop.wake()
    assert all(later - sooner >= rest_s for sooner, later in pairwise(at))


def test_a_step_that_fails_is_said_and_tried_again() -> None:
    again = threading.Event()
    faults = [OSError("disk full")]

    def step() -> int:
        if faults:
            raise faults.pop()
        again.set()
        return 0

    with running(step) as loop:
        assert again.wait(10)
        assert loop.state().alive
    assert not loop.state().alive
