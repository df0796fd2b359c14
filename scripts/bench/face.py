#!/usr/bin/env python3
"""Measures face recognition on labelled photographs, and proposes the thresholds that the code holds.

Usage: face.py [--material DIR] [--home DIR] [--detector NAME] [--network NAME] [--json FILE] [--plot DIR]

The material is a folder with `truth.tsv` (file, group, person): groups `strangers` (one picture each, all different
people: impostors and distractors), `asian` and `lfw` (several pictures each). East Asian impostors decide every
threshold. Distractors beyond the real strangers are synthetic templates and labelled so.
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
from face_parts import choices, identification, material, plots, verification
from zhian_models.store import Store, default_home

ROOT = Path(__file__).resolve().parents[2]
SEED = 1


def main() -> int:
    """Measure, print the tables, write what was asked for."""
    wanted = _arguments()
    photographs = material.load(wanted.material, Store(wanted.home), wanted.detector, wanted.network, SEED)
    report = measure(photographs) | {
        "detector": wanted.detector,
        "network": wanted.network,
        "command": "scripts/bench/face.py " + " ".join(sys.argv[1:]),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, onnxruntime {version('onnxruntime')}",
    }
    _print(report)
    if wanted.json:
        wanted.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if wanted.plot:
        _plot(photographs, wanted.network, wanted.plot)
    return 0


def measure(photographs: material.Material) -> dict[str, Any]:
    """Everything that is measured, as one report that JSON can hold."""
    rng = np.random.default_rng(SEED)
    found = identification.thresholds(photographs, rng)
    table = identification.proposal(found)
    at = table["track"]["0.01"][-1]
    persons = identification.tracks_of_persons(photographs, material.LOOKS, rng)
    return {
        "photographs": {group: len(photographs.of(group)) for group in (*photographs.known, "strangers")},
        "doubles": photographs.doubles,
        "lost": photographs.lost,
        "key": photographs.key,
        "verification": verification.measure(photographs, rng),
        "identification": {
            "thresholds": found,
            "proposal": {"sizes": identification.REAL_SIZES, "table": table},
            "misses": {
                "threshold": at,
                **{group: identification.misses(photographs, group, at, rng) for group in photographs.known},
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
    plots.det(f"{network}: East Asian impostors", curves, folder / f"det_{network}.png")


def _print(report: dict[str, Any]) -> None:
    for count, rows in report["verification"]["thresholds"].items():
        cells = ", ".join(f"{r['fmr']:g}: {r['threshold']:.3f} [{r['low']:.3f} {r['high']:.3f}]" for r in rows)
        print(f"1:1, {count} picture(s), threshold at FMR {cells}")
    for group, counts in report["verification"]["genuine"].items():
        for count, rows in counts.items():
            cells = ", ".join(
                f"{r['fmr']:g}: {r['fnmr']:.2%} [{r['bounds']['low']:.1%} {r['bounds']['high']:.1%}] "
                f"(pairs' threshold: {r['fnmr_at_pairs']:.2%})"
                for r in rows
            )
            print(f"1:1, {group}, {count} picture(s), FNMR at FMR {cells}")
    for row in report["identification"]["thresholds"]:
        print(
            f"1:N, {row['probe']}, {row['size']} enrolled ({row['persons']}), FPIR {row['fpir']:g}: "
            f"{row['threshold']:.3f} [{row['low']:.3f} {row['high']:.3f}]"
        )
    misses = report["identification"]["misses"]
    for group in report["verification"]["genuine"]:
        for row in misses[group]:
            print(
                f"1:N, {group}, {row['pictures']} picture(s), {row['looks']} look(s), missed at "
                f"{misses['threshold']:.3f}: {row['missed']:.2%}"
            )
    for name, rows in report["choices"].items():
        for row in rows:
            print(f"choice, {name}: {row}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--material", type=Path, default=ROOT.parent / "shared" / "testdata" / "faces")
    parser.add_argument("--home", type=Path, default=default_home())
    parser.add_argument("--detector", default="centerface")
    parser.add_argument("--network", default="fr_feature")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--plot", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
