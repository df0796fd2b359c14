"""Whatever ends a trial, the node knows which configuration holds, and says what became of the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.configuring.standing import (
    MOST_KEPT,
    Standing,
    applied,
    at_start,
    refused,
    rolled_back,
    tried,
    unreadable,
)
from zhian_wire.configuration import Push

AT = "2026-03-02T08:00:00.000Z"


def push(name: str = "p1") -> Push:
    return Push(id=name, base="f", text="x", confirm_s=30)


def begun(standing: Standing) -> Standing:
    """After the start of the process that tries it."""
    return at_start(standing, standing.file, AT).standing


def test_without_a_push_the_file_is_run() -> None:
    assert at_start(Standing(), "f", AT) == (Standing(file="f"), "")


def test_a_trial_is_run_once_and_holds_when_it_is_well() -> None:
    trying = tried(Standing(file="f"), push(), "m1", ("camera door",))
    first = at_start(trying, "f", AT)
    assert (first.mark, first.standing.trial is not None) == ("m1", True)
    done = applied(first.standing, AT)
    assert (done.pushed, done.trial) == ("m1", None)
    assert done.outcome is not None
    assert (done.outcome.push, done.outcome.result) == ("p1", "applied")
    assert at_start(done, "f", AT).mark == "m1"


@pytest.mark.parametrize("holding", ["", "m0"])
def test_a_trial_that_was_cut_off_goes_back_to_what_held_and_says_so(holding: str) -> None:
    standing = Standing(file="f", pushed=holding, kept=(holding,) if holding else ())
    again = at_start(begun(tried(standing, push(), "m1", ())), "f", AT)
    assert again.mark == holding
    assert again.standing.trial is None
    assert again.standing.outcome is not None
    assert again.standing.outcome.result == "rolled_back"
    assert "killed" in again.standing.outcome.detail


def test_killed_before_its_start_it_is_still_tried() -> None:
    assert at_start(tried(Standing(file="f"), push(), "m1", ()), "f", AT).mark == "m1"


def test_whoever_edits_the_file_at_the_node_has_the_last_word() -> None:
    holding = applied(begun(tried(Standing(file="f"), push(), "m1", ())), AT)
    assert at_start(holding, "f2", AT).mark == ""
    trying = begun(tried(holding, push("p2"), "m2", ()))
    found = at_start(trying, "f2", AT)
    assert found.mark == ""
    assert found.standing.outcome is not None
    assert (found.standing.outcome.push, found.standing.outcome.result) == ("p2", "rolled_back")


def test_going_back_to_the_file_is_a_trial_too() -> None:
    holding = applied(begun(tried(Standing(file="f"), push(), "m1", ())), AT)
    back = begun(tried(holding, push("p2"), "f", ()))
    assert back.trial is not None
    assert (back.trial.mark, back.kept) == ("", ("m1",))
    assert applied(back, AT).pushed == ""


def test_what_cannot_be_read_gives_way_to_what_held_and_then_to_the_file() -> None:
    holding = applied(begun(tried(Standing(file="f"), push(), "m1", ())), AT)
    broken = unreadable(begun(tried(holding, push("p2"), "m2", ())), AT, "no such camera")
    assert broken.mark == "m1"
    assert unreadable(broken.standing, AT, "damaged").mark == ""


def test_a_refusal_changes_nothing_but_what_is_told() -> None:
    holding = applied(begun(tried(Standing(file="f"), push(), "m1", ())), AT)
    said = refused(holding, "p2", AT, "3: lanes[0].policy: expected one of")
    assert (said.pushed, said.trial, said.kept) == (holding.pushed, None, holding.kept)


STEPS = st.lists(st.sampled_from(["push", "start", "well", "unwell", "edit", "restore"]), max_size=30)


@given(STEPS)
def test_whatever_happens_in_whatever_order_one_known_configuration_is_run(steps: list[str]) -> None:
    standing, file = Standing(file="f0"), "f0"
    for number, step in enumerate(steps):
        if step == "push" and standing.trial is None:
            standing = tried(standing, push(f"p{number}"), f"m{number}", ())
        elif step == "restore" and standing.trial is None and standing.kept:
            standing = tried(standing, push(f"p{number}"), standing.kept[-1], ())
        elif step == "edit":
            file = f"f{number}"
        elif step == "start":
            standing = at_start(standing, file, AT).standing
        elif standing.trial is not None and standing.trial.starts:
            standing = applied(standing, AT) if step == "well" else rolled_back(standing, AT, "why")
        choice = at_start(standing, file, AT)
        assert choice.mark in ("", *choice.standing.kept)
        assert len(choice.standing.kept) <= MOST_KEPT
        assert standing.trial is not None or choice.mark == standing.pushed or file != standing.file
