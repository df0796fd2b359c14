"""Some seconds of one camera: does it open, how many frames come, and a few of them to look at."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.media import StreamFacts
from zhian_edge.capture.sources import CameraService
from zhian_edge.errors import EdgeError, SourceEnded

_KEPT_PER_S: Final = 3.0
_KEPT_AT_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Sample:
    """What some seconds of a camera gave.

    Attributes:
        facts: what the stream says of itself; None if it never opened.
        frames: some of the frames, evenly over the time.
        seen: how many frames came.
        rate: frames per second as they came; None below two frames.
        error: why it did not open or stopped early; empty if all went well.
    """

    camera: str
    facts: StreamFacts | None
    frames: tuple[Frame, ...]
    seen: int
    rate: float | None
    error: str = ""


def sample(camera: str, service: CameraService, seconds: float, clock: Callable[[], float] = time.monotonic) -> Sample:
    """Open `service`, watch it for `seconds`, and close it; a camera that fails is a result, not an error."""
    watch = _Watch(seconds)
    facts, error = None, ""
    try:
        service.open()
        facts = service.facts
        watch.run(service, clock)
    except SourceEnded:
        pass  # a short file: what it had is looked at
    except EdgeError as failure:
        error = str(failure)
    finally:
        service.close()
    return Sample(camera, facts, tuple(watch.kept), watch.seen, watch.rate, error)


class _Watch:
    """Counts frames and keeps a few until the time is over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._gap = max(1 / _KEPT_PER_S, seconds / _KEPT_AT_MOST)
        self._first = self._last = 0.0
        self.kept: list[Frame] = []
        self.seen = 0

    @property
    def rate(self) -> float | None:
        passed = self._last - self._first
        return (self.seen - 1) / passed if self.seen > 1 and passed > 0 else None

    def run(self, service: CameraService, clock: Callable[[], float]) -> None:
        begun = clock()
        while clock() - begun < self._seconds:
            for frame in service.step():
                self._saw(frame, clock())

    def _saw(self, frame: Frame, now: float) -> None:
        if not self.seen:
            self._first = now
        self._last = now
        self.seen += 1
        if not self.kept or frame.media_time_s - self.kept[-1].media_time_s >= self._gap:
            self.kept.append(frame)
