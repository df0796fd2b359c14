"""The pen goes round in the order of asking, also when its holder asks again at once."""

from __future__ import annotations

import threading

import pytest
from support.waiting import eventually
from zhian_gateway.store.pen import Pen


def test_whoever_asks_first_writes_first() -> None:
    pen, order = Pen(), []

    def write(name: int) -> None:
        with pen.held():
            order.append(name)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    with pen.held():
        for number, thread in enumerate(threads):
            thread.start()
            eventually(lambda expected=number + 1: pen.waiting == expected, "the next one in the queue")
    with pen.held():
        order.append(99)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 99]


def test_a_failed_holder_hands_it_on() -> None:
    pen = Pen()
    with pytest.raises(RuntimeError), pen.held():
        raise RuntimeError
    with pen.held():
        assert pen.waiting == 0
