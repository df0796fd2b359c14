"""The typed configuration of a node; `config.py` reads it from TOML and says what is wrong where."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from zhian_edge.config.access import Calendar, Group, Lane, LivenessRule, Presence, Schedule
from zhian_edge.config.actuators import Barrier, Input
from zhian_edge.config.readers import Reader
from zhian_edge.config.section import Count, Name, Positive, Unit
from zhian_edge.config.section import Section as _Section
from zhian_edge.config.sirens import Siren

Point = tuple[Unit, Unit]
Sense = Literal["face", "plate", "body"]
Liveness = Literal["auto", "fr_liveness", "minifasnet"]


class Site(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`timezone` is an IANA name; local days and bells follow it."""

    id: Name
    timezone: str = "Asia/Shanghai"


class Node(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """This node. `home` holds its database, spool and roster (relative to the configuration file)."""

    id: Name
    home: str = "node"


class Gateway(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the node reports. Brokers are tried in order.

    Attributes:
        brokers: `mqtt://host:port`, or `mqtts://` with TLS; plain ones on loopback only.
        url: `http://host:port` on loopback, else `https://`.
        token_file: the node's secret, readable by its owner only (relative to the configuration file); not for a
            node that has joined and so has a certificate.
        ca_file: certificates to trust instead of the system's, or of the site's authority.
        window: events sent and not yet receipted at most.
        resend_s: an event without a receipt is sent again after this time, then after twice as long, and so on.
    """

    brokers: tuple[str, ...]
    url: str
    token_file: str = ""
    ca_file: str = ""
    window: Annotated[int, msgspec.Meta(ge=8, le=4096)] = 256
    resend_s: Annotated[float, msgspec.Meta(ge=0.1, le=600)] = 10.0


class Recognition(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How certain the node must be.

    Attributes:
        runtime: `auto` measures once among the runtimes of one precision.
        fpir: share of strangers' tracks that may be called by a name; the threshold follows from the gallery's size.
        name_threshold: overrides what follows from `fpir` (0: do not).
        detect_fps: frames per second and camera that the detectors see at most.
        rest_s: a camera at which nothing moved for so many seconds is hardly decoded until its stream stirs (0: it
            always is decoded).
        liveness: networks that tell a face from a picture of one; `auto` takes all that were brought.
    """

    runtime: Literal["auto", "onnxruntime", "openvino"] = "onnxruntime"
    precision: Literal["f32", "bf16"] = "f32"
    threads: Count = 1
    fpir: Annotated[float, msgspec.Meta(gt=0, le=1)] = 0.01
    name_threshold: Unit = 0.0
    detect_fps: Positive = 5.0
    rest_s: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    liveness: Liveness = "auto"


class Storage(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds of what a node keeps.

    Attributes:
        picture_budget_mb: pictures are thinned above it, oldest first; events never are.
        ring_days: how long receipted events stay, in case the gateway is restored from a backup; more than twice
            the interval between its backups. Where nothing vouches for the clock, as many as the busiest days had.
        outbox_alert_rows: undelivered events from which on the node raises an alert.
        min_free_mb: free space on the disk below which pictures are thinned whatever their budget.
    """

    picture_budget_mb: Count = 2048
    ring_days: Count = 7
    outbox_alert_rows: Count = 100_000
    min_free_mb: Annotated[int, msgspec.Meta(ge=0)] = 256


class Camera(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One camera.

    Attributes:
        id: names it in events, in the log and on the pages; the gateway's [[cameras]] gives it a name for people.
        source: a file, an `rtsp://user:password@host/path` address (what is special in a password by its code, such as
            `%40` for @) or a V4L2 device such as `/dev/video0`.
        sub: `rtsp://` address of the camera's smaller stream of the same view, which costs less to watch; `source`
            then gives the detail that is recognised.
        senses: what to look for; each sense that is left out costs nothing.
        lane: lane that its evidence belongs to, one of [[lanes]]; none: passages alone.
        line: two points, 0..1 of width and height; who crosses from its left side to its right is going in
            (looking from the first point to the second). `zhian-edge calibrate` draws it.
        zone: polygon, 0..1; nothing outside is looked at. `zhian-edge calibrate` draws it.
        direction: where whoever shows a face or a plate to it is going. `out` opens the lane for every name and every
            plate, whatever is locked: only for a camera that sees nobody outside.
        loop: a file starts again at its end.
        synthetic: the picture is drawn or composed; every piece of evidence says so.
        liveness: `required`: whoever is not shown to be live here stays unknown.
    """

    id: Name
    source: str
    sub: str = ""
    senses: tuple[Sense, ...] = ("face", "plate", "body")
    lane: Name | None = None
    line: tuple[Point, Point] | None = None
    zone: tuple[Point, ...] | None = None
    direction: Literal["in", "out"] = "in"
    loop: bool = False
    synthetic: bool = False
    liveness: LivenessRule = "report"


class Config(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A node's whole configuration."""

    site: Site
    node: Node
    gateway: Gateway
    recognition: Recognition = Recognition()
    storage: Storage = Storage()
    cameras: tuple[Camera, ...] = ()
    lanes: tuple[Lane, ...] = ()
    readers: tuple[Reader, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    inputs: tuple[Input, ...] = ()
    sirens: tuple[Siren, ...] = ()
    groups: tuple[Group, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    calendar: Calendar = Calendar()
    presence: Presence = Presence()
