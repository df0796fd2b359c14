"""Who is told of a case that nobody acknowledges, by tables and for every moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.cases.lateness import Waiting, due, is_quiet
from zhian_gateway.config_types import Contact, EscalationStep, Quiet, Response, Target

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
LI = Contact(name="李", role="guard", address="inbox://li")
WANG = Contact(name="王", role="guard", address="inbox://wang", quiet=(Quiet(hours="22:00-06:00"),))
CHIEF = Contact(name="chief", role="manager", address="inbox://chief")
RESPONSE = Response(
    critical=Target(acknowledge_s=60, close_s=0),
    major=Target(acknowledge_s=300, close_s=0),
    contacts=(LI, WANG, CHIEF),
    steps=(EscalationStep(to=("guard",)), EscalationStep(to=("chief",), after_s=600)),
)


def calls(after_s: float, since: datetime = NOON, **changes: Any) -> list[tuple[int, str, str]]:
    values: dict[str, Any] = {"alert_id": 1, "severity": "major", "since": since, "round": 0}
    found = due(Waiting(**(values | changes)), RESPONSE, since + timedelta(seconds=after_s), SHANGHAI)
    return [(call.step, call.contact.name, call.state) for call in found]


@pytest.mark.parametrize(
    ("severity", "after_s", "told"),
    [
        ("critical", 59, []),
        ("critical", 60, ["李", "王"]),
        ("critical", 660, ["李", "王", "chief"]),
        ("major", 299, []),
        ("major", 300, ["李", "王"]),
        ("minor", 10**6, []),
        ("info", 10**6, []),
    ],
)
def test_each_severity_has_its_time_and_its_people(severity: Any, after_s: float, told: list[str]) -> None:
    assert [name for _, name, _ in calls(after_s, severity=severity)] == told


def test_nobody_is_told_twice_by_one_step() -> None:
    assert calls(700, done={(1, "李"): "told", (1, "王"): "told"}) == []
    assert calls(900, done={(1, "李"): "told", (1, "王"): "told"}) == [(2, "chief", "told")]


def test_who_is_asleep_is_held_back_once_and_told_when_the_quiet_hours_end() -> None:
    assert calls(300, NIGHT) == [(1, "李", "told"), (1, "王", "held")]
    done = {(1, "李"): "told", (1, "王"): "held"}
    assert calls(400, NIGHT, done=done) == []
    assert calls(6 * 3600, NIGHT, done=done | {(2, "chief"): "told"}) == [(1, "王", "told")]


def test_a_critical_case_wakes_everybody() -> None:
    assert calls(60, NIGHT, severity="critical") == [(1, "李", "told"), (1, "王", "told")]


def test_quiet_hours_are_for_the_severities_that_they_name() -> None:
    light = Contact(name="x", role="y", address="inbox://x", quiet=(Quiet(hours="22:00-06:00", severities=("minor",)),))
    local = NIGHT.astimezone(SHANGHAI)
    assert is_quiet(light, "minor", local) and not is_quiet(light, "major", local)


@given(st.lists(st.floats(0, 3 * 86_400), max_size=20), st.sampled_from(["critical", "major", "minor"]))
def test_however_often_it_is_looked_at_each_is_told_at_most_once_and_never_before_the_time(
    looks: list[float], severity: Any
) -> None:
    done: dict[Any, Any] = {}
    told: list[Any] = []
    for after_s in sorted(looks):
        for step, name, state in calls(after_s, NIGHT, severity=severity, done=dict(done)):
            assert after_s >= RESPONSE.target(severity).acknowledge_s
            done[step, name] = state
            told += [(step, name)] * (state == "told")
    assert len(told) == len(set(told))
