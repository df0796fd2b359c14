"""Live cameras into one node: the very process that `zhian-edge run` starts, and what it says, needs and drops."""

from __future__ import annotations

import io
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
import psutil
from reel import Said, Score, Wanted, score
from zhian_edge.config.types import Camera, Config, Gateway, Node, Recognition, Site
from zhian_edge.decision.decider import Decider
from zhian_edge.perception.networks import open_networks
from zhian_edge.planning import plan_of
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.ipc import Begin
from zhian_edge.replay.people import People
from zhian_edge.replay.running import Request, replay
from zhian_edge.replay.trace import TraceLine
from zhian_edge.signals import CameraReport, Observation, VisionBeat
from zhian_edge.vision_child import VisionChild, VisionLost
from zhian_models.face.enrol import Enroller
from zhian_models.store import Store
from zhian_wire import codec
from zhian_wire.events import EventData, Passage
from zhian_wire.roster import Person, Roster, Template

from .footage import Footage

START_S: Final = 180.0
"""Vision may take so long to load its networks."""

LATE_S: Final = 5.0
"""A film that has not ended so long after its time is not waited for."""

WARM_S: Final = 10.0
"""Memory is compared from here on: by then every buffer has been used."""

PAGE: Final = 2**20


def configuration(films: Sequence[Footage], senses: str, runtime: str, *, loop: bool) -> Config:
    """A node with these cameras and no lanes. `senses` own: each camera looks for what its truth lists; all: for
    everything."""
    cameras = tuple(
        Camera(
            id=film.camera,
            source=str(film.path),
            senses=(film.kind,) if senses == "own" else ("face", "plate", "body"),  # type: ignore[arg-type]
            loop=loop,
        )
        for film in films
    )
    return Config(
        site=Site(id="bench"),
        node=Node(id="bench"),
        gateway=Gateway(brokers=(), url=""),
        recognition=Recognition(runtime=runtime),  # type: ignore[arg-type]
        cameras=cameras,
    )


def roster(people: Path, config: Config, store: Store) -> Roster:
    """Everybody in `people`, enrolled as a replay does it."""
    networks = open_networks(config.recognition, {"face"}, store)
    return Roster(version=1, persons=tuple(_persons(people, networks.enroller())))


def _persons(people: Path, enroller: Enroller) -> Iterator[Person]:
    for folder in sorted(path for path in people.iterdir() if path.is_dir()):
        enrolled = enroller.enrol_folder(folder.name, folder)
        vectors = [row.astype("<f4").tobytes() for row in enrolled.templates]
        yield Person(id=folder.name, templates=tuple(Template(key=enrolled.key, vector=v) for v in vectors))


@dataclass
class Meters:
    """What one run was seen to do; milliseconds are of the monotonic clock."""

    passages: list[Passage] = field(default_factory=list)
    delays: dict[str, list[int]] = field(default_factory=dict)
    frames: Counter[str] = field(default_factory=Counter)
    reports: dict[str, CameraReport] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    memory: list[tuple[float, float]] = field(default_factory=list)

    def delay(self, what: str, ms: int) -> None:
        """Somebody learnt `what` so long after it was seen."""
        self.delays.setdefault(what, []).append(ms)


class Tracer(threading.Thread):
    """Reads vision's trace as it is written: how old each frame was when perception had done with it."""

    def __init__(self, path: Path, meters: Meters) -> None:
        super().__init__(name="tracer", daemon=True)
        os.mkfifo(path)
        # Read and write, so that neither end waits for the other to open.
        self._file = os.fdopen(os.open(path, os.O_RDWR), "rb", buffering=0)
        self._meters = meters
        self._decoder = msgspec.json.Decoder(TraceLine)

    def run(self) -> None:
        rest = b""
        while data := self._file.read(1 << 16):
            now = mono_ms()
            *lines, rest = (rest + data).split(b"\n")
            for line in map(self._decoder.decode, lines):
                self._meters.frames[line.camera] += 1
                self._meters.delay("frame" if line.looked else "frame that nothing looked at", now - line.at_ms)


