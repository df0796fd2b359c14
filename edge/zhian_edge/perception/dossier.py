"""Everything known about one subject: when and where it was, and its best looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from zhian_wire.events import BodyKind
from zhian_wire.evidence import Direction

from zhian_edge.capture.frame import Frame
from zhian_edge.config.types import Sense
from zhian_edge.signals import Check

from .direction import by_feet, by_size
from .geometry import alike_in_size, distance
from .types import Box, Detection, Picture

MOVED = 0.5
GREW = 1.2
"""What moved by this share of its side, or became larger or smaller by this factor, is no part of the scenery."""

VIEWS = 9
"""Looks kept of a subject that is found again and again; as many as any sense keeps."""

STEPS = 64
"""Places kept of a path; a longer one is thinned to every second place."""


@dataclass(eq=False, kw_only=True)
class View:
    """One look at a subject: exactly the frame and box that were read.

    Attributes:
        quality: how good the look is, in the unit of its sense; higher is better.
        picture: crop of the full-resolution frame with some surroundings, for people.
    """

    frame: int
    at_ms: int
    media_time_s: float
    box: Box
    quality: float
    picture: Picture
    stored: str | None = None


V = TypeVar("V", bound=View)


@dataclass(frozen=True, kw_only=True)
class Judgement(Generic[V]):
    """What a subject is held to be, by its looks so far.

    Attributes:
        certain: further looks would hardly change it; it may be said before the track ends.
        decided: no further look would change it.
        view: the look that stands for it.
    """

    view: V
    reason: str
    certain: bool = False
    decided: bool = False
    person_id: str | None = None
    plate: str | None = None
    plate_colour: str | None = None
    plate_kind: str | None = None
    body: BodyKind | None = None
    score: float | None = None
    margin: float | None = None
    key: str | None = None
    shots: int = 1
    live: float | None = None
    checks: tuple[Check, ...] = ()

    @property
    def verdicts(self) -> frozenset[tuple[str, str]]:
        """What the face was compared with, where that told something; another verdict is news."""
        return frozenset((check.person_id, check.verdict) for check in self.checks if check.verdict != "unsure")

    @property
    def confirms(self) -> frozenset[str]:
        """Whose card it confirms: the named one's, else of whom it was compared with."""
        if self.person_id is not None:
            return frozenset((self.person_id,))
        return frozenset(check.person_id for check in self.checks if check.verdict == "same")

    @property
    def claim(self) -> tuple[str | None, str | None]:
        """The name or text; another claim is news."""
        return self.person_id, self.plate


@dataclass(frozen=True)
class Place:
    """Where a subject was, in pixels of the full frame."""

    at_ms: int
    box: Box


@dataclass(eq=False)
class Dossier(Generic[V]):
    """One subject in one camera. `track` names it; the tracker may follow it under several ids in a row.

    Attributes:
        looks: how often its appearance was computed, whether the result was kept or not.
        said: what was told last; `verdicts`: which comparisons; `told_ms`: of whom was in view when, monotonic.
        crossed: whether it went over the camera's line.
        height: of the picture, in pixels.
        live: liveness of the looks that were asked for it.
    """

    track: int
    kind: Sense
    camera: str
    source: str
    subject: int
    first_ms: int
    first_s: float
    last_ms: int = 0
    last_s: float = 0.0
    hits: int = 0
    score_sum: float = 0.0
    looks: int = 0
    views: list[V] = field(default_factory=list)
    path: list[Place] = field(default_factory=list)
    judgement: Judgement[V] | None = None
    said: tuple[str | None, str | None] | None = None
    verdicts: frozenset[tuple[str, str]] = frozenset()
    told_ms: int | None = None
    crossed: bool = False
    height: int = 0
    live: list[float] = field(default_factory=list)

    def seen(self, frame: Frame, detection: Detection, now_ms: int) -> None:
        """Take over a detection."""
        self.last_ms, self.last_s, self.height = now_ms, frame.media_time_s, frame.height
        self.hits += 1
        self.score_sum += detection.score
        self.path.append(Place(now_ms, detection.box))
        if len(self.path) > STEPS:
            self.path = [*self.path[:-1:2], self.path[-1]]

    @property
    def box(self) -> Box:
        """Where it was last."""
        return self.path[-1].box

    @property
    def mean_score(self) -> float:
        """How sure the detector was, on average."""
        return self.score_sum / max(self.hits, 1)

    @property
    def moved(self) -> bool:
        """Whether it came, went or passed; what only shakes, or is covered for a moment, did not."""
        first, *rest = (place.box for place in self.path)
        return sum(distance(first, box) >= MOVED or alike_in_size(first, box) <= 1 / GREW for box in rest) >= 2

    def absorb(self, later: Dossier[V]) -> None:
        """`later` is the same subject, found again; that it is live must be shown anew, for a print looks the same."""
        both = (*self.views, *later.views)
        fair = sorted((view.quality for view in both), reverse=True)[:VIEWS]
        self.views = [view for view in both if view.quality >= fair[-1]][:VIEWS] if both else []
        self.path.extend(later.path)
        self.live = list(later.live)
        self.hits += later.hits
        self.score_sum += later.score_sum
        self.looks += later.looks
        self.crossed |= later.crossed
        self.last_ms, self.last_s = max(self.last_ms, later.last_ms), max(self.last_s, later.last_s)

    def together_with(self, other: Dossier[V]) -> bool:
        """Whether both were in view at one time."""
        return self.first_ms <= other.last_ms and other.first_ms <= self.last_ms

    def direction(self) -> Direction:
        """Without a line: coming nearer is in, going away is out."""
        boxes = [place.box for place in self.path]
        return by_feet(boxes, self.height) if self.kind == "body" else by_size(boxes)
