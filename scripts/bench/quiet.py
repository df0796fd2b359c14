#!/usr/bin/env python3
"""What a quiet camera costs, and that nothing is missed when it wakes.

Usage: quiet.py [--material DIR] [--film NAME] [--passages N] [--empty SECONDS] [--json FILE]

Makes films as a camera would send them out of `walkers.mp4`: 1920x1080 at 25 frames a second, upscaled, with a sensor's
noise that is new in every frame, its empty stretches lengthened (played to and fro) so that there is a quiet camera to
speak of. `FILMS` says how each is coded; in one of them somebody stands in view all the time. Each is read three times:
every frame decoded to an array; decoded only while awake, by the real pipeline; and by a replay, which is scored
against the truth. Times are one thread's processor time; the pipeline's are counted too.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from reel import Wanted, read_events, read_truth, report, score
from zhian_edge.capture import Rest, open_file
from zhian_edge.config.types import Camera, Config, Gateway, Node, Recognition, Site
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
#: As a node does by default.
REST_S: Final = Recognition().rest_s
_KEYS: Final = "bframes=0:scenecut=0:keyint={0}:min-keyint={0}"
_CONSTANT_RATE: Final = ":bitrate=4000:vbv-maxrate=4000:vbv-bufsize=2000"


@dataclass(frozen=True)
class Film:
    """How a film is made.

    Attributes:
        x264: the coder's parameters.
        noise: standard deviation of the sensor's noise, grey levels; 2 is a small sensor indoors.
        still: an empty stretch is one picture: the camera's own filter holds what does not move.
        standing: somebody stands at one side all the time.
    """

    x264: str
    noise: float = 2.0
    still: bool = False
    standing: bool = False


FILMS: Final = {
    "quality": Film(_KEYS.format(25) + ":crf=24"),
    "constant rate": Film(_KEYS.format(25) + _CONSTANT_RATE),
    "still": Film(_KEYS.format(50) + ":crf=24", noise=0.7, still=True),
    "short groups": Film(_KEYS.format(12) + ":crf=24"),
    "two seconds": Film(_KEYS.format(50) + ":crf=24"),
    "ten seconds": Film(_KEYS.format(250) + ":crf=24", noise=0.7, still=True),
    "somebody stands": Film(_KEYS.format(50) + ":crf=24", noise=0.7, still=True, standing=True),
}
#: Where somebody stands in the source (columns), in which of its pictures, and how many columns further left he is put.
_STANDER: Final = (555, 695)
_STANDS_IN: Final = 130
_STANDS_LEFT: Final = 420
Plane = NDArray[np.uint8]
T = TypeVar("T")
Span = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """Which picture of the source is shown when; passages and empty stretches in the film's own seconds."""

    shown: list[int]
    passages: list[Wanted]
    empty: list[Span]

    def held(self) -> list[int]:
        """`shown` with one picture for each empty stretch."""
        spans = ((round(first_s * RATE), round(last_s * RATE)) for first_s, last_s in self.empty)
        held = list(self.shown)
        for first, last in spans:
            held[first:last] = held[first : first + 1] * len(held[first:last])
        return held


@dataclass
class Cost:
    """Seconds of media and of the processor."""

    media_s: float = 0.0
    cpu_s: float = 0.0

    def add(self, media_s: float, cpu_s: float) -> None:
        self.media_s += media_s
        self.cpu_s += cpu_s

    @property
    def ms_per_camera_second(self) -> float:
        """Milliseconds of processor per second of media."""
        return 1000 * self.cpu_s / self.media_s if self.media_s else 0.0


@dataclass
class Costs:
    """What one reading costs: of the empty stretches, of what of them was slept through, of the whole film.

    `reading` is of the empty stretches without what the pipeline does with the pictures; `late_s`: for each passage,
    how many seconds of stream had come after its first picture before that was decoded.
    """

    whole: Cost = field(default_factory=Cost)
    empty: Cost = field(default_factory=Cost)
    reading: Cost = field(default_factory=Cost)
    asleep: Cost = field(default_factory=Cost)
    late_s: list[float] = field(default_factory=list)

    def add(self, media_s: float, read_s: float, seen_s: float, *, empty: bool, asleep: bool) -> None:
        """`media_s` of film took `read_s` of processor to read and `seen_s` to look at."""
        self.whole.add(media_s, read_s + seen_s)
        if empty:
            self.empty.add(media_s, read_s + seen_s)
            self.reading.add(media_s, read_s)
        if asleep:
            self.asleep.add(media_s, read_s + seen_s)


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


def film(source: Path, shown: Sequence[int], how: Film, path: Path) -> None:
    """Write the film: planes upscaled, noise added, coded as a camera does."""
    chance = np.random.default_rng(1)
    noise = np.asarray(chance.normal(0, how.noise, (HEIGHT + 180, WIDTH + 180)).round(), np.int8)
    pictures = _planes(source)
    if how.standing:
        pictures = _with_somebody(pictures)
    with av.open(str(path), "w") as out:
        options = {"preset": "superfast", "x264-params": how.x264}
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


