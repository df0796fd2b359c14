"""An alert goes only the ways that are drawn, and never gets stuck."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_wire.alerts import ALLOWED, CLOSED, OPEN, AlertState, Transition, advance, raise_again
from zhian_wire.errors import IllegalTransition

STATES: tuple[AlertState, ...] = get_args(AlertState)


def step(source: AlertState, target: AlertState) -> Transition:
    return Transition(source=source, target=target, who="guard-1", when="2026-01-01T00:00:00.000Z")


@pytest.mark.parametrize(("source", "target"), list(product(STATES, STATES)))
def test_only_the_drawn_steps_are_taken(source: AlertState, target: AlertState) -> None:
    if target in ALLOWED[source]:
        assert advance(source, step(source, target)) == target
    else:
        with pytest.raises(IllegalTransition, match=f"{source} cannot become {target}"):
            advance(source, step(source, target))


def test_a_step_from_another_state_is_refused_so_that_two_guards_do_not_overwrite_each_other() -> None:
    with pytest.raises(IllegalTransition, match="is resolved, not raised"):
        advance("resolved", step("raised", "acknowledged"))


def test_every_state_is_open_or_closed_and_every_open_one_can_be_closed() -> None:
    assert set(STATES) == OPEN | CLOSED and not OPEN & CLOSED
    assert all(set(ALLOWED[state]) >= CLOSED for state in OPEN)


def test_a_closed_alert_only_opens_again_by_being_raised() -> None:
    assert all(ALLOWED[state] == ("raised",) for state in CLOSED)


@given(st.lists(st.sampled_from(STATES), max_size=30))
def test_whatever_is_tried_a_new_raise_brings_it_back(tries: list[AlertState]) -> None:
    state: AlertState = "raised"
    for target in tries:
        if target in ALLOWED[state]:
            state = advance(state, step(state, target))
    again = raise_again(state, who="rule:unknown", when="2026-01-01T00:00:00.000Z")
    assert (again is None) == (state == "raised")
    assert again is None or advance(state, again) == "raised"
