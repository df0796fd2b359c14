#!/usr/bin/env python3
"""What a quiet camera costs, and that nothing is missed when it wakes.

Usage: quiet.py [--material DIR] [--coder NAME] [--passages N] [--empty SECONDS] [--json FILE]

Makes a film as a camera would send it out of `walkers.mp4`: 1920x1080 at 25 frames a second, H.264 with a key frame
every two seconds, upscaled, with a sensor's noise that is new in every frame, its empty stretches lengthened (played to
and fro) so that there is a quiet camera to speak of. Two coders: `crf` at constant quality, `cbr` at a constant rate.
Each film is read three times: every frame decoded to an array; decoded only while awake, with the real pipeline saying
when something happens; and by a replay, which is scored against the truth. Times are one thread's processor time.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("OMP_NUM_THREADS", "1")

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from reel import Wanted, read_events, read_truth, report, score
from zhian_edge.capture import Frame, Rest, open_file
from zhian_edge.config.types import Camera, Config, Gateway, Node, Site
from zhian_edge.perception.networks import open_networks
from zhian_edge.perception.pipeline import Pipeline
from zhian_edge.replay.running import Request, replay
from zhian_models.face.gallery import Gallery
from zhian_models.store import Store

ROOT = Path(__file__).resolve().parents[2]
MATERIAL = ROOT.parent / "shared" / "testdata"
WIDTH: Final = 1920
HEIGHT: Final = 1080
RATE: Final = 25
#: Standard deviation of the noise, grey levels: a small sensor indoors, after its own filter.
NOISE: Final = 2.0
CODERS: Final = {
    "crf": "bframes=0:keyint=50:scenecut=0:crf=24",
    "cbr": "bframes=0:keyint=50:scenecut=0:bitrate=4000:vbv-maxrate=4000:vbv-bufsize=2000",
}
Plane = NDArray[np.uint8]
Span = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Which picture of the source is shown when; passages and empty stretches in the film's own seconds."""

    shown: list[int]
    passages: list[Wanted]
    empty: list[Span]


@dataclass
class Cost:
    """Seconds of media and of the processor."""

    media_s: float = 0.0
    cpu_s: float = 0.0

    @property
    def ms_per_camera_second(self) -> float:
        """Milliseconds of processor per second of media."""
        return 1000 * self.cpu_s / self.media_s if self.media_s else 0.0


@dataclass
class Costs:
    """Of the whole film, of its empty stretches, and of what was slept through."""

    whole: Cost
    empty: Cost
    asleep: Cost

    @classmethod
    def none(cls) -> Costs:
        return cls(Cost(), Cost(), Cost())

    def add(self, media_s: float, cpu_s: float, *, empty: bool, asleep: bool) -> None:
        for cost, counts in ((self.whole, True), (self.empty, empty), (self.asleep, asleep)):
            cost.media_s += media_s * counts
            cost.cpu_s += cpu_s * counts


def plan(truth: Path, rate: float, passages: int, empty_s: float) -> Plan:
    """The film's course: passages as they were, each empty stretch about `empty_s` long."""
    wanted = read_truth(truth)[:passages]
    stretches = json.loads(truth.read_text("utf-8"))["empty"][: passages + 1]
    shown: list[int] = []
    moved: list[Wanted] = []
    empty: list[Span] = []
    at_s = 0.0
    for number, (first_s, last_s) in enumerate(stretches):
        shown += _span(at_s, first_s, rate)
        begin, pictures = len(shown) / RATE, _span(first_s, last_s, rate)
        # An odd number of turns, so that the last one ends where the film goes on.
        for turn in range(2 * max(0, round((empty_s * RATE / len(pictures) - 1) / 2)) + 1):
            shown += pictures[::-1] if turn % 2 else pictures
        empty.append((begin, len(shown) / RATE))
        at_s = last_s
        if number < len(wanted):
            shift = len(shown) / RATE - last_s
            moved.append(
                replace(wanted[number], first_s=wanted[number].first_s + shift, last_s=wanted[number].last_s + shift)
            )
    return Plan(shown, moved, empty)


def _span(first_s: float, last_s: float, rate: float) -> list[int]:
    """Numbers of the source's pictures from `first_s` to `last_s`, one for every frame of the film."""
    return [int((first_s + n / RATE) * rate) for n in range(round((last_s - first_s) * RATE))]


