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
from zhian_edge.capture.pixels import DecodedPixels, Picture, Pixels, Region, Size, resize, stretched
from zhian_edge.errors import SourceLost

if TYPE_CHECKING:
    _Packet = av.Packet[VideoStream]
#: Whoever looks at the small pictures may be so many seconds behind.
_BEHIND_S: Final = 3.0
#: Packets kept at most, bytes; older groups go first, and then there is no full picture.
_KEPT_BYTES: Final = 32_000_000
#: A full picture so many seconds away is of another moment.
_APART_S: Final = 0.15


#: A picture comes out of the decoder at most so many packets after its own (H.264's and H.265's largest reordering).
_REORDERED: Final = 16
#: Decoded pictures that are held, since the next question is mostly of a moment near by.
_HELD: Final = 4


class _Kept(NamedTuple):
    packet: _Packet
    taken_s: float
    number: int

    @property
    def pts(self) -> int:
        """Its time stamp, in the stream's units; packets without one are not kept."""
        assert self.packet.pts is not None
        return self.packet.pts


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
        self._pictures: dict[int, av.VideoFrame] = {}
        self._next = 0
        self._aspect = 1.0
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
            self._kept, self._bytes, self._pictures = [], 0, {}
            self._codec = _decoder(self._media.codec)
            self._aspect = self._media.aspect(facts.width, facts.height)
            self.size = stretched((facts.width, facts.height), self._aspect)

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
        return DecodedPixels(picture, self._aspect) if picture is not None else None

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
        """The wanted picture; with pictures out of order it comes out after later packets, else the nearest one."""
        if wanted.pts not in self._pictures:
            begin = max(each.number for each in kept if each.packet.is_keyframe and each.number <= wanted.number)
            still_to_come = wanted.number >= self._next or wanted.pts > max(self._pictures, default=wanted.pts)
            if not (begin < self._next and still_to_come):
                codec.flush_buffers()
                self._next = begin
                self._pictures.clear()
            upto = wanted.number + _REORDERED
            self._feed([each for each in kept if self._next <= each.number <= upto], wanted, codec)
        nearest = min(self._pictures, key=lambda pts: abs(pts - wanted.pts), default=None)
        if nearest is None or abs(nearest - wanted.pts) * wanted.packet.time_base > _APART_S:
            return None
        return self._pictures[nearest]

    def _feed(self, packets: Sequence[_Kept], wanted: _Kept, codec: VideoCodecContext) -> None:
        for each in packets:
            for picture in _pictures(codec, each.packet):
                if picture.pts is not None:
                    self._pictures[picture.pts] = picture
            self._next = each.number + 1
            if wanted.pts in self._pictures:
                break
        for old in sorted(self._pictures)[:-_HELD]:
            if old != wanted.pts:
                del self._pictures[old]


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


def _pictures(codec: VideoCodecContext, packet: _Packet) -> list[av.VideoFrame]:
    try:
        return [each for each in codec.decode(packet) if not each.is_corrupt]
    except (av.error.InvalidDataError, av.error.EOFError):
        return []
