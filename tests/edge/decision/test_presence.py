"""Who is inside is known from the node's own passages, after a kill too; what is old is marked, nothing moves twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import UNSET
from support.lanes import ANY, BOB, CARD, MONDAY, PEOPLE, Node, body, crossed, plan, read, site
from zhian_edge.decision.decider import Decider
from zhian_edge.decision.plan import Plan
from zhian_edge.decision.presence import Presence
from zhian_edge.signals import ClockTold, Contact, LaneOrder, PassedElsewhere, SiblingSeen
from zhian_wire import reasons
from zhian_wire.events import Actuated, Decision, Event, EventData, Passage
from zhian_wire.roster import Roster
from zhian_wire.times import to_text

HOUR = 3_600_000


def log(
    events: list[EventData], *, boot: str = "boot", at_ms: int = 0, wall: datetime = MONDAY, clock: Any = "trusted"
) -> list[Event]:
    """The events as the outbox keeps them, a second apart."""
    return [
        Event(
            site="s", node="n", epoch="e", seq=n + 1, boot=boot, mono_ms=at_ms + 1000 * n,
            time=to_text(wall + timedelta(milliseconds=at_ms + 1000 * n)), clock=clock, data=data,
        )
        for n, data in enumerate(events)
    ]  # fmt: skip


def passage(person_id: str | None, direction: Any = "in") -> Passage:
    return Passage(
        kind="card", source="cam", media_time_s=1.0, person_id=person_id, plate=None, direction=direction,
        camera="cam", lane="main",
    )  # fmt: skip


def restarted(events: list[Event], planned: Plan | None = None, **told: Any) -> tuple[Decider, list[EventData]]:
    decider = Decider(planned or plan(ANY))
    moment = {"at_ms": 0, "wall_ms": round(MONDAY.timestamp() * 1000), "clock": "trusted"} | told
    return decider, decider.recall(replayed(events), {}, ClockTold(**moment))


def replayed(events: list[Event]) -> Callable[[], Iterator[Event]]:
    return lambda: iter(events)


def test_presence_follows_the_last_passage_and_is_counted_by_zone() -> None:
    presence = Presence(stale_ms=HOUR)
    presence.moved("ann", "school", 1000)
    presence.moved("bob", "school", 2000)
    presence.moved("bob", "", 3000)
    presence.moved("bob", "school", 2500)  # told late
    presence.moved("eve", "gym", 4000)
    assert presence.counts(5000) == {"gym": 1, "school": 1}
    assert presence.surely_in("ann", "school", 5000)
    assert not presence.surely_in("bob", "school", 5000)


def test_what_is_old_is_marked_stale_and_not_relied_on() -> None:
    presence = Presence(stale_ms=HOUR)
    presence.moved("ann", "school", 0)
    presence.moved("bob", "school", HOUR)
    assert presence.counts(HOUR + 1) == {"school": 1, "school?": 1}
    assert presence.inside("school", HOUR + 1) == (("bob",), ("ann",))
    assert not presence.surely_in("ann", "school", HOUR + 1)


def test_a_killed_node_knows_from_its_log_who_is_inside() -> None:
    before = Node(plan(ANY))
    for n, card in enumerate(("A1", "B1", "E1")):
        before.at(read(card, 2000 + 5000 * n))
        before.at(crossed(11 + 10 * n, 3000 + 5000 * n))
        before.at(body(11 + 10 * n, 3100 + 5000 * n))
    before.at(read("E1", 25_000, "r-out"))
    before.at(crossed(51, 26_000, "out"))
    before.at(body(51, 26_100))
    before.until(60_000)
    counted = before.decider.presence(60_000)
    assert counted == {"school": 2}
    after, _ = restarted(log(before.events), at_ms=60_000)
    assert after.presence(60_000) == counted


def test_passages_of_another_boot_are_dated_by_wall_time_where_that_was_right() -> None:
    early = log([passage("ann")], boot="old", wall=MONDAY - timedelta(hours=20))
    late = log([passage("bob")], boot="old", wall=MONDAY - timedelta(hours=2))
    decider, _ = restarted(early + late)
    assert decider.presence(0) == {"school": 1, "school?": 1}


def test_passages_of_a_time_that_was_not_trusted_are_kept_in_their_order_and_marked_stale() -> None:
    events = log([passage("ann"), passage("ann", "out"), passage("bob")], boot="old", clock="unsynced")
    decider, _ = restarted(events)
    assert decider.presence(0) == {"school?": 1}
    assert restarted(log([passage("bob")], boot="old"), clock="unsynced")[0].presence(0) == {"school?": 1}


def test_a_clock_that_steps_back_does_not_re_order_what_the_node_knows() -> None:
    events = log([passage("ann")], wall=MONDAY) + log(
        [passage("ann", "out")], at_ms=5000, wall=datetime(1970, 1, 1, tzinfo=UTC)
    )
    assert restarted(events, at_ms=10_000)[0].presence(10_000) == {}


@pytest.mark.parametrize(("boot", "clock"), [("1970", "unsynced"), ("old", "stepped")])
def test_whoever_went_out_while_the_clock_was_wrong_is_out_after_the_restart(boot: str, clock: Any) -> None:
    came = log([passage("ann"), passage("bob")], boot="old", wall=MONDAY - timedelta(hours=2))
    went = log([passage("ann", "out")], boot=boot, clock=clock, wall=datetime(1970, 1, 1, tzinfo=UTC))
    decider, _ = restarted(came + went, plan(replace(CARD, anti_passback="hard")))
    assert decider.presence(0) == {"school": 1}
    decider.use_roster(Roster(version=1, persons=PEOPLE))
    answers = [e.verdict for e in decider.step(read("A1", 1000), 1000) if isinstance(e, Decision)]
    assert answers == ["open"]  # she is not inside already


def test_what_another_node_said_before_the_log_s_last_word_does_not_count_against_it() -> None:
    came = log([passage("ann")], boot="old", wall=MONDAY - timedelta(hours=2))
    went = log([passage("ann", "out")], boot="1970", clock="unsynced", wall=datetime(1970, 1, 1, tzinfo=UTC))
    decider, _ = restarted(came + went)
    decider.step(PassedElsewhere(person_id="ann", zone="school", node="gate-2", at_ms=-3 * HOUR), 0)
    assert decider.presence(0) == {}


def test_what_is_heard_of_other_nodes_counts_unless_it_is_older() -> None:
    node = Node(plan(ANY))
    node.at(PassedElsewhere(person_id="ann", zone="school", node="gate-2", at_ms=5000))
    node.at(PassedElsewhere(person_id="ann", zone="", node="gate-3", at_ms=4000), now_ms=6000)
    assert node.decider.presence(6000) == {"school": 1}


def test_what_a_sibling_may_have_changed_is_marked_stale_until_it_is_heard_of() -> None:
    node = Node(plan(ANY, site=site(siblings=frozenset({"gate-2"}))))
    node.at(PassedElsewhere(person_id="ann", zone="school", node="gate-2", at_ms=5000))
    assert node.decider.presence(6000) == {"school?": 1}
    node.at(SiblingSeen(node="gate-2", at_ms=6000))
    assert node.decider.presence(7000) == {"school": 1}
    assert node.decider.presence(37_000) == {"school?": 1}


def test_whoever_is_listed_no_more_is_nowhere() -> None:
    node = Node(plan(ANY))
    for person in ("ann", "bob"):
        node.at(PassedElsewhere(person_id=person, zone="school", node="gate-2", at_ms=1000))
    node.decider.use_roster(Roster(version=0))  # a roster that was lost says nothing
    assert node.decider.presence(2000) == {"school": 2}
    node.decider.use_roster(Roster(version=2, persons=(BOB,)))
    assert node.decider.presence(2000) == {"school": 1}


def test_a_passage_says_which_zone_it_led_to() -> None:
    node = Node(plan(replace(ANY, outside="street")))
    for n, way in enumerate(("in", "out")):
        node.at(read("A1", 2000 + 9000 * n, f"r-{way}"))
        node.at(crossed(11 + 10 * n, 3000 + 9000 * n, way))
        node.at(body(11 + 10 * n, 3100 + 9000 * n))
    node.until(30_000)
    assert [each.zone for each in node.passages] == ["school", "street"]
    plain = Node(plan(replace(ANY, inside="")))
    plain.at(read("A1", 2000))
    plain.at(crossed(11, 3000))
    plain.at(body(11, 3100))
    plain.until(20_000)
    assert [each.zone for each in plain.passages] == [UNSET]


def test_a_read_zone_is_told_as_often_as_somebody_walks_by_and_is_no_impossible_card() -> None:
    reader = replace(CARD, inside="school/library", outside="school")
    planned = replace(plan(reader, line=False), cameras={}, barriers={})
    node = Node(planned)
    for n in range(3):
        node.at(read("A1", 2000 + 20_000 * n))
    node.until(60_000)
    assert [each.zone for each in node.passages] == ["school/library"] * 3
    assert node.alerts == []


def test_after_a_restart_nothing_is_pulsed_again_and_the_unknown_is_reported() -> None:
    opened = [
        Decision(transaction=t, lane="main", verdict=v, reason="card", policy="card", evidence_age_ms=1)  # type: ignore[arg-type]
        for t, v in (("a", "open"), ("b", "open"), ("c", "refuse"))
    ]
    done = Actuated(transaction="a", lane="main", action="pulse", result="done")
    decider, events = restarted(log([*opened, done]))
    assert [(e.transaction, e.result) for e in events if isinstance(e, Actuated)] == [("b", "unknown")]
    assert decider.actions() == []
    assert restarted(log([*opened, done, *events]))[1] == []  # said once
    assert restarted(log([*opened]), replace(plan(CARD), barriers={}))[1] == []


def test_whoever_came_while_a_lane_stood_open_is_no_pulse_of_unknown_outcome() -> None:
    node = Node(plan(CARD))
    node.at(LaneOrder(order="o", lane="main", state="held_open", who="guard", at_ms=100))
    held = node.decisions[0].transaction
    for n, (card, reader) in enumerate((("A1", "r-in"), ("FF", "r-in"), ("B1", "r-out"))):
        node.at(read(card, 5000 * (n + 1), reader))
    node.at(LaneOrder(order="once", lane="main", state="open_once", who="guard", at_ms=20_000))
    node.at(LaneOrder(order="end", lane="main", state="normal", who="guard", at_ms=30_000))
    assert node.moves == ["hold", "close"]
    _, told = restarted(log(node.events), plan(CARD))
    assert [(e.transaction, e.action, e.result) for e in told if isinstance(e, Actuated)] == [(held, "hold", "unknown")]
    done = Actuated(transaction=held, lane="main", action="hold", result="done")
    closed = Actuated(transaction="end", lane="main", action="close", result="done")
    assert restarted(log([*node.events, done, closed]), plan(CARD))[1] == []


def test_whoever_was_let_in_before_or_after_a_lane_stood_open_is_told() -> None:
    node = Node(plan(CARD))
    node.at(read("A1", 1000))
    node.at(Contact(device="fire", at_ms=5000, state="active"))
    node.at(read("FF", 10_000))
    node.at(Contact(device="fire", at_ms=15_000, state="idle"))
    closed = Actuated(transaction="end", lane="main", action="close", result="done")
    events = [*node.events, closed]
    node.events = []
    node.at(read("B1", 20_000))
    _, told = restarted(log([*events, *node.events]), plan(CARD))
    assert [e.action for e in told if isinstance(e, Actuated)] == ["pulse", "hold", "pulse"]


def test_a_lock_stands_after_a_restart_until_its_time_is_over() -> None:
    node = Node(plan(CARD))
    node.at(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=1000, until_ms=HOUR))
    kept = {key: value for key, value in node.decider.changes().items() if value is not None}
    assert node.decider.changes() == {}
    after = Decider(plan(CARD))
    told = ClockTold(at_ms=77, wall_ms=round(MONDAY.timestamp() * 1000) + 60_000, clock="trusted")
    (said,) = after.recall(replayed([]), kept, told)
    assert isinstance(said, Decision)
    assert said.reason == reasons.LOCKED
    assert after.actions() == []  # it closes when nobody may be passing any more (test_leftover.py)
    assert set(after.changes()) == {"lane/main"}
    after.tick(HOUR)
    assert after.changes() == {"lane/main": None}


def test_a_lock_is_not_forgotten_by_a_node_that_does_not_know_the_time() -> None:
    node = Node(plan(CARD))
    node.at(LaneOrder(order="o", lane="main", state="locked", who="guard", at_ms=1000, until_ms=HOUR))
    kept = {key: value for key, value in node.decider.changes().items() if value is not None}
    after = Decider(plan(CARD))
    after.recall(replayed([]), kept, ClockTold(at_ms=5, wall_ms=5, clock="unsynced"))
    after.tick(100 * HOUR)
    assert after.changes() != {"lane/main": None}
