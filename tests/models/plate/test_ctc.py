"""Texts come out of frames as they went in, and patterns only allow what they allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_models.plate.alphabet import INDEX, SYMBOLS
from zhian_models.plate.ctc import compress, cost_of, masks_of, plain, spell
from zhian_models.plate.grammar import LAYOUTS

from .frames import frames_of

CIVIL = next(layout.positions for layout in LAYOUTS)
texts = st.text(alphabet=[symbol for symbol in SYMBOLS if symbol not in "OI"], min_size=1, max_size=9)


@given(texts)
def test_the_plain_text_is_what_the_frames_show(text: str) -> None:
    spelling = plain(frames_of(text))
    assert spelling.text == text
    assert len(spelling.positions) == len(text)


@given(texts)
def test_shortening_blanks_keeps_the_text(text: str) -> None:
    frames = np.repeat(frames_of(text), 2, axis=0)
    assert len(compress(frames)) < len(frames)
    assert plain(compress(frames)).text == plain(frames).text


def test_a_pattern_reads_through_a_character_that_cannot_stand_there() -> None:
    frames = frames_of("京A12345", doubts={1: {"8": 0.6, "B": 0.3}})
    (spelling,) = spell(frames, masks_of([CIVIL]))
    assert plain(frames).text == "京812345"
    assert spelling.text == "京B12345"
    assert spelling.positions[1, INDEX["B"]] == pytest.approx(0.3)


def test_equal_neighbours_are_two_characters() -> None:
    (spelling,) = spell(frames_of("京A88888"), masks_of([CIVIL]))
    assert spelling.text == "京A88888"


@given(st.tuples(*(st.sampled_from(allowed.replace("O", "").replace("I", "")) for allowed in CIVIL)).map("".join))
def test_a_pattern_that_fits_costs_what_the_text_costs(text: str) -> None:
    frames = frames_of(text, sure=0.8)
    (spelling,) = spell(frames, masks_of([CIVIL]))
    assert spelling.text == text
    assert spelling.cost == pytest.approx(float(cost_of(frames, [text])[0]), abs=1e-3)
    assert spelling.cost == pytest.approx(plain(compress(frames)).cost, abs=1e-3)


def test_a_text_of_another_length_costs_more() -> None:
    right, short, long = cost_of(frames_of("京A12345"), ["京A12345", "京A1234", "京A123456"])
    assert right < short - 3
    assert right < long - 3
