#!/usr/bin/env python3
"""Measures what a replay costs while somebody is there: processor time per camera-second inside the truth's passages.

Usage: cpu.py VIDEO TRUTH.json [--people DIR] [--kind face] [--json FILE]

Frames cost what they took to decode, look at and decide; loading networks and enrolling people is left out. A frame
counts as inside when it lies in any passage of the truth, optional ones included.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from reel import Wanted, read_truth
from zhian_edge.errors import EdgeError
from zhian_edge.replay.people import People
from zhian_edge.replay.running import Request, replay
from zhian_models.errors import ModelsError
from zhian_models.store import Store


@dataclass
class Cost:
    """Frames and processor seconds of a stretch of media."""

    media_s: float = 0.0
    cpu_s: float = 0.0

    def add(self, media_s: float, cpu_s: float) -> None:
        """One more frame."""
        self.media_s += media_s
        self.cpu_s += cpu_s

    @property
    def ms_per_camera_second(self) -> float:
        """Milliseconds of processor per second of media."""
        return round(1000 * self.cpu_s / self.media_s, 1) if self.media_s else 0.0


class Stopwatch:
    """Is told of every frame when it is done, and puts its cost where it belongs."""

    def __init__(self, passages: Sequence[Wanted]) -> None:
        self._passages = passages
        self._before: tuple[float, float] | None = None
        self.inside = Cost()
        self.outside = Cost()

    def __call__(self, media_s: float) -> None:
        now = time.process_time()
        # The first frame's time would contain all that was loaded before it.
        if self._before is not None:
            cost = self.inside if any(p.first_s <= media_s <= p.last_s for p in self._passages) else self.outside
            cost.add(media_s - self._before[0], now - self._before[1])
        self._before = media_s, now


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay, print, write JSON; 2 where a file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--people", type=Path, metavar="DIR", help="one folder of pictures per person")
    parser.add_argument("--kind", choices=("face", "plate", "body", "all"), default="all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    options = parser.parse_args(arguments)
    try:
        watch = Stopwatch(read_truth(options.truth))
        request = Request(videos=[options.video], kind=options.kind, who=People(options.people))
        summary = replay(request, io.BytesIO(), store=Store(), progress=watch)
    except (EdgeError, ModelsError, OSError, ValueError) as error:
        print(f"cpu.py: {error}", file=sys.stderr)
        return 2
    for name, cost in (("inside", watch.inside), ("outside", watch.outside)):
        print(f"{name} passages: {cost.ms_per_camera_second} ms per camera-second ({cost.media_s:.1f} s of media)")
    if options.json:
        body = {
            "video": options.video.name,
            "kind": options.kind,
            "runtime": summary.runtime,
            "inside": {**asdict(watch.inside), "ms_per_camera_second": watch.inside.ms_per_camera_second},
            "outside": {**asdict(watch.outside), "ms_per_camera_second": watch.outside.ms_per_camera_second},
            "counters": summary.counters,
        }
        options.json.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
