"""What a node says of its cameras and devices: how each is, since when, and the error behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, NamedTuple

from zhian_wire.state import DeviceState

from zhian_edge.hal.contracts import Diagnostics
from zhian_edge.process.supervisor import ServiceStatus
from zhian_edge.signals import CameraReport, VisionBeat

#: A heart-beat stays small, whatever is configured: so many devices, and so much of each error.
MOST_DEVICES: Final = 64
MOST_DETAIL: Final = 160
#: Counters of drivers (`Diagnostics.counters`) of what should not have happened.
FAULTS: Final = ("garbled", "missed", "lost", "refused", "failures")


class Reported:
    """Follows what vision says of its cameras: a report at each change, all of them again in each heart-beat.

    One thread calls `step`; any may call `lines`.
    """

    def __init__(self) -> None:
        self._changed_ms: dict[str, int] = {}
        self._latest: tuple[CameraReport, ...] = ()

    def step(self, message: CameraReport | VisionBeat) -> None:
        """Take in what was said."""
        if isinstance(message, CameraReport):
            self._changed_ms[message.camera] = message.at_ms
        else:
            self._latest = message.cameras

    def lines(self, wall: Callable[[int], str]) -> list[dict[str, Any]]:
        """One entry a camera; `wall` makes a time of monotonic milliseconds. The error is empty while all is well."""
        return [
            {
                "id": report.camera,
                "status": report.status,
                "cause": report.cause,
                "since": wall(self._changed_ms.get(report.camera, report.at_ms)),
                "error": report.detail,
            }
            for report in self._latest
        ]


class Felt(NamedTuple):
    """What is known of a device now. `reads` and `last_ms` (monotonic): what it said so far, and when it did last."""

    id: str
    kind: Literal["reader", "input", "barrier"]
    driver: str
    lane: str
    status: ServiceStatus
    cause: Literal["", "lost", "refused"]
    diagnostics: Diagnostics
    reads: int
    last_ms: int | None
    use: Literal["lane", "desk"] = "lane"


def device_states(devices: Iterable[Felt], now_ms: int) -> tuple[DeviceState, ...]:
    """Devices as the heart-beat tells them: those that are down first, as many as there is room for."""
    states = [_state(device, now_ms) for device in devices]
    return tuple(sorted(states, key=lambda state: state.status == "ok")[:MOST_DEVICES])


def _state(device: Felt, now_ms: int) -> DeviceState:
    status = device.status
    counters = device.diagnostics.counters
    well = status.state == "ok" and not device.cause
    return DeviceState(
        id=device.id,
        kind=device.kind,
        driver=device.driver,
        status="ok" if well else "starting" if status.state == "starting" and not device.cause else "down",
        lane=device.lane,
        cause=device.cause or ("tamper" if device.diagnostics.tamper else "" if status.state != "lost" else "lost"),
        detail=status.error[:MOST_DETAIL],
        last_ms=None if device.last_ms is None else max(now_ms - device.last_ms, 0),
        reads=device.reads,
        errors=sum(counters.get(name, 0) for name in FAULTS),
        use=device.use,
    )
