"""Live and replay agree: what the vision process said of several cameras, a replay of its trace says again."""

from __future__ import annotations

import io
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
from zhian_edge.capture import open_file
from zhian_edge.config.types import Camera, Config, Gateway, Node, Recognition, Site
from zhian_edge.perception.networks import open_networks
from zhian_edge.perception.pipeline import Pipeline
from zhian_edge.process.ipc import Begin
from zhian_edge.replay.people import People, enrol
from zhian_edge.replay.running import Request, follow, replay
from zhian_edge.replay.trace import read_trace
from zhian_edge.signals import CameraReport, Crossing, InView, Observation, Signal, VisionBeat
from zhian_edge.vision_child import VisionChild, VisionLost
from zhian_models.store import Store
from zhian_wire.roster import Person, Roster, Template

pytestmark = [pytest.mark.slow, pytest.mark.shared]

#: Of each reel: seconds from and to, and the camera that sees it.
CLIPS = {
    "people": ((9.0, 12.4), (42.0, 46.0)),
    "cars": ((2.5, 10.0),),
    "walkers": ((5.5, 12.5),),
}


def clip(reel: Path, spans: Sequence[tuple[float, float]], out: Path) -> Path:
    """Some stretches of a reel, joined by cuts."""
    truth = json.loads(reel.with_suffix(".truth.json").read_text())
    with av.open(str(out), "w") as container:
        stream: Any = container.add_stream("libx264", rate=truth["fps"])
        stream.width, stream.height = truth["width"], truth["height"]
        stream.options = {"preset": "ultrafast", "crf": "18", "bf": "0", "g": "25"}
        stream.pix_fmt = "yuv420p"
        for frame in open_file(reel):
            if any(first <= frame.media_time_s < last for first, last in spans):
                container.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(frame.bgr()), format="bgr24")))
        container.mux(stream.encode())
    return out


