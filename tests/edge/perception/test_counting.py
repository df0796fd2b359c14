"""Bodies over a line: each once, whatever becomes of its track; with a face, still one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest
from scripted import NamedView, Scene, ScriptedSense, frame
from zhian_edge.capture import open_file
from zhian_edge.config.types import Camera, Config, Gateway, Node, Site
from zhian_edge.perception.dossier import Dossier, Judgement
from zhian_edge.perception.eye import Eye
from zhian_edge.perception.meter import Meter
from zhian_edge.perception.networks import open_networks
from zhian_edge.perception.pipeline import Pipeline
from zhian_edge.perception.types import Box
from zhian_edge.signals import Crossing, InView, Observation, Signal
from zhian_models.face.gallery import Gallery
from zhian_models.store import Store

DOWN_THE_MIDDLE = ((0.5, 0.0), (0.5, 1.0))


def run(senses: Sequence[ScriptedSense], scenes: Sequence[Scene], rooms: Sequence[int] | None = None) -> list[Signal]:
    camera = Camera(id="gate", source="gate.mp4", line=DOWN_THE_MIDDLE)
    eye = Eye(camera, senses, count(1), rate=5.0, keep=lambda _picture: "sha", meter=Meter())
    signals: list[Signal] = []
    for n, scene in enumerate(scenes):
        shown = frame(n, room=rooms[n] if rooms else 1, who=list(scene.values()))
        signals += eye.step(shown, shown.at_ms)
    return signals + eye.flush()


def body(n: int, dx: float = 8) -> Box:
    """Of somebody who walks to the right: on the line in look 14."""
    return 24 + dx * n, 40.0, 40.0, 120.0


def ways(signals: Sequence[Signal], kind: str = "body") -> list[str]:
    return [s.direction for s in signals if isinstance(s, Crossing) and s.kind == kind]


def passages(signals: Sequence[Signal], kind: str = "body") -> int:
    return sum(isinstance(s, Observation) and s.final and s.kind == kind for s in signals)


@pytest.mark.parametrize("hidden", [range(0), range(12, 16), range(12, 20), range(9, 13), range(15, 24)], ids=str)
def test_a_body_is_counted_once_though_its_track_breaks_near_the_line(hidden: range) -> None:
    scenes: list[Scene] = [{} if n in hidden else {"ann": body(n)} for n in range(30)]
    signals = run([ScriptedSense(scenes, kind="body")], scenes)
    assert ways(signals) == ["out"]
    assert passages(signals) == 1


def test_who_turns_back_or_stands_on_the_line_is_not_counted() -> None:
    course = [*range(13), *[13] * 15, *range(13, 0, -1)]
    scenes: list[Scene] = [{"ann": body(n)} for n in course]
    assert ways(run([ScriptedSense(scenes, kind="body")], scenes)) == []


def test_who_goes_over_and_back_is_counted_both_ways() -> None:
    scenes: list[Scene] = [{"ann": body(n)} for n in [*range(24), *range(23, 3, -1)]]
    assert ways(run([ScriptedSense(scenes, kind="body")], scenes)) == ["out", "in"]


def test_of_two_abreast_both_are_counted() -> None:
    scenes: list[Scene] = [{"ann": body(n), "bob": (24 + 8 * n + 48, 44, 40, 116)} for n in range(24)]
    signals = run([ScriptedSense(scenes, kind="body")], scenes)
    assert ways(signals) == ["out", "out"]
    assert passages(signals) == 2


def test_who_follows_another_closely_is_counted_too() -> None:
    scenes: list[Scene] = [{"ann": body(n), "bob": (body(n)[0] - 30, 36, 42, 126)} for n in range(30)]
    assert ways(run([ScriptedSense(scenes, kind="body")], scenes)) == ["out", "out"]


def test_a_cut_on_the_line_counts_nobody() -> None:
    scenes: list[Scene] = [{"ann": body(n)} for n in [*range(13), *range(17, 26)]]
    assert ways(run([ScriptedSense(scenes, kind="body")], scenes, [1] * 13 + [2] * 9)) == []


@pytest.mark.parametrize("late", [0, 6, 18])
def test_a_face_and_a_body_found_late_are_one_subject_over_the_line(late: int) -> None:
    faces: list[Scene] = [{"ann": (body(n)[0] + 12, 46, 16, 20)} for n in range(28)]
    bodies: list[Scene] = [{"ann": body(n)} if n >= late else {} for n in range(28)]
    signals = run([ScriptedSense(bodies, kind="body"), ScriptedSense(faces, enrolled=["ann"])], faces)
    crossings = [s for s in signals if isinstance(s, Crossing)]
    assert ways(signals, "face") == ["out"]
    assert len({s.subject for s in crossings}) == 1
    assert len({s.subject for s in signals if isinstance(s, Observation) and s.final}) == 1


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize("line", [((0.75, 0.0), (0.75, 1.0)), ((0.0, 0.94), (1.0, 0.94))])
def test_six_real_people_are_six_crossings(
    shared: Path, models_home: Path, line: tuple[tuple[float, float], tuple[float, float]], every: int
) -> None:
    """From above and behind, at 10 and 5 frames a second."""
    reel = shared / "reels" / "walkers.mp4"
    camera = Camera(id="door", source=str(reel), senses=("body",), line=line)
    config = Config(site=Site(id="s"), node=Node(id="n"), gateway=Gateway(brokers=(), url=""), cameras=(camera,))
    networks = open_networks(config.recognition, {"body"}, Store(models_home))
    pipeline = Pipeline(networks, Gallery(""), config)
    signals: list[Signal] = []
    for shown in open_file(reel, camera="door"):
        if shown.index % every == 0:
            signals += pipeline.step(shown, shown.at_ms)
    signals += pipeline.flush("door")
    assert ways(signals) == ["out"] * 6
    assert passages(signals) == 6


def views(signals: Sequence[Signal]) -> list[tuple[bool, float]]:
    return [(s.over, s.first_s) for s in signals if isinstance(s, InView)]


def test_before_a_line_a_body_is_told_of_once_and_long_before_its_last_word() -> None:
    scenes: list[Scene] = [{"ann": body(n)} for n in range(30)]
    signals = run([ScriptedSense(scenes, kind="body")], scenes)
    assert views(signals) == [(False, 0.0)]
    seen = next(n for n, s in enumerate(signals) if isinstance(s, InView))
    crossed = next(s for s in signals if isinstance(s, Crossing))
    assert signals.index(crossed) > seen
    assert crossed.first_s == 0.0


def test_a_shadow_that_was_told_of_as_a_body_is_taken_back() -> None:
    class Doubtful(ScriptedSense):
        def judge(self, dossier: Dossier[NamedView]) -> Judgement[NamedView] | None:
            return None if dossier.hits > 4 else super().judge(dossier)

    scenes: list[Scene] = [*({"ann": body(n)} for n in range(12)), *[{}] * 40]
    signals = run([Doubtful(scenes, kind="body")], scenes)
    assert views(signals) == [(False, 0.0), (True, 0.0)]
    assert passages(signals) == 0


def test_of_faces_and_without_a_line_nothing_is_told_early() -> None:
    scenes: list[Scene] = [{"ann": body(n)} for n in range(30)]
    assert views(run([ScriptedSense(scenes, enrolled=["ann"])], scenes)) == []
    camera = Camera(id="gate", source="gate.mp4")
    eye = Eye(camera, [ScriptedSense(scenes, kind="body")], count(1), rate=5.0, keep=lambda _: "sha", meter=Meter())
    frames = [frame(n, who=list(scene.values())) for n, scene in enumerate(scenes)]
    assert views([s for shown in frames for s in eye.step(shown, shown.at_ms)]) == []
