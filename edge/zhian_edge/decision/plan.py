"""What the decision must know of the configuration: which device belongs to which lane, and how lanes decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zhian_wire.calendar import Calendar, Group, Schedule
from zhian_wire.evidence import Direction

from .policy import Observe, Policy

Factor = Literal["card", "face", "plate", "card_and_face"]


@dataclass(frozen=True)
class CameraPlan:
    """One camera. `line`: crossings of its line are passages, and whoever stays before it is one without direction;
    without a line, being seen well is a passage. `faces`: it looks for them. `direction`: where whoever shows a face or
    a plate to it is going."""

    id: str
    lane: str | None = None
    line: bool = False
    faces: bool = True
    direction: Direction = "in"


@dataclass(frozen=True)
class ReaderPlan:
    """One reader. `direction`: where who presents a card here is going; `far`: it may read a card at the next lane."""

    id: str
    lane: str | None = None
    direction: Direction = "in"
    far: bool = False


@dataclass(frozen=True)
class InputPlan:
    """A contact or alarm input, or the contact of a barrier (then `role` is `door` and `id` is the barrier's)."""

    id: str
    role: Literal["door", "help", "fire", "alarm"]
    lane: str | None = None


@dataclass(frozen=True)
class BarrierPlan:
    """The barrier of a lane: its pulse, and when its contact must have opened and closed again (0: not watched)."""

    id: str
    lane: str
    pulse_ms: int = 1000
    opens_within_ms: int = 0
    held_ms: int = 0


@dataclass(frozen=True)
class Access:
    """How a lane decides that opens something; times in milliseconds, meanings as in `config.access.Lane`.

    `ways`: each alone is enough to open; `name` is the policy's, as decisions tell it.
    """

    name: str
    ways: tuple[Factor, ...]
    inside: str = ""
    outside: str = ""
    groups: frozenset[str] = frozenset()
    anti_passback: Literal["off", "soft", "hard"] = "off"
    fresh_ms: int = 5000
    confirm_ms: int = 4000
    opens_without_face: bool = True
    opens_without_time: bool = False
    collect_ms: int = 10_000
    refused_in_row: int = 3
    vehicles: bool = False
    free_egress: bool = True

    @property
    def answers_cards(self) -> bool:
        """Whether whoever presents a card waits for an answer: not where cards are read in passing cars alone."""
        return not self.vehicles or any(way in ("card", "card_and_face") for way in self.ways)


@dataclass(frozen=True)
class LanePlan:
    """One lane. Evidence of different kinds within `window_ms` of each other is one passage.

    `access` None: the lane opens nothing, and `policy` says when a passage is told.
    """

    id: str
    policy: Policy = Observe()  # noqa: RUF009 - frozen and without state
    window_ms: int = 4000
    access: Access | None = None


@dataclass(frozen=True)
class SitePlan:
    """What holds for all lanes: the site's time, groups and schedules, and whose whereabouts are relied on.

    `zone` is an IANA name; `siblings` are the nodes that lead to the same zones.
    """

    zone: str = "UTC"
    groups: Mapping[str, Group] = field(default_factory=dict)
    schedules: Mapping[str, Schedule] = field(default_factory=dict)
    calendar: Calendar = Calendar()  # noqa: RUF009 - frozen
    stale_ms: int = 16 * 3_600_000
    siblings: frozenset[str] = frozenset()
    sibling_ms: int = 30_000


@dataclass(frozen=True)
class Plan:
    """All of it. `run` makes transaction ids unique: the boot, or a fixed name in a replay."""

    cameras: Mapping[str, CameraPlan]
    lanes: Mapping[str, LanePlan]
    run: str = "run"
    readers: Mapping[str, ReaderPlan] = field(default_factory=dict)
    inputs: Mapping[str, InputPlan] = field(default_factory=dict)
    barriers: Mapping[str, BarrierPlan] = field(default_factory=dict)
    site: SitePlan = SitePlan()

    def camera(self, camera: str) -> CameraPlan:
        """A camera that nobody configured stands alone."""
        return self.cameras.get(camera) or CameraPlan(camera)

    def sees_far(self, reader: str) -> bool:
        """Whether what it reads may be at the next lane."""
        known = self.readers.get(reader)
        return known is not None and known.far

    def lane(self, lane: str | None) -> LanePlan | None:
        """The lane, None for cameras alone."""
        return None if lane is None else self.lanes.get(lane) or LanePlan(lane)

    def barrier_of(self, lane: str) -> BarrierPlan | None:
        """A lane has one barrier at most."""
        return next((barrier for barrier in self.barriers.values() if barrier.lane == lane), None)

    def cameras_of(self, lane: str) -> tuple[CameraPlan, ...]:
        """The cameras whose evidence belongs to the lane."""
        return tuple(camera for camera in self.cameras.values() if camera.lane == lane)
