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
        started.beats("gate-1", outbox=900)
        started.beats("gate-2")
        started.now(clock)
    assert raised(started) == [("hong", "gate-1"), ("lan", "gate-1"), ("ming", "gate-1")]


def test_a_gate_that_was_revoked_is_not_waited_for(started: School) -> None:
    with started.parts.store.write() as link:
        identity.revoke(link, site=started.parts.site, node="gate-2", now=started.parts.now(), who="t")
    started.beats("gate-1")
    started.now("08:05:10")
    assert raised(started) == [("hong", ""), ("lan", ""), ("ming", "")]


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
