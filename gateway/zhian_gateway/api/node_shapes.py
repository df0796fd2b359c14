"""The JSON of nodes and what hangs on them, typed."""

from __future__ import annotations

from typing import Literal

from .shapes import Shape

NodeStatus = Literal["online", "offline", "blind"]


class Camera(Shape):
    """One camera of a node; its state follows from the age of its last frame. `starting`: none is expected yet."""

    id: str
    state: Literal["online", "offline", "blind", "starting"]
    last_frame_age_s: float | None


class Device(Shape):
    """A reader, input, barrier or siren of a node.

    `ok` with a `cause` still works, but somebody must see to it. `last_s`: since it said something last; null: not yet.
    """

    id: str
    kind: Literal["reader", "input", "barrier", "siren"]
    lane: str
    driver: str
    state: Literal["ok", "down", "starting", "offline"]
    cause: str
    detail: str
    last_s: float | None
    reads: int
    errors: int


class NetworkUse(Shape):
    """A neural network that a node has loaded; `digest`: the first digits of its sha256."""

    name: str
    digest: str


class Machine(Shape):
    """How a node's machine was when it was last heard; null, or empty: it cannot be known there.

    `since`: when the program's present run began. `clock`: whether anything vouches for its clock. `load`: of all its
    processors over a minute, 1: none is idle.
    """

    since: str
    system: str
    clock: Literal["", "trusted", "stepped", "unsynced"]
    disk_free_mb: int | None
    disk_total_mb: int | None
    memory_free_mb: int | None
    memory_total_mb: int | None
    load: float | None
    temperature_c: float | None
    runtime: str
    networks: list[NetworkUse]


class Node(Shape):
    """One node.

    `store_holes`: events that it decided and this gateway misses. `clock_ahead_s`: by how much its clock is ahead of
    the gateway's, below zero: behind; null: too little was heard of it. More than a second is a case of its own.
    `version`: of its program; empty: it was not heard yet. `pictures`: not delivered yet. `machine`: null: it does not
    tell, being of an older version.
    """

    id: str
    state: NodeStatus
    last_seen: str | None
    outbox: int
    cameras: list[Camera]
    devices: list[Device]
    roster_version: int
    store_holes: int
    clock_ahead_s: float | None
    version: str
    pictures: int
    machine: Machine | None


class Nodes(Shape):
    """All nodes."""

    items: list[Node]
