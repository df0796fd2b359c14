"""From a camera's configuration to the service that reads it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

from zhian_edge.capture.file import PacedFile
from zhian_edge.capture.frame import Frame
from zhian_edge.capture.full import FullStream
from zhian_edge.capture.media import StreamFacts
from zhian_edge.capture.resting import Rest
from zhian_edge.capture.rtsp import full_stream, rtsp_source
from zhian_edge.capture.usb import usb_source
from zhian_edge.config.types import Camera
from zhian_edge.process.supervisor import Service


class CameraService(Service[Frame], Protocol):
    """A service that gives frames, and knows what its stream says of itself and how its time stamps run."""

    @property
    def facts(self) -> StreamFacts | None:
        """None while it is closed."""

    @property
    def drifting(self) -> bool: ...

    @property
    def asleep(self) -> bool:
        """Whether it is hardly decoded because nothing happens."""


def full_stream_for(camera: Camera) -> FullStream | None:
    """The full stream of a camera that has a sub-stream: a service of its own; None for any other."""
    return full_stream(camera.id, camera.source) if camera.sub else None


def source_for(camera: Camera, rest: Rest | None = None, full: FullStream | None = None) -> CameraService:
    """The service for a camera's `source`: an RTSP address, a V4L2 device, or else a file played at its own pace.

    `rest` says when it may be hardly decoded; None: never. With `full` (`full_stream_for`) it is its sub-stream's.
    """
    if re.match(r"rtsps?://", camera.source, re.IGNORECASE):
        return rtsp_source(camera.id, camera.sub or camera.source, rest=rest, full=full)
    if camera.source.startswith("/dev/"):
        return usb_source(camera.id, camera.source, rest=rest)
    return PacedFile(camera.id, Path(camera.source), loop=camera.loop, rest=rest)
