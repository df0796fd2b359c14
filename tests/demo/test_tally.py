"""The demo's last line: what was recognised, and what the lanes did where there are any."""

from __future__ import annotations

from demo_parts.tally import Tally


def test_lanes_are_counted_where_somebody_asked_to_pass() -> None:
    seen = "recognised: 1 people, 2 plates, 3 alerts, 4 notices"
    assert str(Tally(1, 2, 3, 4)) == seen
    assert str(Tally(1, 2, 3, 4, cards=5, opened=4, refused=1)) == f"{seen}; lanes: 5 cards, 4 openings, 1 refusals"


def test_cards_alone_are_nothing_recognised() -> None:
    assert not Tally(0, 0, 3, 0, cards=5).anything
    assert Tally(0, 1, 0, 0).anything
