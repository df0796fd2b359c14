"""The child process that speaks OSDP: libosdp may crash or leak here without harm to the gate.

One thread does everything: it refreshes the panel, lets its handlers run inside of that, and submits commands between.
"""

from __future__ import annotations

import itertools
import select
import socket
import sys
from collections import deque
from collections.abc import Sequence
from typing import Any, Final, Literal

import osdp
import osdp_sys
from osdp import Capability, Command, CompletionStatus, Event, LibFlag, LogLevel, StatusReportType

from zhian_edge.errors import DeviceLost, DeviceRefused, EdgeError
from zhian_edge.hal.contracts import Capabilities, Feedback
from zhian_edge.hal.drivers.osdp_watch import Questions, Watchdog
from zhian_edge.hal.drivers.osdp_words import (
    BeginLine,
    Carded,
    Described,
    DeviceState,
    Done,
    FromLine,
    LineLost,
    Peripheral,
    Reported,
    SetKey,
    SetOutput,
    Show,
    Stop,
    ToLine,
)
from zhian_edge.hal.links import Link, open_link
from zhian_edge.process.clock import mono_ms
from zhian_edge.process.ipc import Channel, ChannelClosed

#: libosdp wants to be refreshed every 50 ms at least.
TICK_S: Final = 0.02
BEAT_MS: Final = 500
_MOST: Final = 1 << 16
_START: Final = 0x53
#: A device answers each 50 ms. libosdp itself repeats its question for 8 s before it says that nobody answers.
SILENT_MS: Final = 1500
#: Reports by libosdp's names.
_REPORTS: Final = {
    StatusReportType.Input: "inputs",
    StatusReportType.Output: "outputs",
    StatusReportType.Local: "local",
}
#: What a device must be able to do to be asked for a report.
_ASKED: Final = {
    Capability.ContactStatusMonitoring: StatusReportType.Input,
    Capability.OutputControl: StatusReportType.Output,
}
#: What became of a question; libosdp aborts or flushes it when the device is lost.
_OUTCOME: Final[dict[int, Literal["told", "refused"]]] = {
    CompletionStatus.Ok: "told",
    CompletionStatus.Failed: "refused",
}
#: OSDP 2.2, table 21 (osdp_OUT): permanent off and on, each ending a pulse; temporarily on.
_CONTROL: Final = {"off": 1, "on": 2, "pulse": 5}
#: Colour, and number of beeps.
_FEEDBACK: Final[dict[Feedback, tuple[int, int]]] = {
    "granted": (osdp.CommandLEDColor.Green, 1),
    "refused": (osdp.CommandLEDColor.Red, 3),
    "wait": (osdp.CommandLEDColor.Amber, 0),
    "idle": (osdp.CommandLEDColor.Black, 0),
}
#: A feedback lasts so long, in tenths of a second.
_SHOWN: Final = 15
#: Number of commands that nobody waits for; that of a question for the state of inputs or outputs is below it.
_NOBODY: Final = 0


