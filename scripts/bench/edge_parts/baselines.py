"""The node beside plain use of the same networks, and beside other libraries, on the same pictures.

Sample frames keep it bounded: a cost per frame is measured on some and multiplied by the frames of a second. Only
frames inside some passage of the truth count. A baseline tells a name or a plate again only when it has not said it for
`QUIET_S`; without that every frame would be a passage, and its score would be nonsense.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any, Final

import cv2
import numpy as np
from cpu import Stopwatch
from numpy.typing import NDArray
from plates import material as pictures_of
from plates import wilson
from reel import Said, Score, Wanted, read_truth, score
from zhian_edge.capture import Frame, open_file
from zhian_edge.replay.people import People
from zhian_edge.replay.running import Kind, Request, replay
from zhian_models.errors import RuntimeUnavailable
from zhian_models.face.align import align
from zhian_models.face.detect import FaceDetector, open_detector
from zhian_models.face.embed import unit
from zhian_models.face.types import Picture
from zhian_models.plate.reader import NETWORKS as PLATE_NETWORKS
from zhian_models.plate.reader import PlateReader
from zhian_models.runtime import open_runtime
from zhian_models.runtimes.base import Runtime
from zhian_models.store import Store
from zhian_wire import codec
from zhian_wire.events import Passage

from . import peers
from .shipped import open_shipped

RUNTIMES: Final = ("onnxruntime", "openvino")
FACES: Final = ("centerface", "fr_feature")
THRESHOLD: Final = 0.45
"""Cosine from which plain use says a name: the pairs' threshold at a false match rate of 1e-3."""

QUIET_S: Final = 3.0
LOOKS_PER_SECOND: Final = 5
SAMPLES: Final = {"agentclpr": 5, "hyperlpr2": 5, "rapidocr": 15}
"""Every so many frames of the car reel a peer is given one."""

LONGEST: Final = 1280


@dataclass
class Baseline:
    """What a baseline said of a reel, and milliseconds of its frames."""

    said: list[Said] = field(default_factory=list)
    frame_ms: list[float] = field(default_factory=list)
    last: dict[str, float] = field(default_factory=dict)

    def tell(self, kind: str, name: str, at_s: float) -> None:
        """It read `name`; said again only after a silence."""
        if at_s - self.last.get(name, -QUIET_S) >= QUIET_S:
            self.said.append(Said(kind, name, at_s))
        self.last[name] = at_s


class ByHand:
    """Detect, align, embed, compare, on each picture by itself: what the networks' documents show their users."""

    def __init__(self, runtime: Runtime, people: Path) -> None:
        self._runtime = runtime
        self._detector: FaceDetector = open_detector(runtime)
        rows = [(folder.name, self._largest(path)) for folder in sorted(people.iterdir()) for path in _pictures(folder)]
        known = [(name, template) for name, template in rows if template is not None]
        self._names = [name for name, _ in known]
        self._table = np.stack([template for _, template in known])

    def names(self, picture: Picture) -> list[str]:
        """Whoever is like enough to somebody."""
        found = []
        for face in self._detector.detect(picture):
            alike = self._table @ self._template(picture, face.points)
            if alike.max() >= THRESHOLD:
                found.append(self._names[int(alike.argmax())])
        return found

    def _template(self, picture: Picture, points: NDArray[np.float32]) -> NDArray[np.float32]:
        tensor = (align(picture, points).transpose(2, 0, 1)[None].astype(np.float32) - 127.5) / 128
        (output,) = self._runtime.run("fr_feature", {"input": tensor}).values()
        return np.asarray(unit(output)[0], np.float32)

    def _largest(self, path: Path) -> NDArray[np.float32] | None:
        picture = np.asarray(cv2.imread(str(path)), np.uint8)
        faces = self._detector.detect(picture)
        if not faces:
            return None
        return self._template(picture, max(faces, key=lambda face: face.box[2] * face.box[3]).points)


def _pictures(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in {".jpg", ".jpeg", ".png"})


def measure(material: Path, store: Store, cache: Path) -> dict[str, Any]:
    """Faces on the people reel, plates on the car reel and on single scenes."""
    return {
        "faces": _faces(material / "reels", store),
        "plates on video": _cars(material / "reels", store, cache),
        "plates, single scenes": _scenes(material / "plates", store, cache),
    }


def _faces(reels: Path, store: Store) -> dict[str, Any]:
    reel, people = reels / "people.mp4", reels / "people"
    truth = read_truth(reel.with_suffix(".truth.json"))
    rate = _rate(reel)
    rows = _ours(reel, "face", People(people), store)
    shipped = _by_hand(ByHand(open_shipped(store, FACES), people), reel, truth)
    conditioned = _by_hand(ByHand(open_runtime(store, FACES), people), reel, truth)
    decode, convert = _decoding(reel, truth)
    each = decode + convert + fmean(shipped.frame_ms)
    rows["every frame, as shipped, no tracker"] = _row(shipped.said, truth, each * rate)
    some = decode * rate + LOOKS_PER_SECOND * (convert + fmean(conditioned.frame_ms))
    rows["5 frames a second, conditioned, no tracker"] = _row(conditioned.said, truth, some)
    return {"rows": _ratios(rows), "insightface": _insightface(store), "sampled_frames": len(shipped.frame_ms)}


