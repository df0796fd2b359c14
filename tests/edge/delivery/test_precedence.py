"""What can wait gives way to alerts, and is never stopped for good."""

from __future__ import annotations

from zhian_edge.delivery.precedence import HOLD_S, LONGEST_S, Precedence


class Clock:
    """Time that passes only while somebody sleeps; with `alerts` there is another one whenever that ends."""

    def __init__(self) -> None:
        self.now = 100.0
        self.precedence = Precedence(lambda: self.now, self.sleep)
        self.alerts = False

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.alerts:
            self.precedence.claim()

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


def test_alert_after_alert_still_leaves_a_piece_now_and_then() -> None:
    clock = Clock()
    clock.alerts = True
    clock.precedence.claim()
    assert LONGEST_S <= clock.waited() <= LONGEST_S + HOLD_S
