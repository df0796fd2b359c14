"""A lane that goes on without a face to compare says what that means there, once each way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from support.lanes import ANY, BOTH, CARD, PLATE, Node, plan, read
from zhian_edge.decision.plan import Access, CameraPlan, Plan
from zhian_edge.signals import CameraReport
from zhian_wire import reasons
from zhian_wire.events import EventData, Health

STRICT = replace(BOTH, opens_without_face=False)


def cameras(access: Access, count: int = 1, *, faces: bool = True) -> Plan:
    names = ["cam", "cam-2"][:count]
    return replace(plan(access), cameras={name: CameraPlan(name, "main", line=True, faces=faces) for name in names})


def report(node: Node, status: Any, camera: str = "cam", cause: str = "") -> list[Health]:
    at_ms = node.now + 1000
    return lanes(node.at(CameraReport(camera=camera, at_ms=at_ms, status=status, cause=cause)))


def lanes(events: list[EventData]) -> list[Health]:
    return [event for event in events if isinstance(event, Health) and event.component == "lane"]


@pytest.mark.parametrize(
    ("access", "cause", "card"),
    [
        (BOTH, "cards_alone", ("open", reasons.CARD)),
        (STRICT, "cards_refused", ("refuse", reasons.MISSING_FACTOR)),
        (ANY, "no_face_opens", ("open", reasons.CARD)),
        (CARD, None, ("open", reasons.CARD)),
        (PLATE, None, None),
    ],
)
def test_a_covered_lens_is_told_of_its_lane_with_what_becomes_of_a_card(
    access: Access, cause: str | None, card: tuple[str, str] | None
) -> None:
    node = Node(cameras(access))
    assert report(node, "ok") == []
    told = report(node, "blind", cause="blocked")
    expected = [] if cause is None else [("main", "degraded", cause)]
    assert [(each.device, each.status, each.cause) for each in told] == expected
    assert report(node, "blind", cause="dark") == []  # said once
    if card is not None:
        node.at(read("A1", node.now + 1000))
        assert [(d.verdict, d.reason) for d in node.decisions] == [card]
    assert [(each.device, each.status) for each in report(node, "ok")] == ([] if cause is None else [("main", "ok")])


def test_a_lane_that_another_camera_sees_goes_on_as_ever() -> None:
    node = Node(cameras(BOTH, 2))
    assert [report(node, "ok", camera) for camera in ("cam", "cam-2")] == [[], []]
    assert report(node, "blind", "cam") == []
    assert [each.cause for each in report(node, "blind", "cam-2")] == ["cards_alone"]
    assert [each.status for each in report(node, "ok", "cam")] == ["ok"]


def test_networks_that_take_their_time_to_load_are_no_fault() -> None:
    node = Node(cameras(BOTH))
    assert lanes(node.decider.blinded(0)) == []
    assert report(node, "starting") == []
    assert report(node, "ok") == []


def test_a_camera_that_never_saw_is_told() -> None:
    node = Node(cameras(BOTH))
    node.decider.blinded(0)
    assert [each.cause for each in report(node, "blind", cause="no_frames")] == ["cards_alone"]


def test_vision_that_dies_is_told_of_each_lane_and_so_is_its_coming_back() -> None:
    node = Node(cameras(BOTH))
    report(node, "ok")
    assert [each.cause for each in lanes(node.decider.blinded(5000))] == ["cards_alone"]
    assert lanes(node.decider.blinded(6000)) == []
    assert [each.status for each in report(node, "ok")] == ["ok"]


def test_a_lane_whose_cameras_look_for_no_faces_has_nothing_to_lose() -> None:
    node = Node(cameras(BOTH, faces=False))
    assert report(node, "ok") == []
