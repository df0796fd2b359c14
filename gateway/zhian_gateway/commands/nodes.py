"""`zhian-gateway nodes`: how every node is, as the running gateway knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
import typer

from ..operations.asking import ask_running
from .common import DEFAULT, ConfigFile, ConfigOption, opened, print_table

UNKNOWN: Final = "unknown"
COLUMNS: Final = ("node", "state", "version", "since", "clock", "disk", "memory", "temp", "load", "backlog", "cameras")


def nodes(
    as_json: Annotated[bool, typer.Option("--json", help="Everything that is known, one JSON line per node.")] = False,
    config: ConfigFile = None,
    option: ConfigOption = DEFAULT,
) -> None:
    """Per node: program, clock, disk, memory, temperature, what it still has to send, and its cameras' last pictures.

    Exit code 1 when one of them is not online.
    """
    with opened(config or option) as parts:
        found = msgspec.json.decode(ask_running(parts, "/health/nodes"))["items"]
    if as_json:
        for node in found:
            print(msgspec.json.encode(node).decode())
    else:
        print_table([COLUMNS, *map(line, found)])
    if any(node["state"] != "online" for node in found):
        raise typer.Exit(1)


def line(node: Mapping[str, Any]) -> tuple[str, ...]:
    """One node in words; what is not known says so."""
    machine = node["machine"] or {}
    return (
        node["id"],
        node["state"],
        node["version"] or UNKNOWN,
        machine.get("since") or UNKNOWN,
        _clock(node, machine),
        _share(machine, "disk"),
        _share(machine, "memory"),
        _known(machine.get("temperature_c"), "{:.0f} C"),
        _known(machine.get("load"), "{:.2f}"),
        f"{node['outbox']} events, {node['pictures']} pictures",
        ", ".join(map(_camera, node["cameras"])) or "none",
    )


def _clock(node: Mapping[str, Any], machine: Mapping[str, Any]) -> str:
    return f"{machine.get('clock') or UNKNOWN} {_known(node['clock_ahead_s'], '{:+.1f} s')}"


def _share(machine: Mapping[str, Any], what: str) -> str:
    free, total = machine.get(f"{what}_free_mb"), machine.get(f"{what}_total_mb")
    return UNKNOWN if free is None or total is None else f"{free / 1024:.1f} of {total / 1024:.1f} GiB free"


def _camera(camera: Mapping[str, Any]) -> str:
    return f"{camera['id']} {camera['state']} {_known(camera['last_frame_age_s'], '{:.1f} s')}"


def _known(value: float | None, how: str) -> str:
    return UNKNOWN if value is None else how.format(value)
