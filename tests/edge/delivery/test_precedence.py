"""What can wait gives way to alerts, and is never stopped for good."""

from __future__ import annotations

from zhian_edge.delivery.precedence import HOLD_S, Precedence


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.precedence = Precedence(lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def waited(self) -> float:
        began = self.now
        self.precedence.give_way()
        return round(self.now - began, 3)


def test_nobody_waits_without_an_alert() -> None:
    assert Clock().waited() == 0


def test_pictures_wait_for_an_alert_and_then_go_on() -> None:
    clock = Clock()
    clock.precedence.claim()
    assert (clock.waited(), clock.waited()) == (HOLD_S, 0)


def test_alert_after_alert_leaves_the_others_half_of_the_time() -> None:
    clock, free = Clock(), 0.0
    while clock.now < 160:
        clock.precedence.claim()
        if not clock.waited():
            clock.now += 0.1
            free += 0.1
    assert 28 < free < 36


def test_a_receipt_ends_it() -> None:
    clock = Clock()
    clock.precedence.claim()
    clock.precedence.release()
    assert clock.waited() == 0
    clock.precedence.claim()
    assert clock.waited() == HOLD_S
