"""What a type cannot say about a configuration: ids that are unique, lanes that exist, a line that is a line."""

from __future__ import annotations

import ipaddress
import os
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from zhian_wire.toml_lines import Finding, Where

from zhian_edge.config.access_checks import check_access, check_policies
from zhian_edge.config.device_checks import KINDS, check_devices
from zhian_edge.config.types import Camera, Config, Gateway

_NAMED: Final = ("cameras", "lanes", "groups", "schedules")
_SOURCES: Final = "a video file, rtsp://host/path or /dev/videoN"
#: A path that ends like this may become a file later; any other must be one already, or it is a misspelt address.
_VIDEOS: Final = re.compile(
    r"\.(mp4|m4v|mov|mkv|webm|avi|flv|ts|m2ts|mts|ps|mpe?g|vob|wmv|3gp|ogv|dav|y4m|mjpe?g|[hx]?26[45]|hevc)$", re.I
)
#: What somebody writes who means an address.
_ADDRESS: Final = re.compile(r"^(rtsps?|https?|rtmps?)(:|//)", re.I)


def check(document: Mapping[str, Any], config: Config | None, folder: Path) -> list[Finding]:
    """Everything wrong across keys. `config` is None where the types are wrong already; then less can be seen.

    Relative paths are counted from `folder`.
    """
    found = [
        *(finding for key in (*_NAMED, *KINDS) for finding in _doubled(document, key)),
        *(finding for key in ("cameras", *KINDS) for finding in _lanes(document, key)),
        *check_policies(document),
    ]
    if config is None:
        return found
    found += _site(config)
    found += _gateway(config.gateway)
    # A broken camera is not in `config`; only when none is broken do the positions agree.
    if len(config.cameras) == len(document.get("cameras", ())):
        for index, camera in enumerate(config.cameras):
            found += _camera(camera, ("cameras", index), folder)
    found += check_devices(document, config)
    found += check_access(document, config)
    if config.storage.ring_days > 366:
        found.append(Finding(("storage", "ring_days"), "expected at most 366: a node is no archive"))
    return found


def _tables(document: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    tables = document.get(key)
    for index, table in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(table, Mapping):
            yield index, table


def _doubled(document: Mapping[str, Any], key: str) -> Iterable[Finding]:
    first: dict[object, int] = {}
    for index, table in _tables(document, key):
        name = table.get("id")
        if not isinstance(name, str):
            continue
        if name in first:
            yield Finding((key, index, "id"), f'"{name}" is taken already by {key}[{first[name]}]')
        first.setdefault(name, index)


def _lanes(document: Mapping[str, Any], key: str) -> Iterable[Finding]:
    known = [table["id"] for _, table in _tables(document, "lanes") if isinstance(table.get("id"), str)]
    for index, table in _tables(document, key):
        lane = table.get("lane")
        if isinstance(lane, str) and lane not in known:
            there = f"expected one of {', '.join(known)}" if known else "there is no [[lanes]] at all"
            yield Finding((key, index, "lane"), f'no lane "{lane}"; {there}')


def _site(config: Config) -> Iterable[Finding]:
    try:
        zoneinfo.ZoneInfo(config.site.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield Finding(
            ("site", "timezone"), f'expected an IANA time zone such as "Asia/Shanghai", got "{config.site.timezone}"'
        )


def _gateway(gateway: Gateway) -> Iterable[Finding]:
    if not gateway.brokers:
        yield Finding(("gateway", "brokers"), 'expected at least one, such as "mqtt://127.0.0.1:1883"')
    for index, broker in enumerate(gateway.brokers):
        yield from _address(broker, ("gateway", "brokers", index), "mqtt", "mqtts")
    yield from _address(gateway.url, ("gateway", "url"), "http", "https")


def _address(text: str, where: Where, plain: str, secure: str) -> Iterable[Finding]:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        yield Finding(where, f'not an address: {error} in "{text}"')
        return
    if parts.scheme not in (plain, secure) or not host:
        yield Finding(where, f'expected {plain}://host:port or {secure}://host:port, got "{text}"')
    elif parts.username or parts.password:
        yield Finding(where, "expected no user or password here; the node's secret is in token_file")
    elif parts.scheme == plain and not is_loopback(host):
        yield Finding(where, f"the node's secret would cross the network unprotected: use {secure}:// beyond loopback")


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine by name or address; nothing is looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _camera(camera: Camera, where: Where, folder: Path) -> Iterable[Finding]:
    yield from _source(camera.source, (*where, "source"), folder)
    if camera.sub:
        yield from _sub(camera, (*where, "sub"), folder)
    if not camera.senses:
        yield Finding((*where, "senses"), 'expected at least one of "face", "plate", "body"')
    if camera.line is not None and camera.line[0] == camera.line[1]:
        yield Finding((*where, "line"), "expected two different points")
    if camera.zone is not None and len(set(camera.zone)) < 3:
        yield Finding((*where, "zone"), f"expected at least three different points, got {len(set(camera.zone))}")
    if camera.loop and "://" in camera.source:
        yield Finding((*where, "loop"), "expected false: only a file can start again at its end")


def _sub(camera: Camera, where: Where, folder: Path) -> Iterable[Finding]:
    streams = re.compile(r"rtsps?://", re.IGNORECASE)
    if not (streams.match(camera.sub) and streams.match(camera.source)):
        yield Finding(where, "expected an rtsp:// address beside one in source: only such a camera has two")
    else:
        yield from _source(camera.sub, where, folder)


def _source(source: str, where: Where, folder: Path) -> Iterable[Finding]:
    scheme = re.match(r"^([A-Za-z][A-Za-z0-9+.-]*)://", source)
    if not source.strip():
        yield Finding(where, f"expected {_SOURCES}, got nothing")
    elif scheme and scheme[1].lower() not in ("rtsp", "rtsps"):
        yield Finding(where, f'expected {_SOURCES}, got "{scheme[1]}://"')
    elif scheme and not _host(source):
        yield Finding(where, f'expected a host in "{source}"')
    elif not scheme and source.startswith("/dev/"):
        if not re.match(r"^/dev/(video\d+|v4l/.+)$", source):
            yield Finding(where, f'expected /dev/videoN or /dev/v4l/..., got "{source}"')
    elif not scheme and not _may_be_file(source, folder):
        yield Finding(where, f'expected {_SOURCES}; "{source}" is none of these')


def _may_be_file(source: str, folder: Path) -> bool:
    if os.path.exists(folder / os.path.expanduser(source)):  # noqa: PTH110, PTH111 - those of pathlib raise
        return True
    return bool(_VIDEOS.search(source)) and not _ADDRESS.match(source)


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