def film(source: Path, shown: Sequence[int], coder: str, path: Path) -> None:
    """Write the film: planes upscaled, noise added, coded as a camera does."""
    chance = np.random.default_rng(1)
    noise = np.asarray(chance.normal(0, NOISE, (HEIGHT + 180, WIDTH + 180)).round(), np.int8)
    pictures = _planes(source)
    with av.open(str(path), "w") as out:
        options = {"preset": "superfast", "x264-params": CODERS[coder]}
        stream = out.add_stream("libx264", rate=RATE, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number, index in enumerate(shown):
            x, y = chance.integers(0, 180, 2)
            luma, chroma = _large(pictures[index])
            noisy = cv2.add(luma, noise[y : y + HEIGHT, x : x + WIDTH], dtype=cv2.CV_8U)
            frame = av.VideoFrame.from_ndarray(np.vstack([np.asarray(noisy, np.uint8), chroma]), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _planes(source: Path) -> list[Plane]:
    """All pictures of the source as I420 planes above each other (3/2 height, width)."""
    with av.open(str(source)) as container:
        return [np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8) for frame in container.decode(video=0)]


def _large(planes: Plane) -> tuple[Plane, Plane]:
    """Luma, and both chroma planes as rows of the luma's width."""
    height, width = planes.shape[0] * 2 // 3, planes.shape[1]
    luma = cv2.resize(planes[:height], (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    colours = planes[height:].reshape(2, height // 2, width // 2)
    chroma = [cv2.resize(plane, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_LINEAR) for plane in colours]
    return np.asarray(luma, np.uint8), np.asarray(np.stack(chroma), np.uint8).reshape(HEIGHT // 2, WIDTH)


def every_frame(path: Path, course: Plan) -> Costs:
    """Decode every frame to a BGR array, as a plain reader does."""
    costs = Costs.none()
    for frame, cpu_s in _timed(iter(open_file(path)), lambda frame: frame.bgr()):
        costs.add(1 / RATE, cpu_s, empty=_inside(frame.media_time_s, course.empty), asleep=False)
    return costs


def while_awake(path: Path, course: Plan, store: Store, rest_s: float) -> Costs:
    """Decode what the waking decoder decodes; the pipeline looks too, but only reading is timed."""
    camera = Camera(id="gate", source=str(path), senses=("body",))
    config = Config(
        site=Site(id="quiet"), node=Node(id="quiet"), gateway=Gateway(brokers=(), url=""), cameras=(camera,)
    )
    pipeline = Pipeline(open_networks(config.recognition, {"body"}, store), Gallery(""), config)
    costs, before_s = Costs.none(), -1 / RATE
    with open_file(path, camera="gate") as video:
        video.rest(Rest(rest_s, partial(pipeline.busy, "gate")))
        for frame, cpu_s in _timed(iter(video), lambda frame: frame.luma(160)):
            took_s = frame.media_time_s - before_s
            inside = _inside(frame.media_time_s, course.empty)
            costs.add(took_s, cpu_s, empty=inside, asleep=took_s > 1.5 / RATE)
            before_s = frame.media_time_s
            pipeline.step(frame, frame.at_ms)
    return costs


def _timed(frames: Iterator[Frame], use: Any) -> Iterator[tuple[Frame, float]]:
    while True:
        begin = time.thread_time()
        frame = next(frames, None)
        if frame is None:
            return
        use(frame)
        yield frame, time.thread_time() - begin


def _inside(at_s: float, spans: Sequence[Span]) -> bool:
    return any(first_s <= at_s <= last_s for first_s, last_s in spans)


def measure(coder: str, source: Path, course: Plan, folder: Path, rest_s: float) -> dict[str, Any]:
    """One film by one coder: what it costs both ways, and what a replay of it finds."""
    path = folder / f"{coder}.mp4"
    film(source, course.shown, coder, path)
    seconds = len(course.shown) / RATE
    whole, awake = every_frame(path, course), while_awake(path, course, Store(), rest_s)
    events, out = folder / f"{coder}.jsonl", io.BytesIO()
    replay(Request([path], kind="body"), out, store=Store())
    events.write_bytes(out.getvalue())
    result = score(read_events(events), course.passages)[0]
    path.unlink()
    print(f"{coder}: {seconds:.0f} s of media, {sum(last - first for first, last in course.empty):.0f} s of them empty")
    print(f"  every frame to an array: {whole.whole.ms_per_camera_second:.1f} ms per camera-second")
    ratios = {
        "asleep": whole.whole.ms_per_camera_second / (awake.asleep.ms_per_camera_second or float("inf")),
        "empty": whole.empty.ms_per_camera_second / (awake.empty.ms_per_camera_second or float("inf")),
        "whole": whole.whole.ms_per_camera_second / awake.whole.ms_per_camera_second,
    }
    for name, cost in (("asleep", awake.asleep), ("empty", awake.empty), ("whole", awake.whole)):
        print(
            f"  waking decoder, {name}: {cost.ms_per_camera_second:.1f} ms per camera-second"
            f" over {cost.media_s:.0f} s: {ratios[name]:.1f} times less"
        )
    print(f"  {report(result)}")
    return {
        "coder": coder,
        "x264": CODERS[coder],
        "media_s": seconds,
        "rest_s": rest_s,
        "every_frame_ms": whole.whole.ms_per_camera_second,
        "waking_ms": {name: getattr(awake, name).ms_per_camera_second for name in ratios},
        "asleep_s": awake.asleep.media_s,
        "times_less": ratios,
        "score": asdict(result),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write JSON; 2 where the material is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--material", type=Path, default=MATERIAL, metavar="DIR")
    parser.add_argument("--coder", choices=tuple(CODERS), action="append", help="all if none is named")
    parser.add_argument("--passages", type=int, default=6, metavar="N", help="of the six, the first N")
    parser.add_argument("--empty", type=float, default=20.0, metavar="SECONDS", help="length of an empty stretch")
    parser.add_argument("--rest", type=float, default=2.0, metavar="SECONDS", help="quiet before it sleeps")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    source, truth = (options.material / "reels" / name for name in ("walkers.mp4", "walkers.truth.json"))
    if not source.is_file():
        print(f"quiet.py: {source}: no such file", file=sys.stderr)
        return 2
    course = plan(truth, 10.0, options.passages, options.empty)
    with tempfile.TemporaryDirectory(prefix="zhian-quiet-") as folder:
        results = [
            measure(coder, source, course, Path(folder), options.rest) for coder in options.coder or list(CODERS)
        ]
    if options.json:
        options.json.write_text(json.dumps({"bench": "quiet", "films": results}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
