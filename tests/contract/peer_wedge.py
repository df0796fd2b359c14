"""A keyboard of the kernel's uinput, which another process types on; where there is no uinput, see `test_wedge`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from contract.cabled import Played
from contract.talking import Obeying
from support.waiting import eventually
from zhian_edge.config.readers import WedgeReader
from zhian_edge.hal.contracts import CardReader


def usable() -> bool:
    """Whether this kernel lets us make keyboards."""
    return os.access("/dev/uinput", os.W_OK)


class WedgePeer(Played[Obeying]):
    driver = "wedge"
    flood = 40

    def __init__(self, folder: Path) -> None:
        self._link = folder / "event"
        super().__init__(Obeying("wedge_process.py", self._link))
        self._reader: CardReader | None = None
        self._presented = 0

    def kill(self) -> None:
        """Unplugged: the kernel then throws away keys that were not fetched, so wait for what was typed whole."""
        if self._reader is not None and self.device.runs:
            counters = self._reader.diagnostics
            eventually(lambda: counters().counters["reads"] >= self._presented, "the last card", 60.0)
        self.close()

    def close(self) -> None:
        self.device.kill()
        self._link.unlink(missing_ok=True)

    def reader(self, **settings: Any) -> CardReader:
        from zhian_edge.hal.drivers.wedge import WedgeDriver  # noqa: PLC0415 - needs evdev

        settings = {"spelling": "hex", "length": 8, **settings}
        self._reader = WedgeDriver(WedgeReader(id="desk", device=str(self._link), **settings))
        return self._reader

    def present(self, card: str) -> None:
        self.device.order(f"type {card}")
        self._presented += 1

    def garbage(self) -> None:
        self.device.order("garbage")

    def cut(self) -> None:
        self.device.order("cut 04A1")
