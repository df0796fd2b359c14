"""While an alert is on its way nothing stands behind it but small words, and nobody waits for it for long."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.delivery.hurry import LONGEST_MS, WORD_MS, Hurry


def words(hurry: Hurry[int], first_ms: int, last_ms: int) -> list[int]:
    return [now for now in range(first_ms, last_ms) if hurry.word(now)]


def test_words_follow_an_alert_until_its_receipt() -> None:
    hurry = Hurry[int]()
    hurry.sent(1, 1000)
    assert words(hurry, 1000, 1000 + 3 * WORD_MS + 1) == [1000 + n * WORD_MS for n in (1, 2, 3)]
    hurry.keep({2, 3})
    assert words(hurry, 1200, 3000) == []
    assert hurry.next_ms(1200) is None


def test_one_word_follows_what_is_not_urgent() -> None:
    hurry = Hurry[int]()
    hurry.followed(1000)
    hurry.followed(1020)
    assert not hurry.on(1020)
    assert words(hurry, 1020, 3000) == [1020 + WORD_MS]


def test_who_never_gets_a_receipt_holds_nobody_up_for_long() -> None:
    hurry = Hurry[int]()
    hurry.sent(1, 0)
    assert hurry.on(LONGEST_MS - 1)
    assert not hurry.on(LONGEST_MS)
    assert hurry.next_ms(LONGEST_MS) is None
    hurry.sent(1, 10_000)
    assert not hurry.on(10_001), "what is sent again was not held up by the line"


def test_a_new_connection_knows_of_nothing() -> None:
    hurry = Hurry[int]()
    hurry.sent(1, 0)
    hurry.clear()
    assert not hurry.on(1)


@pytest.mark.parametrize("every_ms", [100, 700])
def test_alert_after_alert_leaves_the_rest_its_share(every_ms: int) -> None:
    hurry = Hurry[int]()
    held = 0
    for now in range(60_000):
        if now % every_ms == 0:
            hurry.sent(now, now)
        hurry.keep({key for key in range(0, now + 1, every_ms) if now - key < 2000})
        held += hurry.on(now)
    assert held <= 36_000


@given(st.lists(st.tuples(st.sampled_from(["sent", "followed", "keep"]), st.integers(0, 400)), max_size=60))
def test_no_more_words_than_one_in_their_time(steps: list[tuple[str, int]]) -> None:
    hurry, now, spoken = Hurry[int](), 0, list[int]()
    for what, wait in steps:
        for _ in range(wait):
            now += 1
            if hurry.word(now):
                spoken.append(now)
        if what == "keep":
            hurry.keep(())
        else:
            getattr(hurry, what)(*((now, now) if what == "sent" else (now,)))
    assert all(later - earlier >= WORD_MS for earlier, later in itertools.pairwise(spoken))
