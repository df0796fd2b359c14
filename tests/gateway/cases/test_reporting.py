"""The report's arithmetic: what is open stands first, nothing is left out, and no time is made nicer than it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from zhian_gateway.cases.reporting import CaseReport, Life, Step, line, report, rounds
from zhian_gateway.config_types import Target
from zhian_wire.alerts import ALLOWED, CLOSED, AlertState

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = START + timedelta(hours=10)
TARGET = Target(acknowledge_s=60, close_s=3600)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def life(*steps: tuple[AlertState, float, str], **changes: Any) -> Life:
    """A case that was raised at the start, and its steps: to where, when, by whom."""
    source: AlertState = "raised"
    found = []
    for target, seconds, who in steps:
        found.append(Step(source, target, who, at(seconds), f"note of {who}"))
        source = target
    values: dict[str, Any] = {"id": 1, "kind": "k", "severity": "major", "place": "p", "count": 1, "last_at": "x"}
    return Life(**(values | changes), state=source, opened_at=START, steps=tuple(found))


def of(*lives: Life) -> CaseReport:
    return report("school", ("2026-03-02", "2026-03-02"), lives, lambda _: TARGET, NOW)


def test_times_are_counted_to_the_first_step_and_to_the_end() -> None:
    found = line(life(("acknowledged", 30, "li"), ("dispatched", 90, "li"), ("resolved", 600, "wang")), TARGET, NOW)
    assert (found.acknowledged_s, found.closed_s, found.late, found.overdue) == (30, 600, False, False)
    assert (found.acknowledged_by, found.closed_by, found.reason) == ("li", "wang", "note of wang")


def test_closing_at_once_is_acknowledging_too() -> None:
    assert line(life(("false_alarm", 20, "li")), TARGET, NOW).acknowledged_s == 20


def test_a_case_that_was_raised_again_shows_its_longest_time() -> None:
    found = line(life(("resolved", 20, "li"), ("raised", 100, "rule"), ("resolved", 400, "li")), TARGET, NOW)
    assert (found.rounds, found.acknowledged_s, found.closed_s, found.late) == (2, 300, 300, True)


def test_a_node_whose_clock_is_ahead_does_not_hide_how_long_it_took() -> None:
    found = rounds(life(("resolved", 20, "li"), ("raised", 10**6, "rule"), ("acknowledged", 100, "li")), NOW)
    assert found[1].start == found[1].acknowledged == at(100)


def test_what_is_open_past_its_target_stands_first() -> None:
    early = life(("acknowledged", 30, "li"), id=1)
    late = life(id=2, severity="critical")
    found = of(life(("resolved", 1, "li"), id=3), early, late)
    assert [each.id for each in found.open] == [2, 1]
    assert (found.left_open, found.overdue, len(found.cases)) == (2, 2, 3)
    assert [(each.who, each.cases) for each in found.closed] == [("li", 1)]


def test_without_a_target_nothing_is_late() -> None:
    assert not line(life(), Target(acknowledge_s=0, close_s=0), NOW).overdue


@given(st.lists(st.tuples(st.integers(0, 36_000), st.integers(0, 4), st.booleans()), max_size=8), st.integers(0, 9))
def test_every_life_that_the_wire_allows_adds_up(tries: list[tuple[int, int, bool]], copies: int) -> None:
    steps: list[tuple[AlertState, float, str]] = []
    state: AlertState = "raised"
    for seconds, choice, by_rule in sorted(tries):
        state = ALLOWED[state][choice % len(ALLOWED[state])]
        steps.append((state, seconds, "rule" if by_rule else "li"))
    found = of(*(life(*steps, id=number) for number in range(copies)))
    assert found.left_open == len(found.open) == (copies if state not in CLOSED else 0)
    assert sum(each.cases for each in found.severities) == len(found.cases) == copies
    assert sum(each.cases for each in found.closed) + found.left_open == copies
    assert found.overdue <= found.left_open
    for each in found.cases:
        assert (each.acknowledged_s or 0) >= 0 and (each.closed_s or 0) >= 0
        assert each.late or not each.overdue
