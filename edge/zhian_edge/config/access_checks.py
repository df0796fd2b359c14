"""What types cannot say about lanes that open something: ways in and out, schedules and groups that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zhian_wire.toml_lines import Finding, Where

from zhian_edge.config.access import Lane
from zhian_edge.config.types import Config

ALONE = "an entry must never open by a face alone: give people another way in"


def check_policies(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Policies by which a face would be the only way in; seen even where types are wrong."""
    lanes = document.get("lanes")
    for index, table in enumerate(lanes if isinstance(lanes, list) else ()):
        if not isinstance(table, Mapping):
            continue
        where: Where = ("lanes", index)
        choices = table.get("any_of")
        if table.get("policy") == "face":
            yield Finding((*where, "policy"), ALONE)
        elif table.get("policy") == "any_of" and isinstance(choices, list) and _only_faces(choices):
            yield Finding((*where, "any_of"), ALONE)


def _only_faces(choices: list[object]) -> bool:
    return bool(choices) and all(choice == "face" for choice in choices)


def check_access(document: Mapping[str, Any], config: Config) -> Iterator[Finding]:
    """Everything wrong among lanes, groups and schedules of `config`, whose types are right."""
    if len(config.lanes) == len(document.get("lanes", ())):
        for index, lane in enumerate(config.lanes):
            yield from _lane(lane, ("lanes", index), config)
    schedules = {schedule.id for schedule in config.schedules}
    for index, group in enumerate(config.groups):
        for key in ("schedule", "lessons"):
            name = getattr(group, key)
            if name and name not in schedules:
                yield Finding(("groups", index, key), f'no schedule "{name}"; {_there(schedules, "[[schedules]]")}')
    for index, schedule in enumerate(config.schedules):
        if not schedule.spans:
            yield Finding(("schedules", index, "spans"), "expected at least one span, or nobody may ever come")
    if config.node.id in config.presence.siblings:
        yield Finding(("presence", "siblings"), "expected other nodes, not this one itself")


def _lane(lane: Lane, where: Where, config: Config) -> Iterable[Finding]:
    if lane.policy == "any_of" and len(lane.any_of) < 2:
        yield Finding((*where, "any_of"), 'expected at least two, such as ["card", "face"]')
    if lane.any_of and lane.policy != "any_of":
        yield Finding((*where, "any_of"), 'is only for policy = "any_of"')
    if lane.policy == "observe":
        return
    yield from _egress(lane, where, config)
    if "face" in lane.any_of and lane.liveness != "required":
        yield Finding((*where, "liveness"), 'expected "required": a face that opens must be live, or a photograph does')
    if lane.anti_passback != "off" and not lane.inside:
        yield Finding((*where, "inside"), "missing; anti-passback needs the zone that going in leads to")
    if lane.anti_passback != "off" and lane.policy == "plate":
        yield Finding((*where, "anti_passback"), "by its plate a car is nobody who is inside: only people are counted")
    if lane.policy == "card_and_face" and lane.confirm_s > lane.fresh_s:
        text = f"expected at most fresh_s ({lane.fresh_s:g}): a card that waits for longer is too old to open"
        yield Finding((*where, "confirm_s"), text)
    known = {group.id for group in config.groups}
    for index, group in enumerate(lane.groups):
        if known and group not in known:
            yield Finding((*where, "groups", index), f'no group "{group}"; {_there(known, "[[groups]]")}')


def _egress(lane: Lane, where: Where, config: Config) -> Iterable[Finding]:
    others = {other.id for other in config.lanes if other.id != lane.id and other.egress == "free"}
    if not lane.egress:
        yield Finding((*where, "egress"), 'missing; expected "free", or the id of a lane by which people get out')
    elif lane.egress != "free" and lane.egress not in others:
        yield Finding((*where, "egress"), f'no lane "{lane.egress}" whose own egress is "free": nobody could get out')


def _there(known: set[str], what: str) -> str:
    return f"expected one of {', '.join(sorted(known))}" if known else f"there is no {what} at all"