@pytest.fixture(scope="module")
def clips(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    return {
        name: clip(shared / "reels" / f"{name}.mp4", spans, folder / f"{name}.mp4") for name, spans in CLIPS.items()
    }


def config(clips: dict[str, Path], rest_s: float) -> Config:
    line = ((0.0, 0.7), (1.0, 0.7))
    senses: dict[str, Any] = {"people": ("face", "body"), "cars": ("plate", "body"), "walkers": ("body",)}
    cameras = tuple(
        Camera(id=name, source=str(path), senses=senses[name], line=line, lane=name, loop=False)
        for name, path in clips.items()
    )
    return Config(
        site=Site(id="s"), node=Node(id="n"), gateway=Gateway(brokers=(), url=""), cameras=cameras,
        recognition=Recognition(rest_s=rest_s),
    )  # fmt: skip


def roster(who: People, made: Config, home: Path) -> Roster:
    networks = open_networks(made.recognition, {"face"}, Store(home))
    assert who.folder is not None
    persons = []
    for folder in sorted(who.folder.iterdir()):
        enrolled = networks.enroller().enrol_folder(folder.name, folder)
        templates = tuple(Template(key=enrolled.key, vector=t.astype("<f4").tobytes()) for t in enrolled.templates)
        persons.append(Person(id=folder.name, templates=templates))
    return Roster(version=1, persons=tuple(persons))


class Live:
    """What vision said, until all films had ended."""

    def __init__(self, made: Config, people: Roster, folder: Path) -> None:
        self.signals: list[Signal] = []
        self.ended: set[str] = set()
        self.dropped = 0
        self.lost: list[VisionLost] = []
        self._child = VisionChild(
            Begin(config=made, spool=str(folder / "spool"), trace=str(folder / "trace")), self._heard
        )
        self._child.use_roster(people)
        self._everybody = tuple(person.id for person in people.persons)
        self._cameras = {camera.id for camera in made.cameras}

    def run(self) -> None:
        self._child.open()
        until = time.monotonic() + 120
        while self.ended < self._cameras and time.monotonic() < until:
            for message in self._child.step():
                self._heard(message)
                if isinstance(message, Observation) and message.kind == "face" and message.person_id is None:
                    # The cards of all who are enrolled, read while this one was in view.
                    awaited = dict.fromkeys(self._everybody, message.at_ms)
                    self._child.compare("people", self._everybody, awaited)
        self._child.close()
        assert not self.lost
        assert self.ended == self._cameras

    def _heard(self, message: object) -> None:
        if isinstance(message, Observation | Crossing | InView):
            self.signals.append(message)
        elif isinstance(message, VisionBeat):
            self.ended |= {report.camera for report in message.cameras if report.cause == "ended"}
            self.dropped = sum(report.dropped for report in message.cameras)
        elif isinstance(message, VisionLost):
            self.lost.append(message)
        else:
            assert isinstance(message, CameraReport)


def told(signals: Iterable[Signal]) -> Counter[tuple[object, ...]]:
    """What matters of each: times are of the film, tracks have other numbers."""
    return Counter(_facts(signal) for signal in signals)


def _facts(signal: Signal) -> tuple[object, ...]:
    if isinstance(signal, InView):
        return signal.camera, signal.kind, signal.media_time_s, signal.first_s, signal.over
    where = (signal.camera, signal.kind, signal.media_time_s, signal.direction)
    if isinstance(signal, Crossing):
        return (*where, signal.box)
    named = (signal.person_id, signal.plate, signal.body, signal.reason, signal.final)
    return (*where, *named, signal.first_s, signal.last_s, signal.evidence.box, signal.evidence.score, signal.checks)


def again(made: Config, who: People, trace: Path, home: Path) -> list[Signal]:
    """The trace's frames through a pipeline of our own."""
    networks = open_networks(made.recognition, {"face", "plate", "body"}, Store(home))
    pipeline = Pipeline(networks, enrol(who, networks)[0], made)
    recorded = read_trace(trace)
    signals: list[Signal] = []
    for camera in made.cameras:
        follow(pipeline, recorded.before(camera.id))
        for frame in recorded.only(open_file(Path(camera.source), camera=camera.id)):
            signals += pipeline.step(frame, frame.at_ms, recorded.looked(frame))
            signals += follow(pipeline, recorded.after(frame))
        signals += pipeline.flush(camera.id)
    return signals


@pytest.mark.parametrize("rest_s", [0.0, 1.0], ids=["awake", "resting"])
def test_a_replay_of_the_trace_says_what_was_said_live(
    clips: dict[str, Path], shared: Path, models_home: Path, tmp_path: Path, rest_s: float
) -> None:
    made, who = config(clips, rest_s), People(shared / "reels" / "people")
    live = Live(made, roster(who, made, models_home), tmp_path)
    live.run()
    assert {signal.camera for signal in live.signals} == set(clips)
    assert any(signal.checks for signal in live.signals if isinstance(signal, Observation))
    assert told(again(made, who, tmp_path / "trace", models_home)) == told(live.signals)


def test_two_replays_of_one_trace_are_the_same_bytes(
    clips: dict[str, Path], shared: Path, models_home: Path, tmp_path: Path
) -> None:
    made, who = config(clips, 1.0), People(shared / "reels" / "people")
    live = Live(made, roster(who, made, models_home), tmp_path)
    live.run()
    request = Request(list(clips.values()), config=made, who=who, trace=read_trace(tmp_path / "trace"))
    outs = [io.BytesIO(), io.BytesIO()]
    summaries = [replay(request, out, store=Store(models_home)) for out in outs]
    assert outs[0].getvalue() == outs[1].getvalue()
    passages = [json.loads(line)["data"] for line in outs[0].getvalue().splitlines()]
    finals = [s for s in live.signals if isinstance(s, Observation) and s.final]
    assert {p["person_id"] for p in passages} == {s.person_id for s in finals}
    assert {p["plate"] for p in passages} == {s.plate for s in finals}
    assert {(s.runtime, s.precision) for s in summaries} == {("onnxruntime", "f32")}
    assert msgspec.json.decode((tmp_path / "trace").read_bytes().splitlines()[0])["camera"] in clips
