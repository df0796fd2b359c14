"""Tries readers, inputs, barriers and sirens: as the running node has them, or else opened here for a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from zhian_edge.command_line import named
from zhian_edge.config.readers import OsdpReader
from zhian_edge.config.types import Config
from zhian_edge.devices import configured_devices
from zhian_edge.errors import EdgeError, LinkLost
from zhian_edge.finding import Finding
from zhian_edge.hal.reach import await_settled, reach, whereabouts
from zhian_edge.process.control import ask

_RESTART: Final = "restart it to try this"
#: What makes a device another one than before.
_SETTLED: Final = ("kind", "driver", "settings")


def devices(config: Config, path: Path) -> Iterator[Finding]:
    """Each device of `config`, which is that of the file `path`, and each that only the running node still has."""
    wanted = {each["name"]: each for each in configured_devices(config)}
    try:
        states, running = _states(config) if wanted else _left(config)
    except EdgeError as error:
        yield Finding("fail", f"devices: {error}", f"is the gate well? see `zhian-edge status{named(path)}`")
        return
    had = {state["name"]: state for state in states}
    lines = {reader.id: reader for reader in config.readers if isinstance(reader, OsdpReader)}
    for name, each in wanted.items():
        if running and not _same(each, had.get(name)):
            yield _other(each)
            continue
        state = had[name]
        if state["state"] == "ok" and not state["error"]:
            yield from _well(state, lines.get(name))
        else:
            yield Finding("fail", f"{_what(state)}: {state['error'] or state['state']}", _advice(state, path, running))
    yield from (_other(state) for name, state in had.items() if name not in wanted)


def _states(config: Config) -> tuple[list[dict[str, Any]], bool]:
    """How the devices are, and whether a running node says so."""
    with reach(config) as (ask_devices, running):
        await_settled(ask_devices)
        return ask_devices("devices"), running


def _left(config: Config) -> tuple[list[dict[str, Any]], bool]:
    """Nothing is to be opened; but a node that runs may still have devices."""
    try:
        return ask(Path(config.node.home), "devices"), True
    except LinkLost:
        return [], False


def _same(wanted: Mapping[str, Any], had: Mapping[str, Any] | None) -> bool:
    """Whether the running node has this device with these settings; one of an earlier version tells no fingerprint."""
    return had is not None and all(had.get(key, wanted[key]) == wanted[key] for key in _SETTLED)


def _what(device: Mapping[str, Any]) -> str:
    return f"{device['kind']} {device['name']}"


def _other(device: Mapping[str, Any]) -> Finding:
    return Finding("warn", f"{_what(device)}: not as in the running node", _RESTART)


def _well(state: Mapping[str, Any], line: OsdpReader | None) -> Iterator[Finding]:
    yield Finding("ok", f"{_what(state)}: {whereabouts(state)}")
    if line is not None:
        yield line_finding(line)


def _advice(state: Mapping[str, Any], path: Path, running: bool) -> str:
    """What to do beyond what the error says: a cable is no answer to what is missing on this machine."""
    if state.get("absent"):
        return "then restart the node" if running else ""
    if state["driver"] == "virtual":
        return ""
    if state["kind"] == "reader":
        return f"try `zhian-edge readers test {state['name']}{named(path)}`"
    return "check its cable"


def line_finding(reader: OsdpReader) -> Finding:
    """Who can read the line of a reader that answers; of one that does not, nothing is known."""
    if reader.security == "secure-channel":
        return Finding("ok", f"reader {reader.id}: its line is encrypted")
    if reader.security == "install-mode":
        return Finding(
            "warn", f"reader {reader.id}: install-mode", 'it has its key now: set security = "secure-channel"'
        )
    return Finding("warn", f"reader {reader.id}: its line is plain text", "whoever reaches the cable can copy cards")