class Wire(osdp.Channel):  # type: ignore[misc]
    """The line as libosdp sees it. It must never raise there, so a fault is kept for whoever asks."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self._link = link
        self._came = bytearray()
        self.fault: EdgeError | None = None
        self.received = 0
        self.heard_ms: dict[int, int] = {}

    def take_in(self) -> None:
        """Read what is there, so that nothing is waited for later."""
        try:
            data = self._link.read(0)
        except EdgeError as error:
            self.fault = error
            return
        self.received += len(data)
        # A packet begins with 0x53, then the address; answers have its highest bit set.
        for start, address in itertools.pairwise(data):
            if start == _START and address & 0x80:
                self.heard_ms[address & 0x7F] = mono_ms()
        self._came += data
        del self._came[:-_MOST]

    def read(self, max_bytes: int) -> bytes:
        """As libosdp calls it."""
        data = bytes(self._came[:max_bytes])
        del self._came[:max_bytes]
        return data

    def write(self, buf: bytes) -> int:
        """As libosdp calls it."""
        try:
            self._link.write(bytes(buf))
        except EdgeError as error:
            self.fault = error
        return len(buf)

    def flush(self) -> None:
        """As libosdp calls it: what came before is of no use any more."""
        self._came.clear()


class _Device:
    """What is known of one device on the line."""

    def __init__(self, peripheral: Peripheral) -> None:
        self.address = peripheral.address
        self.security = peripheral.security
        self.watchdog = Watchdog()
        self.orders: deque[int] = deque()
        self.default_key = False
        self.lights = self.sounds = False
        self.questions = Questions()
        self.open_questions = 0
        self.said: DeviceState | None = None
        self.heard = 0


class Panel:
    """The panel's side of one line."""

    def __init__(self, begin: BeginLine, link: Link, channel: Channel) -> None:
        self._channel = channel
        self.wire = Wire(link)
        self._devices = [_Device(peripheral) for peripheral in begin.peripherals]
        osdp_sys.set_loglevel(LogLevel.Critical)
        infos = [_info(peripheral, self.wire).get() for peripheral in begin.peripherals]
        self._panel = osdp_sys.ControlPanel(infos)
        self._panel.set_event_callback(self._happened)
        self._panel.set_command_completion_callback(self._completed)
        self._outgoing: list[FromLine] = []
        self._told_ms = 0

    def step(self, now_ms: int) -> None:
        """One refresh: whatever is due on the line, then the watchdogs, then what the node must know.

        Raises:
            DeviceLost, DeviceRefused: the line is gone.
            ChannelClosed: the node is gone.
        """
        self._panel.refresh()
        if self.wire.fault is not None:
            raise self.wire.fault
        secure, online = self._panel.sc_status(), self._panel.status()
        for index, device in enumerate(self._devices):
            usable = (
                bool(online >> index & 1)
                and self._is_private(device, active=bool(secure >> index & 1))
                and now_ms - self.wire.heard_ms.get(device.address, -SILENT_MS) < SILENT_MS
            )
            self._watch(index, device, now_ms, usable=usable)
            if usable:
                self._ask(index, device)
            self._tell(index, device, up=usable and not device.open_questions)
        if now_ms - self._told_ms >= BEAT_MS:
            self._told_ms = now_ms
            self._outgoing += [device.said for device in self._devices if device.said is not None]
        for message in self._outgoing:
            self._channel.send(message)
        self._outgoing.clear()

    def obey(self, order: Show | SetOutput | SetKey) -> None:
        """Submit an order to its device."""
        index = next(index for index, device in enumerate(self._devices) if device.address == order.address)
        device = self._devices[index]
        if isinstance(order, Show):
            self._show(index, device, order.feedback)
        elif isinstance(order, SetKey):
            # Only with a channel that is encrypted by the present key does libosdp send a new one.
            self._submit(index, {"command": Command.Keyset, "type": 1, "data": order.key}, order.number)
        else:
            command = {
                "command": Command.Output,
                "output_no": order.output,
                "control_code": _CONTROL[order.state],
                "timer_count": order.tenths,
            }
            self._submit(index, command, order.number)

    def _is_private(self, device: _Device, *, active: bool) -> bool:
        if device.security == "plain-text-anybody-can-read":
            return True
        return active and not device.default_key

    def _watch(self, index: int, device: _Device, now_ms: int, *, usable: bool) -> None:
        move = device.watchdog.step(now_ms, active=usable, enabled=bool(self._panel.is_pd_enabled(index)))
        if move == "disable":
            # What waits for a device that is away must not be carried out when it is back.
            self._panel.flush_commands(index)
            self._panel.disable_pd(index)
        elif move == "enable":
            device.default_key = False
            device.questions.again()
            self._panel.enable_pd(index)

    def _tell(self, index: int, device: _Device, *, up: bool) -> None:
        said = device.said
        if up and not (said and said.up):
            self._outgoing.append(self._description(index, device))
        if up:
            device.heard = self.wire.received
        state = DeviceState(
            address=device.address,
            up=up,
            default_key=device.default_key,
            answered=up or self.wire.received > device.heard,
            restarts=device.watchdog.restarts,
        )
        if state != said:
            device.said = state
            self._outgoing.append(state)

    def _ask(self, index: int, device: _Device) -> None:
        """How inputs and outputs are, before it counts as up; later changes come by themselves."""
        able = [report for capability, report in _ASKED.items() if self._number_of(index, capability)]
        for report in device.questions.due(able):
            if self._panel.submit_command(index, {"command": Command.Status, "type": report}):
                device.orders.append(_NOBODY - 1 - report)
                device.open_questions += 1

    def _description(self, index: int, device: _Device) -> Described:
        facts = self._panel.get_pd_id(index) or {}
        device.lights = self._number_of(index, Capability.LEDControl) > 0
        device.sounds = self._panel.check_capability(index, Capability.AudibleControl)[0] > 0
        firmware = facts.get("firmware_version", 0)
        return Described(
            address=device.address,
            model=f"{facts.get('vendor_code', 0):06X}-{facts.get('model', 0)}.{facts.get('version', 0)}",
            firmware=".".join(str(firmware >> shift & 0xFF) for shift in (16, 8, 0)),
            serial=f"{facts.get('serial_number', 0) & 0xFFFFFFFF:08X}",
            capabilities=Capabilities(
                lights=device.lights,
                sounds=device.sounds,
                texts=self._panel.check_capability(index, Capability.TextOutput)[0] > 0,
                secure=self._panel.check_capability(index, Capability.CommunicationSecurity)[0] > 0,
                tamper=True,
                timed=True,
                reads_back=self._number_of(index, Capability.ContactStatusMonitoring) > 0,
            ),
            outputs=self._number_of(index, Capability.OutputControl),
            inputs=self._number_of(index, Capability.ContactStatusMonitoring),
        )

    def _number_of(self, index: int, capability: int) -> int:
        level, number = self._panel.check_capability(index, capability)
        return max(int(number), 1) if level else 0

    def _show(self, index: int, device: _Device, feedback: Feedback) -> None:
        colour, beeps = _FEEDBACK[feedback]
        if device.lights:
            light = {
                "command": Command.LED,
                "reader": 0,
                "led_number": 0,
                "temporary": True,
                "control_code": 2,
                "on_count": _SHOWN,
                "off_count": 0,
                "on_color": colour,
                "off_color": osdp.CommandLEDColor.Black,
                "timer_count": _SHOWN,
            }
            self._submit(index, light, _NOBODY)
        if device.sounds and beeps:
            sound = {"command": Command.Buzzer, "reader": 0, "control_code": 2, "on_count": 1, "off_count": 1}
            self._submit(index, {**sound, "rep_count": beeps}, _NOBODY)

    def _submit(self, index: int, command: dict[str, Any], number: int) -> None:
        device = self._devices[index]
        if device.said is not None and device.said.up and self._panel.submit_command(index, command):
            device.orders.append(number)
        elif number:
            self._outgoing.append(Done(number=number, result="failed"))

    def _completed(self, index: int, _command: dict[str, Any], status: int) -> None:
        """Called inside of `refresh`, once per submitted command and in their order."""
        device = self._devices[index]
        number = device.orders.popleft() if device.orders else _NOBODY
        if number < _NOBODY:
            device.open_questions -= 1
            device.questions.ended(_NOBODY - 1 - number, _OUTCOME.get(status, "lost"))
        elif number != _NOBODY:
            # A command that was flushed was never sent; one that failed or was cut off may have been carried out.
            results = {CompletionStatus.Ok: "done", CompletionStatus.Flushed: "failed"}
            self._outgoing.append(Done(number=number, result=results.get(status, "unknown")))  # type: ignore[arg-type]

    def _happened(self, index: int, event: dict[str, Any]) -> int:
        """Called inside of `refresh`. It must not raise; libosdp keeps the event's memory until it is cleared."""
        address, kind = self._devices[index].address, event.get("event")
        if kind == Event.CardRead:
            data, bits = bytes(event["data"]), int(event["length"])
            self._outgoing.append(Carded(address=address, at_ms=mono_ms(), bits=bits, data=data))
        elif kind == Event.Status and event.get("type") in _REPORTS:
            what = _REPORTS[event["type"]]
            self._outgoing.append(Reported(address=address, what=what, states=bytes(event["report"])))  # type: ignore[arg-type]
        elif kind == Event.Notification and event.get("type") == osdp.EventNotification.SecureChannelStatus:
            self._devices[index].default_key = bool(event["arg0"]) and bool(event["arg1"])
        event.clear()
        return 0


