#!/usr/bin/env python3
"""How often liveness networks take living people for attacks (BPCER) and attacks for living people (APCER).

Usage: liveness.py VIDEO... [--pictures DIR] [--json FILE]

Everybody in VIDEO must be alive: every face passage of its replay that was scored is one presentation. DIR holds
pictures with one face each and a `truth.tsv` of file and label (`live` or `attack:<kind>`); a picture is one
presentation. A presentation is live when the mean of its scores reaches the threshold that the node uses.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import msgspec
from zhian_edge.config.types import Config, Gateway, Liveness, Node, Recognition, Site
from zhian_edge.errors import EdgeError
from zhian_edge.perception.live import LIVE, networks_for
from zhian_edge.replay.running import Request, replay
from zhian_models.errors import ModelsError
from zhian_models.face.detect import open_detector
from zhian_models.face.liveness import Liveness as Scorer
from zhian_models.runtime import open_runtime
from zhian_models.store import Store
from zhian_wire import codec
from zhian_wire.events import Passage

CHOICES: Final[tuple[Liveness, ...]] = ("fr_liveness", "minifasnet")


def tracks(video: Path, choice: Liveness, store: Store) -> list[float]:
    """Liveness of every face passage of `video` that was scored."""
    config = Config(
        site=Site(id="bench"),
        node=Node(id="bench"),
        gateway=Gateway(brokers=(), url=""),
        recognition=Recognition(liveness=choice),
    )
    out = io.BytesIO()
    replay(Request(videos=[video], kind="face", config=config), out, store=store)
    passages = [codec.decode(line).data for line in out.getvalue().splitlines()]
    faces = [e for p in passages if isinstance(p, Passage) for e in p.evidence if e.kind == "face"]
    return [face.live for face in faces if face.live is not None]


def pictures(folder: Path, choice: Liveness, store: Store) -> Iterator[tuple[str, float]]:
    """Label and score of every picture in which a face is found."""
    names = networks_for(choice, store, ())
    runtime = open_runtime(store, ["centerface", *names])
    scorer, detector = Scorer(runtime, names), open_detector(runtime, "centerface")
    with (folder / "truth.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            picture = cv2.imread(str(folder / row["file"]))
            if picture is None:
                raise OSError(f"{folder / row['file']}: no picture")
            faces = detector.detect(picture)
            if faces:
                yield row["label"], scorer.score(picture, max(faces, key=lambda face: face.score).box)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write JSON; 2 where a file cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", type=Path, nargs="+", metavar="VIDEO")
    parser.add_argument("--pictures", type=Path, metavar="DIR")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    try:
        store = Store()
        for choice in CHOICES:
            for video in options.videos:
                found[choice]["live, tracks"] += tracks(video, choice, store)
            for label, score in pictures(options.pictures, choice, store) if options.pictures else ():
                found[choice][f"{label}, pictures"].append(score)
    except (EdgeError, ModelsError, OSError, KeyError) as error:
        print(f"liveness.py: {error}", file=sys.stderr)
        return 2
    for choice, kinds in found.items():
        for kind, scores in kinds.items():
            wrong = sum((score < LIVE) == kind.startswith("live") for score in scores)
            rate = "BPCER" if kind.startswith("live") else "APCER"
            print(f"{choice}: {kind}: {rate} {wrong} of {len(scores)}, scores {min(scores):.2f} to {max(scores):.2f}")
    if options.json:
        options.json.write_bytes(msgspec.json.format(json.dumps(found).encode(), indent=1) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
