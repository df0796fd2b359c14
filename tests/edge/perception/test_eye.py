"""One camera as a whole: subjects stay one, cuts end everything, names are said once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from scripted import Scene, ScriptedSense, frame
from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Camera
from zhian_edge.perception.eye import Eye
from zhian_edge.perception.meter import Meter
from zhian_edge.signals import Crossing, Observation, Signal

ROOMS_EMPTY = 12


def eye(senses: Sequence[ScriptedSense], **camera: object) -> Eye:
    configured = Camera(id="gate", source="gate.mp4", **camera)  # type: ignore[arg-type]
    return Eye(configured, senses, count(1), rate=5.0, keep=lambda _picture: "sha", meter=Meter())


def run(it: Eye, scenes: Sequence[Scene], rooms: Sequence[int] | None = None) -> list[Signal]:
    signals: list[Signal] = []
    for n, scene in enumerate(scenes):
        shown = frame(n, room=rooms[n] if rooms else 1, who=list(scene.values()))
        signals += it.step(shown, shown.at_ms)
    return signals + it.flush()


def finals(signals: Sequence[Signal]) -> list[Observation]:
    return [s for s in signals if isinstance(s, Observation) and s.final]


def walk(name: str, frames: int, x: float = 40, dx: float = 6) -> list[Scene]:
    return [{name: (x + dx * n, 50.0, 40.0, 40.0)} for n in range(frames)]


def test_somebody_who_passes_has_one_last_word_with_exactly_the_look_that_was_read() -> None:
    scenes = walk("ann", 10)
    (said,) = finals(run(eye([ScriptedSense(scenes, enrolled=["ann"])]), scenes))
    assert (said.person_id, said.kind, said.evidence.picture) == ("ann", "face", "sha")
    assert said.evidence.frame is not None
    assert said.evidence.box == scenes[said.evidence.frame]["ann"]
    assert said.media_time_s == said.evidence.frame * 0.2


def test_a_certain_name_is_said_before_the_track_ends_and_only_once() -> None:
    scenes = walk("ann", 12)
    signals = run(eye([ScriptedSense(scenes, enrolled=["ann"])]), scenes)
    assert [s.final for s in signals if isinstance(s, Observation)] == [False, True]


def test_a_stranger_is_said_at_the_end() -> None:
    scenes = walk("bob", 8)
    (said,) = run(eye([ScriptedSense(scenes)]), scenes)
    assert isinstance(said, Observation)
    assert (said.final, said.person_id, said.reason) == (True, None, "below_threshold")


def test_a_jump_of_the_picture_makes_nobody_who_stays_come_twice() -> None:
    scenes = [*walk("ann", 10), *walk("ann", 10, x=100)]
    said = finals(run(eye([ScriptedSense(scenes, enrolled=["ann"])]), scenes, [1] * 10 + [2] * 10))
    assert [one.person_id for one in said] == ["ann"]


def test_somebody_else_after_a_cut_is_told_and_the_same_one_later_too() -> None:
    empty: list[Scene] = [{}] * 5
    scenes = [*walk("ann", 10), *walk("bob", 10, x=100), *empty, *walk("ann", 10)]
    it = eye([ScriptedSense(scenes, enrolled=["ann", "bob"])])
    said = finals(run(it, scenes, [1] * 10 + [2] * 25))
    assert [one.person_id for one in said] == ["ann", "bob", "ann"]


def test_what_is_larger_than_the_picture_is_nobody_and_crosses_nothing() -> None:
    scenes: list[Scene] = [{"ghost": (-100.0 + 30 * n, 20.0, 330.0, 90.0)} for n in range(12)]
    assert run(eye([ScriptedSense(scenes)], line=((0.5, 0.0), (0.5, 1.0))), scenes) == []


def test_whoever_is_about_to_cross_is_hurried_for_whatever_the_pressure() -> None:
    scenes = walk("ann", 30, x=0, dx=8)
    it = eye([ScriptedSense(scenes)], line=((0.5, 0.0), (0.5, 1.0)))
    it.press(4.0)
    urgent = []
    for n, scene in enumerate(scenes):
        shown = frame(n, who=list(scene.values()))
        it.step(shown, shown.at_ms)
        urgent.append(it.urgent)
    assert not urgent[0]
    assert any(urgent)
    assert not urgent[-1]
    assert sum(urgent) < 15


def test_one_look_is_too_little_for_a_passage() -> None:
    scenes: list[Scene] = [{}, {"bob": (50, 50, 40, 40)}, {}, {}]
    assert run(eye([ScriptedSense(scenes)]), scenes) == []


def test_a_subject_lost_for_a_moment_is_one_subject() -> None:
    scenes = [*walk("ann", 5), *[{}] * 3, *walk("ann", 6, x=120)]
    assert len(finals(run(eye([ScriptedSense(scenes)]), scenes))) == 1


def test_a_subject_lost_for_longer_and_found_elsewhere_is_one_subject() -> None:
    scenes = [*walk("ann", 5), *[{}] * 10, *walk("ann", 6, x=200)]
    assert len(finals(run(eye([ScriptedSense(scenes)]), scenes))) == 1


def test_who_comes_again_after_leaving_is_another_passage() -> None:
    scenes = [*walk("ann", 5), *[{}] * 40, *walk("ann", 6, x=200)]
    assert len(finals(run(eye([ScriptedSense(scenes)]), scenes))) == 2


def test_a_cut_ends_everything_and_carries_no_identity_over() -> None:
    scenes = [*walk("ann", 6), *walk("ann", 6, x=76)]
    said = finals(run(eye([ScriptedSense(scenes)]), scenes, rooms=[1] * 6 + [2] * 6))
    assert len(said) == 2
    assert said[0].last_s < said[1].first_s


def test_two_who_cross_keep_their_names() -> None:
    scenes: list[Scene] = [
        {"ann": (20 + 16 * n, 60.0, 40.0, 40.0), "bob": (260 - 16 * n, 62.0, 40.0, 40.0)} for n in range(16)
    ]
    said = finals(run(eye([ScriptedSense(scenes, enrolled=["ann", "bob"])]), scenes))
    assert sorted(s.person_id or "" for s in said) == ["ann", "bob"]


def test_nobody_is_in_two_places_at_once() -> None:
    scenes: list[Scene] = [
        {"ann": (20 + 4 * n, 60.0, 40.0, 40.0), "ann'": (200 + 4 * n, 60.0, 40.0, 40.0)} for n in range(10)
    ]
    said = finals(run(eye([ScriptedSense(scenes, enrolled=["ann"])]), scenes))
    assert sorted((s.person_id or "", s.reason) for s in said) == [("", "ambiguous"), ("ann", "named")]


def test_a_face_and_its_body_are_one_subject_and_the_body_speaks_last() -> None:
    faces = [{"ann": (110.0, 30.0, 20.0, 20.0)} for _ in range(8)]
    bodies = [{"person": (90.0, 20.0, 60.0, 150.0)} for _ in range(8)]
    for scene, n in zip((*faces, *bodies), (*range(8), *range(8)), strict=True):
        for name, (x, y, w, h) in list(scene.items()):
            scene[name] = (x + 3 * n, y, w, h)
    it = eye([ScriptedSense(bodies, kind="body"), ScriptedSense(faces, enrolled=["ann"])])
    said = finals(run(it, bodies))
    assert [s.kind for s in said] == ["face", "body"]
    assert said[0].subject == said[1].subject
    assert [s.joined for s in said] == [True, False]


def test_a_line_is_crossed_once_and_the_way_is_told() -> None:
    scenes = walk("ann", 20, x=20, dx=12)
    it = eye([ScriptedSense(scenes, enrolled=["ann"])], line=((0.5, 0.0), (0.5, 1.0)))
    crossings = [s for s in run(it, scenes) if isinstance(s, Crossing)]
    assert [(c.direction, c.kind) for c in crossings] == [("out", "face")]


def test_nothing_outside_the_zone_is_looked_at() -> None:
    scenes = walk("ann", 8)
    it = eye([ScriptedSense(scenes)], zone=((0.8, 0.0), (1.0, 0.0), (1.0, 1.0), (0.8, 1.0)))
    assert run(it, scenes) == []


def test_evidence_of_a_drawn_camera_says_so() -> None:
    scenes = walk("ann", 8)
    (said,) = finals(run(eye([ScriptedSense(scenes)], synthetic=True), scenes))
    assert said.evidence.synthetic


def test_an_empty_still_room_is_not_looked_at() -> None:
    sense = ScriptedSense([{}] * 60)
    it = eye([sense])
    looked = []
    for n in range(60):
        shown = frame(n)
        it.step(shown, shown.at_ms)
        looked.append(bool(it.looked))
    assert looked[0]
    assert not any(looked[10:])


class NeverDone(ScriptedSense):
    """More could always be learnt of whoever is in view."""

    def settled(self, dossier: object) -> bool:
        del dossier
        return False


def test_who_stands_still_keeps_no_camera_awake_also_right_after_its_start() -> None:
    scenes = [*walk("ann", 3), *[walk("ann", 3)[-1]] * 10]
    it, busy, learnt = eye([NeverDone(scenes)]), [], []
    for n, scene in enumerate(scenes):
        shown = frame(min(n, 2), who=list(scene.values()))
        shown = Frame.of_picture(shown.bgr(), camera="gate", source="gate.mp4", index=n, media_time_s=n / 5)
        it.step(shown, shown.at_ms)
        busy.append(it.busy)
        learnt.append(it.looked)
    assert busy[:3] == [True] * 3
    assert not any(busy[4:])
    assert any(learnt[4:]), "who is in view is looked at now and then"


def test_a_trace_decides_what_is_looked_at() -> None:
    scenes = walk("ann", 10)
    it = eye([ScriptedSense(scenes)])
    for n in range(10):
        shown = frame(n, who=list(scenes[n].values()))
        it.step(shown, shown.at_ms, looks=("face",) if n % 2 else ())
        assert it.looked == (("face",) if n % 2 else ())
