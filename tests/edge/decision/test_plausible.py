"""A clock that nobody vouches for is believed as long as it can be right, by what the node knows for certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lanes import CARD, Node, plan, read
from zhian_edge.decision.decider import Decider
from zhian_edge.decision.plausible import Plausible
from zhian_edge.signals import ClockTold
from zhian_wire import reasons
from zhian_wire.events import Clock, Decision, Event
from zhian_wire.roster import Person, Roster
from zhian_wire.times import to_text

#: A Monday, 8:00 in Shanghai.
NOW = datetime(2027, 6, 7, 0, 0, tzinfo=UTC)
DAY = timedelta(days=1)
#: May come until a day before `NOW`; and whoever may always.
ANN = Person(id="ann", cards=("A1",), ends=to_text(NOW - DAY))
BOB = Person(id="bob", cards=("B1",))


def told(wall: datetime, at_ms: int = 0, clock: Clock = "unsynced") -> ClockTold:
    return ClockTold(at_ms=at_ms, wall_ms=round(wall.timestamp() * 1000), clock=clock)


def logged(*moments: tuple[datetime, Clock], boot: str = "before") -> list[Event]:
    """A decision at each of these times, in this order, by what the node thought of its clock."""
    data = Decision(transaction="t", lane="main", verdict="open", reason="card", policy="card", evidence_age_ms=1)
    return [
        Event(site="s", node="n", epoch="e", seq=n, boot=boot, mono_ms=n, time=to_text(wall), clock=clock, data=data)
        for n, (wall, clock) in enumerate(moments, 1)
    ]


def node(log: Sequence[Event], clock: ClockTold, issued: datetime | None = None) -> Node:
    """A node that was restarted with this log and this clock, and then read its roster."""
    it = Node(plan(CARD), wall=None)
    it.decider = Decider(plan(CARD))
    it.decider.recall(lambda: iter(log), {}, clock)
    it.decider.use_roster(Roster(version=1, persons=(ANN, BOB), issued=issued))
    return it


def answers(it: Node, at_ms: int = 1000) -> dict[str, str]:
    for n, card in enumerate(("A1", "B1")):
        it.at(read(card, at_ms + 100 * n))
    return {d.person_id or "": d.reason for d in it.decisions[-2:]}


#: By what is decided about whom may not come any more: the time is known and right, known and wrong, or not known.
RIGHT, WRONG, UNKNOWN = reasons.NOT_VALID, reasons.CARD, reasons.TIME_UNKNOWN
MONTHS = timedelta(days=150)


@pytest.mark.parametrize(
    ("log", "clock", "issued", "answer"),
    [
        ([], told(NOW), None, RIGHT),
        ([], told(NOW - MONTHS), None, WRONG),
        ([], told(datetime(1970, 1, 1, tzinfo=UTC)), None, UNKNOWN),
        ([(NOW, "trusted")], told(NOW - MONTHS), None, UNKNOWN),
        ([(NOW, "trusted")], told(NOW - MONTHS, clock="stepped"), None, UNKNOWN),
        ([(NOW, "unsynced")], told(NOW - MONTHS), None, UNKNOWN),
        ([(NOW, "unsynced")], told(NOW - timedelta(hours=12)), None, RIGHT),
        ([(NOW - MONTHS, "unsynced")], told(NOW), None, RIGHT),
        ([(NOW - 300 * DAY, "trusted")], told(NOW), None, RIGHT),
        ([(NOW - 400 * DAY, "trusted")], told(NOW), None, UNKNOWN),
        ([(NOW - 400 * DAY, "trusted"), (NOW - 200 * DAY, "unsynced")], told(NOW), None, RIGHT),
        ([(NOW - 400 * DAY, "trusted"), (NOW, "unsynced")], told(NOW), None, UNKNOWN),
        ([], told(NOW - MONTHS), NOW, UNKNOWN),
        ([], told(NOW + 400 * DAY), NOW, UNKNOWN),
        ([], told(NOW), NOW - 10 * DAY, RIGHT),
        ([], told(NOW), datetime(1970, 1, 1, tzinfo=UTC), RIGHT),
        ([(NOW, "unsynced")], told(NOW - MONTHS, clock="trusted"), NOW, WRONG),
        ([(NOW + 4 * MONTHS, "unsynced"), (NOW, "trusted")], told(NOW), None, RIGHT),
        ([(NOW + MONTHS, "unsynced"), (NOW, "stepped")], told(NOW), None, RIGHT),
        ([(NOW + MONTHS, "unsynced")], told(NOW, clock="stepped"), None, RIGHT),
    ],
    ids=[
        "nothing is known: a plausible time",
        "nothing is known: nobody can tell",
        "1970",
        "before a vouched event",
        "set before a vouched event",
        "before an event of its own",
        "some hours slow",
        "after an event of its own",
        "after a long summer",
        "a year later",
        "a year later, but it ran meanwhile",
        "a leap that the log has, too",
        "before its roster was made",
        "long after its roster was made",
        "days after its roster was made",
        "its roster was made by a gateway that woke up in 1970",
        "somebody vouches for it",
        "what was wrong was put right by NTP",
        "what was wrong was put right by hand before the restart",
        "what was wrong is put right by hand",
    ],
)
def test_an_expired_card_is_judged_by_a_clock_that_can_be_right(
    log: list[tuple[datetime, Clock]], clock: ClockTold, issued: datetime | None, answer: str
) -> None:
    assert answers(node(logged(*log), clock, issued)) == {"ann": answer, "bob": reasons.CARD}


@pytest.mark.parametrize(("opens", "verdict"), [(True, "open"), (False, "refuse")])
def test_without_time_decides_about_who_may_come_at_times_alone(opens: bool, verdict: str) -> None:
    planned = plan(replace(CARD, opens_without_time=opens))
    it = Node(planned, [ANN], wall=None)
    it.decider.recall(lambda: iter(logged((NOW, "trusted"))), {}, told(NOW - MONTHS))
    it.at(read("A1", 1000))
    assert it.decisions[-1].verdict == verdict


def test_a_running_node_knows_how_late_it_is_at_least_whatever_the_clock_is_set_to() -> None:
    it = node([], told(NOW, clock="trusted"))
    it.at(told(NOW - MONTHS, 10_000, "stepped"), 10_000)
    assert answers(it, 20_000)["ann"] == UNKNOWN
    it.at(told(NOW + timedelta(seconds=40), 40_000, "stepped"), 40_000)
    assert answers(it, 50_000)["ann"] == RIGHT


def test_a_gateway_that_was_put_right_is_believed_by_its_next_roster_and_never_before_what_ntp_said() -> None:
    it = node([], told(NOW), issued=NOW + 30 * DAY)
    assert answers(it)["ann"] == UNKNOWN
    it.decider.use_roster(Roster(version=2, persons=(ANN, BOB), issued=NOW))
    assert answers(it, 10_000)["ann"] == RIGHT
    it = node(logged((NOW, "trusted")), told(NOW - MONTHS), issued=NOW)
    it.decider.use_roster(Roster(version=2, persons=(ANN, BOB), issued=NOW - MONTHS))
    assert answers(it)["ann"] == UNKNOWN


def test_the_same_roster_again_says_nothing_new_of_the_time() -> None:
    it = node([], told(NOW), issued=NOW)
    it.now = late_ms = 30 * 86_400_000
    it.decider.step(told(NOW, late_ms, "stepped"), late_ms)
    it.decider.use_roster(Roster(version=1, persons=(ANN, BOB), issued=NOW))
    assert answers(it, late_ms + 1000)["ann"] == UNKNOWN


def test_the_log_of_this_very_boot_is_exact() -> None:
    """Killed and started again days after the last event, without a reboot: the monotonic clock went on."""
    days_ms = 10 * 86_400_000
    log = logged((NOW, "trusted"), boot="boot")
    late, early = told(NOW + 10 * DAY, days_ms), told(NOW + 8 * DAY, days_ms)
    for clock, answer in ((late, RIGHT), (early, UNKNOWN)):
        it = node(log, clock)
        it.now = days_ms
        assert answers(it, days_ms + 1000)["ann"] == answer


def test_a_site_without_any_time_server_goes_on_for_years() -> None:
    it = node([], told(NOW))
    for day in range(0, 1500, 50):
        at_ms = day * 86_400_000
        it.now = at_ms
        it.at(told(NOW + day * DAY, at_ms), at_ms)
    assert answers(it, it.now + 1000) == {"ann": RIGHT, "bob": reasons.CARD}


@given(st.lists(st.tuples(st.integers(0, 4000), st.sampled_from(["trusted", "stepped", "unsynced"])), max_size=12))
def test_what_is_vouched_for_is_always_believed_and_nothing_from_before_it(said: list[tuple[int, Clock]]) -> None:
    known, newest = Plausible(), None
    for event in logged(*((NOW + day * DAY, clock) for day, clock in said)):
        known.logged(event, 0)
        newest = max(newest or event.time, event.time) if event.clock == "trusted" else newest
    for day, _ in said:
        wall_ms = round((NOW + day * DAY).timestamp() * 1000)
        assert known.believes(wall_ms, 0, "trusted")
        before = newest is not None and to_text(NOW + (day + 2) * DAY) < newest
        assert not (before and (known.believes(wall_ms, 0, "unsynced") or known.believes(wall_ms, 0, "stepped")))
