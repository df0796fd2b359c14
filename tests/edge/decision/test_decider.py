"""Lane transactions: one passage each, all evidence in it, whatever the order it comes in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tiers import examples
from zhian_edge.decision.decider import Decider
from zhian_edge.decision.plan import CameraPlan, LanePlan, Plan
from zhian_edge.signals import CameraReport, CardRead, Crossing, Observation, Signal
from zhian_wire.events import EventData, Health, Passage
from zhian_wire.evidence import Evidence


def plan(*cameras: CameraPlan) -> Plan:
    return Plan({c.id: c for c in cameras}, {"lane": LanePlan("lane", window_ms=4000)}, "boot")


ALONE = plan(CameraPlan("gate"))
LINED = plan(CameraPlan("gate", line=True))
LANE = plan(CameraPlan("faces", "lane"), CameraPlan("plates", "lane"))


def seen(track: int = 1, **more: Any) -> Observation:
    kind = more.get("kind", "face")
    at = more.get("at_ms", 1000)
    evidence = Evidence(
        kind=kind, device=more.get("camera", "gate"), at_ms=at, score=0.8, shots=5,
        person_id=more.get("person_id"), plate=more.get("plate"),
    )  # fmt: skip
    base: dict[str, Any] = {
        "camera": "gate", "source": "gate.mp4", "track": track, "kind": kind, "at_ms": at, "media_time_s": at / 1000,
        "first_s": at / 1000 - 0.5, "last_s": at / 1000 + 0.5, "final": True, "direction": "none", "evidence": evidence,
    }  # fmt: skip
    return Observation(**{**base, **more})


def crossed(track: int = 1, at_ms: int = 2000, direction: Any = "in", **more: Any) -> Crossing:
    base: dict[str, Any] = {"camera": "gate", "source": "gate.mp4", "kind": "face", "box": (0, 0, 1, 1)}
    return Crossing(**{**base, **more}, track=track, at_ms=at_ms, media_time_s=at_ms / 1000, direction=direction)


def run(decided: Plan, signals: Sequence[Signal], now_ms: int = 60_000) -> list[Passage]:
    it = Decider(decided)
    events: list[EventData] = [event for signal in signals for event in it.step(signal, 0)]
    events += it.tick(now_ms)
    events += it.finish()
    assert it.open == 0
    return [event for event in events if isinstance(event, Passage)]


def test_a_last_word_is_a_passage() -> None:
    (passage,) = run(ALONE, [seen(person_id="ann", reason="named")])
    assert (passage.kind, passage.person_id, passage.reason, passage.camera) == ("face", "ann", "named", "gate")
    assert (passage.media_time_s, passage.source, passage.transaction) == (1.0, "gate.mp4", "boot-gate-1-1000")


def test_an_unknown_face_is_a_passage_without_a_name() -> None:
    (passage,) = run(ALONE, [seen(reason="below_threshold")])
    assert (passage.kind, passage.person_id, passage.reason) == ("face", None, "below_threshold")


def test_a_certain_name_is_reported_after_a_while_though_the_person_stays() -> None:
    it = Decider(ALONE)
    it.step(seen(final=False, person_id="ann"), 1000)
    assert it.tick(4999) == []
    (passage,) = it.tick(5000)
    assert isinstance(passage, Passage)
    assert passage.person_id == "ann"


def test_what_is_said_after_the_passage_opens_no_second_one() -> None:
    it = Decider(ALONE)
    it.step(seen(final=False, person_id="ann"), 1000)
    assert len(it.tick(9000)) == 1
    it.step(seen(final=True, person_id="ann", at_ms=15_000), 15_000)
    assert it.tick(90_000) + it.finish() == []


def test_an_unknown_who_is_named_later_is_reported_by_name() -> None:
    it = Decider(ALONE)
    it.step(seen(final=False), 1000)
    (unknown,) = it.tick(30_000)
    it.step(seen(final=True, person_id="ann", at_ms=40_000), 40_000)
    (named,) = it.tick(40_000)
    assert isinstance(unknown, Passage)
    assert isinstance(named, Passage)
    assert (unknown.person_id, named.person_id) == (None, "ann")


def test_a_name_that_is_taken_back_in_time_is_not_said() -> None:
    early = seen(final=False, person_id="ann", last_s=1.0)
    back = seen(final=False, person_id=None, reason="ambiguous", last_s=2.0)
    for order in itertools.permutations([early, back, seen(final=True, reason="ambiguous", last_s=3.0)]):
        (passage,) = run(ALONE, order)
        assert passage.person_id is None


def test_a_face_and_its_body_are_one_passage_of_the_face() -> None:
    face, body = seen(1, person_id="ann", subject=7), seen(2, kind="body", subject=7)
    for order in ([face, body], [body, face]):
        (passage,) = run(ALONE, order)
        assert (passage.kind, passage.person_id, len(passage.evidence)) == ("face", "ann", 2)


def test_a_plate_and_its_car_are_one_passage_of_the_plate() -> None:
    car = seen(2, kind="body", body="car", subject=7)
    (passage,) = run(ALONE, [car, seen(1, kind="plate", plate="京A12345", subject=7)])
    assert (passage.kind, passage.plate, passage.body) == ("plate", "京A12345", "car")


def test_an_unread_plate_and_its_car_are_one_passage() -> None:
    car = seen(2, kind="body", body="truck", subject=7)
    (passage,) = run(ALONE, [car, seen(1, kind="plate", reason="plate_unread", subject=7)])
    assert (passage.kind, passage.plate, passage.body, passage.reason) == ("plate", None, "truck", "plate_unread")


def test_a_body_alone_says_what_it_is() -> None:
    (passage,) = run(ALONE, [seen(kind="body", body="person")])
    assert (passage.kind, passage.body) == ("body", "person")


def test_two_subjects_are_two_passages() -> None:
    assert len(run(ALONE, [seen(1), seen(2)])) == 2


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ({"person_id": "ann"}, [("ann", None, "none")]),
        ({"kind": "plate", "plate": "京A12345", "direction": "in"}, [(None, "京A12345", "none")]),
        ({"reason": "below_threshold", "last_s": 6.0, "direction": "in"}, [(None, None, "none")]),
        ({"kind": "plate", "reason": "plate_unread", "last_s": 6.0}, [(None, None, "none")]),
        ({"reason": "below_threshold"}, []),
        ({"kind": "plate", "reason": "plate_unread"}, []),
        ({"kind": "body", "body": "person", "last_s": 60.0}, []),
        ({"kind": "body", "body": "car", "last_s": 60.0}, []),
    ],
    ids=[
        "somebody known", "a plate", "a stranger who stays", "an unread plate that stays", "a stranger who passes by",
        "an unread plate that passes by", "a body", "a parked car",
    ],
)  # fmt: skip
def test_who_comes_up_to_a_line_and_does_not_cross_is_told_without_a_direction_if_it_matters(
    who: dict[str, Any], told: list[tuple[Any, ...]]
) -> None:
    assert [(p.person_id, p.plate, p.direction) for p in run(LINED, [seen(**who)])] == told


def test_a_face_that_is_lost_before_its_body_crosses_is_one_passage_with_its_way() -> None:
    it = Decider(LINED)
    it.step(seen(1, subject=7, person_id="ann", at_ms=1000), 3000)
    assert it.tick(3000) == []
    it.step(crossed(2, 8000, kind="body", subject=7), 8000)
    (passage,) = it.tick(8000)
    assert isinstance(passage, Passage)
    assert (passage.person_id, passage.direction) == ("ann", "in")


def test_who_crossed_is_not_told_once_more_for_staying() -> None:
    it = Decider(LINED)
    it.step(seen(final=False, person_id="ann"), 1000)
    it.step(crossed(at_ms=2000), 2000)
    assert len(it.tick(2000)) == 1
    it.step(seen(final=True, person_id="ann", at_ms=9000, last_s=60.0), 60_000)
    assert it.tick(90_000) + it.finish() == []


def test_a_crossing_is_a_passage_with_its_time_and_way() -> None:
    (passage,) = run(LINED, [crossed(at_ms=2000, direction="out"), seen(person_id="ann")])
    assert (passage.media_time_s, passage.direction, passage.person_id) == (2.0, "out", "ann")
    assert [e.kind for e in passage.evidence] == ["face", "crossing"]


def test_there_and_back_over_a_line_is_two_passages() -> None:
    passages = run(LINED, [crossed(at_ms=2000), crossed(at_ms=9000, direction="out"), seen(person_id="ann")])
    assert [(p.direction, p.media_time_s, p.person_id) for p in passages] == [("in", 2.0, "ann"), ("out", 9.0, "ann")]
    assert len({p.transaction for p in passages}) == 2


def test_a_face_and_its_body_cross_once_even_when_one_is_late() -> None:
    face, body = crossed(1, 2000, subject=7), crossed(2, 2600, kind="body", subject=7)
    for order in ([face, body], [body, face]):
        (passage,) = run(LINED, order)
        assert [e.kind for e in passage.evidence] == ["crossing", "crossing"]
    it = Decider(LINED)
    it.step(seen(1, subject=7, person_id="ann", final=False), 1000)
    it.step(face, 2000)
    assert len(it.tick(2000)) == 1
    it.step(body, 2600)
    assert it.tick(2600) + it.finish() == []


def test_a_crossing_is_reported_at_once_when_the_name_is_known() -> None:
    it = Decider(LINED)
    it.step(seen(final=False, person_id="ann"), 1000)
    assert it.tick(60_000) == []
    it.step(crossed(at_ms=61_000), 61_000)
    assert len(it.tick(61_000)) == 1


def test_a_crossing_of_somebody_never_well_seen_is_a_passage_too() -> None:
    (passage,) = run(LINED, [crossed(kind="body")])
    assert (passage.kind, passage.person_id, [e.kind for e in passage.evidence]) == ("body", None, ["crossing"])


def test_two_cameras_of_a_lane_make_one_passage_of_driver_and_car() -> None:
    face = seen(1, camera="faces", person_id="ann", at_ms=1000)
    plate = seen(2, camera="plates", kind="plate", plate="京A12345", at_ms=3000)
    for order in ([face, plate], [plate, face]):
        (passage,) = run(LANE, order)
        assert (passage.person_id, passage.plate, passage.lane, passage.kind) == ("ann", "京A12345", "lane", "face")
        assert len(passage.evidence) == 2


def test_what_is_too_far_apart_in_time_is_not_one_passage() -> None:
    face = seen(1, camera="faces", at_ms=1000)
    plate = seen(2, camera="plates", kind="plate", plate="京A12345", at_ms=6000)
    assert len(run(LANE, [face, plate])) == 2


def test_two_people_of_one_lane_are_never_one_passage() -> None:
    assert len(run(LANE, [seen(1, camera="faces"), seen(2, camera="faces"), seen(3, camera="plates")])) == 3


def test_signals_that_no_policy_here_uses_do_no_harm() -> None:
    assert run(ALONE, [CardRead(reader="r", at_ms=1, card="AB")]) == []


def _signals() -> st.SearchStrategy[list[Signal]]:
    observation = st.builds(
        lambda camera, track, at, who, final: seen(
            track, camera=camera, at_ms=at, person_id=who, final=final, kind="plate" if camera == "plates" else "face"
        ),
        st.sampled_from(["gate", "faces", "plates"]),
        st.integers(1, 4),
        st.integers(0, 20_000),
        st.sampled_from([None, "ann", "bob"]),
        st.booleans(),
    )
    crossing = st.builds(
        lambda track, at: crossed(track, at_ms=at, camera="lined"), st.integers(1, 3), st.integers(0, 20_000)
    )
    return st.lists(st.one_of(observation, crossing), max_size=12)


MIXED = plan(
    CameraPlan("gate"), CameraPlan("faces", "lane"), CameraPlan("plates", "lane"), CameraPlan("lined", line=True)
)


def _key(signal: Signal) -> tuple[Any, ...]:
    if isinstance(signal, Observation):
        return signal.camera, signal.track, signal.final, signal.last_s, signal.person_id or ""
    return ()


@settings(max_examples=examples(150))
@given(_signals(), st.randoms(use_true_random=False))
def test_interleavings_do_not_matter(signals: list[Signal], random: Any) -> None:
    distinct = list({(_key(s)[:4] if _key(s) else id(s)): s for s in signals}.values())
    shuffled = list(distinct)
    random.shuffle(shuffled)
    assert run(MIXED, distinct) == run(MIXED, shuffled)


@settings(max_examples=examples(150))
@given(_signals())
def test_no_subject_is_lost_or_told_twice(signals: list[Signal]) -> None:
    signals = list({s.at_ms if isinstance(s, Crossing) else id(s): s for s in signals}.values())
    passages = run(MIXED, signals)
    subjects = {(s.camera, s.track) for s in signals if isinstance(s, Observation)}
    crossings = sorted(s.at_ms for s in signals if isinstance(s, Crossing))
    told = [e for p in passages for e in p.evidence if e.kind != "crossing"]
    assert len(told) == len(subjects)
    assert sorted(e.at_ms for p in passages for e in p.evidence if e.kind == "crossing") == crossings
    assert len({p.transaction for p in passages}) == len(passages)


def report(status: Any, at_ms: int = 0) -> CameraReport:
    return CameraReport(camera="gate", at_ms=at_ms, status=status, cause="no_frames" if status == "blind" else "")


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["starting", "ok", "ok"], []),
        (["ok", "blind", "blind", "blind"], ["down"]),
        (["ok", "blind", "ok", "ok"], ["down", "ok"]),
        (["blind", "starting", "blind"], ["down"]),
    ],
    ids=str,
)
def test_a_blind_camera_is_told_once_each_way(states: list[str], told: list[str]) -> None:
    it = Decider(ALONE)
    events = [event for state in states for event in it.step(report(state), 0)]
    assert [e.status if isinstance(e, Health) else type(e).__name__ for e in events] == told


def test_a_camera_that_was_moved_is_told_with_its_picture_and_nobody_is_called() -> None:
    decider = Decider(ALONE)
    moved = msgspec.structs.replace(report("ok"), cause="moved", picture="ab" * 32)
    events = [event for state in (report("ok"), moved, moved, report("ok")) for event in decider.step(state, 0)]
    assert [(e.status, e.cause) for e in events if isinstance(e, Health)] == [("degraded", "moved"), ("ok", "")]
    assert len(events) == 2
    (first, _) = (event for event in events if isinstance(event, Health))
    assert [(piece.kind, piece.picture) for piece in first.evidence] == [("view", "ab" * 32)]
