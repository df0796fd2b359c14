"""Tries what a node needs, one thing after the other, and says what to do about what is missing."""

from __future__ import annotations

import importlib.metadata
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from zhian_models.errors import ModelsError
from zhian_models.store import Store

from zhian_edge.capture.advice import camera_advice
from zhian_edge.capture.sources import source_for
from zhian_edge.config.types import Camera, Config
from zhian_edge.doctor_access import access, joining
from zhian_edge.doctor_devices import devices
from zhian_edge.errors import EdgeError
from zhian_edge.extras import pip_install
from zhian_edge.finding import Finding
from zhian_edge.perception.networks import NAMES
from zhian_edge.process.clock import EARLIEST_MS, read_clock

#: A camera that gives no picture for so long after it was opened does not work.
CAMERA_S: Final = 10.0
_MIB: Final = 1 << 20


def examine(config: Config, path: Path) -> Iterator[Finding]:
    """Every finding, as soon as it is known; `path` is the file of `config`, for the commands that are advised."""
    yield from joining(config, path)
    yield from _runtimes(config)
    yield from _networks(config)
    yield from _disk(config)
    yield _clock()
    if not config.cameras and not config.readers:
        yield Finding("warn", "cameras: there are none", "without [[cameras]] this node sees nothing")
    yield from map(_camera, config.cameras)
    yield from devices(config, path)
    yield from access(config)


def _runtimes(config: Config) -> Iterator[Finding]:
    wanted = config.recognition.runtime
    for name in ("onnxruntime", "openvino"):
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if wanted == name:
                yield Finding("fail", f"runtime {name}: not installed", pip_install(name))
            continue
        chosen = "configured" if wanted == name else "measured at start" if wanted == "auto" else "not configured"
        yield Finding("ok", f"runtime {name} {version} ({chosen})")


def _networks(config: Config) -> Iterator[Finding]:
    store = Store()
    senses = {sense for camera in config.cameras for sense in camera.senses}
    for name in sorted({name for sense in senses for name in NAMES[sense]}):
        try:
            state = store.state(store.manifest.get(name))
        except ModelsError as error:
            yield Finding("fail", f"network {name}: {error}")
            continue
        verdict: Literal["ok", "fail"] = "ok" if state == "ok" else "fail"
        advice = "" if state == "ok" else f"zhian-models pull {name}"
        yield Finding(verdict, f"network {name}: {state} ({store.folder})", advice)


def _disk(config: Config) -> Iterator[Finding]:
    home = Path(config.node.home)
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / ".writable").write_bytes(b"")
        (home / ".writable").unlink()
    except OSError as error:
        yield Finding("fail", f"folder {home}: {error}", "give the node's user the right to write there")
        return
    free = shutil.disk_usage(home).free // _MIB
    wanted = config.storage.picture_budget_mb + config.storage.min_free_mb
    if free < wanted:
        advice = "make room, or lower storage.picture_budget_mb"
        yield Finding("warn", f"folder {home}: {free} MiB free, {wanted} MiB may be wanted", advice)
    else:
        yield Finding("ok", f"folder {home}: {free} MiB free")


def _clock() -> Finding:
    reading = read_clock()
    if reading.wall_ms < EARLIEST_MS:
        return Finding("fail", "clock: it stands in the past", "set up a time server (systemd-timesyncd or chrony)")
    if not reading.synchronised:
        advice = "set up a time server (systemd-timesyncd or chrony); a container cannot see its host's"
        return Finding("warn", "clock: nothing synchronises it; events are marked `unsynced`", advice)
    return Finding("ok", "clock: synchronised")


def _camera(camera: Camera) -> Finding:
    if not Path(camera.source).exists() and _is_file(camera):
        advice = "put a video there, or change the camera's source"
        return Finding("fail", f"camera {camera.id}: the file {camera.source} does not exist", advice)
    source = source_for(camera)
    try:
        source.open()
        until = time.monotonic() + CAMERA_S
        while time.monotonic() < until:
            for frame in source.step():
                return Finding("ok", f"camera {camera.id}: {frame.width}x{frame.height}")
    except EdgeError as error:
        return Finding("fail", f"camera {camera.id}: {error}", camera_advice(camera, str(error)))
    finally:
        source.close()
    return Finding("fail", f"camera {camera.id}: no picture within {CAMERA_S:.0f} s", camera_advice(camera))


def _is_file(camera: Camera) -> bool:
    return "://" not in camera.source and not camera.source.startswith("/dev/")
