"""How each case was answered, and what is left open: pure arithmetic over the lives of cases (件件有着落)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import NamedTuple

from zhian_wire.alerts import CLOSED, SEVERITIES, AlertState, Severity

from ..config_types import Target


class Step(NamedTuple):
    """One transition. `sent`: who was sent by it, "": nobody."""

    source: AlertState
    target: AlertState
    who: str
    when: datetime
    note: str
    sent: str = ""


@dataclass(frozen=True)
class Life:
    """A case with all its steps; moments are the gateway's, but for rules' steps of earlier versions."""

    id: int
    kind: str
    severity: Severity
    state: AlertState
    place: str
    opened_at: datetime
    count: int
    last_at: str
    steps: tuple[Step, ...] = ()


class Round(NamedTuple):
    """From a raise until somebody had acknowledged it, and closed it. Closing at once is acknowledging too."""

    start: datetime
    acknowledged: datetime | None = None
    closed: datetime | None = None


@dataclass(frozen=True)
class CaseLine:
    """One case. Times are seconds, the longest of its rounds; null: it never was.

    Attributes:
        late: whether any round missed a target, to acknowledge or to close.
        overdue: it is open, and past one now.
        reason: what whoever closed it said; closed_by `rule`: its cause was gone.
    """

    id: int
    kind: str
    severity: Severity
    state: AlertState
    place: str
    opened_at: str
    last_at: str
    count: int
    rounds: int
    acknowledged_s: int | None
    closed_s: int | None
    acknowledged_by: str
    sent: str
    closed_by: str
    reason: str
    late: bool
    overdue: bool


@dataclass(frozen=True)
class CaseAnswers:
    """All cases of one severity; late ones missed the target that is given (0: none)."""

    severity: Severity
    cases: int
    open: int
    overdue: int
    late: int
    acknowledge_target_s: float
    acknowledged_median_s: float | None
    acknowledged_longest_s: int | None
    close_target_s: float
    closed_median_s: float | None
    closed_longest_s: int | None


@dataclass(frozen=True)
class CasesClosed:
    """How many somebody closed as what."""

    who: str
    state: AlertState
    cases: int


@dataclass(frozen=True)
class CaseReport:
    """What is left open comes first, with each of them; then the answers, who closed, and every case."""

    site: str
    first_day: str
    last_day: str
    left_open: int
    overdue: int
    open: tuple[CaseLine, ...]
    severities: tuple[CaseAnswers, ...]
    closed: tuple[CasesClosed, ...]
    cases: tuple[CaseLine, ...]


def rounds(life: Life, now: datetime) -> list[Round]:
    """Each time that it was raised, and what came of it.

    Of earlier versions a rule's step has the moment by a node's clock; it is never later than the step after it.
    """
    found, last = [Round(life.opened_at)], life.opened_at
    for index, step in enumerate(life.steps):
        following = life.steps[index + 1].when if index + 1 < len(life.steps) else now
        last = max(last, min(step.when, following) if step.who == "rule" else step.when)
        if step.target == "raised":
            found.append(Round(last))
        elif found[-1].acknowledged is None:
            found[-1] = found[-1]._replace(acknowledged=last)
        if step.target in CLOSED:
            found[-1] = found[-1]._replace(closed=last)
    return found


def line(life: Life, target: Target, now: datetime) -> CaseLine:
    """One case, held against its target."""
    every = rounds(life, now)
    is_open = life.state not in CLOSED
    acknowledged = _longest((each.acknowledged, each.start) for each in every)
    closed = _longest((each.closed, each.start) for each in every)
    end = life.steps[-1] if life.steps and not is_open else None
    return CaseLine(
        id=life.id,
        kind=life.kind,
        severity=life.severity,
        state=life.state,
        place=life.place,
        opened_at=life.opened_at.isoformat(timespec="seconds"),
        last_at=life.last_at,
        count=life.count,
        rounds=len(every),
        acknowledged_s=acknowledged,
        closed_s=closed,
        acknowledged_by=_last(life, lambda step: step.source == "raised"),
        sent=next((step.sent for step in reversed(life.steps) if step.sent), ""),
        closed_by=end.who if end else "",
        reason=end.note if end else "",
        late=any(_missed(each, target, now, is_open and each is every[-1]) for each in every),
        overdue=is_open and _missed(every[-1], target, now, True),
    )


def _last(life: Life, wanted: Callable[[Step], bool]) -> str:
    return next((step.who for step in reversed(life.steps) if wanted(step)), "")


def _longest(pairs: Iterable[tuple[datetime | None, datetime]]) -> int | None:
    return max((int((end - start).total_seconds()) for end, start in pairs if end is not None), default=None)


def _missed(each: Round, target: Target, now: datetime, still_open: bool) -> bool:
    """Whether a round took longer than it may; one that was raised again before it was closed has no end to miss."""
    for end, most in ((each.acknowledged, target.acknowledge_s), (each.closed, target.close_s)):
        reached = end or (now if still_open else None)
        if most and reached is not None and (reached - each.start).total_seconds() > most:
            return True
    return False


def answers(severity: Severity, target: Target, lines: Sequence[CaseLine]) -> CaseAnswers:
    """All cases of one severity together."""
    acknowledged = [each.acknowledged_s for each in lines if each.acknowledged_s is not None]
    closed = [each.closed_s for each in lines if each.closed_s is not None]
    return CaseAnswers(
        severity=severity,
        cases=len(lines),
        open=sum(each.state not in CLOSED for each in lines),
        overdue=sum(each.overdue for each in lines),
        late=sum(each.late for each in lines),
        acknowledge_target_s=target.acknowledge_s,
        acknowledged_median_s=median(acknowledged) if acknowledged else None,
        acknowledged_longest_s=max(acknowledged, default=None),
        close_target_s=target.close_s,
        closed_median_s=median(closed) if closed else None,
        closed_longest_s=max(closed, default=None),
    )


def report(
    site: str, days: tuple[str, str], lives: Sequence[Life], target: Callable[[Severity], Target], now: datetime
) -> CaseReport:
    """Everything about the cases of some days; `target` says what holds for a severity."""
    lines = tuple(line(life, target(life.severity), now) for life in lives)
    left = tuple(sorted((each for each in lines if each.state not in CLOSED), key=_urgent))
    who = Counter((each.closed_by, each.state) for each in lines if each.state in CLOSED)
    by_severity = ((severity, [each for each in lines if each.severity == severity]) for severity in SEVERITIES)
    return CaseReport(
        site=site,
        first_day=days[0],
        last_day=days[1],
        left_open=len(left),
        overdue=sum(each.overdue for each in left),
        open=left,
        severities=tuple(answers(severity, target(severity), some) for severity, some in by_severity),
        closed=tuple(CasesClosed(name, state, count) for (name, state), count in sorted(who.items())),
        cases=lines,
    )


def _urgent(each: CaseLine) -> tuple[bool, int, int]:
    return not each.overdue, SEVERITIES.index(each.severity), each.id
