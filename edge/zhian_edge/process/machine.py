"""How the machine is on which a node runs: disk, memory, load, temperature. What cannot be read is not known."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from zhian_wire.state import Machine

#: What sensors tell in earnest; a broken one says -273 or some thousands.
COLDEST_C: Final = -50.0
HOTTEST_C: Final = 150.0
#: A look at every sensor costs some milliseconds on slow buses, and nothing here changes faster.
EVERY_MS: Final = 10_000
_MIB: Final = 1 << 20
#: Where Linux shows temperatures, in thousandths of a degree (kernel: thermal/sysfs-api, hwmon/sysfs-interface).
SENSORS: Final = ("class/thermal/thermal_zone*/temp", "class/hwmon/hwmon*/temp*_input")


def hottest(readings: Iterable[str]) -> float | None:
    """Degrees of the hottest of these, as the kernel writes them; None: none of them is to be believed."""
    degrees = [int(text) / 1000 for text in map(str.strip, readings) if text.lstrip("-").isdecimal()]
    believed = [each for each in degrees if COLDEST_C < each < HOTTEST_C]
    return round(max(believed), 1) if believed else None


def memory_mb(meminfo: str) -> tuple[int | None, int | None]:
    """What programs could still have, and all there is, of the text of `/proc/meminfo`."""
    split = (line.partition(":") for line in meminfo.splitlines())
    kib = {name: words[0] for name, _, rest in split if (words := rest.split())}

    def of(name: str) -> int | None:
        return int(kib[name]) // 1024 if kib.get(name, "").isdecimal() else None

    return of("MemAvailable"), of("MemTotal")


class MachineReader:
    """Looks at the machine now and then; threads take turns by themselves, since only the gate's beat asks.

    Args:
        home: the node's folder; its disk is told of.
        now_ms: monotonic milliseconds.
        system, kernel: where `sysfs` and `procfs` are.
    """

    def __init__(
        self,
        home: Path,
        now_ms: Callable[[], int],
        *,
        system: Path = Path("/sys"),
        kernel: Path = Path("/proc"),
    ) -> None:
        self._home = home
        self._now_ms = now_ms
        self._system = system
        self._kernel = kernel
        self._name = f"{platform.system()} {platform.release()} {platform.machine()}"
        self._looked_ms: int | None = None
        self._found = Machine()

    def look(self) -> Machine:
        """How it is, or was some seconds ago."""
        now = self._now_ms()
        if self._looked_ms is None or now - self._looked_ms >= EVERY_MS:
            self._looked_ms, self._found = now, self._read()
        return self._found

    def _read(self) -> Machine:
        free, total = _disk(self._home)
        available, memory = memory_mb(_text(self._kernel / "meminfo"))
        sensors = (path for pattern in SENSORS for path in sorted(self._system.glob(pattern)))
        return Machine(
            system=self._name,
            disk_free_mb=free,
            disk_total_mb=total,
            memory_free_mb=available,
            memory_total_mb=memory,
            load=_load(),
            temperature_c=hottest(map(_text, sensors)),
        )


def _disk(folder: Path) -> tuple[int | None, int | None]:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None, None
    return usage.free // _MIB, usage.total // _MIB


def _load() -> float | None:
    try:
        return round(os.getloadavg()[0] / (os.cpu_count() or 1), 2)
    except OSError:
        return None


def _text(path: Path) -> str:
    """A file of the kernel; a sensor that is asleep answers with an error."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
