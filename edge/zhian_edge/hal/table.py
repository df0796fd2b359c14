"""Which class drives what, loaded only when it is configured: a node needs the packages of its own devices alone."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Final, Literal, NamedTuple, TypeAlias, cast

from zhian_edge.config.actuators import Barrier as BarrierSettings
from zhian_edge.config.actuators import Input as InputSettings
from zhian_edge.config.actuators import OsdpBarrier, OsdpInput
from zhian_edge.config.readers import Reader as ReaderSettings
from zhian_edge.config.types import Config
from zhian_edge.errors import DriverMissing
from zhian_edge.extras import pip_install
from zhian_edge.hal.contracts import Barrier, CardReader, InputPort

Kind = Literal["reader", "barrier", "input"]
Settings: TypeAlias = ReaderSettings | BarrierSettings | InputSettings
_DRIVERS: Final = "zhian_edge.hal.drivers."


class Entry(NamedTuple):
    """One driver of one kind of device.

    Attributes:
        kind, driver: as the configuration names it.
        module, name: the class; made with its settings, and with its line where it shares one.
        extra: `pip install 'zhian[EXTRA]'`; empty when nothing is needed. needs: the modules that this brings.
        met: the software of somebody else that it was tried against, in another process; empty: none.
        line: function of `module` that makes, from all settings on one link, what they share.
    """

    kind: Kind
    driver: str
    module: str
    name: str
    extra: str = ""
    needs: tuple[str, ...] = ()
    met: str = ""
    line: str = ""

    @property
    def mark(self) -> str:
        """Whether it met a real peer, in words."""
        return f"met {self.met}" if self.met else "untested on hardware"


_GPIO: Final = ("gpio", ("gpiod",), "gpio-sim of Linux 6.1 in QEMU")
_MODBUS: Final = ("modbus", ("pymodbus", "serial"), "pymodbus' server")
_OSDP: Final = ("osdp", ("osdp", "serial"), "libosdp's peripheral device")
#: No package, no hardware: what it "met" is a script.
TABLE: Final[tuple[Entry, ...]] = (
    Entry("reader", "osdp", "osdp", "OsdpReaderDriver", *_OSDP, line="line"),
    Entry("barrier", "osdp", "osdp", "OsdpBarrierDriver", *_OSDP, line="line"),
    Entry("input", "osdp", "osdp", "OsdpInputDriver", *_OSDP, line="line"),
    Entry("reader", "llrp", "llrp", "LlrpReaderDriver", "llrp", ("llrpkit",), "llrpkit's emulator"),
    Entry("reader", "virtual", "virtual", "VirtualReaderDriver", met="a script"),
    Entry("reader", "serial-board", "serial_board", "SerialBoardDriver", "serial", ("serial",)),
    Entry("reader", "pcsc", "pcsc", "PcscDriver", "pcsc", ("smartcard",), met="pcscd 1.9.9 with vsmartcard-vpcd 3.3"),
    Entry("reader", "wedge", "wedge", "WedgeDriver", "wedge", ("evdev",), met="uinput of Linux 6.1 in QEMU"),
    Entry("barrier", "modbus", "modbus", "ModbusBarrierDriver", *_MODBUS, line="line"),
    Entry("input", "modbus", "modbus", "ModbusInputDriver", *_MODBUS, line="line"),
    Entry("reader", "wiegand", "wiegand", "WiegandDriver", "gpio", ("gpiod",), met="gpio-sim of Linux 6.1 in QEMU"),
    Entry("barrier", "onvif", "onvif", "OnvifBarrierDriver", "onvif", ("onvif",)),
    Entry("barrier", "gpio", "gpio", "GpioBarrierDriver", *_GPIO),
    Entry("input", "gpio", "gpio", "GpioInputDriver", *_GPIO),
    Entry("barrier", "virtual", "virtual", "VirtualBarrierDriver", met="a script"),
    Entry("input", "virtual", "virtual", "VirtualInputDriver", met="a script"),
)


def entry_for(kind: Kind, driver: str) -> Entry:
    """The entry of a driver that the configuration's types know."""
    return next(entry for entry in TABLE if (entry.kind, entry.driver) == (kind, driver))


class Devices:
    """Makes the devices of one configuration; those on one line share it. Nothing is opened.

    Raises (each method):
        DriverMissing: naming the extra that brings the driver's package.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lines: dict[str, Any] = {}

    def reader(self, settings: ReaderSettings) -> CardReader:
        """The reader of these settings."""
        return cast(CardReader, self._made("reader", settings))

    def barrier(self, settings: BarrierSettings) -> Barrier:
        """The barrier of these settings."""
        return cast(Barrier, self._made("barrier", settings))

    def input(self, settings: InputSettings) -> InputPort:
        """The input of these settings."""
        return cast(InputPort, self._made("input", settings))

    def _made(self, kind: Kind, settings: Settings) -> object:
        entry = entry_for(kind, driver_of(settings))
        missing = [need for need in entry.needs if find_spec(need) is None]
        if missing:
            raise DriverMissing(
                f"{kind} {settings.id}: the package {missing[0]} is missing: {pip_install(entry.extra)}"
            )
        try:
            module = importlib.import_module(_DRIVERS + entry.module)
        except ImportError as error:  # a package whose own library is not on this machine
            raise DriverMissing(f"{kind} {settings.id}: its driver cannot be loaded: {error}") from error
        driver = getattr(module, entry.name)
        return driver(settings, self._line(entry, module, settings)) if entry.line else driver(settings)

    def _line(self, entry: Entry, module: Any, settings: Settings) -> object:
        link = self._link(settings)
        if link not in self._lines:
            self._lines[link] = getattr(module, entry.line)(self._members(link))
        return self._lines[link]

    def _members(self, link: str) -> Sequence[Settings]:
        config = self._config
        return [
            each
            for each in (*config.readers, *config.barriers, *config.inputs, *config.sirens)
            if self._link(each) == link
        ]

    def _link(self, settings: Settings) -> str:
        """Where a device is reached; one that is part of a reader, where that reader is."""
        if isinstance(settings, OsdpBarrier | OsdpInput):
            return self._link(next(each for each in self._config.readers if each.id == settings.reader))
        return str(getattr(settings, "link", ""))


def driver_of(settings: Settings) -> str:
    """The driver's name, as the configuration has it."""
    return str(settings.__struct_config__.tag)
