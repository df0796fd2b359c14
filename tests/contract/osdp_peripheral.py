"""An OSDP reader in a process of its own (libosdp's peripheral side): JSON lines in, JSON lines out.

Arguments: its link (`/dev/pts/N` or `tcp://host:port`, on which it listens), its key in hexadecimal (or `plain`, or
`install`), and `inputs` when it has two of them. In: `{"card": HEX, "bits": N}`, `{"inputs": [..]}`, `{"local": [..]}`
(tamper and power). Out: `{"ready": true, "version": TEXT}`, `{"done": N}` for each event that the panel took,
`{"command": {...}}`, `{"key": HEX}`.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import osdp
import osdp_sys
import serial
from osdp import Capability, Command, Event, LibFlag, StatusReportType

#: libosdp's Python peripheral gives away one reference to None with each command.
BALLAST = [None] * 1_000_000
REPORTS = {"local": StatusReportType.Local, "inputs": StatusReportType.Input, "outputs": StatusReportType.Output}


class Listening(osdp.Channel):
    """The end of a TCP line: whoever connected last is the panel."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._door = socket.create_server(("127.0.0.1", port))
        self._door.setblocking(False)
        self._panel: socket.socket | None = None

    def read(self, max_bytes: int) -> bytes:
        try:
            self._panel, _ = self._door.accept()
            self._panel.setblocking(False)
        except BlockingIOError:
            pass
        try:
            return self._panel.recv(max_bytes) if self._panel else b""
        except OSError:
            return b""

    def write(self, buf: bytes) -> int:
        try:
            return self._panel.send(buf) if self._panel else len(buf)
        except OSError:
            return len(buf)

    def flush(self) -> None:
        pass


class Wired(osdp.Channel):
    """The end of a serial line."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._port = serial.Serial(path, 9600, timeout=0)

    def read(self, max_bytes: int) -> bytes:
        return bytes(self._port.read(max_bytes))

    def write(self, buf: bytes) -> int:
        return int(self._port.write(buf))

    def flush(self) -> None:
        pass


def say(**words: Any) -> None:
    print(json.dumps(words, default=bytes.hex), flush=True)


def main(link: str, key: str, *more: str) -> None:
    channel = Listening(urlsplit(link).port or 0) if link.startswith("tcp:") else Wired(link)
    flags = {"plain": [], "install": [LibFlag.InstallMode]}.get(key, [LibFlag.EnforceSecure])
    scbk = None if key in ("plain", "install") else bytes.fromhex(key)
    abilities = [
        (Capability.LEDControl, 1, 1),
        (Capability.AudibleControl, 1, 1),
        (Capability.CommunicationSecurity, 1, 1),
        *([(Capability.OutputControl, 1, 2), (Capability.ContactStatusMonitoring, 1, 2)] if "inputs" in more else []),
    ]
    osdp_sys.set_loglevel(osdp.LogLevel.Emergency)
    info = osdp.PDInfo(0, channel, scbk=scbk, flags=flags)
    device = osdp_sys.PeripheralDevice(info.get(), capabilities=osdp.PDCapabilities(abilities).get())
    waiting: list[dict[str, Any]] = []
    done = 0

    def obey(command: dict[str, Any]) -> tuple[int, None]:
        say(command=command)
        if command["command"] == Command.Keyset:
            say(key=command["data"])
        if command["command"] == Command.Output:
            drawn = command["control_code"] in (2, 5)
            waiting.append(status("outputs", [int(drawn), 0]))
        return (-1 if command["command"] == Command.Status else 0), None

    def taken(_event: dict[str, Any], result: int) -> None:
        nonlocal done
        if result == 0:
            done += 1
            say(done=done)

    device.set_command_callback(obey)
    device.set_event_completion_callback(taken)
    say(ready=True, version=f"libosdp {version('libosdp')}")
    rest = b""
    while True:
        if select.select([sys.stdin], [], [], 0.005)[0]:
            data = os.read(0, 65536)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            waiting += [event_of(json.loads(line)) for line in lines]
        if waiting and device.submit_event(waiting[0]):
            del waiting[0]
        device.refresh()


def status(what: str, states: list[int]) -> dict[str, Any]:
    return {"event": Event.Status, "type": REPORTS[what], "report": bytes(states)}


def event_of(line: dict[str, Any]) -> dict[str, Any]:
    if "card" not in line:
        [(what, states)] = line.items()
        return status(what, states)
    card = {"event": Event.CardRead, "reader_no": 0, "direction": 0, "format": osdp.CardFormat.Unspecified}
    return {**card, "length": line["bits"], "data": bytes.fromhex(line["card"])}


if __name__ == "__main__":
    main(*sys.argv[1:])
