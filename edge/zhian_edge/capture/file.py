"""A video file as frames: at once for a replay, or at the pace of its own time, like a camera."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import av
import av.error

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.media import DEFAULT_RATE, FrameMaker, Media, StreamFacts, open_media
from zhian_edge.capture.resting import Decoded, Reader, Rest
from zhian_edge.errors import SourceEnded, SourceLost, SourceRefused

#: The longest wait inside one step, seconds: a request to stop is never kept waiting longer.
_NAP_S: Final = 0.1
#: How long a frame that was kept back waits for room at a time, seconds.
_TURN_S: Final = 0.01
#: Later than this, seconds, a paced file gives up the lost time instead of hurrying.
_LATE_S: Final = 1.0
#: A file was cut off if it is shorter than it says by so many seconds and by this share.
_SHORT_S: Final = 2.0
_SHORT: Final = 0.05


class FileFrames:
    """The frames of one opened file, in order; iterate it once. A context manager; exhausting it closes it too.

    Attributes:
        facts: size, rate and codec as the container states them.
        damaged: packets and pictures left out so far because they were not whole.
    """

    def __init__(self, path: Path, media: Media, maker: FrameMaker) -> None:
        self._path = path
        self._media = media
        self._maker = maker
        self._reader = Reader(media, None)
        self._read_s = 0.0

    def rest(self, rest: Rest) -> None:
        """Hardly decode while nothing happens, from the first frame on; say so before iterating."""
        self._reader = Reader(self._media, rest)

    @property
    def facts(self) -> StreamFacts:
        return self._media.facts

    @property
    def damaged(self) -> int:
        return self._media.damaged

    def __iter__(self) -> Iterator[Frame]:
        """The frames; raises SourceLost when the disk fails (damage inside the file is only counted)."""
        with self:
            while (pictures := _next(self._reader, self._path)) is not None:
                for decoded in pictures:
                    frame = self._maker.frame(decoded.picture, left_out=decoded.left_out, aspect=decoded.aspect)
                    self._read_s = frame.media_time_s
                    yield frame

    def faults(self) -> list[str]:
        """What was missing in the file, for people to read; ask when all was read."""
        found, says_s = [], self._media.facts.seconds
        if self.damaged:
            found.append(f"damaged: {self.damaged} packets and pictures of it were left out")
        if says_s - self._read_s > max(_SHORT_S, _SHORT * says_s):
            found.append(f"ends after {self._read_s:.0f} s, though by its own words it has {says_s:.0f} s")
        return found

    def close(self) -> None:
        self._media.close()

    def __enter__(self) -> FileFrames:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def printable(name: str) -> str:
    """A file's name as text: bytes that are not UTF-8 (GBK out of a ZIP archive) are replaced, for an event is text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def open_file(path: Path | str, *, camera: str | None = None) -> FileFrames:
    """Open a video file for reading as fast as it can; media time is its clock.

    Args:
        camera: id that the frames carry; the file's base name if None.

    Raises:
        SourceRefused: no such file, no video in it, or nothing that FFmpeg can read.
    """
    path = Path(path)
    media = open_file_media(path)
    return FileFrames(path, media, FrameMaker(camera or printable(path.name), printable(path.name), media.facts.rate))


def open_file_media(path: Path) -> Media:
    """The container of a file.

    Raises:
        SourceRefused: as `open_file`.
    """
    if not path.is_file():
        raise SourceRefused(f"{path}: {'not a file' if path.exists() else 'no such file'}")
    try:
        # A name such as `2026-01-01 08:00.mp4` begins like an address; an absolute path does not.
        return open_media(str(path.absolute()), str(path))
    except (av.error.FFmpegError, OSError) as error:
        raise SourceRefused(f"{path}: not a readable video ({error.strerror or error})") from error


def _next(reader: Reader, path: Path) -> list[Decoded] | None:
    try:
        return reader.read()
    except (av.error.FFmpegError, OSError) as error:
        raise SourceLost(f"{path}: cannot be read on: {error.strerror or error}") from error


