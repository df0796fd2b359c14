"""Replay: the very stages of a running node over files; media time is the clock, and two runs are equal."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Final, Literal

import msgspec
from zhian_models.store import Store
from zhian_wire import codec
from zhian_wire.events import Event, EventData
from zhian_wire.times import to_text

from zhian_edge.capture import FileFrames, Frame, Rest, open_file
from zhian_edge.capture.file import printable
from zhian_edge.config.types import Camera, Config, Gateway, Node, Sense, Site
from zhian_edge.decision.decider import Decider
from zhian_edge.errors import Permanent
from zhian_edge.perception.live import cameras_requiring
from zhian_edge.perception.meter import Meter
from zhian_edge.perception.networks import open_networks
from zhian_edge.perception.pipeline import Pipeline
from zhian_edge.planning import plan_of
from zhian_edge.replay.people import People, enrol
from zhian_edge.replay.trace import Trace, TraceLine
from zhian_edge.signals import Signal

Kind = Literal["face", "plate", "body", "all"]

START: Final = datetime.fromisoformat("2026-01-01T08:00:00+08:00")
SITE: Final = "replay"
NODE: Final = "replay"
EPOCH: Final = "replay"
BOOT: Final = "replay"


class ReplayError(Permanent):
    """The replay cannot be done as asked; the message names the file or folder."""


@dataclass(frozen=True)
class Request:
    """What to replay: `videos` each as a camera of its own, all starting together at `start`."""

    videos: Sequence[Path]
    kind: Kind = "all"
    start: datetime = START
    config: Config | None = None
    who: People = People()  # noqa: RUF009 - frozen
    trace: Trace | None = None


@dataclass
class Summary:
    """What was done, for people to read. Milliseconds are the processor's, by stage."""

    runtime: str = ""
    precision: str = ""
    persons: int = 0
    frames: int = 0
    left_out: int = 0
    media_s: float = 0.0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    events: int = 0
    counters: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


Progress = Callable[[float], None]
"""Is told the media time reached, in seconds."""


def replay(request: Request, out: IO[bytes], *, store: Store, progress: Progress = lambda _s: None) -> Summary:
    """Run `request` and write one event per line to `out`.

    Raises:
        EdgeError, ModelsError: a video, folder or network cannot be used; nothing was written.
    """
    summary = Summary()
    config = _config(request)
    _check_trace(request.trace, config)
    with ExitStack() as stack:
        videos = [stack.enter_context(_video(path, camera)) for path, camera in _pairs(request, config)]
        senses = {sense for camera in config.cameras for sense in camera.senses}
        networks = open_networks(config.recognition, senses, store, cameras_requiring(config))
        gallery, summary.warnings = enrol(request.who, networks)
        meter = Meter(time.thread_time_ns)
        pipeline = Pipeline(networks, gallery, config, meter=meter)
        if request.trace is None:  # a trace says itself which frames were seen
            _let_rest(videos, pipeline, config)
        started = time.perf_counter(), time.process_time()
        run = _Run(pipeline, Decider(plan_of(config, BOOT)), _Writer(out, request.start), summary, request.trace)
        if request.trace is not None:
            summary.warnings += _begin(request.trace, pipeline, config)
        for frame in _merged(list(zip(request.videos, videos, strict=True)), request.trace, meter):
            run.step(frame)
            progress(frame.media_time_s)
        run.finish([camera.id for camera in config.cameras])
        summary.left_out += sum(video.damaged for video in videos)
        summary.warnings += [
            f"{path}: {fault}" for path, v in zip(request.videos, videos, strict=True) for fault in v.faults()
        ]
    summary.wall_s, summary.cpu_s = time.perf_counter() - started[0], time.process_time() - started[1]
    summary.runtime, summary.precision = networks.kind, config.recognition.precision
    summary.persons = gallery.size
    summary.counters = pipeline.counters
    return summary


def follow(pipeline: Pipeline, happened: Iterable[TraceLine]) -> list[Signal]:
    """Have happen at a camera what a trace tells of between two frames; what that tells."""
    signals: list[Signal] = []
    for line in happened:
        if line.finished:
            signals += pipeline.flush(line.camera)
        elif line.compared is not None:
            signals += pipeline.compare_at(line.camera, line.compared, line.awaited)
    return signals


def _begin(trace: Trace, pipeline: Pipeline, config: Config) -> list[str]:
    """What came before any frame, and what cannot be repeated."""
    for camera in config.cameras:
        follow(pipeline, trace.before(camera.id))
    changes = trace.roster_changes
    return [f"the roster changed {changes} times during the trace: names are of the one given here"] if changes else []


