"""A dry run: what rules would have raised of events that are stored, against what was raised; nothing is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select
from zhian_wire import codec
from zhian_wire.events import Event

from ..cases.signals import Clear
from ..config_types import Rules
from ..store import Store
from ..store.tables import alerts, events
from .gathering import situations
from .judging import ruled
from .matching import Ruled, Ruleset
from .rule_files import built_in_rules
from .rule_types import NOT_BY_RULES

AT_ONCE: Final = 500
#: Also `node_cloned` is said by the gateway itself, where a node does not know it yet.
APART: Final = NOT_BY_RULES | {"node_cloned"}


@dataclass(frozen=True)
class Tried:
    """What one rule would have done.

    Attributes:
        rule: its id; in brackets: one that is code, with what nodes raise themselves.
        raised: how often; dropped: how often somebody's alert was taken away.
        cases: how many cases they are, once repeats are merged.
        known: how many of these cases were raised then, too.
    """

    rule: str
    raised: int
    dropped: int
    cases: int
    known: int


@dataclass(frozen=True)
class Case:
    """One case, by its key."""

    key: str
    kind: str
    severity: str


@dataclass(frozen=True)
class Rehearsal:
    """`new`: would be raised, and was not; `gone`: was raised in these days, and would not be.

    `emptied`: events whose contents were deleted when their time was over, of which nothing can be said.
    `unseen`: names in the rules that none of these events has, as "rule: what": spelled wrongly, perhaps.
    """

    events: int
    emptied: int
    rules: tuple[Tried, ...]
    would: int
    was: int
    new: tuple[Case, ...]
    gone: tuple[Case, ...]
    unseen: tuple[str, ...]


class _Tally:
    def __init__(self) -> None:
        self.events = 0
        self.raised: Counter[str] = Counter()
        self.dropped: Counter[str] = Counter()
        self.keys: dict[str, set[str]] = defaultdict(set)
        self.cases: dict[str, Case] = {}
        self.seen: set[tuple[str, str]] = set()

    def see(self, event: Event) -> None:
        """What a rule may name of where it was."""
        about = event.data
        camera = getattr(about, "camera", None) or getattr(about, "device", None)
        named = {"node": event.node, "lane": getattr(about, "lane", None), "camera": camera}
        self.seen |= {(kind, name) for kind, name in named.items() if name}

    def add(self, told: Ruled) -> None:
        """A change counts for the rule that changes, too."""
        for rule in filter(None, (told.raised_by, told.changed_by)):
            self.raised[rule] += told.signal is not None
            self.dropped[rule] += told.signal is None
            if told.signal is not None:
                self.keys[rule].add(told.signal.key)
        if told.signal is not None:
            self.cases[told.signal.key] = Case(told.signal.key, told.signal.kind, told.signal.severity)


def rehearse(
    store: Store, rules: Rules, ruleset: Ruleset, *, site: str, days: tuple[str, str], moments: tuple[str, str]
) -> Rehearsal:
    """Try rules on the events of local days (both included), which last from one of `moments` up to the other.

    Who is known, and whose vehicle it is, is what the site knows now.
    """
    tally = _Tally()
    with store.read() as link:
        theirs = (events.c.site == site) & (events.c.day >= days[0]) & (events.c.day <= days[1])
        emptied = link.execute(select(func.count()).where(theirs, events.c.digest.is_not(None))).scalar_one()
        for rows in _batches(link, theirs):
            found: list[tuple[int, Event]] = [(row.id, codec.decode(row.body)) for row in rows]
            tally.events += len(found)
            for _, event in found:
                tally.see(event)
            for case in situations(link, found, rules):
                for signal, told in ruled(case, ruleset):
                    if told is not None and not isinstance(signal, Clear):
                        tally.add(told)
        was = _was(link, site, moments)
        known = {key for key in tally.cases if key in was or _exists(link, site, key)}
    return _told(tally, ruleset, emptied, known, was)


def _batches(link: Connection, theirs: Any) -> Iterator[list[Row[Any]]]:
    after = 0
    while True:
        query = select(events.c.id, events.c.body).where(theirs, events.c.digest.is_(None), events.c.id > after)
        rows: list[Row[Any]] = list(link.execute(query.order_by(events.c.id).limit(AT_ONCE)))
        if not rows:
            return
        yield rows
        after = rows[-1].id


def _was(link: Connection, site: str, moments: tuple[str, str]) -> dict[str, Case]:
    query = select(alerts.c.key, alerts.c.kind, alerts.c.severity).where(
        alerts.c.site == site, alerts.c.raised_at >= moments[0], alerts.c.raised_at < moments[1]
    )
    return {row.key: Case(*row) for row in link.execute(query) if row.kind not in APART}


def _exists(link: Connection, site: str, key: str) -> bool:
    """Whether it was opened before these days, and is one of theirs by a repeat."""
    return link.execute(select(alerts.c.id).where(alerts.c.site == site, alerts.c.key == key)).first() is not None


def _told(tally: _Tally, ruleset: Ruleset, emptied: int, known: set[str], was: dict[str, Case]) -> Rehearsal:
    # Also those that did nothing: that is what somebody who tries a rule has to see.
    names = sorted(
        {rule.id for rule in (*ruleset.raises, *ruleset.change)} | tally.raised.keys() | tally.dropped.keys()
    )
    return Rehearsal(
        events=tally.events,
        emptied=emptied,
        rules=tuple(
            Tried(name, tally.raised[name], tally.dropped[name], len(tally.keys[name]), len(tally.keys[name] & known))
            for name in names
        ),
        would=len(tally.cases),
        was=len(was),
        new=tuple(case for key, case in sorted(tally.cases.items()) if key not in known),
        gone=tuple(case for key, case in sorted(was.items()) if key not in tally.cases),
        unseen=tuple(_unseen(tally, ruleset)),
    )


def _unseen(tally: _Tally, ruleset: Ruleset) -> Iterator[str]:
    """Of the site's own rules."""
    built_in = built_in_rules()
    change = [rule for rule in ruleset.change if rule not in built_in.change]
    for rule in (*(rule for rule in ruleset.raises if rule not in built_in.raises), *change):
        named = {"node": rule.nodes, "lane": rule.lanes, "camera": getattr(rule, "cameras", ())}
        for kind, names in named.items():
            yield from (f"{rule.id}: {kind} {name}" for name in names if (kind, name) not in tally.seen)
    for one in change:
        if not tally.raised[one.id] + tally.dropped[one.id]:
            yield f"{one.id}: a case of {', '.join(one.kinds)} that it would change"
