"""Whoever proposes never approves, and what is over stays over."""

from __future__ import annotations

import pytest
from zhian_gateway.errors import Conflict, NotAllowed
from zhian_gateway.watchlists.rules import OVER, check_decider, check_proposer, ended

EARLIER, NOW, LATER = "2026-03-01T", "2026-03-02T", "2026-03-03T"


def test_somebody_else_decides() -> None:
    check_decider("proposed", "li", "chen")
    with pytest.raises(NotAllowed):
        check_decider("proposed", "li", "li")


@pytest.mark.parametrize("state", ["active", *sorted(OVER)])
def test_what_is_decided_is_not_decided_again(state: str) -> None:
    with pytest.raises(Conflict):
        check_decider(state, "li", "chen")
    with pytest.raises(Conflict):
        check_proposer(state, "li", "li")


def test_only_who_proposed_adds_to_it() -> None:
    check_proposer("proposed", "li", "li")
    with pytest.raises(NotAllowed):
        check_proposer("proposed", "li", "chen")


@pytest.mark.parametrize(
    ("state", "until", "proposed_at", "becomes"),
    [
        ("active", LATER, EARLIER, None),
        ("active", NOW, EARLIER, "expired"),
        ("proposed", LATER, NOW, None),
        ("proposed", LATER, EARLIER, "lapsed"),
        ("proposed", NOW, NOW, "lapsed"),
        *((state, EARLIER, EARLIER, None) for state in sorted(OVER)),
    ],
)
def test_what_is_over_by_itself(state: str, until: str, proposed_at: str, becomes: str | None) -> None:
    assert ended(state, until, proposed_at, EARLIER, NOW) == becomes
