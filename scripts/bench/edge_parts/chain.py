"""The face chain (detect, align, embed, liveness) in every runtime, against the files as shipped; and the floor."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from zhian_edge.capture import open_file
from zhian_models.conditioning import conditioned
from zhian_models.errors import RuntimeUnavailable
from zhian_models.face.align import align
from zhian_models.face.detect import open_detector
from zhian_models.face.embed import Embedder
from zhian_models.face.liveness import CONTRACTS, surroundings
from zhian_models.face.types import Face, Picture
from zhian_models.runtime import example_input, open_runtime
from zhian_models.runtimes.base import Runtime, SessionRuntime
from zhian_models.runtimes.open_vino import OpenVinoSession
from zhian_models.store import Store

from . import machine
from .floor import work_of
from .shipped import open_shipped

LIVENESS: Final = "fr_liveness"
NETWORKS: Final = ("centerface", "fr_feature", LIVENESS)
ALL: Final = (*NETWORKS, "clp_det", "clp_rec", "ppocr_rec", "nanodet")
STAGES: Final = ("detect", "align", "embed", "liveness")
ROUNDS: Final = 7
"""Turns per picture; the shortest time of each stage counts, since a busy machine only ever adds."""


class Chain:
    """The chain over one runtime; keeps what it found, so that runtimes can be compared."""

    def __init__(self, runtime: Runtime, store: Store) -> None:
        self._detector = open_detector(runtime)
        self._embedder = Embedder(runtime, store.manifest.get("fr_feature"))
        self._runtime = runtime
        self.spent_ms: dict[int, NDArray[np.float64]] = {}
        self.faces: dict[int, Face] = {}
        self.templates: dict[int, NDArray[np.float32]] = {}

    def step(self, number: int, picture: Picture, subject: Face) -> None:
        """Once through the chain, for one face. `subject` is aligned, so that embeddings compare the same crop."""
        marks = [time.process_time()]
        faces = self._detector.detect(picture)
        marks.append(time.process_time())
        crop = align(picture, subject.points)
        marks.append(time.process_time())
        template = self._embedder.embed([crop])[0]
        marks.append(time.process_time())
        self._ask_whether_live(picture, subject)
        marks.append(time.process_time())
        spent = np.diff(marks) * 1e3
        self.spent_ms[number] = np.minimum(self.spent_ms.get(number, spent), spent)
        self.templates[number] = template
        near = [face for face in faces if _shift(face, subject) < 0.5 * subject.box[2]]
        if near:
            self.faces[number] = min(near, key=lambda face: _shift(face, subject))

    def _ask_whether_live(self, picture: Picture, subject: Face) -> None:
        """The network alone, as its user runs it: the search for a rectangle costs the same with any files."""
        contract = CONTRACTS[LIVENESS]
        view = surroundings(picture, subject.box, contract.widen, contract.side)
        self._runtime.run(LIVENESS, {"input": view.transpose(2, 0, 1)[None].astype(np.float32)})

    def row(self, truth: Chain) -> dict[str, Any]:
        """Milliseconds by stage (median over pictures), and how far the answers are from the files as shipped."""
        stages = np.median(np.stack(list(self.spent_ms.values())), axis=0)
        both = self.faces.keys() & truth.faces.keys()
        return {
            **{f"{name}_ms": round(float(ms), 2) for name, ms in zip(STAGES, stages, strict=True)},
            "chain_ms": round(float(stages.sum()), 2),
            "faces_lost": len(truth.faces.keys() - self.faces.keys()),
            "box_shift_px": round(max((_shift(self.faces[n], truth.faces[n]) for n in both), default=0.0), 3),
            "least_cosine": round(min(float(self.templates[n] @ truth.templates[n]) for n in self.templates), 5),
        }


def _shift(a: Face, b: Face) -> float:
    """Largest shift of a box's side, in pixels of the 640x384 canvas (the reel is shown at half size)."""
    x, y, w, h = np.abs(np.array(a.box) - np.array(b.box)) / 2
    return float(max(x, y, x + w, y + h))


def measure(reel: Path, store: Store, pictures: int) -> dict[str, Any]:
    """The chain in every runtime, turn by turn on the same pictures, and the floor of every network."""
    chains = {name: Chain(runtime, store) for name, runtime in _runtimes(store)}
    subjects = list(_subjects(reel, chains["as shipped"], pictures))
    for _ in range(ROUNDS):
        for number, (picture, subject) in enumerate(subjects):
            for chain in chains.values():
                chain.step(number, picture, subject)
    rows = {name: chain.row(chains["as shipped"]) for name, chain in chains.items()}
    for row in rows.values():
        row["times_less"] = round(rows["as shipped"]["chain_ms"] / row["chain_ms"], 2)
    return {"pictures": len(subjects), "rounds": ROUNDS, "rows": rows, "floor": floor(store)}


