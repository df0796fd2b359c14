"""A node is known of up to a heart-beat once everything that it announces is followed, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from zhian_gateway.ingest.sorting import Run
from zhian_gateway.nodes.siblings import INTERESTED, Siblings

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FIRST = Run("gate-1", "e1")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def heard(*beats: tuple[str, int, float]) -> Siblings:
    """Heart-beats of gate-1 as epoch, seq and second."""
    one = Siblings()
    for epoch, seq, second in beats:
        one.hear("gate-1", epoch, seq, at(second))
    return one


@pytest.mark.parametrize(
    ("beats", "followed", "age"),
    [
        ([("e1", 0, 0)], {}, 10_000),
        ([("e1", 4, 0)], {FIRST: 3}, None),
        ([("e1", 4, 0)], {FIRST: 4}, 10_000),
        ([("e1", 3, 0), ("e1", 4, 3), ("e1", 9, 6)], {FIRST: 5}, 7000),
        ([("e1", 9, 0), ("e2", 0, 6)], {FIRST: 2}, 4000),
    ],
    ids=["nothing decided", "something on its way", "all here", "the latest that is here", "a node that begins anew"],
)
def test_the_age_is_of_the_last_moment_of_which_everything_is_known(
    beats: list[Any], followed: dict[Run, int], age: int | None
) -> None:
    assert heard(*beats).ages_ms(followed, at(10)).get("gate-1") == age


def test_what_was_known_ages_while_more_is_on_its_way() -> None:
    one = heard(("e1", 1, 0))
    assert one.ages_ms({FIRST: 1}, at(1)) == {"gate-1": 1000}
    for second in range(3, 600, 3):
        one.hear("gate-1", "e1", 2, at(second))
    assert one.ages_ms({FIRST: 1}, at(600)) == {"gate-1": 600_000}
    assert len(one._heard["gate-1"].waiting) <= 100
    assert one.ages_ms({FIRST: 2}, at(600)) == {"gate-1": 3000}


def test_only_who_asked_lately_is_interested_and_strangers_are_forgotten() -> None:
    one = heard(("e1", 0, 0))
    assert not one.interested("gate-2", NOW)
    one.asks("gate-2", NOW)
    assert one.interested("gate-2", NOW + INTERESTED)
    assert not one.interested("gate-2", NOW + INTERESTED + timedelta(seconds=1))
    one.keep_only(["gate-2"])
    assert one.ages_ms({}, NOW) == {}
    one.keep_only([])
    assert not one.interested("gate-2", NOW)
