"""The window bounds what is on its way, keeps room for alerts, and sends again what nobody receipted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.delivery.window import LONGEST_WAIT_MS, Window


def test_a_backlog_leaves_room_for_an_alert() -> None:
    window: Window[int] = Window(16, 1000)
    for now in range(20):
        for key in range(100 * now, 100 * now + 100):
            if window.admits(key, urgent=False, now_ms=now):
                window.sent(key, now)
        held = len(window)
        assert window.admits(-1, urgent=True, now_ms=now)
        window.keep([], now)
    assert held == 14


def test_it_is_sent_again_when_its_time_is_over_and_not_before() -> None:
    window: Window[int] = Window(8, 1000)
    window.sent(1, 0)
    assert not window.admits(1, urgent=True, now_ms=999)
    assert window.admits(1, urgent=True, now_ms=1000)


def test_each_further_try_waits_twice_as_long_up_to_a_limit() -> None:
    window: Window[int] = Window(8, 1000)
    now, waits = 0, []
    for _ in range(10):
        window.sent(1, now)
        due = window.next_due_ms()
        assert due is not None
        waits.append(due - now)
        now = due
    assert waits[:3] == [1000, 2000, 4000]
    assert waits[-1] == LONGEST_WAIT_MS


def test_a_new_connection_knows_nothing_of_the_old_one() -> None:
    window: Window[int] = Window(8, 1000)
    window.sent(1, 0)
    window.clear()
    assert window.admits(1, urgent=False, now_ms=0)
    assert window.next_due_ms() is None


@given(
    st.integers(8, 64),
    st.lists(st.tuples(st.sampled_from(["try", "settle", "clear"]), st.integers(0, 99), st.booleans())),
)
def test_it_never_holds_more_than_its_size(size: int, steps: list[tuple[str, int, bool]]) -> None:
    window: Window[int] = Window(size, 100)
    flying: set[int] = set()
    for now, (what, key, hurries) in enumerate(steps):
        if what == "try" and window.admits(key, urgent=hurries, now_ms=now):
            window.sent(key, now)
            flying.add(key)
        elif what == "settle":
            flying.discard(key)
            window.keep(flying, now)
        elif what == "clear":
            flying.clear()
            window.clear()
        assert len(window) == len(flying) <= size
