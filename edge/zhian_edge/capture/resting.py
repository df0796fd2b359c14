"""Reads a stream and, while nothing happens in it, decodes its key frames only; nothing that led to waking is missed.

All packets since the last key frame are kept, awake too. So the stream may fall asleep anywhere, and what wakes it
(`waking`) has everything decoded that was not yet shown: whoever reads sees it late, but whole and with its own times.
"""

from __future__ import annotations

import bisect
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

import av
from av.video.stream import VideoStream

from zhian_edge.capture.media import Media
from zhian_edge.capture.packets import facts_of, sort_for
from zhian_edge.capture.pixels import DecodedPixels, Picture
from zhian_edge.capture.waking import LUMA_WIDTH, State, Waking, WakingLimits

if TYPE_CHECKING:
    _Packet = av.Packet[VideoStream]
#: Catching up, so many packets may wait for room; then older pictures are rather dropped than times lost.
_OVERFULL: Final = 500
#: Pictures are coded out of order by less than so many seconds.
_REORDERED_S: Final = 2.0
#: Asleep, an unchanged picture is shown after so many seconds, then after twice as many, and so on up to the last.
_FIRST_SHOWN_S: Final = 2.0
_LAST_SHOWN_S: Final = 8.0


def _endless() -> int:
    return _OVERFULL


@dataclass(frozen=True)
class Rest:
    """When a source may rest.

    Attributes:
        after_s: seconds without anything happening before it does.
        busy: whether something happens in the pictures given so far; any thread may ask.
        room: how many pictures whoever reads can take now; asked only when many come at once.
    """

    after_s: float
    busy: Callable[[], bool]
    room: Callable[[], int] = _endless


class Decoded(NamedTuple):
    """One picture; when its packet arrived; frames before it that were never decoded; whether it was kept back.

    `aspect`: its pixels' (`Media.aspect`).
    """

    picture: av.VideoFrame
    arrived_s: float
    left_out: int
    late: bool
    aspect: float


