"""USB cameras and other V4L2 devices."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from zhian_edge.capture.live import WATCHDOG_S, LiveSource
from zhian_edge.capture.media import Media, Timeouts, open_media
from zhian_edge.capture.resting import Rest
from zhian_edge.errors import SourceLost, SourceRefused


def usb_source(
    camera: str,
    device: str,
    *,
    size: tuple[int, int] = (1280, 720),
    rate: int = 25,
    timeouts: Timeouts | None = None,
    rest: Rest | None = None,
    watchdog_s: float = WATCHDOG_S,
    clock: Callable[[], float] = time.monotonic,
) -> LiveSource:
    """The camera at `/dev/videoN`, asked for `size` and `rate` (the driver takes what is nearest)."""
    limits = timeouts or Timeouts()
    options = {"video_size": f"{size[0]}x{size[1]}", "framerate": str(rate), "input_format": "mjpeg"}

    def opener() -> Media:
        check_device(Path(device))
        return open_media(device, device, demuxer="v4l2", options=options, timeouts=limits)

    return LiveSource(camera, device, opener, rest=rest, watchdog_s=watchdog_s, clock=clock)


def check_device(device: Path) -> None:
    """Say plainly why a device cannot work; FFmpeg would only say that it does not.

    Raises:
        SourceLost: it is not there; somebody may plug it in again.
        SourceRefused: it is no camera, or this user may not use it.
    """
    if not device.exists():
        raise SourceLost(f"{device}: no such device; is the camera plugged in?")
    if not device.is_char_device():
        raise SourceRefused(f"{device}: not a camera device")
    if not os.access(device, os.R_OK | os.W_OK):
        raise SourceRefused(f"{device}: no right to use it; add this user to the group `video`")
