"""What the state of a camera, or of the clock, means: said once when it goes wrong, once when it is well again."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from zhian_wire.events import EventData, Health
from zhian_wire.evidence import Evidence
from zhian_wire.times import to_text

from zhian_edge.signals import CameraReport, ClockTold

from .wall import EPOCH

_Status = Literal["ok", "degraded", "down"]


class CameraHealth:
    """Remembers what was said of each camera."""

    def __init__(self) -> None:
        self._said: dict[str, _Status] = {}

    def step(self, report: CameraReport) -> list[EventData]:
        """Events for a change, none for a repetition. A camera that is only starting says nothing."""
        if report.status == "starting":
            return []
        status = _status(report)
        if self._said.get(report.camera, "ok") == status:
            return []
        self._said[report.camera] = status
        health = Health(
            component="camera",
            device=report.camera,
            status=status,
            cause=report.cause,
            detail=report.detail,
            since_ms=report.last_frame_ms if status == "down" else report.at_ms,
            evidence=_evidence(report),
        )
        return [health]


class ClockHealth:
    """Remembers whether it was said that the wall clock cannot be right, so that no schedule can be judged."""

    def __init__(self) -> None:
        self._wrong = False

    def step(self, told: ClockTold, *, plausible: bool) -> list[EventData]:
        """An event for a change, none for a repetition."""
        if self._wrong != plausible:
            return []
        self._wrong = not plausible
        if plausible:
            return [Health(component="clock", device="clock", status="ok", since_ms=told.at_ms)]
        says = to_text(EPOCH + timedelta(milliseconds=told.wall_ms))
        return [
            Health(
                component="clock", device="clock", status="degraded", cause="implausible", detail=says,
                since_ms=told.at_ms,
            )
        ]  # fmt: skip


def _status(report: CameraReport) -> _Status:
    """A camera that sees, but elsewhere or at a wrong time, is degraded."""
    if report.status == "blind":
        return "down"
    return "degraded" if report.cause else "ok"


def _evidence(report: CameraReport) -> tuple[Evidence, ...]:
    if report.picture is None:
        return ()
    return (Evidence(kind="view", device=report.camera, at_ms=report.at_ms, picture=report.picture),)
