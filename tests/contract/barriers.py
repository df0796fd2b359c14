"""What the contract demands of the other side of a barrier, and who there is."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

from contract.peer_osdp import KEY, OsdpPeer
from contract.talking import Talking
from contract.wire import Pty, Tcp
from zhian_edge.config.actuators import ModbusBarrier, OnvifBarrier, OsdpBarrier, VirtualBarrier
from zhian_edge.hal.contracts import Barrier
from zhian_edge.hal.drivers.modbus import ModbusBarrierDriver, ModbusLine
from zhian_edge.hal.drivers.onvif import OnvifBarrierDriver
from zhian_edge.hal.drivers.osdp import OsdpBarrierDriver, line
from zhian_edge.hal.drivers.virtual import VirtualBarrierDriver

#: An order as the peer saw it: pulse, on or off; and for how many milliseconds.
Order = tuple[str, int]


class BarrierPeer(Protocol):
    """A barrier's other side: another process, of somebody else's code."""

    driver: str
    version: str

    def start(self) -> None: ...

    def kill(self) -> None:
        """As by kill -9."""
        ...

    def close(self) -> None:
        """The test is over: nothing of it is left."""
        ...

    def barrier(self) -> Barrier:
        """A driver for it."""
        ...

    def orders(self) -> list[Order]:
        """What came to it, since it was first started."""
        ...

    def garbage(self) -> None:
        """Bytes that mean nothing come to the driver."""
        ...

    def cut(self) -> None:
        """Have only a part of the answer to the next order arrive; returns at once."""
        ...


class VirtualBarrierPeer:
    driver = "virtual"
    version = "a journal"

    def __init__(self, folder: Path) -> None:
        self._journal, self._script = folder / "journal.jsonl", folder / "script.jsonl"
        self._script.touch()

    def start(self) -> None:
        self._script.touch()

    def kill(self) -> None:
        self._script.unlink()

    def close(self) -> None:
        """They are files of the test's own folder."""

    def barrier(self) -> VirtualBarrierDriver:
        settings = VirtualBarrier(id="boom", lane="main", journal=str(self._journal), script=str(self._script))
        return VirtualBarrierDriver(settings)

    def orders(self) -> list[Order]:
        words = {"pulse": "pulse", "hold": "on", "shut": "off"}
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        return [(words[order["order"]], order["ms"]) for order in map(json.loads, lines)]

    def garbage(self) -> None:
        self._append("\x00 no script")

    def cut(self) -> None:
        self._append('{"door": "op')

    def _append(self, text: str) -> None:
        with self._script.open("a") as file:
            file.write(text + "\n")


class ModbusPeer:
    driver = "modbus"

    def __init__(self, wire: Tcp | Pty) -> None:
        self.wire = wire
        over = "TCP" if isinstance(wire, Tcp) else "RTU on a pty"
        self.version = f"pymodbus {version('pymodbus')} server, {over}"
        self.device = Talking("modbus_board.py", str(wire.peer_port) if isinstance(wire, Tcp) else wire.peer_end)
        self._before: list[Order] = []

    @classmethod
    def over_tcp(cls, _folder: Path) -> ModbusPeer:
        return cls(Tcp())

    @classmethod
    def over_pty(cls, _folder: Path) -> ModbusPeer:
        return cls(Pty())

    def start(self) -> None:
        self._before = self.orders()
        self.device.start()

    def kill(self) -> None:
        self.device.kill()

    def close(self) -> None:
        self.kill()
        self.wire.close()

    @property
    def settings(self) -> ModbusBarrier:
        return ModbusBarrier(id="boom", lane="main", link=self.wire.driver_end, relay=1, contact=2)

    def barrier(self) -> ModbusBarrierDriver:
        return ModbusBarrierDriver(self.settings, ModbusLine(self.settings))

    def orders(self) -> list[Order]:
        return [*self._before, *((line["order"], line["ms"]) for line in list(self.device.said) if "order" in line)]

    def garbage(self) -> None:
        self.wire.noise(b"\x01\x85\xffnoise\x00\x01")

    def cut(self) -> None:
        self.wire.begin_cut()


class OsdpBarrierPeer(OsdpPeer):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, Pty(), KEY.hex(), "inputs")
        self._before: list[Order] = []

    def start(self) -> None:
        self._before = self.orders()
        super().start()

    def barrier(self) -> OsdpBarrierDriver:
        settings = OsdpBarrier(id="boom", lane="main", reader="osdp", contact=1)
        return OsdpBarrierDriver(settings, line([self.settings]))

    def orders(self) -> list[Order]:
        """Control codes of osdp_OUT: 1 is off, 2 on, 5 on for a time."""
        words = {1: "off", 2: "on", 5: "pulse"}
        said = [line["command"] for line in list(self.device.said) if "output_no" in line.get("command", {})]
        return [*self._before, *((words[c["control_code"]], c["timer_count"] * 100) for c in said)]

    def cut(self) -> None:
        self.wire.begin_cut()


class OnvifPeer:
    driver = "onvif"
    version = f"a SOAP station of ours, through onvif-zeep-async {version('onvif-zeep-async')}"

    def __init__(self, folder: Path) -> None:
        self.wire = Tcp()
        ports = str(self.wire.peer_port), str(self.wire.port)
        self.device = Talking("onvif_station.py", *ports, "admin", "s3cret")
        self._secret = folder / "password"
        self._secret.touch(mode=0o600)
        self._secret.write_text("s3cret")
        self._before: list[Order] = []

    def start(self) -> None:
        self._before = self.orders()
        self.device.start()

    def kill(self) -> None:
        self.device.kill()

    def close(self) -> None:
        self.kill()
        self.wire.close()

    @property
    def settings(self) -> OnvifBarrier:
        return OnvifBarrier(
            id="boom", lane="main", host="127.0.0.1", port=self.wire.port, user="admin", password_file=str(self._secret)
        )

    def barrier(self) -> OnvifBarrierDriver:
        return OnvifBarrierDriver(self.settings)

    def orders(self) -> list[Order]:
        return [*self._before, *((line["order"], line["ms"]) for line in list(self.device.said) if "order" in line)]

    def garbage(self) -> None:
        """Before the answer to the next request."""
        self.wire.precede(b"\x00 no HTTP \r\n\r\n")

    def cut(self) -> None:
        self.wire.begin_cut()


BARRIERS: Final[dict[str, Callable[[Path], BarrierPeer]]] = {
    "virtual": VirtualBarrierPeer,
    "modbus-tcp": ModbusPeer.over_tcp,
    "modbus-rtu": ModbusPeer.over_pty,
    "osdp": OsdpBarrierPeer,
    "onvif": OnvifPeer,
}

#: Peers on serial lines, which take their time.
SLOW: Final = frozenset({"modbus-rtu", "osdp"})