def _with_somebody(pictures: list[Plane]) -> list[Plane]:
    """All pictures with the somebody of one of them at the side: luma, then chroma, which is half as wide."""
    height, width = pictures[0].shape[0] * 2 // 3, pictures[0].shape[1]
    model = pictures[_STANDS_IN].copy()
    first, last = _STANDER
    put = [picture.copy() for picture in pictures]
    for picture in put:
        picture[:height, first - _STANDS_LEFT : last - _STANDS_LEFT] = model[:height, first:last]
        theirs, ours = (each[height:].reshape(2, height // 2, width // 2) for each in (model, picture))
        ours[..., (first - _STANDS_LEFT) // 2 : (last - _STANDS_LEFT) // 2] = theirs[..., first // 2 : last // 2]
    return put


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
    costs = Costs()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1  # or its threads' time would not be seen
        for picture, cpu_s in _timed(container.decode(stream), lambda frame: frame.to_ndarray(format="bgr24")):
            costs.add(1 / RATE, cpu_s, 0.0, empty=_inside(picture.time or 0.0, course.empty), asleep=False)
    return costs


def while_awake(path: Path, course: Plan, store: Store, rest_s: float) -> Costs:
    """Decode what the waking decoder decodes, and look at it with the real pipeline."""
    camera = Camera(id="gate", source=str(path), senses=("body",))
    config = Config(
        site=Site(id="quiet"), node=Node(id="quiet"), gateway=Gateway(brokers=(), url=""), cameras=(camera,)
    )
    pipeline = Pipeline(open_networks(config.recognition, {"body"}, store), Gallery(""), config)
    costs, before_s, come = Costs(), -1 / RATE, Come(pipeline)
    awaited = [passage.first_s for passage in course.passages]
    with open_file(path, camera="gate") as video:
        video.rest(Rest(rest_s, come.busy))
        for frame, read_s in _timed(iter(video), lambda frame: frame.luma(160)):
            begin = time.thread_time()
            pipeline.step(frame, frame.at_ms)
            seen_s = time.thread_time() - begin
            took_s = frame.media_time_s - before_s
            inside = _inside(frame.media_time_s, course.empty)
            costs.add(took_s, read_s, seen_s, empty=inside, asleep=took_s > 1.5 / RATE)
            before_s = frame.media_time_s
            while awaited and frame.media_time_s >= awaited[0]:
                costs.late_s.append(round(come.packets / RATE - 1 / RATE - awaited.pop(0), 2))
    return costs


class Come:
    """Counts the packets that came: whoever reads asks with each of them whether something happens."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self.packets = 0

    def busy(self) -> bool:
        self.packets += 1
        return self._pipeline.busy("gate")


def _timed(frames: Iterator[T], use: Callable[[T], object]) -> Iterator[tuple[T, float]]:
    while True:
        begin = time.thread_time()
        frame = next(frames, None)
        if frame is None:
            return
        use(frame)
        yield frame, time.thread_time() - begin


def _inside(at_s: float, spans: Sequence[Span]) -> bool:
    return any(first_s <= at_s <= last_s for first_s, last_s in spans)


def measure(name: str, source: Path, course: Plan, folder: Path, rest_s: float) -> dict[str, Any]:
    """One film: what it costs both ways, and what a replay of it finds."""
    path = folder / "film.mp4"
    film(source, course.held() if FILMS[name].still else course.shown, FILMS[name], path)
    plain, ours = every_frame(path, course), while_awake(path, course, Store(), rest_s)
    events, out = folder / "film.jsonl", io.BytesIO()
    replay(Request([path], kind="body"), out, store=Store())
    events.write_bytes(out.getvalue())
    result = score(read_events(events), course.passages)[0]
    size = path.stat().st_size
    path.unlink()
    print(f"{name}: {plain.whole.media_s:.0f} s of media, {plain.empty.media_s:.0f} s of them empty")
    print(f"  every frame to an array: {plain.empty.ms_per_camera_second:.1f} ms per camera-second")
    costs = {each: getattr(ours, each) for each in ("asleep", "reading", "empty", "whole")}
    usual = {each: plain.whole if each == "whole" else plain.empty for each in costs}
    ratios = {
        each: usual[each].ms_per_camera_second / (cost.ms_per_camera_second or float("inf"))
        for each, cost in costs.items()
    }
    for each, cost in costs.items():
        print(
            f"  waking decoder, {each}: {cost.ms_per_camera_second:.1f} ms per camera-second"
            f" over {cost.media_s:.0f} s: {ratios[each]:.1f} times less"
        )
    print(f"  waking, seconds after somebody came: {ours.late_s}")
    print(f"  {report(result)}")
    return {
        "film": name,
        **asdict(FILMS[name]),
        "media_s": plain.whole.media_s,
        "empty_s": plain.empty.media_s,
        "bits_per_s": 8 * size / plain.whole.media_s,
        "rest_s": rest_s,
        "every_frame_ms": {"empty": plain.empty.ms_per_camera_second, "whole": plain.whole.ms_per_camera_second},
        "waking_ms": {each: cost.ms_per_camera_second for each, cost in costs.items()},
        "asleep_s": ours.asleep.media_s,
        "late_s": ours.late_s,
        "times_less": ratios,
        "score": asdict(result),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write JSON; 2 where the material is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--material", type=Path, default=MATERIAL, metavar="DIR")
    parser.add_argument("--film", choices=tuple(FILMS), action="append", help="all if none is named")
    parser.add_argument("--passages", type=int, default=6, metavar="N", help="of the six, the first N")
    parser.add_argument("--empty", type=float, default=60.0, metavar="SECONDS", help="length of an empty stretch")
    parser.add_argument("--rest", type=float, default=REST_S, metavar="SECONDS", help="quiet before it sleeps")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)
    source, truth = (options.material / "reels" / name for name in ("walkers.mp4", "walkers.truth.json"))
    if not source.is_file():
        print(f"quiet.py: {source}: no such file", file=sys.stderr)
        return 2
    course = plan(truth, 10.0, options.passages, options.empty)
    with tempfile.TemporaryDirectory(prefix="zhian-quiet-") as folder:
        results = [measure(name, source, course, Path(folder), options.rest) for name in options.film or list(FILMS)]
    if options.json:
        options.json.write_text(json.dumps({"bench": "quiet", "films": results}, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
