"""How a lane is follows from its decisions and from what its barrier did, also after the gateway was restarted."""

from __future__ import annotations

from typing import Any

import pytest
from support.events import event
from support.pipeline import take_in
from zhian_gateway.lanes.board import Lanes, recalled
from zhian_gateway.services import Services
from zhian_wire import reasons
from zhian_wire.events import Actuated, Decision, EventData
from zhian_wire.evidence import Evidence
from zhian_wire.state import NodeState

CARD = Evidence(kind="card", device="in", at_ms=900, card="04A1", person_id="p1")
HAND = Evidence(kind="manual", device="main", at_ms=900)


def decision(transaction: str = "t1", **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "transaction": transaction,
        "lane": "main",
        "verdict": "open",
        "reason": reasons.CARD,
        "policy": "card",
        "evidence_age_ms": 3,
        "evidence": (CARD,),
    }
    return Decision(**(values | changes))


def acted(transaction: str = "t1", **changes: Any) -> Actuated:
    values: dict[str, Any] = {"transaction": transaction, "lane": "main", "action": "pulse", "result": "done"}
    return Actuated(**(values | changes))


def by_hand(reason: str, transaction: str) -> Decision:
    verdict = "refuse" if reason == reasons.LOCKED else "open"
    return decision(transaction, verdict=verdict, reason=reason, evidence=(HAND,))


def after(*told: EventData) -> Lanes:
    lanes = Lanes()
    for row, data in enumerate(told, 1):
        lanes.take(row, "2026-03-02", event(data, seq=row))
    return lanes


def test_cards_openings_and_refusals_are_counted_by_day() -> None:
    lanes = after(decision(), acted(), decision("t2", verdict="refuse", reason=reasons.UNKNOWN_CARD))
    lane = lanes.one("gate-1/main")
    assert lane is not None and (lane.cards, lane.opened, lane.refused) == (2, 1, 1)
    lanes.take(9, "2026-03-03", event(decision("t3"), seq=9))
    lane = lanes.one("gate-1/main")
    assert lane is not None and (lane.day, lane.cards, lane.opened, lane.refused) == ("2026-03-03", 1, 1, 0)


def test_a_car_is_told_with_the_colour_of_its_plate() -> None:
    seen = Evidence(kind="plate", device="cam", at_ms=900, plate="京A12345", plate_colour="blue")
    lane = after(decision(plate="京A12345", evidence=(seen,))).one("gate-1/main")
    assert lane is not None and lane.decided is not None
    assert (lane.decided.plate, lane.decided.plate_colour) == ("京A12345", "blue")


def test_an_order_that_was_moved_to_an_epoch_of_its_own_changes_nothing_that_came_later() -> None:
    lanes = after(by_hand(reasons.LOCKED, "t1"))
    lanes.take(5, "2026-03-02", event(by_hand(reasons.HELD_OPEN, "t0"), epoch="moved-0123456789abcdef", seq=1))
    lane = lanes.one("gate-1/main")
    assert lane is not None and (lane.standing, lane.epoch, lane.seq) == ("locked", "e1", 1)


def test_an_event_that_is_followed_again_changes_nothing() -> None:
    lanes = after(decision())
    assert lanes.take(1, "2026-03-02", event(decision())) == "gate-1/main"
    lane = lanes.one("gate-1/main")
    assert lane is not None and lane.opened == 1


@pytest.mark.parametrize(
    ("told", "standing"),
    [
        ([by_hand(reasons.LOCKED, "t1")], "locked"),
        ([by_hand(reasons.LOCKED, "t1"), acted(action="close")], "locked"),
        ([by_hand(reasons.LOCKED, "t1"), by_hand(reasons.LOCKED, "t2"), acted(action="close")], "locked"),
        ([by_hand(reasons.LOCKED, "t1"), acted(action="close"), by_hand(reasons.BACK_TO_NORMAL, "t2")], "normal"),
        ([by_hand(reasons.HELD_OPEN, "t1"), acted(action="hold")], "held_open"),
        ([by_hand(reasons.HELD_OPEN, "t1"), by_hand(reasons.BACK_TO_NORMAL, "t2")], "normal"),
        ([by_hand(reasons.RELEASED, "t1"), by_hand(reasons.LOCKED, "t2")], "locked"),
        ([by_hand(reasons.RELEASED, "t1")], "released"),
        # Somebody who asks at a lane that is locked is refused for that reason, and brings it into no state.
        ([decision(verdict="refuse", reason=reasons.LOCKED)], "normal"),
        ([by_hand(reasons.LOCKED, "t1"), by_hand(reasons.MANUAL, "t2")], "locked"),
    ],
)
def test_what_people_brought_a_lane_into_holds_until_its_next_state_is_told(
    told: list[EventData], standing: str
) -> None:
    lane = after(*told).one("gate-1/main")
    assert lane is not None and lane.standing == standing


