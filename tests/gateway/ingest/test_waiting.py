"""An alert goes before everything that waits; nothing is lost or doubled on the way; batches fit the time they take."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.events import event, passage
from zhian_gateway.ingest.batching import BESIDE_PART, BESIDE_S, GOAL_S, LEAST, MOST, BatchSize, BatchSizes
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.ingest.waiting import MOST_BYTES, MOST_WAITING, SHARE, Waiting, is_urgent
from zhian_wire import codec
from zhian_wire.events import Alert, EventData, Health

ALERT = Alert(key="k", kind="door_forced", severity="major", device="d")
HEALTH = Health(component="c", device="d", status="down")
BESIDE = 100


@pytest.mark.parametrize(("data", "urgent"), [(ALERT, True), (HEALTH, True), (passage(), False)])
def test_an_alert_is_known_by_its_beginning(data: EventData, urgent: bool) -> None:
    assert is_urgent(codec.encode(event(data, node="n" * 64, epoch="e" * 64))) is urgent


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 20))
def test_who_is_in_a_hurry_goes_first_but_for_a_share_and_each_lane_keeps_its_order(
    hurries: list[bool], most: int
) -> None:
    waiting = Waiting()
    bodies = [codec.encode(event(ALERT if hurry else passage(), seq=seq)) for seq, hurry in enumerate(hurries, 1)]
    for body in bodies:
        waiting.put(Message("n", body))
    taken: list[bytes] = []
    while batch := waiting.take(most, 0.0, most):
        assert len(batch) <= most
        taken += [message.body for message in batch]
        urgent = [is_urgent(message.body) for message in batch]
        assert urgent == sorted(urgent, reverse=True)
        left = sum(map(is_urgent, bodies)) - sum(map(is_urgent, taken))
        assert left == 0 or urgent.count(False) <= most // SHARE
    for hurry in (True, False):
        assert [body for body in taken if is_urgent(body) is hurry] == [
            body for body in bodies if is_urgent(body) is hurry
        ]
    assert len(waiting) == 0


def test_an_alert_shares_its_batch_and_the_next_one_with_few() -> None:
    waiting = Waiting()
    for seq in range(1, 10 * BESIDE):
        waiting.put(Message("n", codec.encode(event(passage(), seq=seq))))
    assert len(waiting.take(3 * BESIDE, 0.0, BESIDE)) == 3 * BESIDE
    assert not waiting.hurried
    waiting.put(Message("n", codec.encode(event(ALERT, seq=10 * BESIDE))))
    assert [len(waiting.take(3 * BESIDE, 0.0, BESIDE)) for _ in range(3)] == [BESIDE, BESIDE, 3 * BESIDE]


def test_a_node_whose_alarm_never_rests_does_not_stop_the_others_passages() -> None:
    waiting = Waiting()
    passages = [codec.encode(event(passage(), node="gate-2", seq=seq)) for seq in range(1, 21)]
    for body in passages:
        waiting.put(Message("gate-2", body))
    taken: list[bytes] = []
    for batch in range(4):
        for seq in range(BESIDE):
            waiting.put(Message("gate-1", codec.encode(event(ALERT, seq=batch * BESIDE + seq + 1))))
        taken += [message.body for message in waiting.take(BESIDE, 0.0, BESIDE)]
    assert [body for body in taken if not is_urgent(body)] == passages


def test_many_alerts_fill_a_batch() -> None:
    waiting = Waiting()
    for seq in range(2 * BESIDE):
        waiting.put(Message("n", codec.encode(event(ALERT, seq=seq + 1))))
    assert len(waiting.take(2 * BESIDE, 0.0, BESIDE)) == 2 * BESIDE


def test_whatever_is_put_while_another_thread_takes_is_taken_once() -> None:
    waiting, count = Waiting(), 5000
    writers = [
        threading.Thread(target=lambda name=name: [waiting.put(Message(name, b"%d" % n)) for n in range(count)])
        for name in ("a", "b")
    ]
    for writer in writers:
        writer.start()
    taken: list[Message] = []
    while len(taken) < 2 * count:
        taken += waiting.take(100, 5.0, 100)
    for name in ("a", "b"):
        assert [message.body for message in taken if message.peer == name] == [b"%d" % n for n in range(count)]
    assert waiting.take(1, 0.0, 1) == []


def test_there_is_room_until_more_than_a_batch_waits() -> None:
    waiting = Waiting()
    for _ in range(MOST_WAITING):
        assert waiting.has_room
        waiting.put(Message("n", b""))
    assert not waiting.has_room
    assert MOST_WAITING > MOST


def test_what_waits_is_bounded_in_bytes_too_and_what_was_taken_makes_room() -> None:
    waiting, body = Waiting(), bytes(1 << 20)
    while waiting.has_room:
        waiting.put(Message("n", body))
    assert len(waiting) == MOST_BYTES // len(body)
    assert len(waiting.take(1, 0.0, 1)) == 1
    assert waiting.has_room


@given(st.floats(1e-6, 0.02), st.floats(0.0, 0.1), st.sampled_from((GOAL_S, BESIDE_S)))
def test_a_batch_takes_about_as_long_as_an_alert_may_wait(each_s: float, always_s: float, goal_s: float) -> None:
    size = BatchSize(goal_s)
    for _ in range(40):
        size.kept(size.most, always_s + size.most * each_s)
    took = always_s + size.most * each_s
    assert size.most in (LEAST, MOST) or took == pytest.approx(goal_s, rel=0.1)


def test_a_batch_that_was_not_full_and_a_moments_wait_change_little() -> None:
    size = BatchSize(GOAL_S)
    before = size.most
    size.kept(3, 5.0)
    assert size.most == before
    size.kept(before, 30.0)
    assert size.most == before // 2


def test_where_alerts_never_cease_batches_that_became_small_grow_again() -> None:
    beside = BatchSize(BESIDE_S)
    while beside.most > LEAST:
        beside.kept(beside.most, 30.0)
    for _ in range(6):
        beside.kept(beside.most, BESIDE_S / 2)
    assert beside.most == MOST


@pytest.mark.parametrize("always_s", [0.0, 0.01, 0.05, 0.08])
def test_where_each_commit_takes_long_an_alerts_batch_holds_its_part_all_the_same(always_s: float) -> None:
    sizes, each_s = BatchSizes(), 60e-6
    for batch in range(200):
        count = sizes.beside if batch % 2 else sizes.most
        sizes.kept(count, always_s + count * each_s)
    alone = min(MOST, (GOAL_S - always_s) / each_s)
    assert sizes.most == pytest.approx(alone, rel=0.1)
    assert sizes.beside >= sizes.most // BESIDE_PART