class _Run:
    """Frames through perception and decision into the file."""

    def __init__(
        self, pipeline: Pipeline, decider: Decider, writer: _Writer, summary: Summary, trace: Trace | None
    ) -> None:
        self._pipeline = pipeline
        self._decider = decider
        self._writer = writer
        self._summary = summary
        self._trace = trace
        self._now_ms = 0

    def step(self, frame: Frame) -> None:
        """One frame, at its own time."""
        self._now_ms = frame.at_ms
        self._summary.frames += 1
        self._summary.media_s = max(self._summary.media_s, frame.media_time_s)
        looks = self._trace.looked(frame) if self._trace else None
        signals = self._pipeline.step(frame, frame.at_ms, looks)
        if self._trace is not None:
            signals = [*signals, *follow(self._pipeline, self._trace.after(frame))]
        for signal in signals:
            self._write(self._decider.step(signal, frame.at_ms))
        self._write(self._decider.tick(frame.at_ms))

    def finish(self, cameras: Iterable[str]) -> None:
        """All videos ended."""
        for camera in cameras:
            for signal in self._pipeline.flush(camera):
                self._write(self._decider.step(signal, self._now_ms))
        self._write(self._decider.finish())

    def _write(self, events: Sequence[EventData]) -> None:
        for data in events:
            self._writer.write(data, self._now_ms)
            self._summary.events += 1


class _Writer:
    """Numbers the events and writes them as on the wire."""

    def __init__(self, out: IO[bytes], start: datetime) -> None:
        self._out = out
        self._start = start
        self._seq = 0

    def write(self, data: EventData, now_ms: int) -> None:
        self._seq += 1
        event = Event(
            site=SITE,
            node=NODE,
            epoch=EPOCH,
            seq=self._seq,
            boot=BOOT,
            mono_ms=now_ms,
            time=to_text(self._start + timedelta(milliseconds=now_ms)),
            clock="trusted",
            data=data,
        )
        self._out.write(codec.encode(event) + b"\n")


def _config(request: Request) -> Config:
    """The configuration with the videos as its cameras.

    A camera of the configuration whose id or source is a video's name is that video's: with its id, line, zone and
    lane. A single camera in it lends these, but for the id, to every video.
    """
    given = request.config
    ids = _numbered([printable(path.stem) for path in request.videos])
    senses: tuple[Sense, ...] | None = None if request.kind == "all" else (request.kind,)
    found = [_camera(path, name, given, senses) for path, name in zip(request.videos, ids, strict=True)]
    # Two videos may both be of one camera of the configuration; as two cameras they have two ids.
    ids = _numbered([camera.id for camera in found])
    cameras = tuple(msgspec.structs.replace(camera, id=name) for camera, name in zip(found, ids, strict=True))
    if given is None:
        gateway = Gateway(brokers=(), url="")
        return Config(site=Site(id=SITE), node=Node(id=NODE), gateway=gateway, cameras=cameras)
    return msgspec.structs.replace(given, cameras=cameras)


def _camera(path: Path, name: str, config: Config | None, senses: tuple[Sense, ...] | None) -> Camera:
    known = config.cameras if config else ()
    own = next((c for c in known if c.id in {name, path.stem} or Path(c.source).name == path.name), None)
    base = own or (known[0] if len(known) == 1 else Camera(id=name, source=printable(str(path))))
    return msgspec.structs.replace(
        base, id=own.id if own else name, source=printable(str(path)), sub="", loop=False, senses=senses or base.senses
    )


def _numbered(names: Sequence[str]) -> list[str]:
    """The names as they are, but one that occurs again gets a number."""
    ids: list[str] = []
    for name in names:
        free, number = name, 2
        while free in ids:
            free, number = f"{name}-{number}", number + 1
        ids.append(free)
    return ids


def _check_trace(trace: Trace | None, config: Config) -> None:
    if trace is not None and not trace.cameras & {camera.id for camera in config.cameras}:
        known = ", ".join(sorted(trace.cameras)) or "no camera"
        raise ReplayError(f"the trace speaks of {known}, not of {', '.join(c.id for c in config.cameras)}")


def _pairs(request: Request, config: Config) -> Iterator[tuple[Path, str]]:
    if not request.videos:
        raise ReplayError("no video to replay")
    return zip(request.videos, (camera.id for camera in config.cameras), strict=True)


def _video(path: Path, camera: str) -> FileFrames:
    return open_file(path, camera=camera)


def _let_rest(videos: Sequence[FileFrames], pipeline: Pipeline, config: Config) -> None:
    if config.recognition.rest_s:
        for video, camera in zip(videos, config.cameras, strict=True):
            video.rest(Rest(config.recognition.rest_s, partial(pipeline.busy, camera.id)))


def _merged(videos: Sequence[tuple[Path, FileFrames]], trace: Trace | None, meter: Meter) -> Iterator[Frame]:
    """The frames of all videos by media time; at one time in the order of the videos."""
    streams = [_timed(path, video, meter) for path, video in videos]
    if trace is not None:
        streams = [trace.only(stream) for stream in streams]
    return heapq.merge(*streams, key=lambda frame: frame.at_ms)


def _timed(path: Path, video: Iterable[Frame], meter: Meter) -> Iterator[Frame]:
    frames, some = iter(video), False
    while True:
        with meter.stage("decode"):
            frame = next(frames, None)
        if frame is None:
            break
        some = True
        yield frame
    if not some:
        raise ReplayError(f"{path}: not one picture in it can be decoded")
