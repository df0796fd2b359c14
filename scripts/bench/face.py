#!/usr/bin/env python3
"""Measures face recognition on labelled photographs, and proposes the thresholds that the code holds.

Usage: face.py [--json FILE] [--plot DIR] [--network NAME]... [--detector NAME] [--material DIR] [--home DIR]

The material is a folder with `truth.tsv` (file, group, person): groups `strangers` (one picture each, all different
people: impostors and distractors), `asian` and `lfw` (several pictures each). East Asian impostors decide every
threshold. Distractors beyond the real strangers are synthetic templates and labelled so. Every embedding network gets
a report and a DET plot.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from face_parts import choices, identification, material, plots, show, verification
from zhian_models.face.embed import CONTRACTS
from zhian_models.store import Store, default_home

ROOT = Path(__file__).resolve().parents[2]
SEED = 1


def main() -> int:
    """Measure every network, print the tables, write what was asked for."""
    wanted = _arguments()
    store = Store(wanted.home)
    reports = {}
    for network in wanted.network or [name for name in CONTRACTS if store.has(name)]:
        photographs = material.load(wanted.material, store, wanted.detector, network, SEED)
        reports[network] = measure(photographs)
        show.tables(network, reports[network])
        folder = wanted.plot or (wanted.json and wanted.json.parent)
        if folder:
            _plot(photographs, network, folder)
    if wanted.json:
        body = {
            "command": "scripts/bench/face.py " + " ".join(sys.argv[1:]),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, onnxruntime {version('onnxruntime')}",
            "detector": wanted.detector,
            "networks": reports,
        }
        wanted.json.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    return 0


def measure(photographs: material.Material) -> dict[str, Any]:
    """Everything that is measured of one network, as one report that JSON can hold."""
    rng = np.random.default_rng(SEED)
    found = identification.thresholds(photographs, rng)
    table = identification.proposal(found)
    at = table["track"][str(identification.FPIR)][-1]
    persons = identification.tracks_of_persons(photographs, material.LOOKS, rng)
    sizes = (len(photographs.of("strangers")), *identification.SYNTHETIC_SIZES)
    return {
        "photographs": {group: len(photographs.of(group)) for group in (*photographs.known, "strangers")},
        "doubles": photographs.doubles,
        "lost": photographs.lost,
        "key": photographs.key,
        "verification": verification.measure(photographs, rng),
        "identification": {
            "thresholds": found,
            "proposal": {"sizes": identification.REAL_SIZES, "table": table},
            "proposals": identification.proposals(found, table),
            "held_out": identification.held_out(photographs, rng),
            "several_pictures": identification.several(photographs, rng),
            "misses": {
                group: [row for size in sizes for row in identification.misses(photographs, group, size, rng)]
                for group in photographs.known
            },
            "tracks_of_persons_above": {name: float((scores >= at).mean()) for name, scores in persons.items()},
        },
        "choices": {
            "crowd": choices.crowds(photographs, rng),
            "scoring": choices.scorings(photographs, rng),
            "track": choices.tracks(photographs, rng),
        },
    }


def _plot(photographs: material.Material, network: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    curves = {
        f"{group}, {count} picture{'s' if count > 1 else ''}": verification.curve(photographs, group, count, rng)
        for group in photographs.known
        for count in verification.PICTURES
    }
    others = verification.OTHERS[-1]
    title = f"{network}: claims among {others} others, East Asian impostors"
    plots.det(title, curves, folder / f"det_{network}.png")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--material", type=Path, default=ROOT.parent / "shared" / "testdata" / "faces")
    parser.add_argument("--home", type=Path, default=default_home())
    parser.add_argument("--detector", default="centerface")
    parser.add_argument("--network", action="append", help="again for more; without it, every one that was brought")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path, help="folder of the DET plots; without it, the JSON file's")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
