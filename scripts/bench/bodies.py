#!/usr/bin/env python3
"""How well people are found frame by frame on the walkers reel, and what an empty place gives.

    scripts/bench/bodies.py [REEL.mp4] [--size HxW] [--every N] [--json FILE]

Recall counts the frames in which somebody is in view (the first and last 0.5 s of a passage left out: a head or a
foot) and at least one person is found; alarms are empty frames with anybody or any vehicle in them.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
from zhian_models.body import NETWORK, SIZES, BodyDetector
from zhian_models.runtime import open_runtime
from zhian_models.store import Store

ROOT = Path(__file__).resolve().parents[2]
REEL = ROOT.parent / "shared" / "testdata" / "reels" / "walkers.mp4"
EDGE_S = 0.5


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reel", nargs="?", type=Path, default=REEL)
    parser.add_argument("--size", default="x".join(map(str, SIZES[0])))
    parser.add_argument("--every", type=int, default=1, help="take every N-th frame")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    height, width = map(int, options.size.split("x"))
    result = score(options.reel, (height, width), options.every)
    print(
        f"{result['size']}: {result['found']} of {result['frames']} frames with a person ({result['recall']:.3f}),"
        f" {result['alarms']} alarms in {result['empty']} empty frames, {result['ms']:.1f} ms a frame"
    )
    if options.json:
        options.json.write_text(json.dumps({"bench": "bodies", **result}, indent=1) + "\n")


def score(reel: Path, size: tuple[int, int], every: int) -> dict[str, Any]:
    """Go through the reel once."""
    truth = json.loads(reel.with_suffix(".truth.json").read_text())
    runtime = open_runtime(Store(), [NETWORK])
    detector = BodyDetector(runtime, size)
    frames = found = empty = alarms = 0
    with av.open(str(reel)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            time = index / truth["fps"]
            here = any(p["first_s"] + EDGE_S <= time <= p["last_s"] - EDGE_S for p in truth["passages"])
            nobody = any(first <= time <= last for first, last in truth["empty"])
            if index % every or not (here or nobody):
                continue
            bodies = detector.detect(np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))
            frames, found = frames + here, found + (here and any(b.kind == "person" for b in bodies))
            empty, alarms = empty + nobody, alarms + (nobody and bool(bodies))
    stats = runtime.stats()[NETWORK]
    return {
        "size": f"{size[0]}x{size[1]}",
        "frames": frames,
        "found": found,
        "recall": found / max(frames, 1),
        "empty": empty,
        "alarms": alarms,
        "ms": stats.total_ms / max(stats.runs, 1),
    }


if __name__ == "__main__":
    main()
