#!/usr/bin/env python3
"""What a node sustains, what that costs, and what others would need for the same pictures.

    scripts/bench/edge.py [--part live|baselines|chain|all] [--cameras N] [--seconds S] [--senses own|all]
                          [--runtime NAME] [--json FILE]

live: N cameras of 1280x720 at 15 fps, paced by the clock, into the vision process that `zhian-edge run` starts; scored
against the truth, beside a replay of the same films. baselines: the same reels by plain use of the same networks and by
other libraries, on sample frames. chain: the face chain in every runtime against the files as shipped, and the floor:
the operations and bytes that each network cannot do without. Costs are processor time, since machines are shared.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# Before NumPy and OpenCV are loaded: every figure is of one thread.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
from edge_parts import baselines, chain, footage, live, machine
from zhian_models.store import Store

ROOT = Path(__file__).resolve().parents[2]
MATERIAL = ROOT.parent / "shared" / "testdata"


def main() -> int:
    """Measure what was asked for, print it, write it."""
    options = _options()
    cv2.setNumThreads(1)
    report: dict[str, Any] = {"bench": "edge", "machine": machine.describe()}
    for part, measure in (("chain", _chain), ("baselines", _baselines), ("live", _live)):
        if options.part in {part, "all"}:
            report[part] = measure(options)
            if options.json:
                options.json.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def _chain(options: argparse.Namespace) -> dict[str, Any]:
    report = chain.measure(options.material / "reels" / "people.mp4", Store(), options.pictures)
    chain.show(report)
    return report


def _baselines(options: argparse.Namespace) -> dict[str, Any]:
    report = baselines.measure(options.material, Store(), options.cache)
    baselines.show(report)
    return report


def _live(options: argparse.Namespace) -> dict[str, Any]:
    reels = options.material / "reels"
    films_at = options.cache / "films"
    films_at.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="zhian-bench-") as folder:
        report = live.measure(
            footage.cameras(reels, films_at, options.cameras),
            reels / "people",
            Path(folder),
            seconds=options.seconds,
            senses=options.senses,
            runtime=options.runtime,
            nice=options.nice,
        )
    live.show(report)
    return report


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("live", "baselines", "chain", "all"), default="all")
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--seconds", type=float, help="of each live camera (the reels' own length; longer: they loop)")
    parser.add_argument("--senses", choices=("own", "all"), default="own", help="live: faces or plates, or everything")
    parser.add_argument("--runtime", choices=("onnxruntime", "openvino"), default="onnxruntime", help="live")
    parser.add_argument("--pictures", type=int, default=20, help="of the chain")
    parser.add_argument("--nice", type=int, default=0, help="live: priority on a machine that others use (-20..19)")
    parser.add_argument("--cache", type=Path, default=Store().home / "bench", help="films and peers stay there")
    parser.add_argument("--material", type=Path, default=MATERIAL)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
