"""No notice is doubled and none forgotten, whatever a channel says: by tables, and by any course of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from zhian_gateway.config_notices import Notices
from zhian_gateway.notices.lines import Limit, Lines
from zhian_gateway.notices.outcomes import Outcome, delivered, later, refused, unsure
from zhian_gateway.notices.steps import Pause, Standing, after, passed_over

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SETTINGS = Notices(most_tries=3, retry_s=5, channel_s=60)
FRESH = Standing(place=0, places=2, tries=0, since=None, doubt=False, critical=False)
ALONE, CRITICAL = replace(FRESH, places=1), replace(FRESH, critical=True)


@pytest.mark.parametrize(
    ("standing", "outcome", "repeatable", "state", "place"),
    [
        (FRESH, delivered(), False, "sent", 0),
        (FRESH, refused("no"), False, "queued", 1),
        (ALONE, refused("no"), False, "failed", 0),
        (FRESH, later("busy"), False, "queued", 0),
        (FRESH, later("busy", 61), False, "queued", 1),
        (ALONE, later("busy", 61), False, "queued", 0),
        (replace(FRESH, tries=2), later("busy"), False, "queued", 1),
        (replace(ALONE, tries=2), later("busy"), False, "failed", 0),
        (FRESH, unsure("mute"), False, "unsure", 0),
        (FRESH, unsure("mute"), True, "queued", 0),
        (CRITICAL, unsure("mute"), False, "queued", 1),
        (replace(CRITICAL, places=1), unsure("mute"), False, "queued", 0),
        (replace(CRITICAL, places=1, tries=2), unsure("mute"), False, "unsure", 0),
        (replace(FRESH, doubt=True), refused("no"), True, "unsure", 0),
        (replace(CRITICAL, doubt=True), refused("no"), True, "queued", 1),
    ],
)
def test_what_follows_on_what(standing: Standing, outcome: Outcome, repeatable: bool, state: str, place: int) -> None:
    step = after(standing, outcome, SETTINGS, NOW, repeatable=repeatable)
    assert (step.state, step.standing.place) == (state, place)


def test_a_channel_has_its_time_and_then_the_next_one_has_its_turn() -> None:
    begun = replace(FRESH, tries=1, since=NOW - timedelta(seconds=58))
    step = after(begun, later("busy"), SETTINGS, NOW, repeatable=False)
    assert (step.standing.place, step.standing.tries, step.standing.since) == (1, 0, None)


def test_a_notice_waits_no_longer_for_a_paused_provider_than_a_channel_has() -> None:
    for seconds, moves in ((60, False), (61, True)):
        pause = Pause(NOW, NOW + timedelta(seconds=seconds), "busy")
        assert (passed_over(FRESH, pause, SETTINGS, NOW) is not None) == moves
        assert passed_over(ALONE, pause, SETTINGS, NOW) is None
        assert passed_over(replace(FRESH, doubt=True), pause, SETTINGS, NOW) is None


OUTCOMES = some.sampled_from([delivered(), refused("no"), later("busy", whole=True), later("busy", 90), unsure("mute")])


@given(
    course=some.lists(some.tuples(OUTCOMES, some.booleans()), min_size=40, max_size=40),
    places=some.integers(1, 4),
    critical=some.booleans(),
)
def test_every_course_ends_and_only_what_is_critical_may_arrive_by_two_channels(
    course: list[tuple[Outcome, bool]], places: int, critical: bool
) -> None:
    standing, now, perhaps = Standing(0, places, 0, None, doubt=False, critical=critical), NOW, set()
    for outcome, repeatable in course:
        if outcome.kind in {"delivered", "unsure"}:
            perhaps.add(standing.place)
        step = after(standing, outcome, SETTINGS, now, repeatable=repeatable)
        assert step.next_at >= now
        standing, now = step.standing, step.next_at
        if step.state != "queued":
            break
    else:
        raise AssertionError("it never ended")
    assert step.state in {"sent", "failed", "unsure"}
    assert critical or len(perhaps) <= 1
    # Nothing is called failed that may have arrived, and nothing is called sent that did not.
    assert (step.state == "failed") <= (not perhaps)
    assert (step.state == "sent") == (outcome.kind == "delivered")


def test_a_provider_has_no_more_at_once_and_no_more_a_minute_than_it_may() -> None:
    lines = Lines(lambda _: Limit(at_once=2, per_minute=3), first_pause_s=5)
    assert lines.free("a", NOW) == 2
    lines.take("a", NOW)
    lines.take("a", NOW)
    assert (lines.free("a", NOW), lines.free("b", NOW)) == (0, 2)
    lines.give_back("a", delivered(), NOW)
    lines.give_back("a", delivered(), NOW)
    assert lines.free("a", NOW) == 1
    lines.take("a", NOW)
    lines.give_back("a", delivered(), NOW)
    assert lines.free("a", NOW) == 0
    assert lines.free("a", NOW + timedelta(seconds=40)) == 2


def test_a_provider_in_trouble_is_left_in_peace_and_then_asked_by_one_alone() -> None:
    lines = Lines(lambda _: Limit(at_once=4, per_minute=600), first_pause_s=5)
    moment = NOW
    for pause in (5, 10, 20, 40, 60, 60):
        lines.take("a", moment)
        lines.give_back("a", later("busy", whole=True), moment)
        assert lines.paused("a", moment) == (moment + timedelta(seconds=pause), "busy")
        assert lines.free("a", moment + timedelta(seconds=pause - 1)) == 0
        moment += timedelta(seconds=pause)
        assert lines.free("a", moment) == 1
    lines.take("a", moment)
    lines.give_back("a", delivered(), moment)
    assert lines.free("a", moment) == 4


def test_one_number_that_is_asked_too_often_holds_up_nobody_else() -> None:
    lines = Lines(lambda _: Limit(at_once=4, per_minute=600), first_pause_s=5)
    lines.take("a", NOW)
    lines.give_back("a", later("this number", 60), NOW)
    assert lines.free("a", NOW) == 4


def test_a_pause_lasts_as_long_as_it_was_meant_to_when_the_clock_is_put_right() -> None:
    lines = Lines(lambda _: Limit(at_once=4, per_minute=600), first_pause_s=5)
    lines.take("a", NOW)
    lines.give_back("a", later("busy", whole=True), NOW)
    right = NOW - timedelta(hours=8)
    assert lines.free("a", right) == 0
    assert lines.free("a", right + timedelta(seconds=5)) == 1


def test_a_provider_that_was_spared_is_as_it_was_and_the_notice_has_had_no_try() -> None:
    lines = Lines(lambda _: Limit(at_once=4, per_minute=4), first_pause_s=5)
    spared = replace(later("busy", 30), asked=False)
    for _ in range(9):
        lines.take("a", NOW)
        lines.give_back("a", spared, NOW)
    assert lines.free("a", NOW) == 4
    step = after(FRESH, spared, SETTINGS, NOW, repeatable=True)
    assert (step.state, step.standing.tries, step.next_at) == ("queued", 0, NOW + timedelta(seconds=30))
