"""What a camera's state means: said once when it goes wrong, once when it is well again."""

from __future__ import annotations

from typing import Literal

from zhian_wire.events import EventData, Health
from zhian_wire.evidence import Evidence

from zhian_edge.signals import CameraReport

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


def _status(report: CameraReport) -> _Status:
    """A camera that sees, but elsewhere or at a wrong time, is degraded."""
    if report.status == "blind":
        return "down"
    return "degraded" if report.cause else "ok"


def _evidence(report: CameraReport) -> tuple[Evidence, ...]:
    if report.picture is None:
        return ()
    return (Evidence(kind="view", device=report.camera, at_ms=report.at_ms, picture=report.picture),)
