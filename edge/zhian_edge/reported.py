"""What `zhian-edge status` says of each camera: how it is, since when, and the error behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhian_edge.signals import CameraReport, VisionBeat


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
