"""One node at a time speaks under a name; a rebuilt one is no twin."""

from __future__ import annotations

import pytest
from zhian_gateway.nodes.twins import WITHIN_S, Twins


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
    known = Twins()
    assert any([known.hear("gate-1", epoch, seq, now=5.0 * at) for at, (epoch, seq) in enumerate(beats)]) is twins


def test_a_card_that_is_put_back_much_later_is_no_twin() -> None:
    known = Twins()
    found = [known.hear("n", epoch, 1, at) for epoch, at in (("a", 0.0), ("b", 1.0), ("a", 2.0 + WITHIN_S))]
    assert found == [False, False, False]


def test_nodes_do_not_mix() -> None:
    known = Twins()
    assert not any([known.hear(node, epoch, 1, 0.0) for node, epoch in (("x", "a"), ("y", "b"), ("x", "a"))])
