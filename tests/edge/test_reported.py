"""A camera that fails is logged once; asked later, the node still says why and since when."""

from __future__ import annotations

from typing import Any

import pytest
from zhian_edge.hal.contracts import Diagnostics
from zhian_edge.process.supervisor import ServiceStatus
from zhian_edge.reported import MOST_DETAIL, MOST_DEVICES, Felt, Reported, device_states
from zhian_edge.signals import CameraReport, VisionBeat
from zhian_wire.codec import encode_message
from zhian_wire.state import NodeState


def test_a_dead_camera_shows_its_error_and_since_when() -> None:
    reported = Reported()
    well = CameraReport(camera="yard", at_ms=1000, status="ok")
    lost = CameraReport(camera="door", at_ms=2000, status="blind", cause="no_frames", detail="rtsp://cam: refused")
    reported.step(well)
    reported.step(lost)
    for at_ms in (3000, 4000):
        later = CameraReport(camera="door", at_ms=at_ms, status="blind", cause="no_frames", detail="rtsp://cam: gone")
        reported.step(VisionBeat(at_ms=at_ms, cameras=(well, later)))
    yard, door = reported.lines(lambda ms: f"{ms} ms")
    assert door == {
        "id": "door",
        "status": "blind",
        "cause": "no_frames",
        "since": "2000 ms",
        "error": "rtsp://cam: gone",
    }
    assert (yard["since"], yard["error"]) == ("1000 ms", "")


def felt(name: str = "in", state: Any = "ok", cause: Any = "", error: str = "", **more: Any) -> Felt:
    diagnostics = Diagnostics(link="", tamper=more.pop("tamper", None), counters=more.pop("counters", {}))
    status = ServiceStatus(name, state, None, 1, 0, error)
    return Felt(name, "reader", "osdp", "main", status, cause, diagnostics, more.get("reads", 0), more.get("last_ms"))


@pytest.mark.parametrize(
    ("device", "told"),
    [
        (felt(), ("ok", "", "")),
        (felt(state="starting"), ("starting", "", "")),
        (felt(state="starting", cause="refused", error="no key"), ("down", "refused", "no key")),
        (felt(state="lost", cause="lost", error="silent"), ("down", "lost", "silent")),
        (felt(state="lost"), ("down", "lost", "")),
        (felt(cause="lost"), ("down", "lost", "")),
        (felt(tamper=True), ("ok", "tamper", "")),
        (felt(state="ended"), ("down", "", "")),
    ],
)
def test_how_a_device_is_follows_from_its_service(device: Felt, told: tuple[str, str, str]) -> None:
    (state,) = device_states([device], 0)
    assert (state.status, state.cause, state.detail) == told


def test_a_device_says_how_much_it_said_and_how_much_of_it_was_wrong() -> None:
    (state,) = device_states([felt(reads=7, last_ms=900, counters={"reads": 9, "garbled": 2, "failures": 1})], 1000)
    assert (state.reads, state.errors, state.last_ms) == (7, 3, 100)


def test_a_heart_beat_stays_small_and_tells_those_that_are_down_first() -> None:
    many = [felt(f"reader-{number}") for number in range(200)]
    lost = felt("last", "lost", "lost", "x" * 10_000)
    states = device_states([*many, lost], 0)
    assert (len(states), states[0].id, len(states[0].detail)) == (MOST_DEVICES, "last", MOST_DETAIL)
    beat = NodeState(node="n", epoch="e", seq=1, time="", version="", devices=states)
    assert len(encode_message(beat)) < 10_000
