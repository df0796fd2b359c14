"""Nobody is told that somebody is missing before the gateway can know it; who is really missing is told of soon."""

from __future__ import annotations

import pytest
from support.school import School
from zhian_gateway.nodes import identity
from zhian_gateway.notices.attending import AttendanceHerald
from zhian_gateway.store.tables import notices

FRIDAY = "2026-10-09"


@pytest.fixture
def started(school: School) -> School:
    """Both gates have told something before; the gateway was off over Monday's bell, and starts at 08:05."""
    school.now("07:40", FRIDAY)
    school.passes("ming", "07:40", day=FRIDAY, node="gate-1")
    school.passes("ming", "07:41", day=FRIDAY, node="gate-2")
    school.starts()
    school.now("08:05")
    return school


def raised(school: School) -> list[tuple[str, str]]:
    """Who is told of, and which gates were not heard."""
    return sorted((row.person_id, row.silent) for row in school.told() if row.withdrawn_at is None)


def test_after_a_start_nobody_is_told_before_the_gates_have_delivered(started: School) -> None:
    herald = AttendanceHerald(started.parts)
    assert started.told() == []
    started.now("08:05:04")
    started.beats("gate-1", outbox=2)
    started.beats("gate-2")
    started.now("08:05:10")
    started.passes("ming", "07:41")
    started.passes("hong", "07:42")
    assert started.told() == []
    started.beats("gate-1")
    started.now("08:05:20")
    assert raised(started) == [("lan", "")]
    # Who was on the way to be known was told of to nobody.
    with started.parts.store.read() as link:
        herald.step()
        assert {row.happening for row in link.execute(notices.select())} <= {"arrival"}


def test_a_gate_that_stays_dark_after_a_start_is_waited_for_no_longer_than_it_may_be_silent(started: School) -> None:
    started.beats("gate-1")
    started.now("08:06:00")
    assert started.told() == []
    started.beats("gate-1")
    started.now("08:06:10")
    assert raised(started) == [("hong", "gate-2"), ("lan", "gate-2"), ("ming", "gate-2")]


def test_a_gate_that_delivers_for_long_is_named_and_waited_for_some_minutes(started: School) -> None:
    for clock in ("08:05:10", "08:06:10", "08:10:00", "08:10:10"):
        assert started.told() == []
        started.now(clock, outboxes={"gate-1": 900, "gate-2": 0})
    assert raised(started) == [("hong", "gate-1"), ("lan", "gate-1"), ("ming", "gate-1")]


def test_a_gate_that_was_revoked_is_not_waited_for(started: School) -> None:
    with started.parts.store.write() as link:
        identity.revoke(link, site=started.parts.site, node="gate-2", now=started.parts.now(), who="t")
    started.beats("gate-1")
    started.now("08:05:10")
    assert raised(started) == [("hong", ""), ("lan", ""), ("ming", "")]


@pytest.fixture
def morning(school: School) -> School:
    """The gateway runs since five; Hong and Lan came, and gate-1 is cut off since half past seven."""
    school.now("07:30")
    school.passes("hong", "07:29", node="gate-1")
    school.passes("lan", "07:29", node="gate-2")
    school.beats("gate-1")
    school.beats("gate-2")
    school.now("07:30:01")
    return school


@pytest.mark.parametrize("waiting", [1, 2, 212])
def test_a_gate_that_was_cut_off_and_delivers_at_the_bell_is_waited_for(morning: School, waiting: int) -> None:
    morning.enrol("tao")
    morning.now("07:50:50", outboxes={"gate-1": waiting, "gate-2": 0})
    morning.now("07:51:05")
    assert morning.told() == []
    for _ in range(waiting):
        morning.passes("ming", "07:45", followed=False)
    morning.follow()
    morning.beats("gate-1")
    morning.now("07:51:10")
    # Tao is missing indeed, and no gate may know better.
    assert raised(morning) == [("tao", "")]


def test_a_gate_that_tells_what_is_new_first_is_waited_for_too(morning: School) -> None:
    morning.now("07:50:50", outboxes={"gate-1": 2, "gate-2": 0})
    morning.skips("gate-1")
    morning.passes("hong", "07:50:50")
    morning.now("07:51:05")
    assert raised(morning) == []


def test_a_gate_that_delivers_for_long_during_the_day_is_named_and_waited_for_some_minutes(morning: School) -> None:
    for clock in ("07:51", "07:53", "07:55", "07:56", "07:56:01"):
        assert morning.told() == []
        morning.now(clock, outboxes={"gate-1": 900, "gate-2": 0})
    assert raised(morning) == [("ming", "gate-1")]


def test_a_few_events_on_their_way_at_each_heart_beat_hold_back_nobody(morning: School) -> None:
    for clock, then in (("07:50:10", "07:50:11"), ("07:50:30", "07:50:31"), ("07:50:50", "07:50:51")):
        morning.now(clock, outboxes={"gate-1": 1, "gate-2": 0})
        morning.passes("hong", clock)
        morning.now(then)
    morning.now("07:50:59", outboxes={"gate-1": 2})
    morning.now("07:51")
    assert raised(morning) == [("ming", "")]


def test_a_gate_that_died_while_it_delivered_is_waited_for_no_longer_than_a_dark_one(started: School) -> None:
    started.now("08:05:10", outboxes={"gate-1": 0, "gate-2": 40})
    started.now("08:06:10", outboxes={"gate-1": 0})
    assert raised(started) == [("hong", "gate-2"), ("lan", "gate-2"), ("ming", "gate-2")]


def test_gates_that_never_told_anything_are_waited_for_too(school: School) -> None:
    school.starts()
    school.now("08:05")
    school.passes("ming", "07:41")
    assert school.told() == []
    school.now("08:06:10")
    assert {row.person_id for row in school.told()} == {"hong", "lan"}


def test_that_somebody_is_inside_after_closing_is_held_back_too_after_a_start(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    school.now("12:00")
    school.starts()
    school.now("18:40")
    assert [row for row in school.told() if row.kind == "still_inside"] == []
    school.beats("gate-1", outbox=1)
    school.passes("ming", "16:05", "out")
    school.beats("gate-1")
    school.now("18:40:10")
    assert [row for row in school.told() if row.kind == "still_inside"] == []


def test_what_is_taken_back_waits_for_nothing(school: School) -> None:
    school.now("07:40")
    school.passes("ming", "07:40")
    school.now("08:00")
    assert ("hong", "absent", None) in school.shown()
    school.starts()
    school.now("08:30")
    school.passes("hong", "07:45")
    assert ("hong", "absent", "arrived") in school.shown()


def test_who_stands_in_an_event_that_no_rule_has_followed_is_not_told_of(school: School) -> None:
    school.now("07:42")
    for person in ("ming", "hong"):
        school.passes(person, "07:41", followed=False)
    school.now("07:51")
    school.now("07:51:10")
    assert school.told() == []
    school.follow()
    school.beats("gate-1")
    school.now("07:51:20")
    assert raised(school) == [("lan", "")]


def test_events_that_come_all_the_time_hold_back_nobody(school: School) -> None:
    school.now("07:50:55")
    school.passes("ming", "07:50:54", followed=False)
    school.now("07:51")
    assert {row.person_id for row in school.told()} == {"ming", "hong", "lan"}


def test_rules_that_stand_still_hold_back_somebody_for_some_minutes(school: School) -> None:
    school.now("07:42")
    school.passes("ming", "07:41", followed=False)
    for clock in ("07:51", "07:56"):
        school.now(clock)
        assert school.told() == []
    school.now("07:56:10")
    assert {row.person_id for row in school.told()} == {"ming", "hong", "lan"}
