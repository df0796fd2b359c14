"""A relay, a contact and a button on the kernel's simulated GPIO chip; where there is none, see `test_gpio`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contract.cabled import Order, Played, ordered
from contract.talking import Talking
from zhian_edge.config.actuators import GpioBarrier, GpioInput
from zhian_edge.hal.contracts import Barrier, InputPort


class GpioPeer(Played[Talking]):
    driver = "gpio"

    def __init__(self, _folder: Path) -> None:
        super().__init__(Talking("gpio_process.py"))

    @property
    def chip(self) -> str:
        return str(self.device.said[0]["chip"])

    def kill(self) -> None:
        """The chip is pulled out. Nobody may use it: kernels before 6.8 break when a chip goes whose lines are used."""
        if self.device.runs:
            self.device.tell(remove=True)
            self.device.await_said(lambda line: "removed" in line, "the chip's end")
            self.device.kill()

    def barrier(self, **settings: Any) -> Barrier:
        from zhian_edge.hal.drivers.gpio import GpioBarrierDriver  # noqa: PLC0415 - needs gpiod

        settings = {"line": 0, "contact": 1, **settings}
        return GpioBarrierDriver(GpioBarrier(id="boom", lane="main", chip=self.chip, **settings))

    def input(self) -> InputPort:
        from zhian_edge.hal.drivers.gpio import GpioInputDriver  # noqa: PLC0415 - needs gpiod

        return GpioInputDriver(GpioInput(id="help", role="help", chip=self.chip, line=2))

    def orders(self) -> list[Order]:
        return ordered(self.device)

    def level(self, line: int, level: int) -> None:
        self.device.tell(line=line, level=level)

    def press(self, level: int) -> None:
        """The button."""
        self.level(2, level)

    def garbage(self) -> None:
        """The contact bounces."""
        for level in (1, 0) * 10:
            self.level(1, level)

    def cut(self) -> None:
        """A level has no middle."""

    def spoil(self) -> None:
        """As `cut`."""