class Run:
    """One run of the vision process over the films."""

    def __init__(self, config: Config, folder: Path, people: Roster) -> None:
        self.meters = Meters()
        self._decider = Decider(plan_of(config, "bench"))
        self._told: set[int] = set()
        trace = folder / "trace"
        self._tracer = Tracer(trace, self.meters)
        self._child = VisionChild(Begin(config=config, spool=str(folder / "spool"), trace=str(trace)), self._hear)
        self._child.use_roster(people)
        self._cameras = len(config.cameras)
        self._lost = ""

    def go(self, seconds: float) -> dict[str, Any]:
        """Let it look for `seconds` and end it."""
        self._tracer.start()
        self._child.open()
        assert self._child.pid is not None
        process = psutil.Process(self._child.pid)
        self._listen_until(lambda: self._beating, time.monotonic() + START_S)
        started, before = time.monotonic(), _spent(process)
        self._watch(process, started, seconds)
        after, wall = _spent(process), time.monotonic() - started
        self._child.close()
        self._decide(self._decider.finish())
        if self._lost:
            raise SystemExit(f"edge.py: vision was lost: {self._lost}")
        return {"wall_s": wall, **{name: after[name] - before[name] for name in after}}

    @property
    def _beating(self) -> bool:
        return len(self.meters.reports) == self._cameras

    def _watch(self, process: psutil.Process, started: float, seconds: float) -> None:
        next_s = 0.0
        until = started + seconds
        while (now := time.monotonic()) < until + LATE_S and not self._ended and not self._lost:
            if now - started >= next_s:
                self.meters.memory.append((now - started, process.memory_info().rss / PAGE))
                next_s += 1.0
            if now >= until and self._loops:
                return
            self._listen()

    _loops = False

    def looping(self) -> Run:
        """The films never end by themselves."""
        self._loops = True
        return self

    @property
    def _ended(self) -> bool:
        return all(report.cause == "ended" for report in self.meters.reports.values())

    def _listen_until(self, ready: Any, deadline: float) -> None:
        while not ready():
            if time.monotonic() > deadline or self._lost:
                raise SystemExit(f"edge.py: vision did not start ({self._lost or 'no sign of life'})")
            self._listen()

    def _listen(self) -> None:
        for message in self._child.step():
            self._hear(message)
        self._decide(self._decider.tick(mono_ms()))

    def _hear(self, message: object) -> None:
        now = mono_ms()
        if isinstance(message, VisionLost):
            self._lost = f"{message.cause} ({message.detail})"
        elif isinstance(message, VisionBeat):
            self.meters.counters = message.counters
            self.meters.reports = {report.camera: report for report in message.cameras}
        elif isinstance(message, Observation):
            self._first_word(message, now)
            self._decide(self._decider.step(message, now))

    def _first_word(self, seen: Observation, now: int) -> None:
        """The first time that a track's name is told, which is what a door waits for."""
        if seen.track in self._told or not (seen.person_id or seen.plate):
            return
        self._told.add(seen.track)
        what = "name" if seen.kind == "face" else "plate"
        when = "when its track ended" if seen.final else "while it was there"
        for told in ("name or plate", what):
            self.meters.delay(f"{told}, {when}", now - seen.at_ms)

    def _decide(self, events: Sequence[EventData]) -> None:
        for event in events:
            if isinstance(event, Passage):
                self.meters.passages.append(event)


def _spent(process: psutil.Process) -> dict[str, float]:
    """Processor seconds so far: of the thread that looks, and of those that read and decode."""
    total = process.cpu_times()
    looking = next(t.user_time + t.system_time for t in process.threads() if t.id == process.pid)
    whole = total.user + total.system
    return {"cpu_s": whole, "perception_s": looking, "capture_s": whole - looking}


def measure(
    films: Sequence[Footage],
    people: Path,
    folder: Path,
    *,
    seconds: float | None,
    senses: str,
    runtime: str,
    nice: int = 0,
) -> dict[str, Any]:
    """Play the films live, and replay the same ones at once; scores of both beside each other."""
    store = Store()
    longest = max(film.seconds for film in films)
    span = longest if seconds is None else seconds
    loop = span > longest
    config = configuration(films, senses, runtime, loop=loop)
    run = Run(config, folder, roster(people, config, store))
    load = os.getloadavg()[0]
    with _priority(nice):
        spent = (run.looping() if loop or span < longest else run).go(span)
    spans = [span if loop else min(span, film.seconds) for film in films]
    report = _report(run.meters, films, spent, spans)
    report["load_before_and_after"] = [round(load, 2), round(os.getloadavg()[0], 2)]
    report |= {"cameras": len(films), "senses": senses, "runtime": runtime, "nice": nice}
    report["replay"] = _replayed(films, config, people, store, span)
    report["within_one_passage_of_replay"] = _agree(report["scores"], report["replay"]["scores"])
    return report


def _report(
    meters: Meters, films: Sequence[Footage], spent: dict[str, float], spans: Sequence[float]
) -> dict[str, Any]:
    seconds = sum(spans)
    scores = [_score(meters.passages, film, span) for film, span in zip(films, spans, strict=True)]
    stages = {name.removesuffix("_ms"): ms for name, ms in meters.counters.items() if name.endswith("_ms")}
    return {
        "wall_s": round(spent["wall_s"], 1),
        "camera_seconds": round(seconds, 1),
        "scores": [_plain(s) for s in scores],
        "frames": dict(meters.frames),
        "dropped": {camera: report.dropped for camera, report in meters.reports.items()},
        "cores_used": round(spent["cpu_s"] / spent["wall_s"], 2),
        "ms_per_camera_second": {
            "all": _per(spent["cpu_s"], seconds),
            "capture and decode": _per(spent["capture_s"], seconds),
            "perception": _per(spent["perception_s"], seconds),
            **{f"of it {name}": round(ms / seconds, 1) for name, ms in sorted(stages.items())},
        },
        "counts": {name: n for name, n in meters.counters.items() if not name.endswith("_ms")},
        "delays_ms": {what: _quantiles(times) for what, times in sorted(meters.delays.items())},
        "memory_mib": memory(meters.memory),
    }


