"""The demo's last lines: what was recognised, what the lanes did where there are any, and who was told."""

from __future__ import annotations

from demo_parts.tally import Tally


def test_lanes_are_counted_where_somebody_asked_to_pass() -> None:
    seen, told = "recognised: 1 person, 2 plates (each once)", "told: 3 alerts to the guards, 1 notice to guardians"
    assert Tally(1, 2, 3, 1).lines() == [seen, told]
    asked = "lanes were asked 7 times (5 by card, 2 by plate or by hand): 6 opened, 1 refused"
    assert Tally(1, 2, 3, 1, cards=5, opened=6, refused=1).lines() == [seen, asked, told]
    assert str(Tally(1, 2, 3, 1, cards=5, opened=6, refused=1)) == "; ".join([seen, asked, told])


def test_cards_alone_are_nothing_recognised() -> None:
    assert not Tally(0, 0, 3, 0, cards=5).anything
    assert Tally(0, 1, 0, 0).anything
