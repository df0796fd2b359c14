"""A child who is slow, alone in the lane, with card and face, is told by name; nobody beside them gets their name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import ANN, FACE, Node, body, crossed, face, other, plan, read
from support.tiers import examples
from zhian_wire.roster import Person

USUAL_MS, APART_MS = 900, 12_000
PUPILS = tuple(Person(id=f"p{n}", group="pupil", cards=(f"AA{n:02d}",), templates=FACE) for n in range(10))


@pytest.fixture(scope="module")
def brisk() -> Any:
    """Makes a lane by which ten pupils went, each alone and as quickly as the other, and says what time it is then."""

    def make() -> tuple[Node, int]:
        node = Node(plan(), (*PUPILS, ANN))
        for n, pupil in enumerate(PUPILS):
            walk(node, 10 * (n + 1), 5000 + APART_MS * n, pupil, USUAL_MS)
        node.until(5000 + APART_MS * len(PUPILS) + 20_000)
        return node, node.now + 1000

    return make


def walk(node: Node, track: int, at_ms: int, who: Person, after_ms: int, *, face_after_ms: int = -50) -> None:
    """Card, face and body of one who goes alone; the face is followed under a number of its own, and last seen so long
    after the body went over the line."""
    since_s, went_ms = (at_ms - 1500) / 1000, at_ms + after_ms
    last_ms = went_ms + face_after_ms
    node.at(read(who.cards[0], at_ms))
    node.at(face(1000 + track, at_ms + 100, who.id, final=False, first_s=since_s))
    node.at(crossed(track, went_ms))
    last = face(1000 + track, last_ms, who.id, first_s=since_s)
    node.at(last, max(last_ms, went_ms) + 100)
    node.at(body(track, at_ms - 500, first_s=since_s - 0.3, last_s=(went_ms + 300) / 1000), max(last_ms, went_ms) + 700)


def told(node: Node, since: int) -> list[tuple[str | None, str]]:
    node.until(node.now + 40_000)
    return [(each.person_id, each.direction) for each in node.passages[since:]]


@pytest.mark.parametrize("after_ms", [900, 1700, 2500, 3500, 3900])
@pytest.mark.parametrize("face_after_ms", [-1000, -50, 310, 600])
def test_whoever_is_slow_alone_is_told_by_name_and_is_no_tailgater(
    brisk: Any, after_ms: int, face_after_ms: int
) -> None:
    node, now_ms = brisk()
    before = len(node.passages)
    walk(node, 910, now_ms, ANN, after_ms, face_after_ms=face_after_ms)
    assert told(node, before) == [("ann", "in")]
    assert node.alerts == []


@settings(max_examples=examples(15), deadline=None)
@given(after_ms=st.integers(800, 3900), face_after_ms=st.integers(-1200, 600))
def test_however_slow_they_are_they_are_told_once(after_ms: int, face_after_ms: int) -> None:
    node = Node(plan())
    walk(node, 910, 5000, ANN, after_ms, face_after_ms=face_after_ms)
    assert told(node, 0) == [("ann", "in")]
    assert node.decider.presence(node.now) == {"school": 1}
    assert node.alerts == []


def test_who_goes_with_nothing_gets_no_name_of_one_who_stayed(brisk: Any) -> None:
    node, now_ms = brisk()
    before, since_s = len(node.passages), (now_ms - 1500) / 1000
    node.at(read("A1", now_ms))
    node.at(face(1911, now_ms + 100, "ann", final=False, first_s=since_s))
    node.at(crossed(920, now_ms + 2500))
    node.at(face(1911, now_ms + 2400, "ann", first_s=since_s), now_ms + 2700)
    node.at(body(920, now_ms + 2000, first_s=(now_ms + 1500) / 1000, last_s=(now_ms + 2800) / 1000), now_ms + 3200)
    node.at(body(910, now_ms, first_s=since_s, last_s=(now_ms + 2500) / 1000), now_ms + 3300)
    assert sorted(told(node, before), key=str) == [("ann", "none"), (None, "in")]
    assert "tailgating" in node.alerts


def test_a_face_that_is_plainly_another_s_proves_no_card(brisk: Any) -> None:
    node, now_ms = brisk()
    before, since_s = len(node.passages), (now_ms - 1500) / 1000
    node.at(read("A1", now_ms))
    node.at(face(1911, now_ms + 100, None, other("ann"), final=False, first_s=since_s))
    node.at(crossed(910, now_ms + 1500))
    node.at(face(1911, now_ms + 1400, None, other("ann"), first_s=since_s), now_ms + 1700)
    node.at(body(910, now_ms, first_s=since_s, last_s=(now_ms + 1800) / 1000), now_ms + 2200)
    assert ("ann", "in") not in told(node, before)
    assert "borrowed_card" in node.alerts