def _per(cpu_s: float, seconds: float) -> float:
    return round(1000 * cpu_s / seconds, 1)


def _score(passages: Sequence[Passage], film: Footage, span: float) -> Score:
    mine = [p for p in passages if p.camera == film.camera]
    return scored(mine, film, film.truth_until(span))


def scored(passages: Sequence[Passage], film: Footage, truth: Sequence[Wanted]) -> Score:
    """The score of the film's own kind."""
    said = [Said(p.kind, p.plate if p.kind == "plate" else p.person_id, p.media_time_s) for p in passages]
    (result,) = [s for s in score(said, truth) if s.kind == film.kind] or [Score(film.kind)]
    return result


def _plain(s: Score) -> dict[str, Any]:
    return {
        "kind": s.kind, "found": s.found, "required": s.required, "doubled": s.doubled, "wrong": s.wrong,
        "stranger_named": s.stranger_named, "invented": s.invented, "faults": s.faults,
    }  # fmt: skip


def _quantiles(times: Sequence[int]) -> dict[str, float]:
    ordered = sorted(times)
    at = {f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 90, 99)}
    return {"count": len(ordered), **at, "most": ordered[-1]}


def memory(samples: Sequence[tuple[float, float]]) -> dict[str, float]:
    """MiB of resident memory, and how much a minute it grew after warming up (least squares)."""
    warm = [(s, mib) for s, mib in samples if s >= min(WARM_S, samples[-1][0] / 4)]
    middle = sum(s for s, _ in warm) / len(warm), sum(mib for _, mib in warm) / len(warm)
    spread = sum((s - middle[0]) ** 2 for s, _ in warm)
    slope = sum((s - middle[0]) * (mib - middle[1]) for s, mib in warm) / spread if spread else 0.0
    return {
        "warm": round(warm[0][1]), "most": round(max(mib for _, mib in warm)), "end": round(warm[-1][1]),
        "growth_per_minute": round(60 * slope, 2), "seconds": round(warm[-1][0] - warm[0][0]),
    }  # fmt: skip


@contextmanager
def _priority(nice: int) -> Iterator[None]:
    """What is started inside gets this share of the processor beside others; below 0 only root may."""
    _set_priority(nice)
    try:
        yield
    finally:
        _set_priority(0)


def _set_priority(nice: int) -> None:
    """For this process and what it starts; Linux weighs whole sessions first where it groups them (man 7 sched)."""
    if nice == os.getpriority(os.PRIO_PROCESS, 0):
        return
    os.setpriority(os.PRIO_PROCESS, 0, nice)
    group = Path("/proc/self/autogroup")
    if group.exists():
        group.write_text(str(nice), encoding="ascii")


def _replayed(films: Sequence[Footage], config: Config, people: Path, store: Store, span: float) -> dict[str, Any]:
    """The same films replayed, each once; compared over the first `span` seconds."""
    out = io.BytesIO()
    request = Request([film.path for film in films], config=config, who=People(people))
    summary = replay(request, out, store=store)
    events = [codec.decode(line).data for line in out.getvalue().splitlines()]
    passages = [data for data in events if isinstance(data, Passage)]
    scores = [_score(passages, film, min(span, film.seconds)) for film in films]
    seconds = sum(film.seconds for film in films)
    return {"scores": [_plain(s) for s in scores], "ms_per_camera_second": _per(summary.cpu_s, seconds)}


def _agree(live: Sequence[dict[str, Any]], replayed: Sequence[dict[str, Any]]) -> bool:
    return all(abs(a["found"] - b["found"]) <= 1 for a, b in zip(live, replayed, strict=True))


def show(report: dict[str, Any]) -> None:
    """Print what matters."""
    print(
        f"live: {report['cameras']} cameras, senses {report['senses']}, {report['runtime']}, {report['wall_s']} s;"
        f" {report['cores_used']} cores used, load {report['load_before_and_after']}"
    )
    for film, (now, then) in enumerate(zip(report["scores"], report["replay"]["scores"], strict=True), 1):
        print(
            f"  camera{film} {now['kind']}: found {now['found']} of {now['required']} (replay {then['found']} of"
            f" {then['required']}), doubled {now['doubled']}, wrong {now['wrong']}, strangers named"
            f" {now['stranger_named']}, invented {now['invented']}; frames dropped"
            f" {report['dropped'].get(f'camera{film}', 0)} of {report['frames'].get(f'camera{film}', 0)} + these"
        )
    for name, ms in report["ms_per_camera_second"].items():
        print(f"  {ms:7.1f} ms of processor a camera-second: {name}")
    print(f"  {report['replay']['ms_per_camera_second']:7.1f} ms of processor a camera-second: the replay, all")
    for what, delay in report["delays_ms"].items():
        print(f"  {what}: {delay}")
    print(f"  memory MiB {report['memory_mib']}")
