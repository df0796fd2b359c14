"""What types cannot say about readers, barriers, inputs and sirens: shared lines, keys that are needed, links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import msgspec
from zhian_wire.toml_lines import Finding, Where

from zhian_edge.config.actuators import Barrier, Input, OsdpBarrier, OsdpInput
from zhian_edge.config.readers import OsdpReader, Reader, SerialReader, WedgeReader, WiegandReader
from zhian_edge.config.sirens import Siren
from zhian_edge.config.types import Config

_Device: TypeAlias = Reader | Barrier | Input | Siren
_Place = tuple[Where, _Device]
KINDS: Final = ("readers", "barriers", "inputs", "sirens")
#: Keys by which devices that share a line must agree.
_OF_A_LINE: Final = ("baud", "parity")


def check_devices(document: Mapping[str, Any], config: Config) -> Iterator[Finding]:
    """Everything wrong among the devices of `config`, whose types are right."""
    places = [
        ((kind, index), device)
        for kind in KINDS
        # One whose types are wrong is not in `config`; then the positions do not agree.
        if len(getattr(config, kind)) == len(document.get(kind, ()))
        for index, device in enumerate(getattr(config, kind))
    ]
    yield from _names(places)
    yield from _links(places)
    yield from _lines(places)
    yield from _alone(places)
    yield from _osdp(places, {reader.id: reader for reader in config.readers})
    yield from _barriers(config)
    yield from _desks(places)


def _names(places: Iterable[_Place]) -> Iterator[Finding]:
    """One name means one device: tools and events name them without their kind."""
    taken: dict[str, Where] = {}
    for where, device in places:
        if device.id in taken and taken[device.id][0] != where[0]:
            kind, index = taken[device.id]
            yield Finding((*where, "id"), f'"{device.id}" is taken already by {kind}[{index}]')
        taken.setdefault(device.id, where)


def _links(places: Iterable[_Place]) -> Iterator[Finding]:
    for where, device in places:
        link = getattr(device, "link", None)
        if link is not None and (wrong := _link_fault(link)):
            yield Finding((*where, "link"), wrong)


def _link_fault(link: str) -> str:
    expected = f'expected tcp://host:port or /dev/..., got "{link}"'
    if link.startswith("/dev/"):
        return ""
    try:
        parts = urlsplit(link)
        whole = parts.scheme == "tcp" and parts.hostname and parts.port and parts.path in ("", "/")
    except ValueError:
        return expected
    return "" if whole else expected


def _lines(places: Iterable[_Place]) -> Iterator[Finding]:
    """Who shares a line agrees about it, and speaks one protocol."""
    first: dict[str, _Place] = {}
    for where, device in places:
        link = getattr(device, "link", None)
        if link is None:
            continue
        there, other = first.setdefault(link, (where, device))
        driver = _driver(device)
        if driver != _driver(other):
            yield Finding(
                (*where, "link"), f"{there[0]}[{there[1]}] speaks {_driver(other)} on this line, not {driver}"
            )
            continue
        for key in _OF_A_LINE:
            ours, theirs = getattr(device, key, None), getattr(other, key, None)
            if ours != theirs:
                yield Finding((*where, key), f"{there[0]}[{there[1]}] on the same line says {theirs}, not {ours}")


def _alone(places: Iterable[_Place]) -> Iterator[Finding]:
    """What one reader has for itself: a board its line, a wedge its keys, Wiegand each of its two wires."""
    taken: dict[object, str] = {}
    for where, device in places:
        if isinstance(device, SerialReader):
            had: dict[str, object] = {"link": device.link}
        elif isinstance(device, WedgeReader):
            had = {"device": device.device}
        elif isinstance(device, WiegandReader):
            had = {"d0": (device.chip, device.d0), "d1": (device.chip, device.d1)}
        else:
            continue
        for key, what in had.items():
            if (owner := taken.setdefault(what, f"{device.id} {key}")) != f"{device.id} {key}":
                yield Finding((*where, key), f'"{owner.split(" ")[0]}" has it for itself already')


def _osdp(places: Iterable[_Place], readers: Mapping[str, Reader]) -> Iterator[Finding]:
    taken: dict[tuple[str, int], str] = {}
    for where, device in places:
        if isinstance(device, OsdpReader):
            if device.security != "plain-text-anybody-can-read" and not device.key_file:
                yield Finding((*where, "key_file"), f"missing; {device.security} needs the file of the reader's key")
            owner = taken.setdefault((device.link, device.address), device.id)
            if owner != device.id:
                yield Finding((*where, "address"), f'{device.address} on this line is "{owner}" already')
        elif isinstance(device, OsdpBarrier | OsdpInput) and not isinstance(readers.get(device.reader), OsdpReader):
            yield Finding((*where, "reader"), f'there is no OSDP reader "{device.reader}" among the [[readers]]')


def _barriers(config: Config) -> Iterator[Finding]:
    """An order goes to a lane, so a lane has one barrier."""
    first: dict[str, str] = {}
    for index, barrier in enumerate(config.barriers):
        owner = first.setdefault(barrier.lane, barrier.id)
        if owner != barrier.id:
            yield Finding(("barriers", index, "lane"), f'"{barrier.lane}" has the barrier "{owner}" already')


def _desks(places: Iterable[_Place]) -> Iterator[Finding]:
    """What is presented at a desk must open no lane, by whichever mistake."""
    for where, device in places:
        if getattr(device, "use", "lane") == "desk" and device.lane:
            yield Finding((*where, "lane"), 'a reader with use = "desk" belongs to no lane: leave the lane out')


def _driver(device: msgspec.Struct) -> str:
    return str(device.__struct_config__.tag)
