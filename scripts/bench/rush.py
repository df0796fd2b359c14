#!/usr/bin/env python3
"""A school's rush hour through the node's own decision, with the truth beside it.

Usage: rush.py [--seed N] [--profile FILE] [--home DIR] [--faults] [--json FILE]

A crowd is drawn from a profile (`profiles/school.toml`), with cards that are lent, strangers who follow, pupils who
turn back; readers and cameras make signals of it, some missing, some doubled, some wrong. The truth is written into
`truth.json` before the node hears of anything. Then the gate's decision loop gets the signals in the order in which
they arrive, commits what it decides to its outbox on the disk (`--home`, else a folder below /tmp), and is scored by
the committed rows. The simulation shares no code with the decision but the types of signals and events.

`right_pct`: crossings where card or face was readable that have exactly one passage, by the right name and way,
without those that no device told of (`unseen`) and those of whom nothing shows whose card is whose (`reversed`): the
truth names them beforehand. `right_of_all_pct` is with them. `swapped`: passages that mix the evidence of two people.
Latency: from the arrival of the read or name that completes the lane's policy to the committed `decision` row, on one
core, waiting in the queue included; `pulse_*`: from there until the barrier is drawn. `opened_wrongly`: pulses to which
nobody's evidence gives a right.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from rush_parts import truth
from rush_parts.crowd import gather
from rush_parts.node import run
from rush_parts.profile import load
from rush_parts.score import score
from rush_parts.senses import Noise, sense

PROFILE = Path(__file__).resolve().parent / "profiles" / "school.toml"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", type=Path, default=PROFILE)
    parser.add_argument("--home", type=Path, help="keep the node's folder and the truth here (must be empty)")
    parser.add_argument("--faults", action="store_true", help="tell what went wrong, visit by visit")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    profile = load(chosen.profile)
    random = Random(chosen.seed)
    crowd = gather(profile, random)
    sent, told = sense(crowd, profile, random, Noise())
    with tempfile.TemporaryDirectory(prefix="rush-") as folder:
        home = (chosen.home or Path(folder)).resolve()
        home.mkdir(parents=True, exist_ok=True)
        if any(home.iterdir()):
            raise SystemExit(f"{home}: expected an empty folder")
        truth.write(truth.truth_of(crowd, told, profile), home / "truth.json")
        _one_core()
        began = time.perf_counter()
        ran = run(crowd, sent, profile, home)
        result = score(truth.read(home / "truth.json"), ran.events, ran.busy_ms, ran.pulses).as_dict()
    faults = result.pop("faults")
    result |= {
        "seed": chosen.seed, "profile": str(chosen.profile.name), "signals": ran.signals, "events": len(ran.events),
        "decision_cpu_s": round(ran.cpu_s, 2), "wall_s": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    print("\n".join(f"{key:22} {value}" for key, value in result.items()))
    if chosen.faults:
        print(*faults, sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(result | {"faults": faults}, indent=2, ensure_ascii=False) + "\n")
    return 0


def _one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


if __name__ == "__main__":
    sys.exit(main())
