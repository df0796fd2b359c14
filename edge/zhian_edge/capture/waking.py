"""When a quiet camera's stream need not be decoded: packet sizes and key frames wake the decoder. Pure.

While nothing happens a stream tells so without being decoded: its packets keep their size (`levels`), and its key
frames their picture. How far the sizes can be trusted shows beforehand: whoever comes costs about the share of a key
frame that he covers. Where noise or a constant rate drowns that, the key frames decide, and must not be far apart;
where it cannot be overlooked, they may be rare.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Final

import cv2
import numpy as np

from zhian_edge.capture.levels import Stir
from zhian_edge.capture.pixels import Picture

#: Width of the grey picture that `Waking.keyframe` compares, pixels: as perception's motion gate.
LUMA_WIDTH: Final = 160

#: So many times the usual alarm is asked at most of a stream that stirs for nothing.
_MOST_DOUBT: Final = 8.0
#: After a key frame showed what the sizes had not told, so many arrivals must be told by them before they are trusted.
_PENANCE: Final = 3
#: A packet that is no key frame has less than this share of one's bytes, unless the scene is another one.
_CUT: Final = 0.9
#: The largest of so many key frames counts for that: at a constant rate some of them are starved.
_KEYS: Final = 5
#: Of the longest time between key frames so much is still expected after each shorter one.
_GAP_KEPT: Final = 0.95
#: What stirred for nothing rests again after this share of the usual time.
_SOONER: Final = 0.4
#: So much narrower than the levels that were learnt are those of another, calmer time.
_CALMER: Final = 0.5
#: What makes packets grow may have been in the picture for so many seconds before (a head at the border).
_LEAD_S: Final = 1.0


class State(Enum):
    """What is to be done with a packet. JUDGE: asleep, and this key frame is to be given to `Waking.keyframe`."""

    AWAKE = "awake"
    ASLEEP = "asleep"
    JUDGE = "judge"


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
        blind_s: asleep, a key frame is looked at at least so often: whoever is in view for longer is in one of them.
            A second: nobody may pass unseen between two key frames, nor be told of late.
        trust_s: the same for a stream whose sizes tell of what covers the share `tells`, however slowly it comes.
        hints: the share from which sizes that are not trusted tell when it began.
        learn: quiet packets that the level is learnt from before the first sleep.
        step: grey levels by which a pixel of a key frame must differ from the empty picture.
        share: share of its pixels that must differ.
        held_bytes: packets kept since a key frame; more than this is no quiet camera.
    """

    rest_s: float = 1.0
    blind_s: float = 1.1
    trust_s: float = 10.5
    hints: float = 0.8
    tells: float = 0.08
    learn: int = 16
    step: int = 12
    share: float = 0.001
    held_bytes: int = 16_000_000


