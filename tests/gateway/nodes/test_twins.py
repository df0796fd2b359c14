"""One node at a time speaks under a name; a rebuilt one is no twin."""

from __future__ import annotations

import pytest
from zhian_gateway.nodes.twins import AGAIN_S, MOST_RUNS, WITHIN_S, Twins
from zhian_wire.state import NodeState


def beat(epoch: str, seq: int, run: str = "", *, node: str = "gate-1") -> NodeState:
    return NodeState(node=node, epoch=epoch, seq=seq, run=run, time="", version="0")


def seen(*beats: tuple[str, int, str]) -> bool:
    known = Twins()
    return any([known.hear(beat(*each), now=5.0 * at) for at, each in enumerate(beats)])


@pytest.mark.parametrize(
    ("beats", "twins"),
    [
        ([("a", 1), ("a", 1), ("a", 2)], False),
        ([("a", 9), ("b", 1), ("b", 2)], False),
        ([("a", 9), ("b", 1), ("a", 9)], True),
        ([("a", 9), ("a", 4)], True),
    ],
)
def test_only_an_epoch_that_comes_back_or_numbers_that_fall_tell_of_two(
    beats: list[tuple[str, int]], twins: bool
) -> None:
    assert seen(*((epoch, seq, "") for epoch, seq in beats)) is twins


def test_two_copies_that_decided_equally_much_differ_in_their_run() -> None:
    assert seen(("a", 5, "x"), ("a", 5, "y"), ("a", 5, "x"))
    assert not seen(*(("a", 5, run) for run in "xyyz"))


def test_a_run_that_was_over_is_known_again_however_long_ago_and_whatever_else_changed() -> None:
    runs = [f"r{number}" for number in range(MOST_RUNS)]
    assert seen(*((run, 1, run) for run in runs), ("new", 1, "r0"))


def test_a_node_that_does_not_tell_its_run_has_none() -> None:
    assert not seen(("a", 1, "x"), ("a", 1, ""), ("a", 1, "x"))


def test_a_card_that_is_put_back_much_later_is_no_twin() -> None:
    known = Twins()
    found = [known.hear(beat(epoch, 1), at) for epoch, at in (("a", 0.0), ("b", 1.0), ("a", 2.0 + WITHIN_S))]
    assert found == [False, False, False]


def test_nodes_do_not_mix() -> None:
    known = Twins()
    each = (("x", "a"), ("y", "b"), ("x", "a"))
    assert not any([known.hear(beat(epoch, 1, node=node), 0.0) for node, epoch in each])


def test_twins_that_change_places_for_hours_are_told_of_now_and_then() -> None:
    known = Twins()
    told = [at for at in range(0, 3600, 5) if known.hear(beat("a", 5, "xy"[at // 5 % 2]), float(at))]
    assert told == [10 + n * AGAIN_S for n in range(6)]
