#!/usr/bin/env python3
"""What a camera's second, small stream saves, and what it costs in names and plates.

Usage: substream.py [--material DIR] [--reels NAME ...] [--small WIDTHxHEIGHT] [--json FILE]

Makes of each reel the two streams that a camera would send at once: the large one (as the reel is, or enlarged with
`--large`) and a small one, both coded as surveillance cameras do, without pictures out of order. Each reel is then gone
through three times by the node's own pipeline and decision, and scored against the truth: by the large stream alone, by
the small one with the large one's detail where something is cut out (`FullStream`), and by the small one alone.
Processor time is that of the thread which decodes and recognises; reading the large stream's packets is in it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

os.environ.setdefault("OMP_NUM_THREADS", "1")

import av
from reel import Said, read_truth, score
from zhian_edge.capture import open_file
from zhian_edge.capture.file import FileFrames, open_file_media
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.full import FullStream
from zhian_edge.capture.media import FrameMaker
from zhian_edge.config.types import Camera, Config, Gateway, Node, Sense, Site
from zhian_edge.decision.decider import Decider
from zhian_edge.errors import SourceLost
from zhian_edge.perception.networks import open_networks
from zhian_edge.perception.pipeline import Pipeline
from zhian_edge.planning import plan_of
from zhian_edge.replay.people import People, enrol
from zhian_models.store import Store
from zhian_wire.events import EventData, Passage

ROOT: Final = Path(__file__).resolve().parents[2]
MATERIAL: Final = ROOT.parent / "shared" / "testdata"
SENSES: Final[dict[str, tuple[Sense, ...]]] = {"people": ("face",), "cars": ("plate",)}
#: What a camera's coder does: key frames two seconds apart, no pictures out of order.
CODER: Final = {"preset": "veryfast", "bf": "0", "g": "50", "sc_threshold": "0"}
CAMERA: Final = "camera"
How = Literal["large", "both", "small"]


@dataclass(frozen=True)
class Outcome:
    """One way through one reel. Milliseconds of processor per second of film."""

    reel: str
    how: How
    ms_per_camera_second: float
    found: int
    required: int
    faults: int


def coded(reel: Path, path: Path, size: tuple[int, int], crf: int) -> Path:
    """The reel as a stream of `size`."""
    with av.open(str(reel)) as source, av.open(str(path), "w") as out:
        given = source.streams.video[0]
        stream = out.add_stream("libx264", rate=given.average_rate, options={**CODER, "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for picture in source.decode(given):
            shown = picture.reformat(*size, format="yuv420p", interpolation="AREA" if size[0] < picture.width else None)
            shown.pts, shown.time_base = picture.pts, picture.time_base
            out.mux(stream.encode(shown))
        out.mux(stream.encode(None))
    return path


def paired(small: Path, large: Path) -> Iterable[Frame]:
    """The small stream's frames with the large one's detail; both come in step, on the film's own clock."""
    now = [0.0]
    full = FullStream(CAMERA, large.name, lambda: open_file_media(large), clock=lambda: now[0])
    full.open()
    media = open_file_media(small)
    maker = FrameMaker(CAMERA, small.name, media.facts.rate, full.dress)
    for frame in FileFrames(small, media, maker):
        now[0] = frame.media_time_s
        with suppress(SourceLost):  # both end together, but for a last picture
            full.step()
        yield frame
    full.close()


def gone_through(
    frames: Iterable[Frame], config: Config, people: Path | None, store: Store
) -> tuple[list[Said], float]:
    """What was said of the frames, and the processor's seconds that it took."""
    networks = open_networks(config.recognition, set(config.cameras[0].senses), store)
    pipeline = Pipeline(networks, enrol(People(people), networks)[0], config)
    decider = Decider(plan_of(config, "bench"))
    events: list[EventData] = []
    began, at_ms = time.thread_time(), 0
    for frame in frames:
        at_ms = frame.at_ms
        for signal in pipeline.step(frame, at_ms):
            events += decider.step(signal, at_ms)
        events += decider.tick(at_ms)
    for signal in pipeline.flush(CAMERA):
        events += decider.step(signal, at_ms)
    spent = time.thread_time() - began
    passages = [event for event in [*events, *decider.finish()] if isinstance(event, Passage)]
    return [Said(p.kind, p.plate if p.kind == "plate" else p.person_id, p.media_time_s) for p in passages], spent


def measure(reel: Path, size: tuple[int, int], large: tuple[int, int], folder: Path) -> list[Outcome]:
    """All three ways through one reel."""
    store, name = Store(), reel.stem
    streams = coded(reel, folder / f"{name}-large.mp4", large, 20), coded(reel, folder / f"{name}-small.mp4", size, 22)
    config = Config(
        site=Site(id="bench"),
        node=Node(id="bench"),
        gateway=Gateway(brokers=(), url=""),
        cameras=(Camera(id=CAMERA, source=name, senses=SENSES[name]),),
    )
    people = reel.parent / "people" if name == "people" else None
    truth = reel.with_suffix(".truth.json")
    facts = json.loads(truth.read_text("utf-8"))
    ways: dict[How, Iterable[Frame]] = {
        "large": open_file(streams[0], camera=CAMERA),
        "both": paired(streams[1], streams[0]),
        "small": open_file(streams[1], camera=CAMERA),
    }
    outcomes = []
    for how, frames in ways.items():
        said, spent = gone_through(frames, config, people, store)
        result = score(said, read_truth(truth))[0]
        faults = result.doubled + result.wrong + result.stranger_named + result.invented
        cost = round(spent / facts["seconds"] * 1000, 1)
        outcomes.append(Outcome(name, how, cost, result.found, result.required, faults))
        print(f"{name}, {how}: {cost} ms, {result.found} of {result.required}, {faults} faults")
    return outcomes


def _size(text: str) -> tuple[int, int]:
    width, height = map(int, text.split("x"))
    return width, height


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; 2 where the material is not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--material", type=Path, default=MATERIAL)
    parser.add_argument("--reels", nargs="+", choices=sorted(SENSES), default=sorted(SENSES))
    parser.add_argument("--small", type=_size, default=(640, 360))
    parser.add_argument("--large", type=_size, default=(1280, 720))
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    reels = [options.material / "reels" / f"{name}.mp4" for name in options.reels]
    missing = next((reel for reel in reels if not reel.is_file()), None)
    if missing is not None:
        print(f"substream.py: {missing}: no such film", file=sys.stderr)
        return 2
    body: dict[str, Any] = {"small": options.small, "large": options.large}
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [each for reel in reels for each in measure(reel, options.small, options.large, Path(folder))]
    body["outcomes"] = [asdict(each) for each in outcomes]
    if options.json:
        options.json.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
