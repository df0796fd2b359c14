#!/usr/bin/env python3
"""A day without a gateway: what 50,000 events that wait cost the node, in memory, disk and decision time.

Usage: offline.py [--events N] [--people N] [--cards N] [--json FILE]

Two homes with the same roster, one empty and one with a day's events without receipts. In each the gate's own decision
loop gets one card after the other; timed is a round, from the read to the committed `decision`. Between the cards the
heart-beat's questions are put to the same database, as delivery does. Then the node's own log is read back, as after a
kill. Processor time where it says so, since machines are shared; a round waits for the disk, so it is wall time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from startup_parts import home as homes
from zhian_edge.config.reading import parse
from zhian_edge.deciding import Deciding, NewRoster
from zhian_edge.decision.decider import Decider
from zhian_edge.delivery.outbox import Outbox
from zhian_edge.delivery.spool import Spool
from zhian_edge.desk import Desk
from zhian_edge.planning import plan_of
from zhian_edge.process.clock import ClockTie, Reading
from zhian_edge.sight import Sight
from zhian_edge.signals import CardRead, ClockTold
from zhian_wire.roster import Roster

#: Between two cards; longer than a card that is still held to the reader counts as the same.
APART_MS = 4000
#: Rows that delivery takes at a time.
WINDOW = 256


@dataclass
class Cost:
    """What a home costs. Milliseconds; `recall_cpu_s` and `recall_mb`: reading the log back, and what that took."""

    events: int
    disk_mb: float = 0.0
    decision_p50_ms: float = 0.0
    decision_p99_ms: float = 0.0
    decision_worst_ms: float = 0.0
    beat_ms: float = 0.0
    window_ms: float = 0.0
    prune_ms: float = 0.0
    recall_cpu_s: float = 0.0
    recall_mb: float = 0.0


class _Clock:
    """Both clocks of the bench, moved by hand."""

    ms = 0

    def now(self) -> int:
        return self.ms

    def read(self) -> Reading:
        return Reading(self.ms, round(homes.MORNING.timestamp() * 1000) + 86_400_000 + self.ms, synchronised=True)


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    listed = homes.roster(options.people, "bench", (), "京A00001")
    costs = []
    for events in (0, options.events):
        with TemporaryDirectory(prefix="zhian-offline-") as folder:
            home = Path(folder) / "node"
            homes.put(home, listed)
            homes.fill(home, events)
            costs.append(measure(home, listed, events, options.cards))
    ratio = round(costs[1].decision_p50_ms / costs[0].decision_p50_ms, 2)
    for cost in costs:
        print("  ".join(f"{name} {value}" for name, value in asdict(cost).items()))
    print(f"a decision with {options.events} waiting: {ratio} times one with none; load {os.getloadavg()[0]:.1f}")
    if options.json:
        report = {"bench": "offline", "people": options.people, "load": os.getloadavg(), "ratio": ratio}
        options.json.write_text(json.dumps(report | {"costs": [asdict(c) for c in costs]}, indent=2) + "\n", "utf-8")
    return 0


def measure(home: Path, listed: Roster, events: int, cards: int) -> Cost:
    """Everything of one home."""
    cost, clock = Cost(events), _Clock()
    database, box = homes.outbox(home)
    tie = ClockTie("today", clock.read())
    decider = Decider(plan_of(parse(CONFIG, home.parent / "node.toml"), "today"))
    memory, began = _peak_mb(), time.process_time()
    told = ClockTold(at_ms=0, wall_ms=clock.read().wall_ms, clock="trusted")
    decider.recall(box.log, box.state(), told)
    cost.recall_cpu_s, cost.recall_mb = round(time.process_time() - began, 2), round(_peak_mb() - memory, 1)
    desk = Desk(box, Spool(home / "spool"), tie, lambda: None)
    deciding = Deciding(
        decider, desk, tie, Sight(homes.NODE), short_of_space=lambda: None, now=clock.now, read=clock.read
    )
    deciding.put(NewRoster(listed))
    deciding.round(0)
    rounds, beats, windows = [], [], []
    for number in range(cards):
        clock.ms += APART_MS
        deciding.put(CardRead(reader="r1", at_ms=clock.ms, card=homes.card(number % (len(listed.persons) - 1))))
        rounds.append(_timed(lambda: deciding.round(0)))
        beats.append(_timed(lambda: _beat(box)))
        windows.append(_timed(lambda: box.open_rows(WINDOW)))
    cost.decision_p50_ms, cost.decision_p99_ms = _percentiles(rounds)
    cost.decision_worst_ms = round(max(rounds), 2)
    cost.beat_ms, cost.window_ms = _percentiles(beats)[0], _percentiles(windows)[0]
    cost.prune_ms = round(_timed(lambda: box.prune(clock.read().wall_ms, 7 * 86_400_000)), 2)
    database.close()
    cost.disk_mb = round(sum(path.stat().st_size for path in home.glob(f"{homes.DATABASE}*")) / 1e6, 1)
    return cost


CONFIG = """
[site]
id = "bench"
timezone = "Asia/Shanghai"
[node]
id = "gate-1"
[gateway]
brokers = ["mqtt://127.0.0.1:1"]
url = "http://127.0.0.1:1"
[[lanes]]
id = "doors"
policy = "card"
egress = "free"
inside = "school"
window_s = 1.0
[[readers]]
id = "r1"
driver = "virtual"
script = "r1.jsonl"
lane = "doors"
"""


def _beat(box: Outbox) -> tuple[str, int, int]:
    """What each heart-beat asks the database."""
    return box.epoch, box.seq, box.open_count()


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _percentiles(values: list[float]) -> tuple[float, float]:
    cuts = quantiles(values, n=100)
    return round(cuts[49], 2), round(cuts[98], 2)


def _peak_mb() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=50_000, help="that wait for a receipt")
    parser.add_argument("--people", type=int, default=1300, help="with three templates each")
    parser.add_argument("--cards", type=int, default=1000, help="presented one after the other")
    parser.add_argument("--json", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
