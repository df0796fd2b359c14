"""One card twice the same way within a minute: told once, with its evidence, and of nobody who went but once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import BOTH, CARD, PLATE, Node, body, crossed, face, plan, read
from support.tiers import examples
from zhian_edge.decision.plan import Access, Plan
from zhian_edge.signals import Acted, Contact, Crossing, ManualPassage, Signal
from zhian_wire.events import Alert

#: A lane that leads nowhere that has a name, and one that does.
BARE = replace(CARD, inside="")
ZONED = CARD
IN, OUT = "r-in", "r-out"


def goes(card: str, at_ms: int, reader: str, track: int, *more: Signal) -> list[Signal]:
    """A card, and a second later somebody over the line whose face says nothing."""
    way = "in" if reader == IN else "out"
    return [read(card, at_ms, reader), *nameless(at_ms + 1000, way, track), *more]


def nameless(at_ms: int, direction: Any, track: int) -> list[Signal]:
    return [crossed(track, at_ms, direction), body(track, at_ms + 100, direction=direction)]


def told(planned: Plan, signals: Sequence[Signal], until_ms: int = 120_000) -> Node:
    node = Node(planned)
    for signal in sorted(signals, key=lambda each: getattr(each, "at_ms", 0)):
        node.at(signal)
    node.until(until_ms)
    return node


def raised(node: Node) -> list[Alert]:
    return [event for event in node.events if isinstance(event, Alert) and event.kind == "impossible_card"]


@pytest.mark.parametrize("access", [BARE, ZONED])
@pytest.mark.parametrize("reader", [IN, OUT])
@pytest.mark.parametrize("apart_ms", [4000, 10_000, 50_000])
def test_a_card_with_which_two_go_the_same_way_is_told_once_with_its_evidence(
    access: Access, reader: str, apart_ms: int
) -> None:
    node = told(plan(access), [*goes("A1", 2000, reader, 11), *goes("A1", 2000 + apart_ms, reader, 21)])
    (alert,) = raised(node)
    way = "in" if reader == IN else "out"
    assert (alert.person_id, alert.severity) == ("ann", "major")
    assert alert.detail == f"{way} by main {apart_ms / 1000:.1f} s before"
    assert {"card", "crossing"} <= {piece.kind for piece in alert.evidence}
    assert [p.direction for p in node.passages] == [way, way]


def test_each_further_one_is_told_of_in_the_same_case() -> None:
    signals = [signal for n in range(3) for signal in goes("A1", 2000 + 10_000 * n, OUT, 11 + 10 * n)]
    alerts = raised(told(plan(BARE), signals))
    assert len(alerts) == 2
    assert len({alert.key for alert in alerts}) == 1


def test_two_lanes_of_one_zone_are_one_border() -> None:
    node = told(plan(ZONED), [*goes("A1", 2000, IN, 11), read("A1", 20_000, "r-other")])
    assert [(alert.lane, alert.detail) for alert in raised(node)] == [("other", "in by main 17.0 s before")]


@pytest.mark.parametrize("access", [BARE, ZONED])
@pytest.mark.parametrize("reader", [IN, OUT])
@pytest.mark.parametrize(
    "between",
    [
        [],
        goes("A1", 12_000, OUT, 41),
        goes("A1", 12_000, IN, 41),
        nameless(12_000, "out", 41),
        nameless(12_000, "in", 41),
    ],
    ids=["nothing", "out by card", "in by card", "out without a name", "in without a name"],
)
def test_who_went_back_in_between_may_go_again(access: Access, reader: str, between: list[Signal]) -> None:
    node = told(plan(access), [*goes("A1", 2000, reader, 11), *between, *goes("A1", 22_000, reader, 21)])
    way = "in" if reader == IN else "out"
    back = any(isinstance(signal, Crossing) and signal.direction != way for signal in between)
    assert bool(raised(node)) != back


@pytest.mark.parametrize("access", [BARE, ZONED])
@pytest.mark.parametrize("reader", [IN, OUT])
@pytest.mark.parametrize("apart_ms", [400, 2000, 3500, 5000, 7500])
def test_who_shows_a_card_twice_and_goes_once_is_nobody_else(access: Access, reader: str, apart_ms: int) -> None:
    """The first time nobody heard it; or they turned back before the line, and come again."""
    node = told(plan(access), [read("A1", 2000, reader), *goes("A1", 2000 + apart_ms, reader, 11)])
    assert raised(node) == []
    assert [p.person_id for p in node.passages if p.direction != "none"] == ["ann"]


@pytest.mark.parametrize("reader", [IN, OUT])
def test_who_turned_back_before_the_line_comes_again(reader: str) -> None:
    seen = [face(31, 2600, "ann"), body(32, 3000)]
    node = told(plan(BARE), [read("A1", 2000, reader), *seen, *goes("A1", 25_000, reader, 11)])
    assert raised(node) == []


@pytest.mark.parametrize("access", [BARE, ZONED])
@pytest.mark.parametrize(("shown_ms", "alerts"), [([0, 4000, 8000, 12_000], 0), ([0, 20_000], 1)])
def test_where_no_camera_sees_the_line_only_a_card_that_was_away_counts(
    access: Access, shown_ms: list[int], alerts: int
) -> None:
    node = told(plan(access, line=False), [read("A1", 2000 + ms) for ms in shown_ms])
    assert len(raised(node)) == alerts


def test_a_barrier_that_did_not_open_is_asked_once_more() -> None:
    node = Node(plan(BARE, line=False))
    node.at(read("A1", 2000))
    transaction = node.decisions[0].transaction
    node.at(Acted(lane="main", transaction=transaction, action="pulse", result="failed", at_ms=2500))
    node.at(read("A1", 20_000))
    node.until(60_000)
    assert raised(node) == []


def test_a_reader_that_nothing_stands_behind_is_walked_by_as_often_as_somebody_likes() -> None:
    planned = replace(plan(BARE, line=False), barriers={})
    assert raised(told(planned, [read("A1", 2000), read("A1", 20_000), read("A1", 40_000)])) == []


@pytest.mark.parametrize(("far", "alerts"), [(False, 1), (True, 0)])
@pytest.mark.parametrize("apart_ms", [300, 800])
def test_a_reader_that_sees_far_reads_a_card_at_the_next_lane_too(far: bool, alerts: int, apart_ms: int) -> None:
    near = plan(ZONED, line=False)
    planned = replace(near, readers={key: replace(each, far=far) for key, each in near.readers.items()})
    reads = [read("A1", 2000), read("A1", 2000 + apart_ms, "r-other")]
    assert len(raised(told(planned, reads))) == alerts


@pytest.mark.parametrize("second", ["A1", "A2"])
def test_any_card_of_a_person_is_that_person(second: str) -> None:
    assert len(raised(told(plan(BARE), [*goes("A1", 2000, OUT, 11), *goes(second, 12_000, OUT, 21)]))) == 1


FIRE = Contact(device="fire", at_ms=1000, state="active")
WORD = ManualPassage(order="m", lane="main", direction="out", who="g", person_id="ann", at_ms=2000)
PART = replace(CARD, inside="school/library", outside="school")


@pytest.mark.parametrize(
    ("access", "first", "second", "before"),
    [
        (BARE, ("A1", 2000), ("B1", 12_000), []),
        (BARE, ("FF", 2000), ("FF", 12_000), []),
        (BARE, ("A1", 2000), ("A1", 70_000), []),
        (PART, ("A1", 2000), ("A1", 12_000), []),
        (BARE, ("A1", 2000), ("A1", 12_000), [FIRE]),
        (BARE, ("A1", 2500), ("B1", 12_000), [WORD]),
    ],
    ids=["two cards", "an unknown card", "later", "a part of a zone", "in a fire", "beside a guard's word"],
)
def test_nothing_else_is_told_as_one_card_twice(
    access: Access, first: tuple[str, int], second: tuple[str, int], before: list[Signal]
) -> None:
    node = told(plan(access), [*before, *goes(*first, OUT, 11), *goes(*second, OUT, 21)])
    assert raised(node) == []


def test_two_whom_a_camera_calls_by_one_name_are_no_card_twice() -> None:
    """A sibling may be taken for the other: on the way out only cards say that both were meant to be one person."""
    named = [[face(10 * n + 2, 9000 * n, "ann"), *nameless(9000 * n + 500, "out", 10 * n + 1)] for n in (1, 2)]
    assert raised(told(plan(BARE), [signal for each in named for signal in each])) == []


@pytest.mark.parametrize("access", [BARE, ZONED, BOTH, replace(PLATE, ways=("plate", "card"))])
@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 15), st.sampled_from([IN, OUT])), max_size=6, unique_by=lambda each: each[0]))
def test_who_goes_to_and_fro_is_never_told(access: Access, shown: list[tuple[int, str]]) -> None:
    steps = sorted(shown)
    signals = [s for n, (at, way) in enumerate(steps) for s in goes("A1", 2000 + 4000 * at, way, 10 * n + 11)]
    node = told(plan(access), signals, 90_000)
    ways = [p.direction for p in sorted(node.passages, key=lambda p: p.media_time_s) if p.person_id == "ann"]
    if all(one != other for one, other in pairwise(ways)):
        assert raised(node) == []