class PacedFile:
    """A file as a live camera, as a service: each frame comes when it is due, and media time runs on over the loop.

    Args:
        loop: begin again at the end; otherwise `step` raises `SourceEnded` there.
        rest: when it is hardly decoded; None: never.
        clock, wait: monotonic seconds, and how to let them pass.
    """

    def __init__(
        self,
        camera: str,
        path: Path,
        *,
        loop: bool = False,
        rest: Rest | None = None,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = f"camera {camera}"
        self._camera = camera
        self._path = path
        self._loop = loop
        self._rest = rest
        self._clock = clock
        self._wait = wait
        self._media: Media | None = None
        self._reader: Reader | None = None
        self._maker: FrameMaker | None = None
        self._ready: deque[tuple[Frame, bool]] = deque()
        self._starts: float | None = None
        self._given = 0

    @property
    def facts(self) -> StreamFacts | None:
        """What the container says of itself; None while it is closed."""
        return self._media.facts if self._media else None

    @property
    def drifting(self) -> bool:
        """Never: a file's own time is the only one it has."""
        return False

    @property
    def asleep(self) -> bool:
        """Whether it is hardly decoded because nothing happens; any thread may ask."""
        reader = self._reader
        return reader is not None and reader.asleep

    def open(self) -> None:
        self.close()
        self._media = open_file_media(self._path)
        self._reader = Reader(self._media, self._rest)
        if self._maker is None:
            self._maker = FrameMaker(self._camera, printable(self._path.name), self._media.facts.rate)
        self._maker.restart()
        self._given = 0

    def step(self) -> list[Frame]:
        """The next frame if it is due within a moment, else nothing after a moment.

        Raises:
            SourceEnded: the file is over and does not loop.
            SourceLost: the file could not be read on.
        """
        if not self._ready:
            self._ready.extend(self._read())
            return []
        frame, late = self._ready[0]
        if late:
            return self._kept_back(frame)
        now = self._clock()
        due = self._due(frame, now)
        if due - now > _NAP_S:
            self._wait(_NAP_S)
            return []
        if due > now:
            self._wait(due - now)
        self._ready.popleft()
        frame.at_ms = round(max(due, now) * 1000)
        return [frame]

    def _due(self, frame: Frame, now: float) -> float:
        """When the frame is to be shown; a file that fell far behind does not hurry after lost time."""
        if self._starts is None or now - (self._starts + frame.media_time_s) > _LATE_S:
            self._starts = now - frame.media_time_s
        return self._starts + frame.media_time_s

    def _kept_back(self, frame: Frame) -> list[Frame]:
        """A frame from before the source woke: at its own time, as soon as there is room for it."""
        if self._rest is not None and self._rest.room() < 1:
            self._wait(_TURN_S)
            return []
        self._ready.popleft()
        frame.at_ms = round(((self._starts or 0.0) + frame.media_time_s) * 1000)
        return [frame]

    def _read(self) -> list[tuple[Frame, bool]]:
        if self._media is None or self._reader is None or self._maker is None:
            raise SourceLost(f"{self._path}: not open")
        pictures = _next(self._reader, self._path)
        if pictures is None:
            self._over()
            return []
        self._given += len(pictures)
        if not pictures and self._reader.asleep:
            # A packet that nobody decodes takes its time all the same.
            self._wait(min(1 / (self._media.facts.rate or DEFAULT_RATE), _NAP_S))
        make = self._maker.frame
        return [(make(each.picture, left_out=each.left_out, aspect=each.aspect), each.late) for each in pictures]

    def _over(self) -> None:
        if not self._given:
            raise SourceRefused(f"{self._path}: not one picture in it can be decoded")
        if not self._loop:
            raise SourceEnded(f"{self._path}: played to its end")
        self.open()

    def close(self) -> None:
        self._ready.clear()
        self._reader = None
        if self._media is not None:
            self._media.close()
            self._media = None
