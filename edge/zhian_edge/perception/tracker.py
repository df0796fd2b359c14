"""Follows what detectors find through one camera: one track per subject and kind."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .assignment import assign
from .geometry import alike_in_size, centre, distance, overlap
from .types import Box, Detection

PATIENCE_MS = 1200
"""A track that no detection was found for during this time has ended (it may still be found again by its looks)."""

STANDING_MS = 15_000
"""While nothing moves a track lives so long without a look; looks come more often, also at a camera that rests."""

FRESH_MS = 500
"""After a longer gap a position alone does not prove that it is the same subject."""

LEAST_OVERLAP = 0.15
FAR = 1.0
"""Without overlap: middles at most this many sides apart, sizes within a factor of two."""

FIRST_MS = 66
FIRST_MOST = 2.0
"""Of whom only one place is known, speed is not: so far in so many milliseconds, and `FIRST_MOST` times as far at most.
Who walks at 1.5 m/s goes nine faces a second, and slow cameras take five pictures."""

TIE = 0.5
"""Two candidates whose costs differ by less are hard to tell apart by position."""

LEAP = 0.8
"""Whose speed is known by a third look is found where he is expected, or it may be somebody else."""

ALONE = 1.2
"""What a track or a detection that is left alone costs: more than a pair does, so that none is without need."""

NEVER = 1e6

STEADY_MS = 450
"""The way of this long says how fast somebody goes: a single step says it badly, a longer way too late."""


class Track:
    """One subject in one camera. `box` is where it was seen last; `speed` in pixels per millisecond.

    `seen_ms` is its last detection, `last_ms` also counts standing still; `missed`: the last look did not find it.
    """

    __slots__ = ("_way", "box", "hits", "id", "last_ms", "missed", "seen_ms", "speed")

    def __init__(self, track_id: int, box: Box, at_ms: int) -> None:
        self.id = track_id
        self.box = box
        self.last_ms = at_ms
        self.seen_ms = at_ms
        self.speed = (0.0, 0.0)
        self.hits = 1
        self.missed = False
        self._way = deque([(at_ms, *centre(box))])

    def expected(self, at_ms: int) -> Box:
        """Where it should be at `at_ms` if it goes on as it went."""
        ahead = min(at_ms - self.last_ms, FRESH_MS)
        x, y, w, h = self.box
        return x + self.speed[0] * ahead, y + self.speed[1] * ahead, w, h

    def seen(self, box: Box, at_ms: int) -> None:
        """Take over a detection."""
        self.box, self.last_ms, self.seen_ms, self.hits = box, at_ms, at_ms, self.hits + 1
        self.missed = False
        self._way.append((at_ms, *centre(box)))
        while len(self._way) > 2 and at_ms - self._way[0][0] > STEADY_MS:
            self._way.popleft()
        self.speed = _speed(self._way)

    def stood(self, at_ms: int) -> None:
        """It did not move until now."""
        self.last_ms = at_ms
        self.speed = (0.0, 0.0)
        self._way = deque([(at_ms, *centre(self.box))])


def _speed(way: Sequence[tuple[int, float, float]]) -> tuple[float, float]:
    """Slope of the line through a way's places (least squares), in pixels per millisecond."""
    mean_ms = sum(at_ms for at_ms, _, _ in way) / len(way)
    spread = sum((at_ms - mean_ms) ** 2 for at_ms, _, _ in way)
    if spread == 0:
        return 0.0, 0.0
    across = sum((at_ms - mean_ms) * x for at_ms, x, _ in way) / spread
    down = sum((at_ms - mean_ms) * y for at_ms, _, y in way) / spread
    return across, down


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
        costs = [
            [_cost(track.expected(now_ms), found.box, _reach(track, now_ms)) for found in detections]
            for track in self._tracks
        ]
        chosen = assign(costs, ALONE)
        matches: list[Match] = []
        for row, column in chosen.items():
            track = self._tracks[row]
            late = now_ms - track.last_ms > FRESH_MS
            leapt = costs[row][column] > LEAP and track.hits > 2
            doubtful = shaken or late or leapt or self._rivalled(costs, row, column, chosen)
            matches.append(Match(track, detections[column], doubtful))
        found_again = {match.track.id for match in matches}
        for track in self._tracks:
            track.missed = track.id not in found_again
        for match in matches:
            match.track.seen(match.detection.box, now_ms)
        matches.extend(self._begin(d, now_ms) for n, d in enumerate(detections) if n not in chosen.values())
        return Step(tuple(matches), tuple(ended))

    def still(self, now_ms: int) -> None:
        """Nothing moved since the last look: whoever was found by it stands there still."""
        for track in self._tracks:
            if not track.missed and now_ms - track.seen_ms <= STANDING_MS:
                track.stood(now_ms)

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

    def _rivalled(self, costs: Sequence[Sequence[float]], row: int, column: int, chosen: Mapping[int, int]) -> bool:
        """Whether another pair claims the same track or detection at nearly the same cost, or a hidden track might."""
        most = costs[row][column] + TIE
        if any(cost < most for number, cost in enumerate(costs[row]) if number != column):
            return True
        others = ((number, each[column]) for number, each in enumerate(costs) if number != row)
        return any(cost < most or (number not in chosen and cost < NEVER) for number, cost in others)

    def _begin(self, detection: Detection, now_ms: int) -> Match:
        track = Track(next(self._ids), detection.box, now_ms)
        self._tracks.append(track)
        return Match(track, detection, doubtful=False, new=True)


def _reach(track: Track, now_ms: int) -> float:
    """Sides by which a track may be elsewhere than expected."""
    if track.hits > 1:
        return FAR
    return FAR * min(max((now_ms - track.seen_ms) / FIRST_MS, 1.0), FIRST_MOST)


def _cost(expected: Box, found: Box, reach: float = FAR) -> float:
    """0 (the very box) to 1 (just touching) by overlap, 1 to 2 by distance, `NEVER`: cannot be."""
    shared = overlap(expected, found)
    if shared >= LEAST_OVERLAP:
        return 1 - shared
    apart = distance(expected, found)
    return 1 + apart / reach if apart <= reach and alike_in_size(expected, found) > 0.5 else NEVER
