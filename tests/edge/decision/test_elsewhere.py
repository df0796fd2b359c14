"""One card at two lanes at once is a copy, and is told of at the read, whatever the lanes lead to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lanes import BOTH, CARD, PLATE, Node, plan, read
from zhian_edge.decision.elsewhere import AT_ONCE_MS
from zhian_edge.decision.plan import Access

BARE = replace(CARD, inside="")
CARS = replace(PLATE, ways=("plate", "card"))


@pytest.mark.parametrize(
    ("access", "cards", "apart_ms", "reader", "raised"),
    [
        (CARD, ("A1", "A1"), 800, "r-other", 1),
        (BARE, ("A1", "A1"), 800, "r-other", 1),
        (BOTH, ("A1", "A1"), 800, "r-other", 1),
        (replace(CARD, anti_passback="hard"), ("A1", "A1"), 800, "r-other", 1),
        (CARD, ("A1", "A1"), 1500, "r-other", 0),
        (CARD, ("A1", "A2"), 800, "r-other", 0),
        (CARD, ("A1", "A1"), 800, "r-out", 0),
        (CARD, ("FF", "FF"), 800, "r-other", 0),
        (CARS, ("A1", "A1"), 800, "r-other", 0),
    ],
)
def test_one_card_at_two_lanes_at_once_is_told(
    access: Access, cards: tuple[str, str], apart_ms: int, reader: str, raised: int
) -> None:
    node = Node(plan(access))
    node.at(read(cards[0], 1000))
    node.at(read(cards[1], 1000 + apart_ms, reader))
    assert node.alerts.count("impossible_card") == raised


@given(st.lists(st.tuples(st.integers(0, 9000), st.sampled_from(["r-in", "r-other"])), max_size=10))
def test_only_what_is_too_soon_is_told(shown: list[tuple[int, str]]) -> None:
    node = Node(plan(CARD))
    for at_ms, reader in sorted(shown):
        node.at(read("A1", at_ms, reader))
    soon = any(abs(one - other) <= AT_ONCE_MS and here != there for one, here in shown for other, there in shown)
    assert soon or "impossible_card" not in node.alerts