def _ours(reel: Path, kind: Kind, who: People, store: Store) -> dict[str, dict[str, Any]]:
    """The node in every runtime that there is."""
    from zhian_edge.config.types import Camera, Config, Gateway, Node, Recognition, Site  # noqa: PLC0415

    truth = read_truth(reel.with_suffix(".truth.json"))
    rows = {}
    for runtime in RUNTIMES:
        config = Config(
            site=Site(id="bench"),
            node=Node(id="bench"),
            gateway=Gateway(brokers=(), url=""),
            recognition=Recognition(runtime=runtime),  # type: ignore[arg-type]
            cameras=(Camera(id=reel.stem, source=str(reel)),),
        )
        watch, out = Stopwatch(truth), io.BytesIO()
        try:
            summary = replay(Request([reel], kind=kind, config=config, who=who), out, store=store, progress=watch)
        except RuntimeUnavailable as error:
            print(f"baselines: left out: {error}")
            continue
        events = [codec.decode(line).data for line in out.getvalue().splitlines()]
        said = [
            Said(data.kind, data.plate if data.kind == "plate" else data.person_id, data.media_time_s)
            for data in events
            if isinstance(data, Passage)
        ]
        rows[f"zhian, {runtime}"] = _row(said, truth, watch.inside.ms_per_camera_second) | {
            "counters": summary.counters,
            "ms_per_camera_second_outside": watch.outside.ms_per_camera_second,
        }
    return rows


def _by_hand(hand: ByHand, reel: Path, truth: Sequence[Wanted]) -> Baseline:
    baseline = Baseline()
    for frame in _sampled(reel, truth, round(_rate(reel) / LOOKS_PER_SECOND)):
        picture = frame.bgr()
        start = time.process_time()
        names = hand.names(picture)
        baseline.frame_ms.append((time.process_time() - start) * 1e3)
        for name in names:
            baseline.tell("face", name, frame.media_time_s)
    return baseline


def _sampled(reel: Path, truth: Sequence[Wanted], every: int) -> Iterable[Frame]:
    """Every so many frames, those inside some passage."""
    for frame in open_file(reel):
        if frame.index % every == 0 and _inside(frame, truth):
            yield frame


def _inside(frame: Frame, truth: Sequence[Wanted]) -> bool:
    return any(p.first_s <= frame.media_time_s <= p.last_s for p in truth)


def _decoding(reel: Path, truth: Sequence[Wanted]) -> tuple[float, float]:
    """Milliseconds a frame inside passages: to decode it, and to make it an array as PyAV's users do."""
    decoding, converting = [], []
    frames = iter(open_file(reel))
    while True:
        start = time.process_time()
        frame = next(frames, None)
        if frame is None:
            return fmean(decoding), fmean(converting)
        if _inside(frame, truth):
            decoding.append((time.process_time() - start) * 1e3)
            start = time.process_time()
            frame.bgr()
            converting.append((time.process_time() - start) * 1e3)


def _rate(reel: Path) -> float:
    with open_file(reel) as video:
        return video.facts.rate


def _insightface(store: Store) -> str:
    """Whether its own FaceAnalysis takes the files."""
    try:
        from insightface.app import FaceAnalysis  # noqa: PLC0415
    except ImportError as error:
        return f"not installed: {error}"
    with TemporaryDirectory() as folder:
        for name in FACES:
            (Path(folder) / f"{name}.onnx").symlink_to(store.path(name))
        try:
            FaceAnalysis(name=folder, providers=["CPUExecutionProvider"])
        except Exception as error:  # whatever it says is the finding
            return f"FaceAnalysis does not load these files ({type(error).__name__}: {error}); done by hand instead"
    return "loads these files"


def _cars(reels: Path, store: Store, cache: Path) -> dict[str, Any]:
    reel = reels / "cars.mp4"
    truth = read_truth(reel.with_suffix(".truth.json"))
    rate = _rate(reel)
    rows = _ours(reel, "plate", People(), store)
    decode, convert = _decoding(reel, truth)
    missing = []
    with TemporaryDirectory() as folder:
        shots = _stored(reel, truth, Path(folder), min(SAMPLES.values()))
        for peer in peers.PEERS:
            chosen = {p: at for p, (index, at) in shots.items() if index % SAMPLES[peer.name] == 0}
            try:
                answers = peers.read(peer, peers.python_of(peer, cache), list(chosen))
            except peers.PeerMissing as error:
                missing.append(str(error))
                continue
            baseline = Baseline(frame_ms=[answer.cpu_ms for answer in answers])
            for answer in answers:
                for plate in answer.plates:
                    baseline.tell("plate", plate, chosen[answer.path])
            cost = rate * (decode + convert + fmean(baseline.frame_ms))
            rows[f"{peer.name}, every frame"] = _row(baseline.said, truth, cost) | {
                "sampled_frames": len(answers),
                "failed_calls": sum(bool(answer.error) for answer in answers),
            }
    return {"rows": _ratios(rows), "left_out": missing}


