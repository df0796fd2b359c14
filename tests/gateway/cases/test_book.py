"""The life of a case: merged by its key, opened again by a new raise, moved only by who saw its present state."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import RowMapping, select
from zhian_gateway.cases import repeats
from zhian_gateway.cases.signals import Clear, Raise
from zhian_gateway.errors import Conflict, NotFound
from zhian_gateway.services import Services
from zhian_gateway.store import audit, stream
from zhian_gateway.store.tables import alert_passages, alerts, transitions
from zhian_gateway.store.tables import audit as audit_table
from zhian_wire.alerts import ALLOWED, CLOSED, AlertState

NOW = "2026-03-02T08:00:00.000Z"
LATER = "2026-03-02T08:05:00.000Z"
STATES: tuple[AlertState, ...] = tuple(ALLOWED)


def wanted(**changes: Any) -> Raise:
    values: dict[str, Any] = {"key": "k", "kind": "unknown_person", "severity": "major", "node": "n", "at": NOW}
    return Raise(**(values | changes))


def raise_(parts: Services, **changes: Any) -> int:
    with parts.store.write() as link:
        return parts.book.raise_(link, wanted(**changes), NOW)


def move(parts: Services, alert: int, expected: AlertState, target: AlertState, who: str = "li") -> None:
    with parts.store.write() as link:
        parts.book.move(link, alert, target=target, who=who, now=LATER, note="seen", expected=expected)


def row(parts: Services, alert: int) -> RowMapping:
    with parts.store.read() as link:
        return link.execute(select(alerts).where(alerts.c.id == alert)).mappings().one()


def steps(parts: Services) -> list[tuple[str, str, str]]:
    with parts.store.read() as link:
        return [(step.source, step.target, step.who) for step in link.execute(select(transitions))]


def test_a_repeat_merges_and_counts(parts: Services) -> None:
    first = raise_(parts)
    assert raise_(parts, severity="critical") == first
    assert (row(parts, first)["count"], row(parts, first)["severity"]) == (2, "critical")
    assert steps(parts) == []


def test_a_milder_repeat_takes_nothing_off_a_case_while_it_is_open(parts: Services) -> None:
    alert = raise_(parts, severity="critical")
    raise_(parts, severity="info")
    assert row(parts, alert)["severity"] == "critical"
    move(parts, alert, "raised", "acknowledged")
    raise_(parts, severity="minor")
    assert (row(parts, alert)["severity"], row(parts, alert)["count"]) == ("critical", 3)


def test_the_worst_of_what_came_together_is_the_cases_severity(parts: Services) -> None:
    with parts.store.write() as link:
        parts.book.take(link, [wanted(severity=one) for one in ("minor", "critical", "info")], NOW)
    assert row(parts, 1)["severity"] == "critical"


def test_a_case_that_was_closed_comes_back_as_bad_as_it_is_now(parts: Services) -> None:
    alert = raise_(parts, severity="critical")
    move(parts, alert, "raised", "resolved")
    raise_(parts, severity="minor")
    assert row(parts, alert)["severity"] == "minor"


def test_what_came_together_is_merged_at_once_but_never_across_its_end(parts: Services) -> None:
    raised = [wanted(passage_id=number) for number in (1, 2, 3)]
    with parts.store.write() as link:
        parts.book.take(link, [*raised[:2], Clear(key="k", at=NOW, note="recovered"), raised[2]], NOW)
    found = row(parts, 1)
    assert (found["count"], found["state"], found["passage_id"]) == (3, "raised", 3)
    assert steps(parts) == [("raised", "resolved", "rule"), ("resolved", "raised", "rule")]
    with parts.store.read() as link:
        assert [shown.passage_id for shown in link.execute(select(alert_passages))] == [1, 2, 3]


def test_another_key_is_another_case(parts: Services) -> None:
    assert raise_(parts) != raise_(parts, key="other")


@pytest.mark.parametrize("state", [state for state in STATES if state != "raised"])
def test_a_new_raise_opens_it_again_from_every_state(parts: Services, state: AlertState) -> None:
    alert = raise_(parts)
    move(parts, alert, "raised", state)
    raise_(parts)
    assert row(parts, alert)["state"] == "raised"
    assert steps(parts)[-1] == (state, "raised", "rule")


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("state", STATES)
def test_only_the_steps_of_the_table_are_possible(parts: Services, state: AlertState, target: AlertState) -> None:
    alert = raise_(parts)
    if state != "raised":
        move(parts, alert, "raised", state)
    if target in ALLOWED[state]:
        move(parts, alert, state, target)
        assert row(parts, alert)["state"] == target
    else:
        with pytest.raises(Conflict):
            move(parts, alert, state, target)
        assert row(parts, alert)["state"] == state


def test_who_saw_another_state_is_told(parts: Services) -> None:
    alert = raise_(parts)
    move(parts, alert, "raised", "acknowledged", who="li")
    with pytest.raises(Conflict, match="acknowledged"):
        move(parts, alert, "raised", "resolved", who="wang")
    assert row(parts, alert)["state"] == "acknowledged"


def test_a_case_that_does_not_exist_is_not_moved(parts: Services) -> None:
    with pytest.raises(NotFound):
        move(parts, 77, "raised", "acknowledged")


def test_every_step_is_audited_with_who_when_and_note(parts: Services) -> None:
    alert = raise_(parts)
    move(parts, alert, "raised", "acknowledged")
    with parts.store.read() as link:
        entry = link.execute(select(audit_table)).mappings().one()
        assert audit.first_fault(link) is None
    assert (entry["who"], entry["at"], entry["subject"]) == ("li", LATER, str(alert))
    assert entry["detail"] == "raised -> acknowledged: seen"


def test_every_change_is_told_to_the_pages(parts: Services) -> None:
    alert = raise_(parts)
    move(parts, alert, "raised", "acknowledged")
    with parts.store.read() as link:
        assert [(entry.kind, entry.ref) for entry in stream.after(link, 0)] == [("alert", str(alert))] * 2


@pytest.mark.parametrize("state", STATES)
def test_a_cause_that_is_gone_closes_what_is_open(parts: Services, state: AlertState) -> None:
    alert = raise_(parts)
    if state != "raised":
        move(parts, alert, "raised", state)
    with parts.store.write() as link:
        parts.book.clear(link, Clear(key="k", at=LATER, note="recovered"), LATER)
    assert row(parts, alert)["state"] == (state if state in CLOSED else "resolved")


def test_clearing_what_was_never_raised_is_nothing(parts: Services) -> None:
    with parts.store.write() as link:
        parts.book.clear(link, Clear(key="none", at=LATER, note="recovered"), LATER)
    assert steps(parts) == []


def test_what_each_repeat_rested_on_is_kept_as_far_as_the_latest_ones(parts: Services) -> None:
    first = raise_(parts, detail="1", passage_id=1)
    with parts.store.write() as link:
        parts.book.take(link, [wanted(detail=str(number)) for number in range(2, repeats.MOST + 3)], NOW)
    with parts.store.read() as link:
        kept = [each["detail"] for each in repeats.of(link, first)]
    assert kept == [str(number) for number in range(repeats.MOST + 2, 2, -1)]
    assert row(parts, first)["count"] == repeats.MOST + 2
