"""RTSP cameras: over TCP, because a lost packet would cost half a second of picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from zhian_edge.capture.live import WATCHDOG_S, LiveSource, without_password
from zhian_edge.capture.media import Media, Timeouts, open_media
from zhian_edge.capture.resting import Rest

#: Only the video is asked for, and the stream is not studied for the seconds and twenty frames that FFmpeg would like.
_OPTIONS: Final = {
    "rtsp_transport": "tcp",
    "allowed_media_types": "video",
    "analyzeduration": "2000000",
    "fpsprobesize": "2",
}


def rtsp_source(
    camera: str,
    address: str,
    *,
    timeouts: Timeouts | None = None,
    rest: Rest | None = None,
    watchdog_s: float = WATCHDOG_S,
    clock: Callable[[], float] = time.monotonic,
) -> LiveSource:
    """The camera at `rtsp://[user:password@]host/path`; nothing is opened yet."""
    where, limits = without_password(address), timeouts or Timeouts()

    def opener() -> Media:
        return open_media(address, where, options=_OPTIONS, timeouts=limits)

    return LiveSource(camera, where, opener, rest=rest, watchdog_s=watchdog_s, clock=clock)
