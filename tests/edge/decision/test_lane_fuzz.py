"""Whatever comes, in whatever order: nothing is told twice, nothing is lost, nothing stays open, nothing breaks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.lanes import ANY, BOTH, CARD, PLATE, Node, body, crossed, face, other, plan, plate, read, same
from support.tiers import examples
from zhian_edge.decision.transaction import TOGETHER_MS
from zhian_edge.signals import Acted, CameraReport, Contact, Crossing, LaneOrder, ManualPassage, Signal
from zhian_wire.codec import decode, encode
from zhian_wire.events import Decision, Event

TRACKS = st.integers(1, 6)
TIMES = st.integers(0, 20_000)
WAYS = st.sampled_from(["in", "out"])
PLATES = st.sampled_from(["京A12345", "京B00001"])
STATES = st.sampled_from(["open_once", "held_open", "locked", "normal"])
PERSONS = st.sampled_from([None, "ann", "bob", "nobody"])
POLICIES = [
    ANY,
    replace(CARD, anti_passback="hard"),
    replace(ANY, anti_passback="hard"),
    BOTH,
    replace(PLATE, ways=("plate", "card"), inside="yard"),
]


def signals() -> st.SearchStrategy[Signal]:
    checks = st.sampled_from([(), (same("ann"),), (other("ann"), same("bob"))])
    return st.one_of(
        st.builds(read, st.sampled_from(["A1", "A2", "B1", "B0", "FF"]), TIMES, st.sampled_from(["r-in", "r-out"])),
        st.builds(
            lambda t, at, who, found, final: face(10 * t + 2, at, who, *found, final=final),
            TRACKS,
            TIMES,
            PERSONS,
            checks,
            st.booleans(),
        ),
        st.builds(lambda t, at: body(10 * t + 1, at), TRACKS, TIMES),
        st.builds(lambda t, at, text: plate(10 * t + 3, at, text), TRACKS, TIMES, PLATES),
        st.builds(lambda t, at, way: crossed(10 * t + 1, at, way), TRACKS, TIMES, WAYS),
        st.builds(lambda t, at, way: crossed(10 * t + 2, at, way, "face"), TRACKS, TIMES, WAYS),
        st.builds(
            lambda at, state: LaneOrder(order=str(at), lane="main", state=state, who="g", at_ms=at),
            TIMES,
            STATES,
        ),
        st.builds(
            lambda at, who: ManualPassage(
                order=f"m{at}", lane="main", direction="in", who="g", at_ms=at, person_id=who
            ),
            TIMES,
            PERSONS,
        ),
        st.builds(
            lambda at, state: Contact(device="bar", at_ms=at, state=state), TIMES, st.sampled_from(["open", "closed"])
        ),
        st.builds(
            lambda at, state: Contact(device="fire", at_ms=at, state=state), TIMES, st.sampled_from(["active", "idle"])
        ),
        st.builds(
            lambda at, end: Acted(lane="main", transaction="t", action="pulse", result=end, at_ms=at),
            TIMES,
            st.sampled_from(["done", "failed"]),
        ),
        st.builds(
            lambda at, how: CameraReport(camera="cam", at_ms=at, status=how), TIMES, st.sampled_from(["ok", "blind"])
        ),
    )


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(signals(), max_size=25), st.sampled_from(POLICIES), st.booleans(), st.booleans())
def test_nothing_is_told_twice_or_lost(happened: list[Signal], access: Any, late: bool, dies: bool) -> None:
    happened = list({(type(s).__name__, getattr(s, "track", 0), getattr(s, "at_ms", 0)): s for s in happened}.values())
    node = Node(plan(access))
    ordered = happened if late else sorted(happened, key=lambda s: getattr(s, "at_ms", 0))
    for signal in ordered:
        node.at(signal, now_ms=20_000 if late else None)
    if dies:
        node.decider.blinded(node.now)
    node.until(120_000)
    assert node.decider.open == 0
    told = Counter((e.at_ms, e.box) for p in node.passages for e in p.evidence if e.kind == "crossing")
    seats = max(len(p.evidence) for p in node.passages) if access.vehicles and node.passages else 1
    assert all(count <= seats for count in told.values())  # each person in a car shows its crossing
    # A face and its body go over the line as one: of a late second word only the first is told.
    moments = {(at_ms, int(box[0]) // 10) for at_ms, box in told if box is not None}
    for crossing in (s for s in happened if isinstance(s, Crossing)):
        assert any(abs(crossing.at_ms - ms) <= TOGETHER_MS and crossing.subject == who for ms, who in moments)
    answered = Counter(d.transaction for d in node.events if isinstance(d, Decision))
    assert all(count == 1 for count in answered.values())
    for number, data in enumerate(node.events):
        event = Event(
            site="s", node="n", epoch="e", seq=number + 1, boot="b", mono_ms=1, time="2026-03-02T00:00:00.000Z",
            clock="trusted", data=data,
        )  # fmt: skip
        assert decode(encode(event)) == event


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(signals(), max_size=15), st.integers(0, 20_000))
def test_stopping_tells_everything_that_is_open(happened: list[Signal], stop_ms: int) -> None:
    node = Node()
    for signal in sorted(happened, key=lambda s: getattr(s, "at_ms", 0)):
        if getattr(signal, "at_ms", 0) <= stop_ms:
            node.at(signal)
    node.decider.finish()
    assert node.decider.open == 0
