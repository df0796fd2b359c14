"""A Wiegand reader on the kernel's simulated GPIO chip; where there is none, see `test_wiegand`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from contract.cabled import Played
from contract.talking import Obeying
from zhian_edge.config.readers import WiegandReader
from zhian_edge.hal.contracts import CardReader

PROCESS: Final = Path(__file__).with_name("wiegand_process.py")


def usable() -> bool:
    """Whether this kernel simulates GPIO chips."""
    return Path("/sys/kernel/config/gpio-sim").is_dir()


class WiegandPeer(Played[Obeying]):
    driver = "wiegand"
    flood = 40

    def __init__(self, folder: Path) -> None:
        self._link = folder / "gpiochip"
        super().__init__(Obeying("wiegand_process.py", self._link))

    def kill(self) -> None:
        """The reader is cut off; its chip stays. Whoever has the lines cannot know, whoever comes finds none."""
        self.device.kill()
        self._link.unlink(missing_ok=True)

    def close(self) -> None:
        self.kill()
        subprocess.run([sys.executable, "-I", PROCESS, "remove"], check=True)

    def reader(self, **settings: Any) -> CardReader:
        from zhian_edge.hal.drivers.wiegand import WiegandDriver  # noqa: PLC0415 - needs gpiod

        settings = {"d0": 0, "d1": 1, "bias": "as-is", **settings}
        return WiegandDriver(WiegandReader(id="post", chip=str(self._link), **settings))

    def present(self, card: str) -> None:
        self.device.order(f"present {card}")

    def garbage(self) -> None:
        self.device.order("garbage")

    def cut(self) -> None:
        self.device.order("cut 99999999")