def _info(peripheral: Peripheral, wire: Wire) -> Any:
    """Without `EnforceSecure` a device with a wrong key would be online in plain text: only install mode needs that,
    and there nothing counts before the channel is encrypted by the new key."""
    flags = {
        "secure-channel": [LibFlag.EnforceSecure, LibFlag.EnableNotification],
        "install-mode": [LibFlag.InstallMode, LibFlag.EnableNotification],
        "plain-text-anybody-can-read": [LibFlag.EnableNotification],
    }[peripheral.security]
    return osdp.PDInfo(peripheral.address, wire, scbk=peripheral.key or None, flags=flags)


def serve(channel: Channel, wakes: Sequence[Any]) -> None:
    """Speak OSDP until the node says stop, or is gone."""
    begin = channel.receive(None)
    assert isinstance(begin, BeginLine)
    try:
        with open_link(begin.link, begin.baud) as link:
            panel = Panel(begin, link, channel)
            while _round(panel, channel, link, wakes):
                pass
    except (DeviceLost, DeviceRefused) as error:
        channel.send(LineLost(detail=str(error), refused=isinstance(error, DeviceRefused)))


def _round(panel: Panel, channel: Channel, link: Link, wakes: Sequence[Any]) -> bool:
    ready = select.select([link, *wakes], [], [], TICK_S)[0]
    if link in ready:
        panel.wire.take_in()
    while (order := channel.receive(0)) is not None:
        if isinstance(order, Stop):
            return False
        assert isinstance(order, Show | SetOutput | SetKey)
        panel.obey(order)
    panel.step(mono_ms())
    return True


def main() -> None:
    """Entry point: the first argument is the number of an inherited socket."""
    with socket.socket(fileno=int(sys.argv[1])) as sock:
        try:
            serve(Channel(sock, ToLine), [sock])
        except ChannelClosed:
            return


if __name__ == "__main__":
    main()
