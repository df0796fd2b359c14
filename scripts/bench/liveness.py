#!/usr/bin/env python3
"""How often liveness networks take living people for attacks (BPCER) and attacks for living people (APCER).

Usage: liveness.py [VIDEO...] [--pictures DIR] [--drawn N --photographs DIR --room VIDEO] [--json FILE]

Everybody in VIDEO must be alive: every face passage of its replay that was scored is one presentation. DIR holds
pictures with one face each and a `truth.tsv` of file and label (`live` or `attack:<kind>`); a picture is one
presentation. With --drawn, N photographs (a folder of one face each, first generation) are shown as prints and on
phones that are drawn, before frames of the room's video: synthetic, and labelled so. A presentation is live when the
mean of its scores reaches the threshold that the node uses. Bounds are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from face_parts.statistics import rate
from liveness_parts import attacks
from zhian_edge.config.types import Config, Gateway, Liveness, Node, Recognition, Site
from zhian_edge.errors import EdgeError
from zhian_edge.perception.live import networks_for, verdict
from zhian_edge.replay.running import Request, replay
from zhian_models.errors import ModelsError
from zhian_models.face.detect import open_detector
from zhian_models.face.enrol import find_faces, read_picture
from zhian_models.face.liveness import Liveness as Scorer
from zhian_models.face.types import FaceDetector
from zhian_models.runtime import open_runtime
from zhian_models.store import Store
from zhian_wire import codec
from zhian_wire.events import Passage

CHOICES: Final[tuple[Liveness, ...]] = ("fr_liveness", "minifasnet", "auto")
SEED: Final = 3
ROOMS: Final = 6

Labelled = Iterator[tuple[str, attacks.Picture]]


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


def labelled(folder: Path) -> Labelled:
    """Label and picture of every row of `folder`/truth.tsv. OSError for what is no picture."""
    with (folder / "truth.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            picture = read_picture(folder / row["file"])
            if picture is None:
                raise OSError(f"{folder / row['file']}: no picture")
            yield row["label"], picture


def drawn(folder: Path, room: Path, count: int, detector: FaceDetector) -> Labelled:
    """Every kind of drawn presentation of `count` photographs; the same ones every time."""
    rng = np.random.default_rng(SEED)
    rooms = _rooms(room)
    paths = sorted(folder.glob("*.jpg"))
    for path in (paths[index] for index in rng.permutation(len(paths))[:count]):
        picture = read_picture(path)
        faces = [] if picture is None else find_faces(detector, picture)
        if picture is None or not faces:
            continue
        source = attacks.Source(picture, max(faces, key=lambda face: face.box[2]).box)
        for label, make in attacks.KINDS.items():
            yield label, make(source, rooms[rng.integers(len(rooms))], rng)


def _rooms(video: Path) -> list[attacks.Picture]:
    """Frames of `video` that lie evenly in it, as large as the drawn scenes."""
    capture = cv2.VideoCapture(str(video))
    last = int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) - 1
    found = []
    for index in np.linspace(0, max(last, 0), ROOMS).astype(int):
        capture.set(cv2.CAP_PROP_POS_FRAMES, int(index))
        done, frame = capture.read()
        if done:
            found.append(np.asarray(cv2.resize(frame, (attacks.WIDTH, attacks.HEIGHT)), np.uint8))
    if not found:
        raise OSError(f"{video}: no picture in it")
    return found


def scored(shown: Labelled, detector: FaceDetector, scorers: Mapping[str, Scorer]) -> dict[str, dict[str, list[float]]]:
    """By choice and label: the score of every picture in which a face is found."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for label, picture in shown:
        faces = detector.detect(picture)
        for choice, scorer in scorers.items() if faces else ():
            box = max(faces, key=lambda face: face.box[2]).box
            found[choice][f"{label}, pictures"].append(scorer.score(picture, box))
    return found


def measure(options: argparse.Namespace, store: Store) -> dict[str, dict[str, list[float]]]:
    """All scores by choice and kind of presentation; choices whose networks were not brought are left out."""
    names = {choice: networks_for(choice, store, ()) for choice in CHOICES}
    names = {choice: some for choice, some in names.items() if some and all(map(store.has, some))}
    runtime = open_runtime(store, ["centerface", *sorted({name for some in names.values() for name in some})])
    detector = open_detector(runtime, "centerface")
    scorers = {choice: Scorer(runtime, some) for choice, some in names.items()}
    found: dict[str, dict[str, list[float]]] = {choice: {} for choice in names}
    for choice in names if options.videos else ():
        found[choice]["live, tracks"] = [score for video in options.videos for score in tracks(video, choice, store)]
    sources = [labelled(options.pictures)] if options.pictures else []
    if options.drawn:
        sources.append(drawn(options.photographs, options.room, options.drawn, detector))
    for source in sources:
        for choice, kinds in scored(source, detector, scorers).items():
            found[choice] |= kinds
    return found


def rates(found: Mapping[str, Mapping[str, Sequence[float]]]) -> Iterator[dict[str, Any]]:
    """One row a choice and kind: how many were judged wrongly, with bounds."""
    for choice, kinds in found.items():
        for kind, scores in kinds.items():
            alive = kind.startswith("live")
            wrong = sum((verdict(score) == "live") != alive for score in scores)
            measure_name = "BPCER" if alive else "APCER"
            yield {"choice": choice, "kind": kind, "measure": measure_name} | asdict(rate(wrong, len(scores)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write JSON; 2 where a file cannot be used."""
    options = _parser().parse_args(arguments)
    if options.drawn and not (options.photographs and options.room):
        print("liveness.py: --drawn needs --photographs and --room", file=sys.stderr)
        return 2
    try:
        found = measure(options, Store())
    except (EdgeError, ModelsError, OSError, KeyError) as error:
        print(f"liveness.py: {error}", file=sys.stderr)
        return 2
    table = list(rates(found))
    for row in table:
        share = f"{row['hits']} of {row['trials']} ({row['rate']:.1%}, {row['low']:.1%} to {row['high']:.1%})"
        print(f"{row['choice']}: {row['kind']}: {row['measure']} {share}")
    if options.json:
        options.json.write_text(json.dumps({"rates": table, "scores": found}, indent=1) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("videos", type=Path, nargs="*", metavar="VIDEO")
    parser.add_argument("--pictures", type=Path, metavar="DIR")
    parser.add_argument("--drawn", type=int, default=0, metavar="N", help="so many photographs as drawn attacks")
    parser.add_argument("--photographs", type=Path, metavar="DIR")
    parser.add_argument("--room", type=Path, metavar="VIDEO", help="behind the drawn attacks")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser


if __name__ == "__main__":
    sys.exit(main())
