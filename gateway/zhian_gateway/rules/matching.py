"""Applies the rules that are data: pure, so that a dry run over the past says what the gateway would have done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final, get_args

from zhian_wire import times
from zhian_wire.calendar import Day
from zhian_wire.events import Passage

from .. import spans
from ..cases.pieces import pieces
from ..cases.signals import Raise
from .rule_types import ChangeRule, RaiseRule, Subject, Where, Who
from .situation import Situation, lane_of, true_direction

WEEKDAYS: Final[tuple[Day, ...]] = get_args(Day)


@dataclass(frozen=True)
class Ruleset:
    """A site's rules in their order; hours and days are told by `zone`."""

    raises: tuple[RaiseRule, ...] = ()
    change: tuple[ChangeRule, ...] = ()
    zone: tzinfo = UTC


@dataclass(frozen=True)
class Ruled:
    """What rules made of one raise: which rule raised it (in brackets: code) and which one changed it ("": none did).

    `signal` is None when it was dropped.
    """

    signal: Raise | None
    raised_by: str = ""
    changed_by: str = ""


def raised_by_data(situation: Situation, rules: Ruleset) -> Iterator[Ruled]:
    """What the `[[raise]]` rules say of a passage."""
    passage = situation.event.data
    if not isinstance(passage, Passage):
        return
    for rule in rules.raises:
        if _fits_passage(rule, situation, passage, rules.zone):
            yield Ruled(_raise(rule, situation, passage), raised_by=rule.id)


def changed(ruled: Ruled, rules: Ruleset) -> Ruled:
    """What the first `[[change]]` rule that fits makes of a raise."""
    signal = ruled.signal
    if signal is None:
        return ruled
    for rule in rules.change:
        if _fits_signal(rule, signal, rules.zone):
            return replace(ruled, signal=_changed(rule, signal), changed_by=rule.id)
    return ruled


def key_of(kind: str, signal: Raise, subject: Subject, window_s: int) -> str:
    """The stable key by which repeats merge: kind, place, subject, window."""
    whom = {"none": "", "person": signal.person or "", "plate": signal.plate or ""}[subject]
    window = int(times.from_text(signal.at).timestamp()) // window_s
    return f"{kind}/{signal.node}/{signal.lane or signal.camera or ''}/{whom}/{window}"


def is_within(moment: datetime, hours: Sequence[str], days: Sequence[str]) -> bool:
    """Whether a local moment lies in one of the spans, on one of the days; none given: always.

    A span that passes midnight counts for the day of the moment itself, on both sides of it.
    """
    if days and WEEKDAYS[moment.weekday()] not in days:
        return False
    return not hours or any(spans.covers(each, moment) for each in hours)


def _holds(rule: Where, node: str, lane: str | None, at: str, zone: tzinfo) -> bool:
    if (rule.nodes and node not in rule.nodes) or (rule.lanes and lane not in rule.lanes):
        return False
    return is_within(times.from_text(at).astimezone(zone), rule.hours, rule.days)


def _fits_passage(rule: RaiseRule, situation: Situation, passage: Passage, zone: tzinfo) -> bool:
    lane = lane_of(situation.rules, passage)
    return (
        (not rule.seen or passage.kind in rule.seen)
        and (not rule.cameras or passage.camera in rule.cameras)
        and (not rule.reasons or passage.reason in rule.reasons)
        and (not rule.directions or true_direction(lane, passage.direction) in rule.directions)
        and (not rule.who or _who(situation) in rule.who)
        and _holds(rule, situation.event.node, lane.lane, situation.event.time, zone)
    )


def _who(situation: Situation) -> Who:
    known = [each for each in (situation.person, situation.owner) if each is not None]
    if any(each.watch for each in known):
        return "watched"
    return "known" if known else "stranger"


def _raise(rule: RaiseRule, situation: Situation, passage: Passage) -> Raise:
    person = situation.person or situation.owner
    made = Raise(
        key="",
        kind=rule.kind,
        severity=rule.severity,
        node=situation.event.node,
        at=situation.event.time,
        camera=passage.camera,
        lane=lane_of(situation.rules, passage).lane,
        person=None if person is None else person.id,
        plate=passage.plate,
        plate_colour=passage.plate_colour,
        candidate=_who(situation) == "watched",
        evidence=pieces(situation.event, passage.evidence),
        passage_id=situation.row,
    )
    return replace(made, key=key_of(rule.kind, made, rule.subject, rule.window_s), lane=passage.lane)


def _fits_signal(rule: ChangeRule, signal: Raise, zone: tzinfo) -> bool:
    if signal.kind not in rule.kinds or (rule.severities and signal.severity not in rule.severities):
        return False
    return _holds(rule, signal.node, signal.lane or signal.camera, signal.at, zone)


def _changed(rule: ChangeRule, signal: Raise) -> Raise | None:
    if rule.drop:
        return None
    if rule.severity is not None:
        signal = replace(signal, severity=rule.severity)
    if rule.subject is not None and rule.window_s is not None:
        signal = replace(signal, key=key_of(signal.kind, signal, rule.subject, rule.window_s))
    return signal
