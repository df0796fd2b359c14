"""Follows what detectors find through one camera: one track per subject and kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .geometry import alike_in_size, distance, overlap
from .types import Box, Detection

PATIENCE_MS = 1200
"""A track that no detection was found for during this time has ended (it may still be found again by its looks)."""

STANDING_MS = 15_000
"""While nothing moves a track lives so long without a look at it; looks come more often, also at a camera that rests."""

FRESH_MS = 500
"""After a longer gap a position alone does not prove that it is the same subject."""

LEAST_OVERLAP = 0.15
FAR = 1.0
"""Without overlap: middles at most this many sides apart, sizes within a factor of two."""

TIE = 0.4
"""Two candidates whose costs differ by less are hard to tell apart by position."""

TURN = 0.6
"""How much of the newest displacement a track's speed takes over."""


class Track:
    """One subject in one camera. `box` is where it was seen last; `speed` in pixels per millisecond.

    `seen_ms` is its last detection, `last_ms` also counts standing still; `missed`: the last look did not find it.
    """

    __slots__ = ("box", "hits", "id", "last_ms", "missed", "seen_ms", "speed")

    def __init__(self, track_id: int, box: Box, at_ms: int) -> None:
        self.id = track_id
        self.box = box
        self.last_ms = at_ms
        self.seen_ms = at_ms
        self.speed = (0.0, 0.0)
        self.hits = 1
        self.missed = False

    def expected(self, at_ms: int) -> Box:
        """Where it should be at `at_ms` if it goes on as it went."""
        ahead = min(at_ms - self.last_ms, FRESH_MS)
        x, y, w, h = self.box
        return x + self.speed[0] * ahead, y + self.speed[1] * ahead, w, h

    def seen(self, box: Box, at_ms: int) -> None:
        """Take over a detection."""
        passed = max(at_ms - self.seen_ms, 1)  # `last_ms` may be now: it stood still until just before
        moved = [((new + n / 2) - (old + o / 2)) / passed for old, o, new, n in _sides(self.box, box)]
        first = self.hits == 1
        self.speed = (_blend(self.speed[0], moved[0], first), _blend(self.speed[1], moved[1], first))
        self.box, self.last_ms, self.seen_ms, self.hits = box, at_ms, at_ms, self.hits + 1
        self.missed = False


def _sides(old: Box, new: Box) -> tuple[tuple[float, float, float, float], ...]:
    return (old[0], old[2], new[0], new[2]), (old[1], old[3], new[1], new[3])


def _blend(old: float, new: float, first: bool) -> float:
    return new if first else (1 - TURN) * old + TURN * new


@dataclass(frozen=True, eq=False)
class Match:
    """A detection and its track. `doubtful`: position alone does not prove it; look at the subject itself."""

    track: Track
    detection: Detection
    doubtful: bool
    new: bool = False


@dataclass(frozen=True, eq=False)
class Step:
    """What one look brought: every detection has a track; `ended` tracks will not come back by position."""

    matches: tuple[Match, ...]
    ended: tuple[Track, ...]


class Tracker:
    """Tracks of one kind in one camera; ids come from `ids`, which cameras share."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._ids = iter(ids)
        self._tracks: list[Track] = []

    @property
    def tracks(self) -> Sequence[Track]:
        """Tracks that a detection may still continue."""
        return tuple(self._tracks)

    def step(self, detections: Sequence[Detection], now_ms: int, *, shaken: bool = False) -> Step:
        """Give each detection its track; `shaken` pictures make every association doubtful."""
        ended = [t for t in self._tracks if now_ms - t.last_ms > PATIENCE_MS]
        self._tracks = [t for t in self._tracks if now_ms - t.last_ms <= PATIENCE_MS]
        pairs = _pairs(self._tracks, detections, now_ms)
        matches: list[Match] = []
        taken_tracks: set[int] = set()
        taken: set[int] = set()
        for cost, track, number in pairs:
            if track.id in taken_tracks or number in taken:
                continue
            doubtful = shaken or now_ms - track.last_ms > FRESH_MS or _rivalled(pairs, cost, track, number)
            taken_tracks.add(track.id)
            taken.add(number)
            matches.append(Match(track, detections[number], doubtful))
        for track in self._tracks:
            track.missed = track.id not in taken_tracks
        for match in matches:
            match.track.seen(match.detection.box, now_ms)
        matches.extend(self._begin(d, now_ms) for n, d in enumerate(detections) if n not in taken)
        return Step(tuple(matches), tuple(ended))

    def still(self, now_ms: int) -> None:
        """Nothing moved since the last look: whoever was found by it stands there still."""
        for track in self._tracks:
            if not track.missed and now_ms - track.seen_ms <= STANDING_MS:
                track.last_ms = now_ms
                track.speed = (0.0, 0.0)

    def split(self, match: Match, now_ms: int) -> Match:
        """The detection shows somebody else: it begins a track of its own, and the old one ends."""
        self._tracks.remove(match.track)
        return self._begin(match.detection, now_ms)

    def drop(self, track_id: int) -> None:
        """Forget a track: its subject goes on under another."""
        self._tracks = [track for track in self._tracks if track.id != track_id]

    def cut(self) -> tuple[Track, ...]:
        """Another scene: all tracks end."""
        ended, self._tracks = tuple(self._tracks), []
        return ended

    def _begin(self, detection: Detection, now_ms: int) -> Match:
        track = Track(next(self._ids), detection.box, now_ms)
        self._tracks.append(track)
        return Match(track, detection, doubtful=False, new=True)


Pair = tuple[float, Track, int]


def _pairs(tracks: Sequence[Track], detections: Sequence[Detection], now_ms: int) -> list[Pair]:
    """All pairs that could be, the likeliest first; equal costs in the order of tracks, then of detections."""
    pairs = []
    for track in tracks:
        place = track.expected(now_ms)
        for number, detection in enumerate(detections):
            cost = _cost(place, detection.box)
            if cost is not None:
                pairs.append((cost, track, number))
    return sorted(pairs, key=lambda pair: (pair[0], pair[1].id, pair[2]))


def _cost(expected: Box, found: Box) -> float | None:
    """0 (the very box) to 1 (just touching) by overlap, 1 to 2 by distance, None: cannot be."""
    shared = overlap(expected, found)
    if shared >= LEAST_OVERLAP:
        return 1 - shared
    apart = distance(expected, found)
    return 1 + apart / FAR if apart <= FAR and alike_in_size(expected, found) > 0.5 else None


def _rivalled(pairs: Sequence[Pair], cost: float, track: Track, number: int) -> bool:
    """Whether another pair claims the same track or detection at nearly the same cost."""
    return any(
        (other is track) != (n == number) and c - cost < TIE for c, other, n in pairs if other is track or n == number
    )
