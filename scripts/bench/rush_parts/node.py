"""The node under test: the gate's own decision loop over a real outbox on a disk, in simulated time, on one core.

Signals are handed in one by one at their own time, the clock of the rush; each round is timed by the real clock, to
the end of its commit. A signal that arrives while an earlier one is worked on waits: the queue is reckoned from the
arrivals and the measured times, as one server that takes them in order.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from zhian_edge.config.reading import parse
from zhian_edge.deciding import Deciding, NewRoster
from zhian_edge.decision.decider import Decider
from zhian_edge.delivery.database import Database
from zhian_edge.delivery.outbox import Identity, Outbox
from zhian_edge.delivery.spool import Spool
from zhian_edge.desk import Desk
from zhian_edge.planning import plan_of
from zhian_edge.process.clock import ClockTie, Reading
from zhian_edge.sight import Sight
from zhian_wire.codec import decode
from zhian_wire.events import Decision, Event
from zhian_wire.roster import Person, Roster, Template

from .crowd import Crowd
from .gates import PULSE_S, Gates, Pulse
from .profile import Profile
from .senses import Sent

TICK_MS: Final = 100
#: What a policy needs to be told of; the others need nothing.
WAYS: Final = {"any_of": 'any_of = ["card", "face"]\nliveness = "required"'}
#: The decision only asks whether there is any.
TEMPLATES: Final = (Template(key="rush", vector=b""),)
#: A Monday, 7:20 in Shanghai.
START_MS: Final = round(datetime(2026, 3, 1, 23, 20, tzinfo=UTC).timestamp() * 1000)


@dataclass(frozen=True)
class Ran:
    """What the node committed, in order; `busy_ms` maps a round's time (ms of the rush) to queue plus work, in ms."""

    events: list[Event]
    busy_ms: dict[int, float]
    signals: int
    cpu_s: float
    pulses: list[Pulse]


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


class _Committed:
    """Whether a decision is committed, by a connection of its own, which sees nothing else."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        self._seen = 0
        self._known: set[str] = set()

    def __call__(self, transaction: str) -> bool:
        for number, body in self._db.execute("SELECT id, body FROM event WHERE id > ? ORDER BY id", (self._seen,)):
            self._seen = number
            data = decode(body).data
            if isinstance(data, Decision):
                self._known.add(data.transaction)
        return transaction in self._known

    def close(self) -> None:
        self._db.close()


def run(crowd: Crowd, sent: Sequence[Sent], profile: Profile, home: Path) -> Ran:
    """Everything through one node whose folder is `home`."""
    clock = _Time(profile.clock_step_s, round(crowd.end_s * 500))
    database = Database(home / "node.sqlite3")
    outbox = Outbox(database, Identity("rush", "gate", ZoneInfo("Asia/Shanghai")))
    tie = ClockTie("rush", clock.read())
    committed = _Committed(home / "node.sqlite3")
    gates = Gates(profile.lanes, home, clock.now, committed)
    deciding = Deciding(
        Decider(plan_of(parse(configuration(profile), home / "rush.toml"), "rush")),
        Desk(outbox, Spool(home / "spool"), tie, lambda: None),
        tie,
        Sight("gate"),
        short_of_space=lambda: None,
        act=gates.act,
        now=clock.now,
        read=clock.read,
    )
    deciding.put(NewRoster(roster_of(crowd)))
    cpu = time.process_time()
    busy = _Feed(deciding, clock, gates).all(sent, round(crowd.end_s * 1000) + 20_000)
    cpu = time.process_time() - cpu
    events = [decode(row.body) for row in outbox.open_rows(1_000_000)]
    committed.close()
    database.close()
    return Ran(sorted(events, key=lambda e: e.seq), busy, len(sent), cpu, gates.pulses)


def configuration(profile: Profile) -> str:
    """What an installer would write for these lanes: each with a reader, a camera, and a barrier with its contact."""
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
        policy = "{policy}"
        {ways}
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
        [[barriers]]
        id = "barrier-{n}"
        driver = "virtual"
        lane = "lane-{n}"
        pulse_s = {pulse}
    """
    policies = [profile.policy(n) for n in range(profile.lanes)]
    return head + "".join(
        lane.format(n=n + 1, policy=policy, ways=WAYS.get(policy, ""), pulse=PULSE_S)
        for n, policy in enumerate(policies)
    )


def roster_of(crowd: Crowd) -> Roster:
    """What the gateway would have sent; whoever was never enrolled has no template."""
    persons = tuple(
        Person(id=p.id, group="pupil", cards=(p.card,), templates=() if p.face == "not_enrolled" else TEMPLATES)
        for p in crowd.pupils
    )
    return Roster(version=1, persons=persons)


class _Feed:
    """Hands the signals in, and what the barriers answer; keeps when the one server of the queue is free again."""

    def __init__(self, deciding: Deciding, clock: _Time, gates: Gates) -> None:
        self._deciding, self._clock, self._gates = deciding, clock, gates
        self._free_ms = 0.0
        self._busy: dict[int, float] = {}

    def all(self, sent: Sequence[Sent], end_ms: int) -> dict[int, float]:
        """Everything until `end_ms`: how long each round took, by its time."""
        waiting = list(reversed(sent))
        for tick in range(0, end_ms, TICK_MS):
            while waiting and waiting[-1].at_s * 1000 < tick:
                one = waiting.pop()
                self._deciding.put(one.signal)
                self._round(one.at_s * 1000)
            self._round(tick)
        return self._busy

    def _round(self, at_ms: float) -> None:
        """One round; what devices say to it comes with the next."""
        self._clock.now_ms = round(at_ms)
        began = time.perf_counter()
        self._deciding.round(0)
        took_ms = (time.perf_counter() - began) * 1000
        self._free_ms = max(at_ms, self._free_ms) + took_ms
        now = self._clock.now_ms
        self._busy[now] = max(self._busy.get(now, 0.0), self._free_ms - at_ms)
        for said in self._gates.carry_out(began):
            self._deciding.put(said)
