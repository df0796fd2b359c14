"""A node's retained heart-beat: unsequenced, overwritten, gone when it is old."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

#: What people, or a fire, have brought a lane into.
Standing: TypeAlias = Literal["normal", "locked", "held_open", "released"]


class CameraState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`last_frame_age_ms` decides what is said of the camera; a flag would lie when its owner died."""

    id: str
    status: Literal["ok", "blind", "starting"]
    last_frame_age_ms: int | None = None
    frames: int = 0
    dropped: int = 0
    cause: str = ""


class DeviceState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One reader, input or barrier.

    Attributes:
        status: `down` while it cannot be reached or used; `ok` with a cause still works, but somebody must see to it.
        cause: `lost` may pass by itself, `refused` a person must mend, `tamper`: it was opened or taken off.
        detail: the error as the node would tell an installer.
        last_ms: age of what it said last (a card, a change, the answer to an order); None: nothing since the start.
        reads: what it said since the node started; errors: what came garbled, lost or unanswered meanwhile.
        use: of a reader; `desk`: an office issues cards by it, and it opens nothing.
    """

    id: str
    kind: Literal["reader", "input", "barrier"]
    driver: str
    status: Literal["ok", "down", "starting"]
    lane: str = ""
    cause: Literal["", "lost", "refused", "tamper"] = ""
    detail: str = ""
    last_ms: int | None = None
    reads: int = 0
    errors: int = 0
    use: Literal["lane", "desk"] = "lane"


class NetworkUse(msgspec.Struct, frozen=True, kw_only=True):
    """A neural network that the node has loaded: its name in the manifest, and the first digits of its sha256."""

    name: str
    digest: str


class Machine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the machine is on which a node runs. None, or empty: it cannot be known there.

    Attributes:
        since: when the program's present run began (RFC 3339, UTC).
        system: kernel and processor, such as `Linux 6.1.0 aarch64`.
        clock: whether anything vouches for its clock (as in every event).
        disk_free_mb, disk_total_mb: of the disk that holds the node's folder, in MiB.
        memory_free_mb, memory_total_mb: what programs could still have of its memory, in MiB.
        load: processes that want a processor, over the last minute, by number of processors; 1: none is idle.
        temperature_c: of its hottest sensor.
        runtime: what runs the networks.
        networks: those that are loaded.
    """

    since: str = ""
    system: str = ""
    clock: Literal["", "trusted", "stepped", "unsynced"] = ""
    disk_free_mb: int | None = None
    disk_total_mb: int | None = None
    memory_free_mb: int | None = None
    memory_total_mb: int | None = None
    load: float | None = None
    temperature_c: float | None = None
    runtime: str = ""
    networks: tuple[NetworkUse, ...] = ()


class NodeState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a node says of itself every few seconds.

    Attributes:
        roster_mark: of the roster that it works with, as its ETag says it (an older node or gateway: empty).
        run: random, of the program's present run; two machines never share one (an older node: empty).
        outbox: events decided and not yet receipted.
        pictures: pictures not yet delivered.
        presence: persons inside by zone.
        lanes: those that open something, and so take orders, each as it is now.
        devices: readers, inputs and barriers, those that are down first; at most so many as a beat may hold.
        keys: template keys that the node's networks use; the gateway enrols for each.
        counters: per stage, what was done and what was dropped.
        machine: how the machine is (an older node: None).
    """

    node: str
    epoch: str
    seq: int
    time: str
    version: str
    run: str = ""
    roster_version: int = 0
    roster_mark: str = ""
    outbox: int = 0
    pictures: int = 0
    vision: Literal["ok", "down", "off"] = "off"
    cameras: tuple[CameraState, ...] = ()
    lanes: dict[str, Standing] = {}
    devices: tuple[DeviceState, ...] = ()
    presence: dict[str, int] = {}
    keys: tuple[str, ...] = ()
    counters: dict[str, int] = {}
    machine: Machine | None = None
