"""A camera's full stream beside its sub-stream: kept as packets, decoded where somebody asks for a moment's detail.

Motion and detection look at the sub-stream's small pictures, which cost a fraction to decode. What is cut out to be
recognised comes from the full stream's picture of the same moment: both streams are laid along the local clock by their
own time stamps (`ArrivalClock`). Without a usable full picture the small one has to do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, NamedTuple

import av
import av.error
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from zhian_edge.capture.live import ArrivalClock, camera_error
from zhian_edge.capture.media import Media
from zhian_edge.capture.pixels import DecodedPixels, Picture, Pixels, Region, Size, resize
from zhian_edge.errors import SourceLost

if TYPE_CHECKING:
    _Packet = av.Packet[VideoStream]
#: Whoever looks at the small pictures may be so many seconds behind.
_BEHIND_S: Final = 3.0
#: Packets kept at most, bytes; older groups go first, and then there is no full picture.
_KEPT_BYTES: Final = 32_000_000
#: A full picture so many seconds away is of another moment.
_APART_S: Final = 0.15


class _Kept(NamedTuple):
    packet: _Packet
    taken_s: float
    number: int


class FullStream:
    """The packets of the last seconds of one stream, as a service, and its picture of any moment in them.

    One thread steps it, another asks for `pixels`.

    Args:
        opener: gives a new connection or raises FFmpeg's errors.
        where: the address without its password.
    """

    def __init__(
        self, camera: str, where: str, opener: Callable[[], Media], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = f"camera {camera}, full stream"
        self._where = where
        self._opener = opener
        self._clock = clock
        self._media: Media | None = None
        self._arrivals = ArrivalClock()
        self._lock = threading.Lock()
        self._kept: list[_Kept] = []
        self._bytes = 0
        self._numbers = 0
        self._codec: VideoCodecContext | None = None
        self._decoded: tuple[int, av.VideoFrame] | None = None
        self._next = 0
        self.size: Size | None = None

    def open(self) -> None:
        self.close()
        try:
            self._media = self._opener()
        except (av.error.FFmpegError, OSError) as error:
            raise camera_error(error, self._where, "cannot be opened") from None  # FFmpeg's error holds the password
        self._arrivals = ArrivalClock()
        facts = self._media.facts
        with self._lock:
            self._kept, self._bytes, self._decoded = [], 0, None
            self._codec = _decoder(self._media.codec)
            self.size = (facts.width, facts.height)

    def step(self) -> Sequence[None]:
        """Keep the next packet; one item for each.

        Raises:
            SourceLost: the connection broke.
        """
        if self._media is None:
            raise SourceLost(f"{self._where}: not open")
        try:
            packet = self._media.packet()
        except (av.error.FFmpegError, OSError) as error:
            raise camera_error(error, self._where, "stopped") from None
        if packet is None or not packet.size:
            raise SourceLost(f"{self._where}: the camera ended the stream")
        if packet.pts is not None and packet.time_base:
            self._keep(packet, self._arrivals.taken_at(float(packet.pts * packet.time_base), self._clock()))
        return [None]

    def close(self) -> None:
        if self._media is not None:
            self._media.close()
            self._media = None

    def dress(self, small: Pixels, taken_s: float) -> Pixels:
        """The sub-stream's pixels, of `taken_s`, with the detail of this stream; as they are until this was opened."""
        return small if self.size is None else PairedPixels(small, partial(self.pixels, taken_s), self.size)

    def pixels(self, at_s: float) -> Pixels | None:
        """The picture taken at `at_s`, seconds on the clock; None where the stream has none of that moment."""
        with self._lock:
            kept = list(self._kept)
        wanted = min(kept, key=lambda each: abs(each.taken_s - at_s), default=None)
        if wanted is None or abs(wanted.taken_s - at_s) > _APART_S or self._codec is None:
            return None
        picture = self._decode(kept, wanted, self._codec)
        return DecodedPixels(picture) if picture is not None else None

    def _keep(self, packet: _Packet, taken_s: float) -> None:
        with self._lock:
            if not self._kept and not packet.is_keyframe:
                return
            self._kept.append(_Kept(packet, taken_s, self._numbers))
            self._numbers += 1
            self._bytes += packet.size
            if packet.is_keyframe:
                self._forget(taken_s - _BEHIND_S)
            if self._bytes > _KEPT_BYTES:
                self._kept, self._bytes = [], 0

    def _forget(self, before_s: float) -> None:
        """Whole groups that are over by then."""
        keys = [index for index, each in enumerate(self._kept) if each.packet.is_keyframe and each.taken_s <= before_s]
        if keys:
            self._bytes -= sum(each.packet.size for each in self._kept[: keys[-1]])
            del self._kept[: keys[-1]]

    def _decode(self, kept: Sequence[_Kept], wanted: _Kept, codec: VideoCodecContext) -> av.VideoFrame | None:
        """The wanted picture, or the one before where it is not out of the decoder yet."""
        if self._decoded is not None and self._decoded[0] == wanted.number:
            return self._decoded[1]
        upto = [each for each in kept if each.number <= wanted.number]
        begin = max(each.number for each in upto if each.packet.is_keyframe)
        if not begin < self._next <= wanted.number:
            codec.flush_buffers()
            self._next, self._decoded = begin, None
        latest = self._decoded[1] if self._decoded else None
        for each in upto:
            if each.number >= self._next:
                latest = _latest(codec, each.packet) or latest
        self._next = wanted.number + 1
        self._decoded = None if latest is None else (wanted.number, latest)
        return latest


class PairedPixels:
    """A small picture of the sub-stream in the full stream's size: detail is fetched from there when it is asked for.

    Args:
        full: gives the full picture of the same moment, or None; asked once at most.
        size: of the full picture.
    """

    def __init__(self, small: Pixels, full: Callable[[], Pixels | None], size: Size) -> None:
        self._small = small
        self._fetch = full
        self.size = size

    def luma(self, size: Size) -> Picture:
        return self._for(size).luma(size)

    def bgr(self, size: Size) -> Picture:
        return self._for(size).bgr(size)

    def crop(self, region: Region, size: Size) -> Picture:
        if self._full is not None:
            return self._full.crop(region, size)
        x, y, width, height = region
        across, down = (small / full for small, full in zip(self._small.size, self.size, strict=True))
        left, top = int(x * across), int(y * down)
        part = (left, top, max(1, round(width * across)), max(1, round(height * down)))
        return resize(self._small.crop(part, part[2:]), size)

    def _for(self, size: Size) -> Pixels:
        if size[0] <= self._small.size[0] and size[1] <= self._small.size[1]:
            return self._small
        return self._full or self._small

    @cached_property
    def _full(self) -> Pixels | None:
        full = self._fetch()
        return full if full is not None and full.size == self.size else None


def _decoder(like: VideoCodecContext) -> VideoCodecContext:
    """A decoder of its own, so that a connection may be closed while another thread decodes."""
    codec = av.CodecContext.create(like.name, "r")
    assert isinstance(codec, VideoCodecContext)
    codec.extradata = like.extradata
    codec.thread_count = 1
    return codec


def _latest(codec: VideoCodecContext, packet: _Packet) -> av.VideoFrame | None:
    try:
        pictures = codec.decode(packet)
    except (av.error.InvalidDataError, av.error.EOFError):
        return None
    return next((each for each in reversed(pictures) if not each.is_corrupt), None)
