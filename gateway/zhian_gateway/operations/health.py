"""Judges the facts: what is well, what somebody should look at, and when the gateway itself does not do its work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from ..people.ways import FILING, Faces
from ..retention.believing import Doubt
from .facts import STUCK, CaseFacts, DiskFacts, Facts, NodeFacts, PeopleFacts
from .vitals import LoopState
from .words import WORDS

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


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what it is; `thread`, `node` and a name for one of several.
        code: what was found, of `words.WORDS`, for pages that say it in another language; "": the text is all there is.
        values: what the text has places for.
        advice: what to do, where something is to do.
    """

    name: str
    verdict: Verdict
    text: str
    advice: str = ""
    code: str = ""
    values: Mapping[str, float | str] | None = None


def found(name: str, verdict: Verdict, code: str, **values: float | str) -> Check:
    """A check in the words of its code."""
    words = WORDS[code]
    return Check(name, verdict, words.text.format(**values), words.advice, code, values)


def judge(facts: Facts) -> list[Check]:
    """Every check, in a fixed order; only what keeps the gateway from its own work fails."""
    return [
        *_loops(facts),
        *_pipe(facts),
        judge_disk(facts.disk),
        *_nodes(facts),
        _cases(facts.cases),
        *_sent(facts),
        *_kept(facts),
        _clock(facts.doubt),
        *_people(facts.people),
    ]


def worst(checks: Sequence[Check]) -> Verdict:
    """The verdict of all together."""
    return max((check.verdict for check in checks), key=_RANK.__getitem__, default="ok")


def judge_disk(disk: DiskFacts) -> Check:
    """Whether there is room."""
    values = {"free": disk.free / GIB, "total": disk.total / GIB}
    if disk.free < FULL:
        return found("disk", "fail", "disk_full", **values)
    return found("disk", "warn", "disk_low", **values) if disk.free < LOW else found("disk", "ok", "disk_ok", **values)


def _loops(facts: Facts) -> Iterator[Check]:
    bad = [check for loop in facts.loops if (check := _loop(loop))]
    yield from bad or [found("threads", "ok", "threads_ok", count=len(facts.loops))]


def _loop(loop: LoopState) -> Check | None:
    name = f"thread {loop.name}"
    if not loop.alive:
        return found(name, "fail", "thread_ended")
    if loop.hangs:
        return found(name, "fail", "thread_hangs", seconds=loop.running_s)
    if loop.failures:
        verdict: Verdict = "fail" if loop.failures >= FAILURES else "warn"
        return found(name, verdict, "thread_fails", count=loop.failures, error=loop.error)
    return None


def _pipe(facts: Facts) -> Iterator[Check]:
    lost = facts.broker_lost_s
    if lost is not None and lost > BROKER_S:
        yield found("broker", "fail", "broker_lost", seconds=lost)
    elif lost == 0 and facts.brokers[0] < facts.brokers[1]:
        away = facts.brokers[1] - facts.brokers[0]
        yield found("broker", "warn", "broker_spare_lost", count=away, total=facts.brokers[1])
    elif lost is not None:
        yield found("broker", "ok", "broker_ok") if lost == 0 else found("broker", "warn", "broker_connecting")
    late = facts.backlog > BACKLOG
    yield found("rules", "warn", "rules_behind", count=facts.backlog) if late else found("rules", "ok", "rules_ok")


def _nodes(facts: Facts) -> Iterator[Check]:
    if not facts.nodes:
        yield found("nodes", "warn", "nodes_none")
        return
    bad = [check for node in facts.nodes for check in _node(node)]
    yield from bad or [found("nodes", "ok", "nodes_ok", count=len(facts.nodes))]


def _node(node: NodeFacts) -> Iterator[Check]:
    name = f"node {node.name}"
    if node.state == "offline":
        unheard = node.heard_s is None
        yield (
            found(name, "warn", "node_unheard")
            if unheard
            else found(name, "warn", "node_silent", seconds=node.heard_s or 0.0)
        )
    if node.state == "blind":
        yield found(name, "warn", "node_blind", count=len(node.blind), cameras=", ".join(node.blind))
    if node.devices_down and node.state != "offline":
        yield found(name, "warn", "node_devices", count=node.devices_down)
    if node.clock_off_s is not None and node.state != "offline":
        yield found(name, "warn", "node_clock", seconds=abs(node.clock_off_s))
    if node.holes:
        yield found(name, "warn", "node_holes", count=node.holes)
    if node.pictures_refused:
        yield found(name, "warn", "node_pictures", count=node.pictures_refused)
    days = node.certificate_days
    if days is not None and days < 0:
        yield found(name, "warn", "node_certificate_over")
    elif days is not None and days < CERTIFICATE_DAYS:
        yield found(name, "warn", "node_certificate", days=days)


def _cases(cases: Mapping[str, CaseFacts]) -> Check:
    late, total = sum(case.late for case in cases.values()), sum(case.open for case in cases.values())
    if not late:
        return found("cases", "ok", "cases_ok", count=total)
    oldest = max(case.oldest_s for case in cases.values() if case.late)
    return found("cases", "warn", "cases_late", late=late, count=total, minutes=oldest / 60)


def _sent(facts: Facts) -> Iterator[Check]:
    dead = facts.deliveries.get("dead", 0)
    if facts.notices_stuck:
        minutes = STUCK / timedelta(minutes=1)
        yield found("notices", "warn", "notices_stuck", count=facts.notices_stuck, minutes=minutes)
    if facts.notices_lost:
        yield found("notices", "warn", "notices_failed", count=facts.notices_lost)
    elif not facts.notices_stuck:
        yield found("notices", "ok", "notices_ok")
    if dead:
        yield found("police", "warn", "police_dead", count=dead)
    elif facts.deliveries:
        yield found("police", "ok", "police_ok")


def _kept(facts: Facts) -> Iterator[Check]:
    yield _daily("backup", facts.backup_s, BACKUP_S)
    # A gateway that is new has had no night yet.
    if facts.retention_s is not None or facts.up_s > RETENTION_S:
        yield _daily("retention", facts.retention_s, RETENTION_S)


def _clock(doubt: Doubt | None) -> Check:
    if doubt is None:
        return found("clock", "ok", "clock_ok")
    return found("clock", "warn", "clock_doubted", days=(doubt.now - doubt.last) / timedelta(days=1))


def _people(people: PeopleFacts) -> Iterator[Check]:
    """Whether faces must be filed soon, and whether everybody can come in."""
    verdict = Faces(people.faces).verdict
    yield found("faces", "ok" if verdict == "ok" else "warn", f"faces_{verdict}", count=people.faces, filing=FILING)
    if people.stranded:
        yield found("ways", "warn", "ways_missing", count=people.stranded)


def _daily(name: str, age: float | None, most: float) -> Check:
    if age is None:
        return found(name, "warn", f"{name}_never")
    return found(name, "ok" if age <= most else "warn", f"{name}_{'ok' if age <= most else 'old'}", hours=age / 3600)
