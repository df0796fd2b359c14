"""Judges the facts: what is well, what somebody should look at, and when the gateway itself does not do its work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from .facts import CaseFacts, DiskFacts, Facts, NodeFacts
from .vitals import LoopState

Verdict = Literal["ok", "warn", "fail"]
_RANK: Final = {"ok": 0, "warn": 1, "fail": 2}

#: A broker that is restarted is back sooner.
BROKER_S: Final = 5.0
#: A loop that failed so often in a row is not merely unlucky.
FAILURES: Final = 3
GIB: Final = 1 << 30
#: Below the first somebody should make room; below the second SQLite's next checkpoint may not fit.
LOW: Final = 4 * GIB
FULL: Final = GIB // 4
#: The rules follow some thousand events a second; more than this waits only after an outage.
BACKLOG: Final = 5000
#: Nodes renew at two thirds of a certificate's life (a month before its end), so a week before it they could not.
CERTIFICATE_DAYS: Final = 7
#: A nightly backup that was missed once, and a daily run of retention likewise.
BACKUP_S: Final = 36 * 3600.0
RETENTION_S: Final = 36 * 3600.0
DAY_S: Final = 24 * 3600.0


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `advice` says what to do, where something is to do."""

    name: str
    verdict: Verdict
    text: str
    advice: str = ""


def judge(facts: Facts) -> list[Check]:
    """Every check, in a fixed order; only what keeps the gateway from its own work fails."""
    return [
        *_loops(facts),
        *_pipe(facts),
        judge_disk(facts.disk),
        *_nodes(facts),
        *_cases(facts),
        *_sent(facts),
        *_kept(facts),
    ]


def worst(checks: list[Check]) -> Verdict:
    """The verdict of all together."""
    return max((check.verdict for check in checks), key=_RANK.__getitem__, default="ok")


def _loops(facts: Facts) -> Iterator[Check]:
    bad = [check for check in map(_loop, facts.loops) if check.verdict != "ok"]
    yield from bad or [Check("threads", "ok", f"{len(facts.loops)} threads at work")]


def _loop(loop: LoopState) -> Check:
    name = f"thread {loop.name}"
    if not loop.alive:
        return Check(name, "fail", "it has ended", "restart the gateway, and keep its log")
    if loop.hangs:
        return Check(name, "fail", f"its step takes {loop.running_s:.0f} s already", "is the disk or database stuck?")
    if loop.failures:
        verdict: Verdict = "fail" if loop.failures >= FAILURES else "warn"
        return Check(name, verdict, f"failed {loop.failures} times in a row: {loop.error}", "see the log: loop.failed")
    return Check(name, "ok", "at work")


def _pipe(facts: Facts) -> Iterator[Check]:
    lost = facts.broker_lost_s
    if lost is not None and lost > BROKER_S:
        advice = "is it running? nodes keep what they decide meanwhile"
        yield Check("broker", "fail", f"does not answer for {lost:.0f} s", advice)
    elif lost is not None:
        yield Check("broker", "ok" if lost == 0 else "warn", "connected" if lost == 0 else "connecting")
    if facts.backlog > BACKLOG:
        advice = "after an outage this passes; if it grows, the machine is too slow"
        yield Check("rules", "warn", f"{facts.backlog} events are stored and not judged yet", advice)
    else:
        yield Check("rules", "ok", "up to date" if not facts.backlog else f"{facts.backlog} events to go")


def judge_disk(disk: DiskFacts) -> Check:
    """Whether there is room."""
    text = f"{disk.free / GIB:.1f} GiB of {disk.total / GIB:.0f} free"
    if disk.free < FULL:
        return Check("disk", "fail", text, "make room now: without it nothing can be stored")
    if disk.free < LOW:
        return Check("disk", "warn", text, "make room, or keep pictures for fewer days ([retention])")
    return Check("disk", "ok", text)


def _nodes(facts: Facts) -> Iterator[Check]:
    bad = [check for node in facts.nodes for check in _node(node)]
    if bad or facts.nodes:
        yield from bad or [Check("nodes", "ok", f"all {len(facts.nodes)} are online and see")]
    else:
        yield Check("nodes", "warn", "there are none", "zhian-gateway node invite NAME")


def _node(node: NodeFacts) -> Iterator[Check]:
    name = f"node {node.name}"
    if node.state == "offline":
        said = "never heard since the start" if node.heard_s is None else f"silent for {node.heard_s:.0f} s"
        yield Check(name, "warn", said, "it decides alone and keeps its events; see to its power and cable")
    if node.state == "blind":
        yield Check(name, "warn", f"{node.cameras_blind} cameras do not see", "zhian-edge doctor on the node")
    if node.devices_down and node.state != "offline":
        yield Check(name, "warn", f"{node.devices_down} readers, inputs or barriers are down", "zhian-edge doctor")
    if node.holes:
        advice = "they were asked for again; if they stay, see zhian-gateway ledger"
        yield Check(name, "warn", f"{node.holes} of its events have not arrived", advice)
    if node.certificate_days is not None and node.certificate_days < CERTIFICATE_DAYS:
        said = "is over" if node.certificate_days < 0 else f"ends in {node.certificate_days:.1f} days"
        yield Check(name, "warn", f"its certificate {said}", "it renews it when it reaches the door; else invite it")


def _cases(facts: Facts) -> Iterator[Check]:
    late = sum(case.late for case in facts.cases.values())
    total = sum(case.open for case in facts.cases.values())
    if late:
        oldest = max(_late_age(case) for case in facts.cases.values())
        text = f"{late} of {total} open cases are not acknowledged in time, the oldest for {oldest / 60:.0f} min"
        yield Check("cases", "warn", text, "is anybody at the page?")
    else:
        yield Check("cases", "ok", f"{total} open, none late")


def _late_age(case: CaseFacts) -> float:
    return case.oldest_s if case.late else 0.0


def _sent(facts: Facts) -> Iterator[Check]:
    failed = facts.notices.get("failed", 0)
    yield Check(
        "notices", "warn" if failed else "ok", f"{failed} could not be delivered", "see the page Notices" * bool(failed)
    )
    dead = facts.deliveries.get("dead", 0)
    if facts.deliveries:
        yield Check("police", "warn" if dead else "ok", f"{dead} given up", "the stream still has them" * bool(dead))


def _kept(facts: Facts) -> Iterator[Check]:
    yield _daily("backup", facts.backup_s, BACKUP_S, "zhian-gateway backup FOLDER, every night")
    # A gateway that is new has had no night yet.
    if facts.retention_s is not None or facts.up_s > RETENTION_S:
        yield _daily("retention", facts.retention_s, RETENTION_S, "see zhian-gateway retention show")


def _daily(name: str, age: float | None, most: float, advice: str) -> Check:
    if age is None:
        return Check(name, "warn", "never", advice)
    text = f"{age / 3600:.0f} h ago" if age < 2 * DAY_S else f"{age / DAY_S:.0f} days ago"
    return Check(name, "ok", text) if age <= most else Check(name, "warn", text, advice)