class _Arrived(NamedTuple):
    packet: _Packet
    at_s: float
    key: bool = False

    @property
    def pts(self) -> int:
        return self.packet.pts or 0


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
        self._decoded_to: int | None = 0
        self._left_out: list[int] = []
        self._last: av.VideoFrame | None = None
        self._shown_pts: int | None = None
        #: After waking, what was shown before is decoded again up to here.
        self._again_to: int | None = None
        self._newest_pts: int | None = None
        self._shown_s = 0.0
        self._pause_s = 0.0
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
            self._wake(self._kept[-1].at_s if self._kept else now_s)
            self._waiting.append(arrived)
        else:
            before = waking.asleep
            # A picture without a stamp cannot be placed, and what waits was not seen yet.
            behind = packet.pts is None or bool(self._waiting)
            if packet.pts is not None and self._stepped_back(packet.pts, packet.time_base):
                self._again_to = self._shown_pts = None
                self._left_out.clear()
                behind = True
            facts = facts_of(packet, self._sort)
            arrived = _Arrived(packet, now_s, facts.key)
            state = waking.step(facts, now_s, busy=self._rest.busy(), behind=behind)
            if state is State.AWAKE:
                self._go_on(arrived, asleep_before=before)
            else:
                self._sleep_on(arrived, state, asleep_before=before)

    def _stepped_back(self, pts: int, time_base: Fraction | None) -> bool:
        """Whether the camera's time stamps were set back: further than pictures are ever reordered."""
        before, self._newest_pts = self._newest_pts, pts
        back = before is not None and float((before - pts) * (time_base or 0)) > _REORDERED_S
        self._newest_pts = pts if back or before is None else max(before, pts)
        return back

    def pictures(self) -> list[Decoded]:
        """The pictures that one waiting packet completes, perhaps none."""
        if self._ready:
            ready, self._ready = self._ready, []
            return ready
        if not self._waiting:
            return []
        packet, at_s, _ = self._waiting.popleft()
        late = self._catching_up > 0
        self._catching_up -= late
        pictures = self._media.decode(packet)
        if pictures and self._again_to is not None:
            pictures = [each for each in pictures if (each.pts or 0) > self._again_to]
            self._again_to = None if pictures else self._again_to
        return [self._decoded(each, at_s, late=late) for each in pictures]

    def _go_on(self, arrived: _Arrived, *, asleep_before: bool) -> None:
        assert self._waking is not None
        if asleep_before:
            self._wake(arrived.at_s)
        if arrived.key or self._waking.crowded:
            self._kept = []
        if arrived.key or self._kept:
            self._kept.append(arrived)
        self._decoded_to = len(self._kept)
        self._waiting.append(arrived)

    def _sleep_on(self, arrived: _Arrived, state: State, *, asleep_before: bool) -> None:
        assert self._waking is not None
        if not asleep_before:
            self._pause_s = 0.0
            if self._last is not None:
                self._waking.empty(_luma(self._last))
        if state is State.JUDGE:
            self._judge(arrived)
        else:
            self._kept.append(arrived)

    def _judge(self, arrived: _Arrived) -> None:
        """A key frame in sleep: leave out what led to it when it is still empty, else show that first."""
        assert self._waking is not None
        alone = self._media.decode_alone(arrived.packet)
        self._decoded_to = None
        if not alone:
            self._waking.unfit(arrived.at_s)
        elif self._waking.keyframe(_luma(alone[0]), arrived.at_s) is State.ASLEEP:
            self._leave_out(self._kept)
            self._kept = [arrived]
            self._show_again(alone[0], arrived.at_s)
            return
        begin = self._last_empty()
        self._kept.append(arrived)
        self._decode_from(begin)

    def _last_empty(self) -> int:
        """Which of the kept packets is the last key frame that is still empty; the first one was found so before."""
        assert self._waking is not None
        for number in reversed(range(1, len(self._kept))):
            if self._kept[number].key:
                alone = self._media.decode_alone(self._kept[number].packet)
                if alone and self._waking.is_empty(_luma(alone[0])):
                    return number
        return 0

    def _show_again(self, picture: av.VideoFrame, at_s: float) -> None:
        if at_s - self._shown_s >= self._pause_s:
            self._pause_s = min(max(_FIRST_SHOWN_S, 2 * self._pause_s), _LAST_SHOWN_S)
            self._ready.append(self._decoded(picture, at_s))

    def _leave_out(self, kept: list[_Arrived]) -> None:
        """These are not shown any more; those that were shown already are no loss."""
        for arrived in kept:
            if self._shown_pts is None or arrived.pts > self._shown_pts:
                bisect.insort(self._left_out, arrived.pts)

    def _wake(self, now_s: float) -> None:
        """Decode what was kept, as far back as what woke it may have begun."""
        assert self._waking is not None
        since_s = self._waking.since_s(now_s)
        self._decode_from(max((n for n, each in enumerate(self._kept) if each.key and each.at_s <= since_s), default=0))

    def _decode_from(self, begin: int) -> None:
        """Decode what was kept from a key frame on, or on from where the decoder is if that is later."""
        fresh = self._kept[self._decoded_to :] if self._decoded_to is not None else self._kept
        if begin and (self._decoded_to is None or begin > self._decoded_to):
            self._leave_out(self._kept[:begin])
            self._decoded_to, fresh = None, self._kept[begin:]
        if self._decoded_to is None and fresh:
            self._media.flush()
            self._again_to = self._shown_pts
            # Pictures before the key frame (open GOP) lack what they refer to.
            self._leave_out([each for each in fresh if each.pts < fresh[0].pts])
            fresh = [each for each in fresh if each.pts >= fresh[0].pts]
        self._decoded_to = len(self._kept)
        self._waiting.extend(fresh)
        self._catching_up = len(self._waiting)

    def _decoded(self, picture: av.VideoFrame, arrived_s: float, *, late: bool = False) -> Decoded:
        self._last = picture if self._rest else None
        self._shown_pts, self._shown_s = picture.pts, arrived_s
        before = bisect.bisect_left(self._left_out, picture.pts or 0)
        del self._left_out[:before]
        aspect = self._media.aspect(picture.width, picture.height)
        return Decoded(picture, arrived_s, before, late, aspect)


def _luma(picture: av.VideoFrame) -> Picture:
    pixels = DecodedPixels(picture)
    width, height = pixels.size
    return pixels.luma((LUMA_WIDTH, max(1, round(height * LUMA_WIDTH / width))))


def _stamp_s(packet: _Packet) -> float:
    stamp = packet.dts if packet.dts is not None else packet.pts
    return float(stamp * packet.time_base) if stamp is not None and packet.time_base else 0.0