class Waking:
    """Decides for one stream. `asleep` says how it is now."""

    def __init__(self, limits: WakingLimits | None = None) -> None:
        self._limits = limits or WakingLimits()
        self.asleep = False
        self._stir = Stir()
        self._quiet: list[PacketFacts] = []
        self._busy_s: float | None = None
        self._key_s: float | None = None
        self._gap_s: float | None = None
        self._since_key = 0
        self._key_bytes = 0
        self._key_sizes: deque[int] = deque(maxlen=_KEYS)
        self._judged_s = 0.0
        self._held = 0
        self._empty: np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None = None
        self._fit = True
        self._unconfirmed = False
        self._doubt = 1.0
        self._owed = 0

    @property
    def crowded(self) -> bool:
        """More came since the last key frame than may be kept."""
        return self._held > self._limits.held_bytes

    def step(self, packet: PacketFacts, now_s: float, *, busy: bool, behind: bool = False) -> State:
        """A packet came at `now_s`; `busy`: something moves in the pictures, as far as they were seen.

        `behind`: there are pictures that nobody saw yet, so who knows what moves.
        """
        if self._busy_s is None or ((busy or behind) and not self.asleep):
            self._busy_s = now_s
        if busy and self._unconfirmed:
            self._unconfirmed = False
            self._doubt, self._owed = max(1.0, self._doubt / 2), max(0, self._owed - 1)
        cut = self._is_cut(packet)
        self._note(packet, now_s, quiet=not (busy or behind or cut))
        if cut:
            self._stir = Stir()  # what another scene's packets were like says nothing of this one's
            self._busy_s = now_s
        if self.asleep:
            stirs = not (packet.key or cut) and self._stir.step(packet.size, packet.sort, now_s, self._doubt)
            if busy or behind or cut or stirs or self.crowded or self._overdue(now_s):
                self.wake(now_s)
                self._unconfirmed = stirs and not busy
        elif self._is_quiet(now_s):
            self._learn()
            if self._may_sleep():
                self._sleep(now_s)
        if not self.asleep:
            return State.AWAKE
        return State.JUDGE if packet.key and self._to_be_judged(now_s) else State.ASLEEP

    def _note(self, packet: PacketFacts, now_s: float, *, quiet: bool) -> None:
        """Keep account of key frames, of what is held, and of what may teach."""
        if packet.key:
            self._key(packet, now_s)
        else:
            self._since_key += 1
        self._held = packet.size if packet.key and not self.asleep else self._held + packet.size
        if not quiet:
            self._quiet.clear()
        elif not (packet.key or self.asleep):
            self._quiet.append(packet)

    def empty(self, luma: Picture) -> None:
        """The last picture before it fell asleep, as for `keyframe`: what is in it belongs there."""
        self._empty = _smooth(luma)

    def keyframe(self, luma: Picture, now_s: float) -> State:
        """A key frame's grey picture (height, width), `LUMA_WIDTH` wide: is it as the `empty` one still?

        What it is compared with follows the light slowly.
        """
        if not self.is_empty(luma):
            self._owed = _PENANCE
            self.wake(now_s)
            return State.AWAKE
        assert self._empty is not None
        cv2.accumulateWeighted(_smooth(luma), self._empty, 0.1)
        self._judged_s, self._held = now_s, self._key_bytes
        return State.ASLEEP

    def is_empty(self, luma: Picture) -> bool:
        """Whether a key frame, as for `keyframe`, still shows what the `empty` picture did."""
        small = _smooth(luma)
        if self._empty is None or self._empty.shape != small.shape:
            self._empty = small
        difference = small - self._empty
        difference -= np.median(difference)  # the light, or the camera's exposure, changed everywhere
        return bool(np.count_nonzero(np.abs(difference) > self._limits.step) < self._limits.share * small.size)

    def since_s(self, now_s: float) -> float:
        """What woke it at `now_s` cannot have begun before this moment; where sizes do not tell, at any time."""
        begun_s = now_s if self._stir.rising_s is None else self._stir.rising_s
        told = self._trusted or (self._unconfirmed and self._tells_of(self._limits.hints))
        return begun_s - _LEAD_S if told else 0.0

    def wake(self, now_s: float) -> None:
        """Something else says that the stream must be decoded."""
        self.asleep = False
        self._busy_s = now_s

    def unfit(self, now_s: float) -> None:
        """A key frame cannot be decoded by itself (intra refresh): this stream never sleeps again."""
        self._fit = False
        self.wake(now_s)

    def _key(self, packet: PacketFacts, now_s: float) -> None:
        # Where every picture is a key frame (Motion JPEG) there is nothing to be kept, and nothing to be gained.
        apart = self._key_s is not None and self._since_key > 0
        gap_s = now_s - self._key_s if apart and self._key_s is not None else None
        # A coder adds key frames where a scene begins; the next one may be as far away as any before.
        self._gap_s = gap_s if gap_s is None else max(gap_s, (self._gap_s or 0.0) * _GAP_KEPT)
        self._key_s, self._since_key, self._key_bytes = now_s, 0, packet.size
        self._key_sizes.append(packet.size)

    def _is_cut(self, packet: PacketFacts) -> bool:
        """Whether it is as large as if nothing of the picture before could be used: a preset, a lamp, a cut."""
        return not packet.key and packet.size >= _CUT * max(self._key_sizes, default=float("inf"))

    def _is_quiet(self, now_s: float) -> bool:
        rest_s = self._limits.rest_s * (_SOONER if self._unconfirmed else 1.0)
        return self._busy_s is not None and now_s - self._busy_s >= rest_s

    def _learn(self) -> None:
        """Awake, packets teach only when it stayed quiet after them: who stands still for a moment is not the scene.

        Where it is much calmer now than what was learnt while somebody was there, only this counts.
        """
        fresh = Stir()
        for packet in self._quiet:
            for stir in (fresh, self._stir):
                stir.learn(packet.size, packet.sort)
        self._quiet.clear()
        if fresh.learnt >= self._limits.learn and fresh.least_bytes(1) < _CALMER * self._stir.least_bytes(1):
            self._stir = fresh

    def _may_sleep(self) -> bool:
        known = self._fit and self._stir.learnt >= self._limits.learn and not self.crowded
        return known and self._gap_s is not None and self._gap_s <= self._reach_s

    def _sleep(self, now_s: float) -> None:
        """A stream that stirs without anything happening is believed less each time; its key frames still are."""
        self._doubt = min(2 * self._doubt, _MOST_DOUBT) if self._unconfirmed else self._doubt
        self._stir.restart()
        self.asleep, self._judged_s, self._empty, self._unconfirmed = True, now_s, None, False

    @property
    def _trusted(self) -> bool:
        """Whether nobody can come without the packets' sizes telling."""
        return not self._owed and self._tells_of(self._limits.tells)

    def _tells_of(self, share: float) -> bool:
        """Whether what covers so much of the picture, which costs that share of a key frame, raises an alarm."""
        return self._stir.least_bytes(self._doubt) <= share * self._key_bytes

    @property
    def _reach_s(self) -> float:
        """How long this stream may go without a look at a key frame, seconds."""
        limits = self._limits
        if self._trusted:
            return limits.trust_s
        return limits.blind_s

    def _to_be_judged(self, now_s: float) -> bool:
        """Whether the next key frame would be too late."""
        return now_s + (self._gap_s or 0.0) - self._judged_s > self._reach_s

    def _overdue(self, now_s: float) -> bool:
        return self._key_s is not None and now_s - self._key_s > 1.5 * self._reach_s


def _smooth(luma: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(cv2.blur(luma, (3, 3)), np.float32)
