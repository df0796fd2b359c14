"""What the contract demands of the other side of a barrier, and who there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from contract.cabled import CabledBarrier, Order
from contract.peer import Peer
from contract.peer_gpio import GpioPeer
from contract.peer_osdp import KEY, OsdpPeer
from contract.peer_wiegand import usable as gpio_sim
from contract.talking import Talking
from contract.wire import Pty, Tcp
from zhian_edge.config.actuators import (
    ModbusBarrier,
    ModbusInput,
    OnvifBarrier,
    OsdpBarrier,
    OsdpInput,
    VirtualBarrier,
    VirtualInput,
)
from zhian_edge.hal.contracts import Barrier
from zhian_edge.hal.drivers.modbus import ModbusBarrierDriver, ModbusInputDriver, ModbusLine
from zhian_edge.hal.drivers.onvif import OnvifBarrierDriver
from zhian_edge.hal.drivers.osdp import OsdpBarrierDriver, OsdpInputDriver, line
from zhian_edge.hal.drivers.virtual import VirtualBarrierDriver, VirtualInputDriver


class BarrierPeer(Peer, Protocol):
    """A barrier's other side. What `cut` spoils is the answer to the next order; it returns at once."""

    def barrier(self) -> Barrier:
        """A driver for it."""
        ...

    def orders(self) -> list[Order]:
        """What came to it, since it was first started."""
        ...


class VirtualBarrierPeer:
    driver = "virtual"
    version = "a journal"

    def __init__(self, folder: Path) -> None:
        self._journal, self._script = folder / "journal.jsonl", folder / "script.jsonl"
        self._away = folder / "away.jsonl"
        self._away.touch()

    def start(self) -> None:
        self._away.rename(self._script)

    def kill(self) -> None:
        self._script.rename(self._away)

    def close(self) -> None:
        """They are files of the test's own folder."""

    def barrier(self) -> VirtualBarrierDriver:
        settings = VirtualBarrier(id="boom", lane="main", journal=str(self._journal), script=str(self._script))
        return VirtualBarrierDriver(settings)

    def orders(self) -> list[Order]:
        words = {"pulse": "pulse", "hold": "on", "shut": "off"}
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        return [(words[order["order"]], order["ms"]) for order in map(json.loads, lines)]

    def input(self) -> VirtualInputDriver:
        return VirtualInputDriver(VirtualInput(id="help", role="help", script=str(self._script)))

    def press(self, level: int) -> None:
        self._append(json.dumps({"state": "active" if level else "idle"}))

    def garbage(self) -> None:
        self._append("\x00 no script")

    def cut(self) -> None:
        self._append('{"door": "op')

    def spoil(self) -> None:
        self.cut()

    def _append(self, text: str) -> None:
        with self._script.open("a") as file:
            file.write(text + "\n")


class ModbusPeer(CabledBarrier[Pty | Tcp]):
    driver = "modbus"

    def __init__(self, wire: Tcp | Pty) -> None:
        link = str(wire.peer_port) if isinstance(wire, Tcp) else wire.peer_end
        super().__init__(wire, Talking("modbus_board.py", link))

    @classmethod
    def over_tcp(cls, _folder: Path) -> ModbusPeer:
        return cls(Tcp())

    @classmethod
    def over_pty(cls, _folder: Path) -> ModbusPeer:
        return cls(Pty())

    @property
    def version(self) -> str:
        return f"{self.device.version} server, {'RTU on ' * isinstance(self.wire, Pty)}{self.wire.kind}"

    @property
    def settings(self) -> ModbusBarrier:
        return ModbusBarrier(id="boom", lane="main", link=self.wire.driver_end, relay=1, contact=2)

    def barrier(self) -> ModbusBarrierDriver:
        return ModbusBarrierDriver(self.settings, ModbusLine(self.settings))

    def input(self) -> ModbusInputDriver:
        settings = ModbusInput(id="help", role="help", link=self.wire.driver_end, input=5, settle_s=0.0)
        return ModbusInputDriver(settings, ModbusLine(settings))

    def press(self, level: int) -> None:
        self.device.tell(input=5, level=level)

    def garbage(self) -> None:
        self.wire.noise(b"\x01\x85\xffnoise\x00\x01")


class OsdpBarrierPeer(OsdpPeer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, Pty(), KEY.hex(), "inputs")

    def barrier(self) -> OsdpBarrierDriver:
        settings = OsdpBarrier(id="boom", lane="main", reader="osdp", contact=1)
        return OsdpBarrierDriver(settings, line([self.settings]))

    def orders(self) -> list[Order]:
        """Control codes of osdp_OUT: 1 is off, 2 on, 5 on for a time."""
        words = {1: "off", 2: "on", 5: "pulse"}
        said = [*self.device.earlier, *self.device.said]
        given = [line["command"] for line in said if "output_no" in line.get("command", {})]
        return [(words[each["control_code"]], each["timer_count"] * 100) for each in given]

    def input(self) -> OsdpInputDriver:
        settings = OsdpInput(id="help", role="help", reader="osdp", input=0)
        return OsdpInputDriver(settings, line([self.settings]))

    def press(self, level: int) -> None:
        self.device.tell(inputs=[level, 0])

    def cut(self) -> None:
        self.wire.begin_cut()


class OnvifPeer(CabledBarrier[Tcp]):
    driver = "onvif"

    def __init__(self, folder: Path) -> None:
        wire = Tcp()
        super().__init__(wire, Talking("onvif_station.py", str(wire.peer_port), str(wire.port), "admin", "s3cret"))
        self._secret = folder / "password"
        self._secret.touch(mode=0o600)
        self._secret.write_text("s3cret")

    @property
    def version(self) -> str:
        return f"{self.device.version}, its relay by us"

    @property
    def settings(self) -> OnvifBarrier:
        return OnvifBarrier(
            id="boom", lane="main", host="127.0.0.1", port=self.wire.port, user="admin", password_file=str(self._secret)
        )

    def barrier(self) -> OnvifBarrierDriver:
        return OnvifBarrierDriver(self.settings)

    def garbage(self) -> None:
        """Before the answer to the next request."""
        self.wire.precede(b"\x00 no HTTP \r\n\r\n")


BARRIERS: Final[dict[str, Callable[[Path], BarrierPeer]]] = {
    "virtual": VirtualBarrierPeer,
    "modbus-tcp": ModbusPeer.over_tcp,
    "modbus-rtu": ModbusPeer.over_pty,
    "osdp": OsdpBarrierPeer,
    "onvif": OnvifPeer,
    **({"gpio": GpioPeer} if gpio_sim() else {}),
}

#: Peers on serial lines, which take their time.
SLOW: Final = frozenset({"modbus-rtu", "osdp"})