def test_a_restarted_gateway_knows_its_lanes(parts: Services) -> None:
    take_in(parts, event(decision(), seq=1), event(acted(result="failed", detail="no answer"), seq=2))
    again = recalled(parts.store)
    assert again.every() == parts.lanes.every()
    (lane,) = again.every()
    assert lane.done is not None and (lane.done.result, lane.done.detail) == ("failed", "no answer")


def beat(seq: int, standing: Any, epoch: str = "e1") -> NodeState:
    return NodeState(
        node="gate-1", epoch=epoch, seq=seq, time="2026-03-02T08:00:00.000Z", version="1", lanes={"main": standing}
    )


def test_a_lane_that_never_decided_anything_is_known_by_its_nodes_heart_beat() -> None:
    lanes = Lanes()
    assert lanes.hear(beat(0, "normal")) == ["gate-1/main"]
    assert lanes.hear(beat(0, "normal")) == []
    assert [lane.standing for lane in lanes.every()] == ["normal"]


def test_the_end_of_an_order_that_no_event_tells_of_is_told_by_the_next_heart_beat() -> None:
    lanes = after(by_hand(reasons.LOCKED, "t1"))
    assert lanes.hear(beat(1, "normal")) == ["gate-1/main"]
    assert [lane.standing for lane in lanes.every()] == ["normal"]


def test_a_heart_beat_of_before_an_order_does_not_undo_it_and_an_event_of_before_a_heart_beat_neither() -> None:
    lanes = after(decision(), by_hand(reasons.LOCKED, "t1"))
    assert lanes.hear(beat(1, "normal")) == []
    assert [lane.standing for lane in lanes.every()] == ["locked"]
    lanes.hear(beat(9, "normal"))
    lanes.take(9, "2026-03-02", event(by_hand(reasons.HELD_OPEN, "t2"), seq=8))
    assert [lane.standing for lane in lanes.every()] == ["normal"]
    lanes.hear(beat(1, "held_open", epoch="e2"))
    assert [lane.standing for lane in lanes.every()] == ["held_open"]


def test_until_when_a_lane_is_locked_and_by_whom_is_known_until_it_is_not() -> None:
    end = "2026-03-02T09:00:00.000Z"
    order = decision("t1", verdict="refuse", reason=reasons.LOCKED, evidence=(HAND,), until=end, by="li", why="a dog")
    lanes = after(order, decision("t2", verdict="refuse", reason=reasons.LOCKED))

    def told() -> tuple[str, str | None, str, str]:
        (lane,) = lanes.every()
        return lane.standing, lane.until, lane.by, lane.why

    assert told() == ("locked", end, "li", "a dog")
    lanes.hear(beat(2, "locked"))
    assert told() == ("locked", end, "li", "a dog")
    lanes.hear(beat(3, "normal"))
    assert told() == ("normal", None, "", "")


def test_a_heart_beat_that_overtakes_its_order_does_not_hide_until_when_that_holds() -> None:
    end = "2026-03-02T09:00:00.000Z"
    order = decision("t1", verdict="refuse", reason=reasons.LOCKED, evidence=(HAND,), until=end, by="li", why="a dog")
    lanes = Lanes()
    lanes.hear(beat(7, "locked"))
    lanes.take(1, "2026-03-02", event(order, seq=5))
    lanes.take(2, "2026-03-02", event(acted("t1", action="close"), seq=6))
    lane = lanes.one("gate-1/main")
    assert lane is not None and (lane.standing, lane.until, lane.by, lane.why) == ("locked", end, "li", "a dog")
    assert lane.seq == 7  # an event of before the heart-beat does not make it older
    lanes.take(3, "2026-03-02", event(by_hand(reasons.BACK_TO_NORMAL, "t2"), seq=7))
    lane = lanes.one("gate-1/main")
    assert lane is not None and (lane.standing, lane.until) == ("locked", end)
