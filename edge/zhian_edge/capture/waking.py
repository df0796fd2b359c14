"""When a quiet camera's stream need not be decoded: packet sizes and key frames wake the decoder. Pure.

While nothing happens a stream tells so without being decoded: its packets keep their size, and its key frames their
picture. Sizes are judged against the stream's own quiet level (median and spread, for each sort of slice), by a sum of
what lies above it, so that a small rise that stays counts like a large one. A coder at a constant rate says little by
sizes; there the key frames decide, which is why a stream whose key frames are rare never sleeps.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Final

import cv2
import numpy as np

from zhian_edge.capture.pixels import Picture

#: Width of the grey picture that `Waking.keyframe` compares, pixels: as perception's motion gate.
LUMA_WIDTH: Final = 160

#: A median absolute deviation times this is the standard deviation of a normal distribution.
_SIGMA: Final = 1.4826
#: Nine tenths of a normal distribution lie below so many standard deviations.
_NINE_TENTHS: Final = 1.2816
#: So many times the usual alarm is asked at most of a stream that stirs for nothing.
_MOST_DOUBT: Final = 8.0


class State(Enum):
    """What is to be done with a packet."""

    AWAKE = "awake"
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True)
class PacketFacts:
    """What a packet shows without being decoded; `sort`: packets of one sort are coded alike (P, B, ...)."""

    size: int
    key: bool
    sort: int = 0


@dataclass(frozen=True, slots=True)
class WakingLimits:
    """When to sleep and what wakes.

    Attributes:
        rest_s: seconds without anything happening before the stream may sleep.
        gap_s: key frames may be this far apart: whoever is in view for longer is in one of them.
        learn: quiet packets that the level is learnt from before the first sleep.
        remember: packets of one sort that make its level.
        slack: spreads above the level that a packet may have at any time.
        alarm: sum of spreads beyond that at which the stream is stirring; one packet counts for `most` at most.
        step: grey levels by which a pixel of a key frame must differ from the empty picture.
        share: share of its pixels that must differ.
        held_bytes: packets kept since a key frame; more than this is no quiet camera.
    """

    rest_s: float = 2.0
    gap_s: float = 2.6
    learn: int = 16
    remember: int = 150
    slack: float = 2.0
    alarm: float = 10.0
    most: float = 8.0
    step: int = 12
    share: float = 0.001
    held_bytes: int = 16_000_000


class Level:
    """The quiet size of one sort of packets: their median, and how far they scatter around it."""

    #: Packets after which the level is computed anew.
    _EVERY = 10

    def __init__(self, remember: int) -> None:
        self._sizes: deque[int] = deque(maxlen=remember)
        self._new = 0
        self.median = 0.0
        self._spread = 1.0

    def learn(self, size: int) -> None:
        """A quiet packet had `size` bytes."""
        self._sizes.append(size)
        self._new += 1
        if self._new >= self._EVERY or len(self._sizes) <= self._EVERY:
            self._new = 0
            self._compute()

    def excess(self, size: int) -> float:
        """How many spreads `size` lies above the level."""
        return (size - self.median) / self._spread

    def _compute(self) -> None:
        sizes = np.array(self._sizes)
        self.median = float(np.median(sizes))
        scatter = _SIGMA * float(np.median(np.abs(sizes - self.median)))
        # A camera that shows some pictures twice has two sizes of packets; the median knows only one of them.
        upper = (float(np.quantile(sizes, 0.9)) - self.median) / _NINE_TENTHS
        # A still picture's packets are all of a dozen bytes; two bytes more are no movement.
        self._spread = max(scatter, upper, 0.08 * self.median, 12.0)


class Waking:
    """Decides for one stream. `asleep` says how it is now."""

    def __init__(self, limits: WakingLimits | None = None) -> None:
        self._limits = limits or WakingLimits()
        self.asleep = False
        self._levels: dict[int, Level] = {}
        self._learnt = 0
        self._sum = 0.0
        self._busy_s: float | None = None
        self._key_s: float | None = None
        self._gap_s: float | None = None
        self._since_key = 0
        self._held = 0
        self._empty: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None = None
        self._fit = True
        self._false_alarm = False
        self._doubt = 1.0

    def step(self, packet: PacketFacts, now_s: float, *, busy: bool) -> State:
        """A packet came at `now_s`; `busy`: something moves or is followed in the pictures, as far as they were seen.

        The stream falls asleep with a key frame only, so that what comes before it can be decoded to its end.
        """
        if self._busy_s is None or (busy and not self.asleep):
            self._busy_s = now_s
        if busy and self._false_alarm:
            self._false_alarm, self._doubt = False, 1.0
        if packet.key:
            self._key(now_s)
        if self.asleep:
            stirs = self._stirs(packet)
            if busy or self._overdue(now_s) or self._crowded(packet) or stirs:
                self.wake(now_s)
                self._false_alarm = stirs and not busy
        elif packet.key and self._may_sleep(now_s):
            self._sleep()
        elif not busy and not packet.key:
            self._learn(packet)
        self._since_key += not packet.key
        self._held = packet.size if packet.key else self._held + packet.size
        return State.ASLEEP if self.asleep else State.AWAKE

    def _sleep(self) -> None:
        """A stream that stirs without anything happening is believed less each time; its key frames still are."""
        self._doubt = min(2 * self._doubt, _MOST_DOUBT) if self._false_alarm else self._doubt
        self.asleep, self._sum, self._empty, self._false_alarm = True, 0.0, None, False

    def keyframe(self, luma: Picture, now_s: float) -> State:
        """A key frame's grey picture (height, width), `LUMA_WIDTH` wide, decoded in sleep: is it still empty?

        The first one after falling asleep is what the others are compared with; it follows the light slowly.
        """
        small = np.asarray(cv2.blur(luma, (3, 3)), np.float32)
        if self._empty is None or self._empty.shape != small.shape:
            self._empty = small
            return State.ASLEEP
        difference = small - self._empty
        difference -= np.median(difference)  # the light, or the camera's exposure, changed everywhere
        if np.count_nonzero(np.abs(difference) > self._limits.step) >= self._limits.share * small.size:
            self.wake(now_s)
            return State.AWAKE
        cv2.accumulateWeighted(small, self._empty, 0.1)
        return State.ASLEEP

    def wake(self, now_s: float) -> None:
        """Something else says that the stream must be decoded."""
        self.asleep = False
        self._busy_s = now_s

    def unfit(self, now_s: float) -> None:
        """A key frame cannot be decoded by itself (intra refresh): this stream never sleeps again."""
        self._fit = False
        self.wake(now_s)

    def _key(self, now_s: float) -> None:
        # Where every picture is a key frame (Motion JPEG) there is nothing to be kept, and nothing to be gained.
        apart = self._key_s is not None and self._since_key > 0
        self._gap_s = now_s - self._key_s if apart and self._key_s is not None else None
        self._key_s, self._since_key = now_s, 0

    def _may_sleep(self, now_s: float) -> bool:
        limits = self._limits
        quiet = self._busy_s is not None and now_s - self._busy_s >= limits.rest_s
        regular = self._gap_s is not None and self._gap_s <= limits.gap_s
        return quiet and regular and self._fit and self._learnt >= limits.learn

    def _overdue(self, now_s: float) -> bool:
        return self._key_s is not None and now_s - self._key_s > 1.5 * self._limits.gap_s

    def _crowded(self, packet: PacketFacts) -> bool:
        return not packet.key and self._held + packet.size > self._limits.held_bytes

    def _stirs(self, packet: PacketFacts) -> bool:
        """Add to the sum of what is above the quiet level (CUSUM, Page 1954); quiet packets are learnt from."""
        if packet.key:
            return False
        limits = self._limits
        level = self._levels.get(packet.sort) or max(self._levels.values(), key=lambda each: each.median)
        above = min(level.excess(packet.size), limits.most) - limits.slack
        self._sum = max(0.0, self._sum + above)
        if above <= 0:
            self._learn(packet)
        return self._sum > limits.alarm * self._doubt

    def _learn(self, packet: PacketFacts) -> None:
        self._learnt += 1
        self._levels.setdefault(packet.sort, Level(self._limits.remember)).learn(packet.size)