def _stored(reel: Path, truth: Sequence[Wanted], folder: Path, every: int) -> dict[Path, tuple[int, float]]:
    """The sample frames as pictures without loss, with their numbers and times."""
    shots = {}
    for frame in _sampled(reel, truth, every):
        path = folder / f"{frame.index:05d}.png"
        cv2.imwrite(str(path), frame.bgr(), [cv2.IMWRITE_PNG_COMPRESSION, 1])
        shots[path] = frame.index, frame.media_time_s
    return shots


def _scenes(plates: Path, store: Store, cache: Path) -> dict[str, Any]:
    """Whole scenes, made no larger than 1280 pixels for everybody."""
    rows: dict[str, dict[str, Any]] = {}
    missing = []
    with TemporaryDirectory() as folder:
        pictures: dict[Path, tuple[str, ...]] = {}
        for sample in (s for s in pictures_of(plates) if s.name.startswith("scenes/")):
            path = Path(folder) / f"{len(pictures):03d}.png"
            cv2.imwrite(str(path), _no_larger(sample.load()), [cv2.IMWRITE_PNG_COMPRESSION, 1])
            pictures[path] = sample.texts
        for kind in RUNTIMES:
            try:
                reader = PlateReader(open_runtime(store, PLATE_NETWORKS, kind=kind))
            except RuntimeUnavailable as error:
                missing.append(str(error))
                continue
            rows[f"zhian, {kind}"] = _read_scenes(pictures, _timed(reader))
        for peer in peers.PEERS:
            try:
                answers = peers.read(peer, peers.python_of(peer, cache), list(pictures))
            except peers.PeerMissing as error:
                missing.append(str(error))
                continue
            told = {answer.path: (answer.plates, answer.cpu_ms) for answer in answers}
            rows[f"{peer.name}, as called"] = _read_scenes(pictures, told.__getitem__)
    return {"rows": rows, "left_out": missing}


Told = tuple[Sequence[str], float]


def _timed(reader: PlateReader) -> Callable[[Path], Told]:
    def told(path: Path) -> Told:
        picture = np.asarray(cv2.imread(str(path)), np.uint8)
        start = time.process_time()
        texts = [plate.text for plate in reader.read(picture)]
        return texts, (time.process_time() - start) * 1e3

    return told


def _read_scenes(pictures: dict[Path, tuple[str, ...]], told: Callable[[Path], Told]) -> dict[str, Any]:
    answers = {path: told(path) for path in pictures}
    wanted = [(text, answers[path][0]) for path, texts in pictures.items() for text in texts]
    right = sum(text in texts for text, texts in wanted)
    low, high = wilson(right, len(wanted))
    return {
        "right": right, "texts": len(wanted), "rate": round(right / len(wanted), 3), "low": round(low, 3),
        "high": round(high, 3), "ms_per_picture": round(fmean(ms for _, ms in answers.values()), 1),
    }  # fmt: skip


def _no_larger(picture: Any) -> Any:
    scale = LONGEST / max(picture.shape[:2])
    if scale >= 1:
        return picture
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _row(said: Sequence[Said], truth: Sequence[Wanted], ms_per_camera_second: float) -> dict[str, Any]:
    result: Score = score(said, truth)[0]
    return {
        "ms_per_camera_second": round(ms_per_camera_second, 1), "found": result.found, "required": result.required,
        "doubled": result.doubled, "wrong": result.wrong, "stranger_named": result.stranger_named,
        "invented": result.invented,
    }  # fmt: skip


def _ratios(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Beside every row: how many times more it costs than the node in onnxruntime, and in OpenVINO."""
    for row in rows.values():
        for runtime in RUNTIMES:
            if ours := rows.get(f"zhian, {runtime}"):
                row[f"times_{runtime}"] = round(row["ms_per_camera_second"] / ours["ms_per_camera_second"], 2)
    return rows


def show(report: dict[str, Any]) -> None:
    """Print the three tables."""
    for title in ("faces", "plates on video"):
        print(f"{title}, processor ms a camera-second inside passages")
        for name, row in report[title]["rows"].items():
            faults = ", ".join(f"{fault} {row[fault]}" for fault in ("doubled", "wrong", "stranger_named", "invented"))
            times = " and ".join(f"{row.get(f'times_{kind}', '-')} times {kind}'s" for kind in RUNTIMES)
            print(
                f"  {name}: {row['ms_per_camera_second']} ms = {times};"
                f" found {row['found']} of {row['required']}, {faults}"
            )
    print(f"  insightface: {report['faces']['insightface']}")
    print("plates, single scenes, processor ms a picture")
    for name, row in report["plates, single scenes"]["rows"].items():
        print(
            f"  {name}: {row['right']} of {row['texts']} = {row['rate']:.1%} ({row['low']:.1%} to {row['high']:.1%}),"
            f" {row['ms_per_picture']} ms"
        )
    for title in ("plates on video", "plates, single scenes"):
        for reason in report[title]["left_out"]:
            print(f"  left out of {title}: {reason}")
