"""What a camera's state means: said once when it goes wrong, once when it is well again."""

from __future__ import annotations

from zhian_wire.events import EventData, Health

from zhian_edge.signals import CameraReport


class CameraHealth:
    """Remembers what was said of each camera."""

    def __init__(self) -> None:
        self._blind: dict[str, bool] = {}

    def step(self, report: CameraReport) -> list[EventData]:
        """Events for a change, none for a repetition. A camera that is only starting says nothing."""
        if report.status == "starting":
            return []
        blind = report.status == "blind"
        if self._blind.get(report.camera, False) == blind:
            return []
        self._blind[report.camera] = blind
        health = Health(
            component="camera",
            device=report.camera,
            status="down" if blind else "ok",
            cause=report.cause,
            detail=report.detail,
            since_ms=report.last_frame_ms if blind else report.at_ms,
        )
        return [health]
