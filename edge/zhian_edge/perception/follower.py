"""One sense at one camera: detections become tracks, tracks gather looks, the lost may be found again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from zhian_edge.capture.frame import Frame

from .attention import Attention
from .dossier import Dossier, View
from .geometry import at_edge
from .meter import Meter
from .motion import Change
from .scheduler import Busy, Schedule
from .sense import Sense
from .tracker import Match, Track, Tracker
from .types import Detection

V = TypeVar("V", bound=View)

LEFT_MS = 2000
"""Whoever was lost at the picture's edge has probably left: found again later, it is another passage."""


@dataclass(frozen=True)
class Sighting(Generic[V]):
    """A subject in this frame; `learnt`: a new look was taken, so it should be judged again."""

    dossier: Dossier[V]
    detection: Detection
    learnt: bool


class Follower(Generic[V]):
    """Follows everything of one kind through one camera."""

    def __init__(self, sense: Sense[V], ids: Iterable[int], rate: float, meter: Meter) -> None:
        self._sense = sense
        self._tracker = Tracker(ids)
        self._meter = meter
        self._active: dict[int, Dossier[V]] = {}
        self._lost: list[tuple[Dossier[V], int]] = []
        self._attention = Attention()
        self.schedule = Schedule(rate, sense.search)

    @property
    def sense(self) -> Sense[V]:
        """What it follows."""
        return self._sense

    @property
    def open(self) -> Sequence[Dossier[V]]:
        """All subjects that are not finished: in view first, then the lost."""
        return (*self._active.values(), *(dossier for dossier, _ in self._lost))

    @property
    def active(self) -> Sequence[Dossier[V]]:
        """The subjects in view."""
        return tuple(self._active.values())

    def due(self, now_ms: int, moved: bool) -> bool:
        """Whether this frame should be looked at."""
        if not moved:
            self._tracker.still(now_ms)
        tracks = self._tracker.tracks
        settled = sum(self._sense.settled(self._active[track.id]) for track in tracks)
        fresh = sum(track.hits == 1 and not track.missed for track in tracks) if self._sense.selective else 0
        return self.schedule.due(now_ms, moved, Busy(len(tracks), settled, fresh))

    def find(self, frame: Frame, now_ms: int) -> Sequence[Detection]:
        """What there is in `frame`, as far as it is worth while to look."""
        if not self._sense.selective:
            return self._sense.find(frame)
        where = self._attention.where(frame, self._tracker.tracks, now_ms)
        self._meter.count(f"{self._sense.kind}_search_{'whole' if where is None else where.extent}")
        return self._sense.find(frame, where)

    def step(self, frame: Frame, found: Sequence[Detection], now_ms: int, change: Change) -> list[Sighting[V]]:
        """Take over what was found in `frame`."""
        step = self._tracker.step(found, now_ms, shaken=change.shaken)
        for track in step.ended:
            self._lose(self._active.pop(track.id), frame)
        return [self._sighting(self._checked(match, frame, now_ms), frame, now_ms) for match in step.matches]

    def expired(self, now_ms: int) -> list[Dossier[V]]:
        """Subjects that are gone for good."""
        gone = [dossier for dossier, until in self._lost if until <= now_ms]
        self._lost = [(dossier, until) for dossier, until in self._lost if until > now_ms]
        return gone

    def cut(self) -> list[Dossier[V]]:
        """Another scene: everything is finished, nothing may be found again."""
        self._tracker.cut()
        finished = list(self.open)
        self._active, self._lost = {}, []
        self._attention.restart()
        self.schedule.restart()
        return finished

    def _lose(self, dossier: Dossier[V], frame: Frame) -> None:
        hold = LEFT_MS if at_edge(dossier.box, frame.width, frame.height) else self._sense.hold_ms
        self._lost.append((dossier, dossier.last_ms + hold))

    def _checked(self, match: Match, frame: Frame, now_ms: int) -> Match:
        """The match, or a track of its own where a doubtful one turns out to be somebody else."""
        if not match.doubtful:
            return match
        with self._meter.stage(f"{self._sense.kind}_check"):
            denied = self._sense.denies(self._active[match.track.id], frame, match.detection)
        if not denied:
            return match
        self._meter.count(f"{self._sense.kind}_split")
        self._lose(self._active.pop(match.track.id), frame)
        return self._tracker.split(match, now_ms)

    def _sighting(self, match: Match, frame: Frame, now_ms: int) -> Sighting[V]:
        dossier = self._active.get(match.track.id)
        if dossier is None:
            dossier = self._begin(match, frame, now_ms)
        dossier.seen(frame, match.detection, now_ms)
        with self._meter.stage(f"{self._sense.kind}_look"):
            learnt = self._sense.look(dossier, frame, match.detection)
        if learnt:
            dossier = self._reunited(match.track.id, dossier)
        return Sighting(dossier, match.detection, learnt)

    def _begin(self, match: Match, frame: Frame, now_ms: int) -> Dossier[V]:
        number = match.track.id
        dossier: Dossier[V] = Dossier(
            number, self._sense.kind, frame.camera, frame.source, number, now_ms, frame.media_time_s
        )
        self._active[number] = dossier
        return dossier

    def _reunited(self, track: int, dossier: Dossier[V]) -> Dossier[V]:
        """The dossier, joined to that of an earlier subject out of view that proves to be the same."""
        for known in self._out_of_view(dossier):
            if self._sense.same(known, dossier):
                self._take_back(known)
                known.absorb(dossier)
                self._active[track] = known
                self._meter.count(f"{self._sense.kind}_found_again")
                return known
        return dossier

    def _take_back(self, known: Dossier[V]) -> None:
        self._lost = [(other, until) for other, until in self._lost if other is not known]
        for track in [number for number, other in self._active.items() if other is known]:
            del self._active[track]
            self._tracker.drop(track)

    def _out_of_view(self, dossier: Dossier[V]) -> list[Dossier[V]]:
        """Subjects that were never in view together with `dossier` and are not in this picture, the latest first."""
        here = {id(self._active[track.id]) for track in self._tracker.tracks if self._is_here(track)}
        others = (known for known in self.open if id(known) not in here and not known.together_with(dossier))
        return sorted(others, key=lambda known: (-known.last_ms, known.track))

    def _is_here(self, track: Track) -> bool:
        return track.id in self._active and not track.missed
