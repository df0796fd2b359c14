"""What a wedge types is read whole or not at all, in whatever layout it types."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.config.readers import Layout
from zhian_edge.hal.keystrokes import ENTER, GAP_MS, KEYPAD_ENTER, LAYOUTS, LONGEST, TAB, Typist

Key = tuple[int, int]
SHIFT = 42
CARD = "0012345678"
layouts = st.sampled_from(list(LAYOUTS))


def tap(code: int) -> list[Key]:
    return [(code, 1), (code, 0)]


def typed(text: str, layout: Layout = "us", end: int = ENTER) -> list[Key]:
    """As a wedge types: each sign with its own shift."""
    signs = LAYOUTS[layout]
    keys: list[Key] = []
    for sign in text:
        plain = next((code for code, each in signs.plain.items() if each == sign), None)
        shifted = next((code for code, each in signs.shifted.items() if each == sign), None)
        if plain is not None:
            keys += tap(plain)
        else:
            assert shifted is not None, sign
            keys += [(SHIFT, 1), *tap(shifted), (SHIFT, 0)]
    return keys + tap(end)


def read(typist: Typist, keys: Iterable[Key], at_ms: int = 10_000, each_ms: int = 10) -> list[str]:
    lines = [typist.step(code, value, at_ms + n * each_ms) for n, (code, value) in enumerate(keys)]
    return [line for line in lines if line is not None]


@pytest.mark.parametrize(
    ("layout", "keys", "text"),
    [
        ("us", [11, 11, 2, 3, 4, 5, 6, 7, 8, 9], "0012345678"),
        ("us", [82, 79, 80, 81, 75, 76, 77, 71, 72, 73], "0123456789"),
        ("us", [5, 46, 48, 18, 33], "4cbef"),
        ("fr", [SHIFT, 11, 2, -SHIFT, 16, 30], "01aq"),
        ("de", [21, 44, 51], "zy,"),
    ],
)
def test_keys_mean_what_the_layout_says(layout: Layout, keys: list[int], text: str) -> None:
    """Of a shift alone is said when it is pressed and when (negative) it is let go."""
    events = [event for key in keys for event in ([(SHIFT, int(key > 0))] if abs(key) == SHIFT else tap(key))]
    assert read(Typist(layout, 0), [*events, *tap(ENTER)]) == [text]


@pytest.mark.parametrize("end", [ENTER, KEYPAD_ENTER, TAB])
def test_a_line_ends_with_enter_or_tab(end: int) -> None:
    assert read(Typist("us", 0), typed(CARD, end=end)) == [CARD]


@given(layouts, st.lists(st.text("0123456789abcdefABCDEF,", min_size=1, max_size=LONGEST), min_size=1, max_size=4))
def test_every_number_comes_through_in_every_layout(layout: Layout, numbers: list[str]) -> None:
    typist = Typist(layout, 0)
    assert [line for text in numbers for line in read(typist, typed(text, layout))] == numbers
    assert typist.garbled == 0


@given(st.data())
def test_a_line_whose_beginning_was_not_seen_is_not_read(data: st.DataObject) -> None:
    """The node starts while a card is being typed: the rest would be another, shorter number."""
    keys = typed(CARD)
    start = data.draw(st.integers(1, len(keys) - 3))
    typist = Typist("us", 10_000)
    assert read(typist, keys[start:]) == []
    assert read(typist, typed(CARD), at_ms=11_000) == [CARD]


@given(st.data())
def test_a_line_that_breaks_off_is_not_read_nor_joined_to_the_next(data: st.DataObject) -> None:
    keys = typed(CARD)
    cut = data.draw(st.integers(1, len(keys) - 3))
    typist = Typist("us", 0)
    assert read(typist, keys[:cut]) == []
    assert read(typist, typed("999"), at_ms=10_000 + cut * 10 + GAP_MS + 1) == ["999"]
    assert typist.garbled == 1


@given(st.data())
def test_a_line_of_which_keys_were_lost_is_not_read(data: st.DataObject) -> None:
    keys = typed(CARD)
    cut = data.draw(st.integers(1, len(keys) - 3))
    typist = Typist("us", 0)
    read(typist, keys[:cut])
    typist.lost()
    assert read(typist, keys[cut:], at_ms=10_000 + cut * 10) == []
    assert read(typist, typed(CARD), at_ms=20_000) == [CARD]


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 2)), max_size=200))
def test_a_child_on_the_keyboard_does_no_harm(keys: list[Key]) -> None:
    typist = Typist("us", 0)
    assert all(len(line) <= LONGEST for line in read(typist, keys))
    read(typist, [(54, 0), (SHIFT, 0)], at_ms=100_000)
    assert read(typist, typed(CARD), at_ms=200_000) == [CARD]


def test_an_endless_line_is_garbled_and_the_next_is_read() -> None:
    typist = Typist("us", 0)
    assert read(typist, typed("7" * 5000)) == []
    assert (read(typist, typed(CARD), at_ms=200_000), typist.garbled) == ([CARD], 1)


def test_a_held_key_is_one_sign_and_silent_keys_are_none() -> None:
    keys = [(58, 1), (58, 0), (69, 1), (69, 0), (2, 1), (2, 2), (2, 2), (2, 0), *tap(ENTER)]
    assert read(Typist("us", 0), keys) == ["1"]


def test_enter_alone_is_nothing() -> None:
    typist = Typist("us", 0)
    assert (read(typist, tap(ENTER) + tap(ENTER)), typist.garbled) == ([], 0)
