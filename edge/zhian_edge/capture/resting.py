"""Reads a stream and, while nothing happens in it, decodes its key frames only; nothing that led to waking is missed.

Asleep, the packets since the last judged key frame are kept. What wakes the stream (`waking`) has them decoded first,
so that whoever reads sees everything from that key frame on: late, but whole and with its own times.
"""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import av
from av.video.stream import VideoStream

from zhian_edge.capture.media import Media
from zhian_edge.capture.packets import facts_of, sort_for
from zhian_edge.capture.pixels import DecodedPixels, Picture
from zhian_edge.capture.waking import LUMA_WIDTH, State, Waking, WakingLimits

if TYPE_CHECKING:
    _Packet = av.Packet[VideoStream]
#: Catching up, so many packets may wait for room; then older pictures are rather dropped than times lost.
_OVERFULL = 500


def _endless() -> int:
    return _OVERFULL


@dataclass(frozen=True)
class Rest:
    """When a source may rest.

    Attributes:
        after_s: seconds without anything happening before it does.
        busy: whether something moves or is followed in the pictures given so far; any thread may ask.
        room: how many pictures whoever reads can take now; asked only when many come at once.
    """

    after_s: float
    busy: Callable[[], bool]
    room: Callable[[], int] = _endless


class Decoded(NamedTuple):
    """One picture; when its packet arrived; frames before it that were never decoded; whether it was kept back."""

    picture: av.VideoFrame
    arrived_s: float
    left_out: int
    late: bool


class _Arrived(NamedTuple):
    packet: _Packet
    at_s: float


class Reader:
    """The pictures of one opened stream. `take` packets as they come, then get `pictures` while any are `waiting`."""

    def __init__(self, media: Media, rest: Rest | None) -> None:
        self._media = media
        self._rest = rest
        self._waking = Waking(WakingLimits(rest_s=rest.after_s)) if rest else None
        self._sort = sort_for(media.codec)
        self._waiting: deque[_Arrived] = deque()
        self._ready: list[Decoded] = []
        self._kept: list[_Arrived] = []
        self._left_out: list[int] = []
        self._shown_pts: int | None = None
        self._catching_up = 0

    @property
    def asleep(self) -> bool:
        return self._waking is not None and self._waking.asleep

    @property
    def waiting(self) -> int:
        """Packets that are still to be decoded, or 1 when pictures are ready."""
        return len(self._waiting) or bool(self._ready)

    @property
    def overfull(self) -> bool:
        return len(self._waiting) > _OVERFULL

    def read(self) -> list[Decoded] | None:
        """The pictures that come next from a file, perhaps none; None at its end. Stamps are the times.

        Raises:
            av.error.FFmpegError: the source cannot be read.
        """
        if not self.waiting:
            packet = self._media.packet()
            if packet is None:
                return None
            self.take(packet, _stamp_s(packet))
        return self.pictures()

    def take(self, packet: _Packet, now_s: float) -> None:
        """A packet came at `now_s`, seconds on any steady clock."""
        arrived, waking = _Arrived(packet, now_s), self._waking
        if waking is None or self._rest is None:
            self._waiting.append(arrived)
        elif not packet.size:  # the end: what is kept is shown, so that a file's last seconds are whole
            self._wake()
            self._waiting.append(arrived)
        else:
            before = waking.asleep
            # A picture without a stamp cannot be placed, and who is behind has not seen yet whether all is quiet.
            busy = self._rest.busy() or packet.pts is None or len(self._waiting) > 1
            facts = facts_of(packet, self._sort)
            state = waking.step(facts, now_s, busy=busy)
            self._sort_in(arrived, state, key=facts.key, asleep_before=before)

    def pictures(self) -> list[Decoded]:
        """The pictures that one waiting packet completes, perhaps none."""
        if self._ready:
            ready, self._ready = self._ready, []
            return ready
        if not self._waiting:
            return []
        packet, at_s = self._waiting.popleft()
        late = self._catching_up > 0
        self._catching_up -= late
        pictures = self._media.decode(packet)
        if pictures and self._shown_pts is not None:
            # The first picture after waking is the key frame that was already shown in sleep.
            pictures = pictures[pictures[0].pts == self._shown_pts :]
            self._shown_pts = None
        return [self._decoded(each, at_s, late=late) for each in pictures]

    def _sort_in(self, arrived: _Arrived, state: State, *, key: bool, asleep_before: bool) -> None:
        if state is State.AWAKE:
            if asleep_before:
                self._wake()
            self._waiting.append(arrived)
            return
        if not asleep_before:
            self._ready += [self._decoded(each, arrived.at_s) for each in self._rest_of_waiting()]
        if key:
            self._judge(arrived)
        else:
            self._kept.append(arrived)

    def _rest_of_waiting(self) -> list[av.VideoFrame]:
        pictures = [each for packet, _ in self._waiting for each in self._media.decode(packet)]
        self._waiting.clear()
        return pictures + self._media.drain()

    def _judge(self, arrived: _Arrived) -> None:
        """A key frame in sleep: show it when it is still empty, else first what led to it."""
        assert self._waking is not None
        alone = self._media.decode_alone(arrived.packet)
        if not alone:
            self._waking.unfit(arrived.at_s)
        elif self._waking.keyframe(_luma(alone[0]), arrived.at_s) is State.ASLEEP:
            self._forget()
            self._ready += [self._decoded(alone[0], arrived.at_s)]
            self._kept = [arrived]
            return
        self._wake()
        self._waiting.append(arrived)

    def _forget(self) -> None:
        """The kept packets, but for the key frame that was shown, are left out for good."""
        for packet, _ in self._kept[1:]:
            bisect.insort(self._left_out, packet.pts or 0)

    def _wake(self) -> None:
        """Decode what was kept, from its key frame on; pictures before that one (open GOP) lack what they refer to."""
        kept, self._kept = self._kept, []
        if not kept:
            return
        self._media.flush()
        begin = self._shown_pts = kept[0].packet.pts or 0
        for arrived in kept:
            if (arrived.packet.pts or 0) < begin:
                bisect.insort(self._left_out, arrived.packet.pts or 0)
            else:
                self._waiting.append(arrived)
        self._catching_up = len(self._waiting)

    def _decoded(self, picture: av.VideoFrame, arrived_s: float, *, late: bool = False) -> Decoded:
        before = bisect.bisect_left(self._left_out, picture.pts or 0)
        del self._left_out[:before]
        return Decoded(picture, arrived_s, before, late)


def _luma(picture: av.VideoFrame) -> Picture:
    pixels = DecodedPixels(picture)
    width, height = pixels.size
    return pixels.luma((LUMA_WIDTH, max(1, round(height * LUMA_WIDTH / width))))


def _stamp_s(packet: _Packet) -> float:
    stamp = packet.dts if packet.dts is not None else packet.pts
    return float(stamp * packet.time_base) if stamp is not None and packet.time_base else 0.0
