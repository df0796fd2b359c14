"""The node under test: the gate's own decision loop over a real outbox on a disk, in simulated time, on one core.

Signals are handed in one by one at their own time, the clock of the rush; each round is timed by the real clock, to
the end of its commit. A signal that arrives while an earlier one is worked on waits: the queue is reckoned from the
arrivals and the measured times, as one server that takes them in order.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from zhian_edge.config.reading import parse
from zhian_edge.deciding import Deciding, NewRoster
from zhian_edge.decision.actions import Action
from zhian_edge.decision.decider import Decider
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Identity, Outbox
from zhian_edge.delivery.spool import Spool
from zhian_edge.desk import Desk
from zhian_edge.planning import plan_of
from zhian_edge.process.clock import ClockTie, Reading
from zhian_edge.sight import Sight
from zhian_wire.codec import decode
from zhian_wire.events import Event
from zhian_wire.roster import Person, Roster

from .crowd import Crowd
from .senses import Sent

TICK_MS: Final = 100
#: A Monday, 7:20 in Shanghai.
START_MS: Final = round(datetime(2026, 3, 1, 23, 20, tzinfo=UTC).timestamp() * 1000)


@dataclass(frozen=True)
class Ran:
    """What the node committed, in order; `busy_ms` maps a round's time (ms of the rush) to queue plus work, in ms."""

    events: list[Event]
    busy_ms: dict[int, float]
    signals: int
    cpu_s: float
    opened: int


class _Time:
    """Both clocks of the rush."""

    def __init__(self, step_s: float, step_at_ms: int) -> None:
        self.now_ms = 0
        self._step_ms, self._step_at_ms = round(step_s * 1000), step_at_ms

    def now(self) -> int:
        return self.now_ms

    def read(self) -> Reading:
        stepped = self._step_ms if self.now_ms >= self._step_at_ms else 0
        return Reading(self.now_ms, START_MS + self.now_ms + stepped, synchronised=not stepped)


def run(crowd: Crowd, sent: Sequence[Sent], lanes: int, clock_step_s: float, home: Path) -> Ran:
    """Everything through one node whose folder is `home`."""
    clock = _Time(clock_step_s, round(crowd.end_s * 500))
    database = Database(home / "node.sqlite3")
    outbox = Outbox(database, Identity("rush", "gate", ZoneInfo("Asia/Shanghai")))
    tie = ClockTie("rush", clock.read())
    opened: list[Action] = []
    deciding = Deciding(
        Decider(plan_of(parse(configuration(lanes), home / "rush.toml"), "rush")),
        Desk(outbox, Spool(home / "spool"), tie, lambda: None),
        tie,
        Sight("gate"),
        short_of_space=lambda: None,
        act=opened.extend,
        now=clock.now,
        read=clock.read,
    )
    deciding.put(NewRoster(roster_of(crowd)))
    cpu = time.process_time()
    busy = _feed(deciding, clock, sent, round(crowd.end_s * 1000) + 20_000)
    cpu = time.process_time() - cpu
    events = [decode(row.body) for row in outbox.open_rows(1_000_000)]
    database.close()
    pulses = sum(getattr(action, "action", "") == "pulse" for action in opened)
    return Ran(sorted(events, key=lambda e: e.seq), busy, len(sent), cpu, pulses)


def configuration(lanes: int) -> str:
    """What an installer would write for these lanes: by card or live face, each with a reader and a camera."""
    head = """
        [site]
        id = "rush"
        [node]
        id = "gate"
        [gateway]
        brokers = ["mqtt://127.0.0.1:1883"]
        url = "http://127.0.0.1:8080"
    """
    lane = """
        [[lanes]]
        id = "lane-{n}"
        policy = "any_of"
        any_of = ["card", "face"]
        liveness = "required"
        inside = "school"
        egress = "free"
        anti_passback = "soft"
        [[readers]]
        id = "reader-{n}"
        driver = "virtual"
        script = "reader-{n}.jsonl"
        lane = "lane-{n}"
        [[cameras]]
        id = "camera-{n}"
        source = "camera-{n}.mp4"
        lane = "lane-{n}"
        line = [[0.9, 0.6], [0.1, 0.6]]
    """
    return head + "".join(lane.format(n=n + 1) for n in range(lanes))


def roster_of(crowd: Crowd) -> Roster:
    """What the gateway would have sent."""
    persons = tuple(Person(id=p.id, group="pupil", cards=(p.card,)) for p in crowd.pupils)
    return Roster(version=1, persons=persons)


def _feed(deciding: Deciding, clock: _Time, sent: Sequence[Sent], end_ms: int) -> dict[int, float]:
    busy: dict[int, float] = {}
    free_ms, waiting = 0.0, list(reversed(sent))
    for tick in range(0, end_ms, TICK_MS):
        while waiting and waiting[-1].at_s * 1000 < tick:
            one = waiting.pop()
            deciding.put(one.signal)
            free_ms = _round(deciding, clock, one.at_s * 1000, free_ms, busy)
        free_ms = _round(deciding, clock, tick, free_ms, busy)
    return busy


def _round(deciding: Deciding, clock: _Time, at_ms: float, free_ms: float, busy: dict[int, float]) -> float:
    """One round at `at_ms`; when the server is free again."""
    clock.now_ms = round(at_ms)
    began = time.perf_counter()
    deciding.round(0)
    took_ms = (time.perf_counter() - began) * 1000
    done_ms = max(at_ms, free_ms) + took_ms
    busy[clock.now_ms] = max(busy.get(clock.now_ms, 0.0), done_ms - at_ms)
    return done_ms
