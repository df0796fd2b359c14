"""What the decision must know of a configuration."""

from __future__ import annotations

from zhian_edge.config.types import Config
from zhian_edge.decision.plan import CameraPlan, LanePlan, Plan


def plan_of(config: Config, run: str) -> Plan:
    """The decision's plan; `run` (the boot) makes transaction ids unique."""
    cameras = {c.id: CameraPlan(c.id, c.lane, c.line is not None) for c in config.cameras}
    lanes = {lane.id: LanePlan(lane.id, window_ms=round(lane.window_s * 1000)) for lane in config.lanes}
    return Plan(cameras, lanes, run)
