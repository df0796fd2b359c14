"""What the decision must know of the configuration: which camera belongs to which lane, and how lanes decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .policy import Observe, Policy


@dataclass(frozen=True)
class CameraPlan:
    """One camera. `line`: crossings of its line are passages, and whoever stays before it is one without direction;
    without a line, being seen well is a passage."""

    id: str
    lane: str | None = None
    line: bool = False


@dataclass(frozen=True)
class LanePlan:
    """One lane. Evidence of different kinds within `window_ms` of each other is one passage."""

    id: str
    policy: Policy = Observe()  # noqa: RUF009 - frozen and without state
    window_ms: int = 4000


@dataclass(frozen=True)
class Plan:
    """All of it. `run` makes transaction ids unique: the boot, or a fixed name in a replay."""

    cameras: Mapping[str, CameraPlan]
    lanes: Mapping[str, LanePlan]
    run: str = "run"

    def camera(self, camera: str) -> CameraPlan:
        """A camera that nobody configured stands alone."""
        return self.cameras.get(camera) or CameraPlan(camera)

    def lane(self, lane: str | None) -> LanePlan | None:
        """The lane, None for cameras alone."""
        return None if lane is None else self.lanes.get(lane) or LanePlan(lane)
