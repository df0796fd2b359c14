"""A backlog takes what the way can carry and no more than keeps an alert quick, alone or with a thousand others."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.delivery.pace import LEAST, TARGET_MS, Pace


def share(nodes: int, per_s: float, way_ms: int, seconds: int = 60) -> tuple[list[int], int]:
    """How long each receipt took at last when so many share a gateway that stores `per_s`, and how many were stored."""
    paces = [Pace(200) for _ in range(nodes)]
    flying = [0] * nodes
    queue: deque[tuple[int, int]] = deque()
    back: deque[tuple[int, int, int]] = deque()
    delays, stored, credit = list[int](), 0, 0.0
    for now in range(seconds * 1000):
        while back and back[0][0] <= now:
            _, node, sent = back.popleft()
            flying[node] -= 1
            paces[node].answered(1, now - sent, now)
            if now > seconds * 500:
                delays.append(now - sent)
        for node, pace in enumerate(paces):
            while flying[node] < pace.room:
                flying[node] += 1
                queue.append((node, now))
        credit = min(credit + per_s / 1000, 50)
        while queue and credit >= 1:
            credit -= 1
            node, sent = queue.popleft()
            back.append((now + way_ms, node, sent))
            stored += 1
    return sorted(delays), stored


@pytest.mark.parametrize(("nodes", "per_s"), [(1, 500), (40, 500)])
def test_whoever_shares_a_gateway_keeps_it_busy_and_its_queue_short(nodes: int, per_s: float) -> None:
    delays, stored = share(nodes, per_s, way_ms=20, seconds=12)
    assert delays[len(delays) * 99 // 100] <= 20 + 2 * TARGET_MS
    assert stored >= 0.9 * per_s * 12


def test_a_long_way_is_no_queue() -> None:
    pace = Pace(200)
    for now in range(0, 10_000, 700):
        pace.answered(pace.room, 700, now)
    assert pace.room == 200


@given(st.lists(st.one_of(st.none(), st.tuples(st.integers(1, 500), st.integers(0, 5000)))), st.integers(4, 500))
def test_it_stays_within_its_bounds(answers: list[tuple[int, int] | None], most: int) -> None:
    pace = Pace(most)
    for now, answer in enumerate(answers):
        if answer is None:
            pace.unanswered(now)
        else:
            pace.answered(*answer, now)
        assert LEAST <= pace.room <= most
