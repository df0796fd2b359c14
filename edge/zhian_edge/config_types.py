"""The typed configuration of a node; `config.py` reads it from TOML and says what is wrong where."""

from __future__ import annotations

from typing import Literal

import msgspec

Point = tuple[float, float]
Sense = Literal["face", "plate", "body"]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A misspelt key is an error, never a silent default."""


class Site(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`timezone` is an IANA name; local days and bells follow it."""

    id: str
    timezone: str = "Asia/Shanghai"


class Node(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """This node. `home` holds its database, spool and roster (relative to the configuration file)."""

    id: str
    home: str = "node"


class Gateway(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the node reports. Brokers are tried in order."""

    brokers: tuple[str, ...]
    url: str
    token_file: str = ""


class Recognition(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How certain the node must be.

    Attributes:
        runtime: `auto` measures once among the runtimes of one precision.
        fpir: share of strangers' tracks that may be called by a name; the threshold follows from the gallery's size.
        name_threshold: overrides what follows from `fpir` (0: do not).
        detect_fps: frames per second and camera that the detectors see at most.
    """

    runtime: Literal["auto", "onnxruntime", "openvino"] = "onnxruntime"
    precision: Literal["f32", "bf16"] = "f32"
    threads: int = 1
    fpir: float = 0.01
    name_threshold: float = 0.0
    detect_fps: float = 5.0


class Storage(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds of what a node keeps."""

    picture_budget_mb: int = 2048
    ring_days: int = 7


class Camera(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One camera.

    Attributes:
        source: a file, an `rtsp://` address or a V4L2 device.
        senses: what to look for.
        lane: lane that its evidence belongs to; none: passages alone.
        line: two points, 0..1 of width and height; who crosses from its left side to its right is going in
            (looking from the first point to the second).
        zone: polygon, 0..1; nothing outside is looked at.
        loop: a file starts again at its end.
        synthetic: the picture is drawn or composed; every piece of evidence says so.
    """

    id: str
    source: str
    senses: tuple[Sense, ...] = ("face", "plate", "body")
    lane: str | None = None
    line: tuple[Point, Point] | None = None
    zone: tuple[Point, ...] | None = None
    loop: bool = False
    synthetic: bool = False


class Lane(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One lane. Policies that open something come with the hardware layer; `observe` opens nothing."""

    id: str
    policy: Literal["observe"] = "observe"
    window_s: float = 4.0


class Config(_Section, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A node's whole configuration."""

    site: Site
    node: Node
    gateway: Gateway
    recognition: Recognition = Recognition()
    storage: Storage = Storage()
    cameras: tuple[Camera, ...] = ()
    lanes: tuple[Lane, ...] = ()
