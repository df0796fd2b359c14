"""RTSP cameras: over TCP, because a lost packet would cost half a second of picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from zhian_edge.capture.full import FullStream
from zhian_edge.capture.live import WATCHDOG_S, LiveSource, without_password
from zhian_edge.capture.media import Media, Timeouts, as_decoded, open_media
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
    full: FullStream | None = None,
    watchdog_s: float = WATCHDOG_S,
    clock: Callable[[], float] = time.monotonic,
) -> LiveSource:
    """The camera at `rtsp://[user:password@]host/path`; nothing is opened yet.

    With `full` the address is of the camera's sub-stream, and detail comes from there; somebody else steps it.
    """
    dress = as_decoded if full is None else full.dress
    where, opener = _opening(address, timeouts)
    return LiveSource(camera, where, opener, rest=rest, dress=dress, watchdog_s=watchdog_s, clock=clock)


def full_stream(
    camera: str, address: str, *, timeouts: Timeouts | None = None, clock: Callable[[], float] = time.monotonic
) -> FullStream:
    """The full stream of a camera whose sub-stream is looked at; nothing is opened yet."""
    return FullStream(camera, *_opening(address, timeouts), clock=clock)


def _opening(address: str, timeouts: Timeouts | None) -> tuple[str, Callable[[], Media]]:
    """The address without its password, and how to open it."""
    where, limits = without_password(address), timeouts or Timeouts()
    return where, lambda: open_media(address, where, options=_OPTIONS, timeouts=limits)
