"""What the decision must know of a configuration."""

from __future__ import annotations

from zhian_edge.config.access import Lane
from zhian_edge.config.readers import UHF, LlrpReader, Reader, SerialReader
from zhian_edge.config.types import Config
from zhian_edge.decision.plan import (
    Access,
    BarrierPlan,
    CameraPlan,
    Factor,
    InputPlan,
    LanePlan,
    Plan,
    ReaderPlan,
    SitePlan,
)


def plan_of(config: Config, run: str) -> Plan:
    """The decision's plan; `run` (the boot) makes transaction ids unique."""
    barriers = [
        BarrierPlan(b.id, b.lane, _ms(b.pulse_s), _ms(b.opens_within_s), _ms(b.held_s)) for b in config.barriers
    ]
    doors = [InputPlan(b.id, "door", b.lane) for b in config.barriers]
    inputs = [InputPlan(each.id, each.role, each.lane) for each in config.inputs]
    return Plan(
        cameras={
            c.id: CameraPlan(c.id, c.lane, c.line is not None, "face" in c.senses, c.direction) for c in config.cameras
        },
        lanes={lane.id: LanePlan(lane.id, window_ms=_ms(lane.window_s), access=_access(lane)) for lane in config.lanes},
        run=run,
        # A desk's reader is none of the decision's: what it reads is never handed in.
        readers={
            each.id: ReaderPlan(each.id, each.lane, each.direction, far=_sees_far(each))
            for each in config.readers
            if each.use == "lane"
        },
        inputs={each.id: each for each in (*doors, *inputs)},
        barriers={barrier.id: barrier for barrier in barriers},
        site=_site(config),
    )


def _sees_far(reader: Reader) -> bool:
    """Whether it reads cards metres away (UHF)."""
    return isinstance(reader, LlrpReader) or (isinstance(reader, SerialReader) and reader.board in UHF)


def _access(lane: Lane) -> Access | None:
    if lane.policy == "observe":
        return None
    ways: tuple[Factor, ...] = lane.any_of if lane.policy == "any_of" else (lane.policy,)
    return Access(
        name=lane.policy,
        ways=ways,
        inside=lane.inside,
        outside=lane.outside,
        groups=frozenset(lane.groups),
        anti_passback=lane.anti_passback,
        fresh_ms=_ms(lane.fresh_s),
        confirm_ms=_ms(lane.confirm_s),
        opens_without_face=lane.without_face == "open",
        opens_without_time=lane.without_time == "open",
        collect_ms=_ms(lane.collect_s),
        refused_in_row=lane.refused_in_row,
        vehicles=lane.vehicles,
        free_egress=lane.egress == "free",
    )


def _site(config: Config) -> SitePlan:
    presence = config.presence
    return SitePlan(
        zone=config.site.timezone,
        groups={group.id: group for group in config.groups},
        schedules={schedule.id: schedule for schedule in config.schedules},
        calendar=config.calendar,
        stale_ms=_ms(presence.stale_h * 3600),
        siblings=frozenset(presence.siblings),
        sibling_ms=_ms(presence.sibling_s),
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
