"""A live source as a service: what RTSP and USB cameras have in common."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import av.error

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.health_stamps import StampDrift
from zhian_edge.capture.media import Dress, FrameMaker, Media, StreamFacts, as_decoded
from zhian_edge.capture.resting import Decoded, Reader, Rest
from zhian_edge.errors import EdgeError, SourceLost, SourceRefused

#: A camera gives no picture for so long although it is connected: it is opened again.
WATCHDOG_S: Final = 6.0

#: What a person must mend: user, password or right. A wrong path may be a camera that has not finished starting.
_REFUSALS: Final = (av.error.HTTPUnauthorizedError, av.error.HTTPForbiddenError, av.error.PermissionError)


class ArrivalClock:
    """When a frame was taken, from its media time and from when frames come at the earliest.

    A network that stalls delivers late frames in a burst; they must not look fresh. Each frame's media time is laid
    along the local clock by the smallest delay seen; that delay may grow slowly, so that a camera whose clock runs
    slower is followed.
    """

    _DRIFT = 0.001  # seconds per second: ten times a bad quartz
    _JUMP_S = 10.0

    def __init__(self) -> None:
        self._offset: float | None = None
        self._seen = 0.0

    def taken_at(self, media_time_s: float, now: float) -> float:
        """Time of capture on the clock of `now`, never later than `now`, for a frame that arrived at `now`."""
        offset = now - media_time_s
        if self._offset is not None and offset - self._offset < self._JUMP_S:
            offset = min(offset, self._offset + self._DRIFT * (now - self._seen))
        self._offset, self._seen = offset, now
        return media_time_s + offset


class LiveSource:
    """Frames of a camera that keeps its own time. `opener` gives a new connection or raises FFmpeg's errors."""

    def __init__(
        self,
        camera: str,
        where: str,
        opener: Callable[[], Media],
        *,
        rest: Rest | None = None,
        dress: Dress = as_decoded,
        watchdog_s: float = WATCHDOG_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = f"camera {camera}"
        self._dress = dress
        self._rest = rest
        self._camera = camera
        self._where = where
        self._opener = opener
        self._watchdog_s = watchdog_s
        self._clock = clock
        self._media: Media | None = None
        self._reader: Reader | None = None
        self._maker: FrameMaker | None = None
        self._arrivals = ArrivalClock()
        self._stamps = StampDrift()
        self._last_frame = 0.0
        self._damaged = 0

    @property
    def damaged(self) -> int:
        """Packets and pictures that were not whole, over all connections."""
        return self._damaged + (self._media.damaged if self._media else 0)

    @property
    def facts(self) -> StreamFacts | None:
        """What the stream says of itself; None while it is closed."""
        return self._media.facts if self._media else None

    @property
    def drifting(self) -> bool:
        """Whether the camera's time stamps run faster or slower than our clock."""
        return self._stamps.drifting

    @property
    def asleep(self) -> bool:
        """Whether it is hardly decoded because nothing happens; any thread may ask."""
        reader = self._reader
        return reader is not None and reader.asleep

    def open(self) -> None:
        self.close()
        try:
            self._media = self._opener()
        except (av.error.FFmpegError, OSError) as error:
            raise camera_error(error, self._where, "cannot be opened") from None  # FFmpeg's error holds the password
        self._reader = Reader(self._media, self._rest)
        if self._maker is None:
            self._maker = FrameMaker(self._camera, self._where, self._media.facts.rate, self._dress)
        self._maker.restart()
        self._arrivals = ArrivalClock()
        self._stamps.restart()
        self._last_frame = self._clock()

    def step(self) -> list[Frame]:
        """Frames that the next packet completes; those that waking brings up come as fast as there is room for them.

        Raises:
            SourceLost: the connection broke, or no picture came for too long.
        """
        if self._media is None or self._reader is None:
            raise SourceLost(f"{self._where}: not open")
        try:
            packet = self._media.packet()
            now = self._clock()
            if packet is None:
                raise SourceLost(f"{self._where}: the camera ended the stream")
            self._reader.take(packet, now)
            frames = self._frames(self._reader)
        except (av.error.FFmpegError, OSError) as error:
            raise camera_error(error, self._where, "stopped") from None
        if frames or self._reader.asleep:  # asleep, pictures come seldom; packets that do not come are a time-out
            self._last_frame = now
        elif now - self._last_frame > self._watchdog_s and self._reader.waiting < 2:
            raise SourceLost(f"{self._where}: connected, but no picture for {now - self._last_frame:.0f} s")
        return frames

    def _frames(self, reader: Reader) -> list[Frame]:
        """What can be decoded now: all of it, or as many as there is room for when much was kept back."""
        frames: list[Frame] = []
        while reader.waiting and (reader.waiting == 1 or reader.overfull or self._has_room(len(frames))):
            frames += [self._frame(decoded) for decoded in reader.pictures()]
        return frames

    def _has_room(self, taken: int) -> bool:
        return self._rest is None or self._rest.room() > taken

    def _frame(self, decoded: Decoded) -> Frame:
        assert self._maker is not None

        def taken_at(media_time_s: float) -> float:
            self._stamps.step(media_time_s, decoded.arrived_s)
            return self._arrivals.taken_at(media_time_s, decoded.arrived_s)

        return self._maker.frame(decoded.picture, taken_at, decoded.left_out, decoded.aspect)

    def close(self) -> None:
        self._reader = None
        if self._media is not None:
            self._damaged += self._media.damaged
            self._media.close()
            self._media = None


def camera_error(error: Exception, where: str, what: str) -> EdgeError:
    """FFmpeg's or the system's error as one of ours: does a person have to act, or may it pass?"""
    reason = getattr(error, "strerror", None) or str(error)
    if isinstance(error, EdgeError):
        return error
    if isinstance(error, _REFUSALS):
        return SourceRefused(f"{where}: {what}: {reason} (check user, password and rights)")
    if isinstance(error, av.error.ExitError):
        reason = "no answer in time"
    if isinstance(error, av.error.InvalidDataError):  # also what FFmpeg makes of being interrupted while it connects
        reason = "no usable answer"
    return SourceLost(f"{where}: {what}: {reason}")


def without_password(address: str) -> str:
    """`address` as it may be logged and stored: user and password are left out."""
    parts = urlsplit(address)
    if "@" not in parts.netloc:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
