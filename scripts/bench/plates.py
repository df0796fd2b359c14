#!/usr/bin/env python3
"""How many plates are read exactly, what that costs, and what plain use of the same networks gives.

Usage: plates.py [--json FILE] [--set NAME]... [--limit N] [--drawn N] [--seed N] [--runtime KIND] [--alone]
                 [--material DIR]

Sets: scenes, ccpd, mixed, crops, temporary are folders of the material; special is every kind but blue, green,
yellow and temporary, wherever it lies; drawn-easy, drawn-usual and drawn-hard are plates drawn by the public measures
and spoiled by so much (`plates_drawn.LEVELS`), N of every kind (--drawn N, --seed another than development's);
scene-gate, -small, -turned, -large, -two and -cut are drawn cars at 1280x720 (`plates_scenes.VIEWS`; of a cut plate
nothing may be read); lettering is signs, badges, time stamps, telephone numbers and parts of plates, where every text
is one too many. Every text of a picture counts; it is right if it is among those read, whole. Bounds are Wilson's at
95 %. Milliseconds are CPU time of one thread. The baseline is the same detector and the same first reader, one look at
full size (1280 at most), the plain text, no format; --alone leaves it out.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from plates_drawn import LEVELS, USUAL, drawn
from plates_lettering import lettering
from plates_scenes import VIEWS, scenes
from zhian_models.plate import ctc
from zhian_models.plate.detect import PlateDetector
from zhian_models.plate.read import FirstReader
from zhian_models.plate.reader import NETWORKS, PlateReader
from zhian_models.plate.rectify import rectify
from zhian_models.runtime import Runtime, open_runtime
from zhian_models.store import Store

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("scenes", "ccpd", "mixed", "crops", "temporary")
SCENES = tuple(f"scene-{view}" for view in VIEWS)
DRAWN = tuple(f"drawn-{level}" for level in LEVELS)
SETS = (*FOLDERS, "special", *DRAWN, *SCENES, "lettering")
COMMON = {"blue", "green", "yellow", "temporary"}
Picture = NDArray[np.uint8]
Reads = Callable[[Picture], list[str]]


@dataclass(frozen=True)
class Sample:
    """A picture, the texts on it, and what it is called."""

    name: str
    kind: str
    texts: tuple[str, ...]
    load: Callable[[], Picture]


@dataclass
class Score:
    """What one reader did on one set."""

    texts: int = 0
    right: int = 0
    others: int = 0
    """Read, but not in the truth: mostly further cars, which the truth does not name."""
    ms_per_picture: float = 0.0
    ms_per_network: dict[str, float] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    by_kind: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Right and all."""

    def row(self) -> dict[str, Any]:
        """For the report."""
        kinds = {kind: _bounded(right, of) for kind, (right, of) in self.by_kind.items()}
        return {**asdict(self), "by_kind": kinds, **_bounded(self.right, self.texts)}


