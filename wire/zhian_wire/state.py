"""A node's retained heart-beat: unsequenced, overwritten, gone when it is old."""

from __future__ import annotations

from typing import Literal

import msgspec


class CameraState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`last_frame_age_ms` decides what is said of the camera; a flag would lie when its owner died."""

    id: str
    status: Literal["ok", "blind", "starting"]
    last_frame_age_ms: int | None = None
    frames: int = 0
    dropped: int = 0
    cause: str = ""


class NodeState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a node says of itself every few seconds.

    Attributes:
        outbox: events decided and not yet receipted.
        pictures: pictures not yet delivered.
        presence: persons inside by zone.
        keys: template keys that the node's networks use; the gateway enrols for each.
        counters: per stage, what was done and what was dropped.
    """

    node: str
    epoch: str
    seq: int
    time: str
    version: str
    roster_version: int = 0
    outbox: int = 0
    pictures: int = 0
    vision: Literal["ok", "down", "off"] = "off"
    cameras: tuple[CameraState, ...] = ()
    presence: dict[str, int] = {}
    keys: tuple[str, ...] = ()
    counters: dict[str, int] = {}
