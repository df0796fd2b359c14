"""Who comes again need not say it all again, as long as the earlier visit is kept; each look is written down."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from zhian_gateway.retention.job import Job
from zhian_gateway.store import tables as t

from .conftest import CITIZEN, Window

DAY_S = 86_400


def returned(window: Window, **by: str) -> Any:
    return window.guard.post("/api/visits/returning", json=by).raise_for_status().json()["earlier"]


@pytest.fixture
def over(window: Window) -> str:
    """A visit that is over."""
    visit = window.registers(plate="京A12345")
    window.asks(visit, "refuse", reason="came on the wrong day").raise_for_status()
    return visit


@pytest.mark.parametrize(
    "by", [{"phone": "138 0013 8000"}, {"citizen": CITIZEN}, {"phone": "13800138000", "citizen": CITIZEN}]
)
def test_the_last_visit_is_found_by_ones_own_number_and_shows_no_other(
    window: Window, over: str, by: dict[str, str]
) -> None:
    found = returned(window, **by)
    assert (found["id"], found["name"], found["plate"], found["purpose"]) == (over, "李雷", "京A12345", "家长会")
    assert (found["host_name"], found["phone"]) == ("teacher-1", "138****8000")
    assert CITIZEN not in str(found)


def test_nobody_is_found_by_half_a_number_another_one_or_while_still_here(window: Window) -> None:
    window.registers()
    assert returned(window, phone="13800138000") is None
    assert returned(window, phone="13800138001") is None
    for wrong in ({}, {"phone": "8000"}, {"citizen": CITIZEN[:-1] + "1"}):
        assert window.guard.post("/api/visits/returning", json=wrong).status_code == 422


def test_what_is_over_its_time_is_found_no_more_before_and_after_it_is_deleted(
    window: Window, over: str, clock: Any
) -> None:
    parts = window.parts
    clock.forward((parts.config.retention.visits_days - 1) * DAY_S)
    assert returned(window, phone="13800138000")["id"] == over
    clock.forward(2 * DAY_S)
    assert returned(window, phone="13800138000") is None
    list(Job(parts).batches("t"))
    assert returned(window, phone="13800138000") is None


def test_each_look_is_written_down_also_one_that_finds_nobody_and_repeats_no_number(window: Window, over: str) -> None:
    returned(window, phone="13800138000")
    returned(window, phone="13900139000")
    query = select(t.audit.c.subject, t.audit.c.detail).where(t.audit.c.action == "visit.find").order_by(t.audit.c.id)
    with window.parts.store.read() as link:
        found = [tuple(row) for row in link.execute(query)]
    assert found == [(over, "by number: found"), ("", "by number: nobody")]