def _bounded(right: int, of: int) -> dict[str, float]:
    low, high = wilson(right, of)
    rate = right / max(1, of)
    return {"right": right, "texts": of, "rate": round(rate, 4), "low": round(low, 4), "high": round(high, 4)}


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Bounds of a rate at 95 % (Wilson 1927)."""
    if of == 0:
        return 0.0, 1.0
    rate, spread = right / of, z * z / of
    middle = (rate + spread / 2) / (1 + spread)
    half = z * math.sqrt(rate * (1 - rate) / of + spread / (4 * of)) / (1 + spread)
    return middle - half, middle + half


def material(folder: Path) -> list[Sample]:
    """All samples of `truth.tsv`."""
    with (folder / "truth.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        Sample(row["file"], row["kind"], tuple(row["text"].split("|")), partial(_load, folder / row["file"]))
        for row in rows
    ]


def _load(path: Path) -> Picture:
    picture = cv2.imread(str(path))
    if picture is None:
        raise SystemExit(f"{path}: not a picture")
    return np.asarray(picture, dtype=np.uint8)


def _same(picture: Picture) -> Picture:
    return picture


def _texts(reader: PlateReader, bgr: Picture) -> list[str]:
    return [plate.text for plate in reader.read(bgr)]


def samples_of(name: str, folder: Path, count: int, seed: int) -> Iterable[Sample]:
    """The samples of one set; drawn ones are drawn while they are asked for."""
    if name in DRAWN:
        pictures = drawn(count, seed, LEVELS[name.removeprefix("drawn-")])
        return (
            Sample(f"{name}-{at:04d}", f"{d.kind} {d.colour} {d.rows} {len(d.text)}", (d.text,), partial(_same, d.bgr))
            for at, d in enumerate(pictures)
        )
    if name in SCENES:
        return (
            Sample(f"{name}-{at:04d}", kind, texts, partial(_same, bgr))
            for at, (kind, texts, bgr) in enumerate(scenes(name.removeprefix("scene-"), count, seed))
        )
    if name == "lettering":
        return (
            Sample(f"lettering-{at:04d} {text}", kind, (), partial(_same, bgr))
            for at, (kind, text, bgr) in enumerate(lettering(count, seed, USUAL))
        )
    everything = material(folder)
    if name == "special":
        return [sample for sample in everything if sample.kind not in COMMON]
    return [sample for sample in everything if sample.name.startswith(f"{name}/")]


def plain_reader(runtime: Runtime) -> Reads:
    """The baseline: one detection, one look, the text as it comes."""
    detector = PlateDetector(runtime, longest=1280, threshold=0.5)
    reader = FirstReader(runtime)

    def read(bgr: Picture) -> list[str]:
        boxes = detector.detect(bgr)
        crops = [rectify(bgr, box.corners) for box in boxes]
        return [ctc.plain(frames).text for frames in reader.read(crops)] if crops else []

    return read


def score(samples: Iterable[Sample], read: Reads, runtime: Runtime) -> Score:
    """Run `read` over all samples."""
    result, kinds, right_kinds = Score(), Counter[str](), Counter[str]()
    before, spent, pictures = _totals(runtime), 0.0, 0
    for sample in samples:
        picture = sample.load()
        start = time.thread_time()
        read_texts = read(picture)
        spent += time.thread_time() - start
        pictures += 1
        found = [text for text in sample.texts if text in read_texts]
        result.texts += len(sample.texts)
        result.right += len(found)
        result.others += len(set(read_texts) - set(sample.texts))
        kinds[sample.kind] += len(sample.texts)
        right_kinds[sample.kind] += len(found)
        if len(found) < len(sample.texts) or (read_texts and not sample.texts):
            result.missed.append(f"{sample.name}: {'|'.join(sample.texts)}, read {'|'.join(read_texts) or 'nothing'}")
    result.ms_per_picture = round(1000 * spent / max(1, pictures), 1)
    result.ms_per_network = {k: round((v - before[k]) / max(1, pictures), 1) for k, v in _totals(runtime).items()}
    result.by_kind = {kind: (right_kinds[kind], kinds[kind]) for kind in sorted(kinds)}
    return result


def _totals(runtime: Runtime) -> dict[str, float]:
    return {name: stats.total_ms for name, stats in runtime.stats().items()}


def report(options: argparse.Namespace) -> Iterator[tuple[str, Score, Score]]:
    """Per set our reader and the baseline."""
    runtime = open_runtime(Store(), list(NETWORKS), kind=options.runtime)
    for name in options.sets or [*FOLDERS, "special"]:
        ours_of, plain_of = (  # drawn pictures are too many to keep: they are drawn twice
            islice(samples_of(name, options.material, options.drawn, options.seed), options.limit) for _ in range(2)
        )
        reader = PlateReader(runtime)
        ours = score(ours_of, partial(_texts, reader), runtime)
        ours.rejected = {reason.value: times for reason, times in sorted(reader.rejected.items())}
        yield name, ours, Score() if options.alone else score(plain_of, plain_reader(runtime), runtime)


def main(arguments: list[str] | None = None) -> int:
    """Print one line per set, and write all of it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--set", action="append", choices=[*FOLDERS, "special", *DRAWN, *SCENES, "lettering"], dest="sets"
    )
    parser.add_argument("--limit", type=int)
    parser.add_argument("--drawn", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--runtime", choices=["onnxruntime", "openvino"], default="onnxruntime")
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--material", type=Path, default=ROOT.parent / "shared" / "testdata" / "plates")
    options = parser.parse_args(arguments)
    found = {}
    for name, ours, plain in report(options):
        found[name] = {"ours": ours.row(), "baseline": plain.row()}
        low, high = wilson(ours.right, ours.texts)
        print(
            f"{name}: {ours.right}/{ours.texts} = {ours.right / max(1, ours.texts):.1%} ({low:.1%} to {high:.1%}),"
            f" {ours.others} others, {ours.ms_per_picture} ms;"
            f" plain {plain.right}/{plain.texts}, {plain.others} others, {plain.ms_per_picture} ms;"
            f" rejected {ours.rejected}",
            flush=True,
        )
        if len(ours.by_kind) > 1 and ours.texts:
            for kind, (right, of) in ours.by_kind.items():
                low, high = wilson(right, of)
                print(f"    {kind}: {right}/{of} = {right / of:.1%} ({low:.1%} to {high:.1%})")
        for line in ours.missed:
            print(f"    {line}")
    if options.json:
        options.json.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
