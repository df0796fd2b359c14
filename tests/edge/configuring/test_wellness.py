"""A configuration is confirmed only when everything that it names is up and the gateway is reached."""

from __future__ import annotations

import pytest
from zhian_edge.configuring.wellness import STEADY_MS, Condition, Probation, Verdict, ailing, condition_of
from zhian_wire.state import CameraState, DeviceState, NodeState

WELL = Condition((), connected=True)
DARK = Condition(("camera door: no_frames",), connected=True)
ALONE = Condition((), connected=False)


def verdict(*looks: tuple[int, Condition]) -> Verdict | None:
    probation = Probation(0, 30_000)
    found = None
    for at_ms, condition in looks:
        found = found or probation.step(condition, at_ms)
    return found


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(0, WELL)], None),
        ([(0, WELL), (STEADY_MS, WELL)], "well"),
        ([(0, WELL), (1000, DARK), (STEADY_MS, WELL)], None),  # it came and went
        ([(0, DARK), (29_999, DARK)], None),
        ([(0, DARK), (30_000, DARK)], "unwell"),
        ([(0, ALONE), (30_000, ALONE)], "unwell"),
        ([(28_000, WELL), (31_000, WELL)], "well"),
    ],
)
def test_the_verdict(looks: list[tuple[int, Condition]], expected: str | None) -> None:
    found = verdict(*looks)
    assert (found and found.result) == expected


def test_it_says_why() -> None:
    many = Condition([f"camera {number}: gone" for number in range(9)], connected=False)
    found = verdict((0, many), (30_000, many))
    assert found is not None
    assert found.why.startswith("not well in time: the gateway is not reached; camera 0: gone")
    assert "and 4 more" in found.why


def state() -> NodeState:
    cameras = (CameraState(id="door", status="blind", cause="dark"), CameraState(id="yard", status="ok"))
    reader = DeviceState(id="in", kind="reader", driver="osdp", status="down", detail="no answer")
    return NodeState(node="n", epoch="e", seq=1, time="", version="1", cameras=cameras, devices=(reader,))


def test_what_was_not_well_before_is_not_held_against_it() -> None:
    assert ailing(state()) == {"camera door": "dark", "reader in": "no answer"}
    condition = condition_of(state(), ("camera door",), connected=True)
    assert condition.down == ["reader in: no answer"]
