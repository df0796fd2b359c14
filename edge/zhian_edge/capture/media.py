"""Opening and decoding with PyAV: tolerant of damage inside a stream, strict about a stream that is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import av
import av.error
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from zhian_edge.capture.frame import Frame
from zhian_edge.capture.pixels import DecodedPixels, Pixels
from zhian_edge.errors import SourceRefused

#: Assumed where a container states no rate.
DEFAULT_RATE = 25.0
#: Reads in a row that may fail before a damaged file counts as ended.
_BAD_READS = 16
#: The same for reads that found only garbage, 64 KB each.
_GARBAGE_READS = 4096
#: Codecs of pictures: a stream of these beside one of video is a poster.
_PICTURES = frozenset({"mjpeg", "png", "bmp", "gif", "webp", "tiff"})
#: Formats without time stamps: FFmpeg makes up 25 frames a second, only the coded stream itself may know.
_BARE = frozenset({"h264", "hevc"})
#: Formats with the film's length in their header, by the first of FFmpeg's names.
_WITH_LENGTH = frozenset({"mov", "matroska", "avi"})


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that opening, and one read, may take before FFmpeg is interrupted (it may try a second time)."""

    open_s: float = 10.0
    read_s: float = 3.0


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What the container says about its video; 0 where it says nothing.

    `rate` is in frames per second, `seconds` what its header states, not what may be guessed from its bytes.
    """

    width: int
    height: int
    rate: float
    codec: str
    seconds: float = 0.0


class MediaClock:
    """Media time of successive frames: seconds since the first one, always growing.

    A missing time stamp, or one that does not grow, is replaced by the previous time plus one frame interval; what
    follows keeps that shift, so that a restarted counter neither stops time nor turns it back.
    """

    def __init__(self, rate: float) -> None:
        self._interval = 1 / (rate or DEFAULT_RATE)
        self._shift: float | None = None
        self._last = -self._interval

    def restart(self) -> None:
        """The next time stamp belongs to a new run of the same source: time goes on one interval after the last."""
        self._shift = None

    def at(self, stamp_s: float | None) -> float:
        """Media time of a frame whose own time stamp is `stamp_s` seconds, None if it has none."""
        expected = self._last + self._interval
        if stamp_s is None:
            self._last = expected
            return expected
        if self._shift is None or stamp_s + self._shift <= self._last:
            self._shift = expected - stamp_s
        self._last = stamp_s + self._shift
        return self._last


class Media:
    """One opened container with its largest real video stream. `close` it in every path.

    Attributes:
        facts: what the container says.
        damaged: packets and pictures that were not whole, and were left out.
    """

    def __init__(self, container: InputContainer, where: str) -> None:
        self._container = container
        self._stream = _video(container, where)
        # One thread per camera: frame threads would delay live pictures by their number.
        self._stream.codec_context.thread_count = 1
        self._packets = container.demux(self._stream)
        self.facts = _facts(self._stream, container)
        self.damaged = 0

    @property
    def codec(self) -> VideoCodecContext:
        """The decoder, as the container describes it."""
        return self._stream.codec_context

    def packet(self) -> av.Packet[VideoStream] | None:
        """The next packet, an empty one when the last is through; None at the end.

        Raises:
            av.error.FFmpegError: the source cannot be read (damage inside the stream is only counted).
        """
        bad = garbage = 0
        while bad < _BAD_READS and garbage < _GARBAGE_READS:
            try:
                return next(self._packets, None)
            except av.error.InvalidDataError:
                bad += 1
            except av.error.BlockingIOError:  # a transport stream found none of its packets so far
                garbage += 1
            self.damaged += 1
            self._packets = self._container.demux(self._stream)
        return None

    def aspect(self, width: int, height: int) -> float:
        """How many times as wide as high the pixels of a picture of this stored size are to be shown."""
        # What the container says of its stream is not of pictures that have another size since.
        as_opened = (width, height) == (self.facts.width, self.facts.height)
        stated = self._stream.sample_aspect_ratio if as_opened else self.codec.sample_aspect_ratio
        return float(stated or 1)

    def decode(self, packet: av.Packet[VideoStream]) -> list[av.VideoFrame]:
        """The whole pictures that `packet` completes, perhaps none."""
        return self._whole(packet.decode)

    def decode_alone(self, packet: av.Packet[VideoStream]) -> list[av.VideoFrame]:
        """The picture of a key frame that neither needs nor leaves anything in the decoder."""
        self.flush()
        return self.decode(packet) + self.drain()

    def drain(self) -> list[av.VideoFrame]:
        """The whole pictures that the decoder still holds; it is empty afterwards."""
        pictures = self._whole(self.codec.decode)
        for picture in pictures:  # without a packet PyAV does not know in what their stamps are counted
            picture.time_base = self._stream.time_base
        self.flush()
        return pictures

    def flush(self) -> None:
        """Empty the decoder: the next packet is a key frame, or the first one."""
        self.codec.flush_buffers()

    def _whole(self, decode: Callable[[], Sequence[object]]) -> list[av.VideoFrame]:
        try:
            pictures = [picture for picture in decode() if isinstance(picture, av.VideoFrame)]
        except av.error.MemoryError:
            raise
        except av.error.FFmpegError:  # many are used for one broken packet; a source that fails does so in `packet`
            self.damaged += 1
            return []
        whole = [picture for picture in pictures if not picture.is_corrupt]
        self.damaged += len(pictures) - len(whole)
        return whole

    def close(self) -> None:
        self._container.close()


def open_media(
    address: str,
    where: str,
    *,
    demuxer: str | None = None,
    options: Mapping[str, str] | None = None,
    timeouts: Timeouts | None = None,
) -> Media:
    """Open `address`; `where` names it in errors (without a password); `demuxer` is FFmpeg's name, guessed if None.

    Raises:
        SourceRefused: there is no video in it.
        av.error.FFmpegError: it could not be opened.
    """
    limits = None if timeouts is None else (timeouts.open_s, timeouts.read_s)
    container = av.open(address, format=demuxer, options=dict(options or {}), timeout=limits)
    try:
        return Media(container, where)
    except BaseException:  # whatever goes wrong, an opened container must not stay behind
        container.close()
        raise


#: Pixels as a frame is to show them, from those that were decoded and when they were taken (s).
Dress = Callable[[Pixels, float], Pixels]


def as_decoded(pixels: Pixels, _taken_s: float) -> Pixels:
    """The usual `Dress`: none."""
    return pixels


class FrameMaker:
    """Numbers and times the pictures of one source."""

    def __init__(self, camera: str, source: str, rate: float, dress: Dress = as_decoded) -> None:
        self._dress = dress
        self._camera = camera
        self._source = source
        self._clock = MediaClock(rate)
        self._next = 0

    def restart(self) -> None:
        """The source was opened anew: numbers and media time go on."""
        self._clock.restart()

    def frame(
        self,
        picture: av.VideoFrame,
        taken_at: Callable[[float], float] = float,
        left_out: int = 0,
        aspect: float = 1.0,
    ) -> Frame:
        """The next frame, after `left_out` that were not decoded, of pixels as wide as `Media.aspect` says.

        `taken_at` gives the time of capture (s) for its media time: the same, as in a replay.
        """
        self._next += left_out
        media_time_s = self._clock.at(picture.time)
        taken_s = taken_at(media_time_s)
        frame = Frame(
            camera=self._camera,
            source=self._source,
            index=self._next,
            media_time_s=media_time_s,
            at_ms=round(taken_s * 1000),
            pixels=self._dress(DecodedPixels(picture, aspect), taken_s),
        )
        self._next += 1
        return frame


def _video(container: InputContainer, where: str) -> VideoStream:
    # The cover picture of a sound file is a video stream by name only.
    streams = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if not streams:
        raise SourceRefused(f"{where}: there is no video in it")
    # A recorder exports the sub-stream beside the full one, in any order; of equal ones the first is meant.
    return max(streams, key=lambda s: (s.codec_context.name not in _PICTURES, s.width * s.height))


def _facts(stream: VideoStream, container: InputContainer) -> StreamFacts:
    context, bare = stream.codec_context, container.format.name in _BARE
    rate = (context.framerate if bare else None) or stream.average_rate or stream.guessed_rate
    return StreamFacts(
        context.width, context.height, float(rate) if rate else 0.0, context.name, _seconds(stream, container)
    )


def _seconds(stream: VideoStream, container: InputContainer) -> float:
    if container.format.name.partition(",")[0] not in _WITH_LENGTH:
        return 0.0
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    # Matroska counts from zero, also where its first stamp is hours later.
    return ((container.duration or 0) - max(container.start_time or 0, 0)) / av.time_base