def _runtimes(store: Store) -> Iterator[tuple[str, Runtime]]:
    yield "as shipped", open_shipped(store, NETWORKS)
    yield "onnxruntime f32", open_runtime(store, NETWORKS)
    try:
        yield "openvino f32", open_runtime(store, NETWORKS, kind="openvino")
        open_runtime(store, NETWORKS, kind="openvino", precision="bf16")  # says so where the processor cannot
        yield "openvino bf16, by force", _forced(store, "bf16")
    except RuntimeUnavailable as error:
        print(f"chain: left out: {error}")


def _forced(store: Store, precision: str) -> Runtime:
    """Every network in `precision`, also where the manifest forbids it, to show what that would give and cost."""
    import openvino  # noqa: PLC0415 - an extra; the caller has made sure of it

    settings = {
        "INFERENCE_NUM_THREADS": 1,
        "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": precision,
    }
    core = openvino.Core()
    networks = map(store.manifest.get, NETWORKS)
    return SessionRuntime(
        {n.name: OpenVinoSession(core, n.name, conditioned(store, n, "elements"), settings) for n in networks}
    )


def _subjects(reel: Path, chain: Chain, count: int) -> Iterator[tuple[Picture, Face]]:
    """Frames of the reel, some a second, and the surest face of each."""
    found = 0
    for frame in open_file(reel):
        if frame.index % 20 or found >= count:
            continue
        faces = chain._detector.detect(frame.bgr())
        if faces:
            found += 1
            yield frame.bgr().copy(), faces[0]


def floor(store: Store) -> list[dict[str, Any]]:
    """Every network's operations and bytes, the least time one core needs for them, and what it takes."""
    peak, memory = machine.multiplies_per_second(), machine.bytes_per_second()
    runtimes = [("onnxruntime", open_runtime(store, ALL))]
    try:
        runtimes.append(("openvino", open_runtime(store, ALL, kind="openvino")))
    except RuntimeUnavailable as error:
        print(f"floor: left out: {error}")
    rows = []
    for network in map(store.manifest.get, ALL):
        work = work_of(store, network)
        row = {
            "network": network.name,
            "input": "x".join(map(str, next(iter(network.example.values())))),
            **asdict(work),
            "floor_ms": round(1e3 * max(work.multiplies / peak, work.weights / memory), 2),
            "peak_multiplies_per_second": round(peak),
            "bytes_per_second": round(memory),
        }
        arrays = example_input(network)
        for kind, runtime in runtimes:
            row[f"{kind}_ms"] = _shortest(runtime, network.name, arrays)
        rows.append(row)
    return rows


def _shortest(runtime: Runtime, name: str, arrays: Any) -> float:
    runtime.run(name, arrays)  # the first run allocates
    times = []
    for _ in range(12):
        start = time.process_time()
        runtime.run(name, arrays)
        times.append(time.process_time() - start)
    return round(min(times) * 1e3, 2)


def show(report: dict[str, Any]) -> None:
    """Print both tables."""
    print(f"face chain, {report['pictures']} pictures, processor ms, one thread")
    for name, row in report["rows"].items():
        stages = ", ".join(f"{stage} {row[f'{stage}_ms']}" for stage in STAGES)
        print(
            f"  {name}: {row['chain_ms']} ({stages}), {row['times_less']} times less; faces lost {row['faces_lost']},"
            f" boxes within {row['box_shift_px']} px, cosine at least {row['least_cosine']}"
        )
    _show_floor(report["floor"])


def _show_floor(rows: Sequence[dict[str, Any]]) -> None:
    first = rows[0]
    print(
        f"floor: one core does {first['peak_multiplies_per_second'] / 1e9:.0f} G multiply-adds/s"
        f" and copies {first['bytes_per_second'] / 1e9:.1f} GB/s"
    )
    for row in rows:
        print(
            f"  {row['network']} {row['input']}: {row['multiplies'] / 1e6:.0f} M multiply-adds,"
            f" weights {row['weights'] / 1e6:.1f} MB, planes {row['planes'] / 1e6:.0f} MB: at least"
            f" {row['floor_ms']} ms; onnxruntime {row['onnxruntime_ms']}, openvino {row.get('openvino_ms', '-')}"
        )
