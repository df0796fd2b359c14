"""Nodes, by what was heard of them last, as the JSON of `node_shapes`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, Literal

import msgspec
from zhian_wire.state import CameraState, DeviceState, Machine

from .. import moments
from ..nodes.presence import Heard, Presence
from . import node_shapes as shapes


def nodes(names: Iterable[str], presence: Presence, missing: Mapping[str, int], now: datetime) -> list[shapes.Node]:
    """Nodes as they are now."""
    return [_node(name, presence, missing.get(name, 0), now) for name in names]


def _node(name: str, presence: Presence, missing: int, now: datetime) -> shapes.Node:
    heard = presence.last(name)
    state = presence.state(name, now)
    if heard is None:
        return shapes.Node(
            id=name,
            state=state,
            last_seen=None,
            outbox=0,
            cameras=[],
            devices=[],
            roster_version=0,
            store_holes=missing,
            clock_ahead_s=None,
            version="",
            pictures=0,
            machine=None,
        )
    return shapes.Node(
        id=name,
        state=state,
        last_seen=moments.text(heard.at),
        outbox=heard.state.outbox,
        cameras=[_camera(camera, heard, offline=state == "offline", now=now) for camera in heard.state.cameras],
        devices=[_device(device, heard, offline=state == "offline", now=now) for device in heard.state.devices],
        roster_version=heard.state.roster_version,
        store_holes=missing,
        clock_ahead_s=_tenths(presence.clock_ahead_s(name)),
        version=heard.state.version,
        pictures=heard.state.pictures,
        machine=_machine(heard.state.machine),
    )


def _machine(machine: Machine | None) -> shapes.Machine | None:
    """How the machine is; None: an older node does not tell."""
    if machine is None:
        return None
    networks = [shapes.NetworkUse(name=each.name, digest=each.digest) for each in machine.networks]
    return shapes.Machine(**(msgspec.structs.asdict(machine) | {"networks": networks}))


def _tenths(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _camera(camera: CameraState, heard: Heard, *, offline: bool, now: datetime) -> shapes.Camera:
    age = _aged(camera.last_frame_age_ms, heard, now)
    known: Final[dict[str, Literal["online", "blind", "starting"]]] = {
        "ok": "online",
        "blind": "blind",
        "starting": "starting",
    }
    return shapes.Camera(id=camera.id, state="offline" if offline else known[camera.status], last_frame_age_s=age)


def _device(device: DeviceState, heard: Heard, *, offline: bool, now: datetime) -> shapes.Device:
    same = ("id", "lane", "driver", "cause", "detail", "reads", "errors")
    return shapes.Device(
        # On the wire a siren is a barrier of no lane: nodes and gateways of before know no other kind.
        kind="siren" if device.kind == "barrier" and not device.lane else device.kind,
        **{name: getattr(device, name) for name in same},
        state="offline" if offline else device.status,
        last_s=_aged(device.last_ms, heard, now),
    )


def _aged(age_ms: int | None, heard: Heard, now: datetime) -> float | None:
    """Seconds: whatever it was, it has aged since the node said so."""
    return None if age_ms is None else round(age_ms / 1000 + max(0.0, (now - heard.at).total_seconds()), 1)
