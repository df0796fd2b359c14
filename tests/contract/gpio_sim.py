"""The kernel's simulated GPIO chip, built as a module: Debian's kernels come without, its sources do not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from contract.kernel import Kernel, cannot, home

_MAKEFILE: Final = "obj-m := gpio_sim.o\ngpio_sim-y := chip.o irq_sim.o\n"
_SOURCES: Final = {
    "drivers/gpio/gpio-sim.c": "chip.c",
    "drivers/gpio/gpiolib.h": "gpiolib.h",
    "kernel/irq/irq_sim.c": "irq_sim.c",
}


def build_gpio_sim(kernel: Kernel) -> Path:
    """`gpio_sim.ko` for `kernel`, kept beside it. Skips the test where it cannot be built."""
    place = home() / "gpio-sim" / kernel.modules.name
    module = place / "module" / "gpio_sim.ko"
    if not module.exists():
        for need in ("gcc", "make"):
            if shutil.which(need) is None:
                cannot(f"needs {need}: apt-get install gcc make")
        place.mkdir(parents=True, exist_ok=True)
        _fetch(kernel.modules.name, place)
        headers = place / "usr" / "src" / f"linux-headers-{kernel.modules.name}"
        made = subprocess.run(
            ["make", "-C", headers, f"M={module.parent}", "CC=gcc", "modules"],
            capture_output=True,
            text=True,
            check=False,
        )
        if not module.exists():
            cannot(f"gpio-sim cannot be built: {made.stderr[-400:]}")
        shutil.rmtree(place / "usr")
    return module


def _fetch(version: str, place: Path) -> None:
    """What a module is built from: headers, their tools, and of the kernel's sources the files that are needed."""
    headers = f"linux-headers-{version}"
    told = subprocess.run(["apt-cache", "show", headers], capture_output=True, text=True, check=False).stdout
    package = next((line.split()[-1] for line in told.splitlines() if line.startswith("Version:")), "")
    series = ".".join(version.split(".")[:2])
    common = headers.rpartition("-")[0] + "-common"
    names = [f"{name}={package}" for name in (headers, common, f"linux-kbuild-{series}", f"linux-source-{series}")]
    got = subprocess.run(["apt-get", "download", "-qq", *names], cwd=place, capture_output=True, text=True, check=False)
    if not package or got.returncode:
        cannot(f"cannot download {', '.join(names)}: {got.stderr.strip()[-400:]}")
    for file in sorted(place.glob("*.deb")):
        if file.name.startswith("linux-source"):
            _unpack_sources(file, place / "module", series)
        else:
            subprocess.run(["dpkg-deb", "--extract", file, place], check=True)
        file.unlink()
    # They are not where they would be installed.
    makefile = place / "usr" / "src" / headers / "Makefile"
    makefile.write_text(makefile.read_text().replace("/usr/src/", f"{place}/usr/src/"))


def _unpack_sources(package: Path, place: Path, series: str) -> None:
    place.mkdir(exist_ok=True)
    wanted = " ".join(f"linux-source-{series}/{name}" for name in _SOURCES)
    pipe = (
        f"dpkg-deb --fsys-tarfile '{package}' | tar x -O ./usr/src/linux-source-{series}.tar.xz | tar xJ -C '{place}'"
    )
    subprocess.run(["bash", "-o", "pipefail", "-c", f"{pipe} {wanted}"], check=True, env={**os.environ, "LC_ALL": "C"})
    for name, ours in _SOURCES.items():
        text = (place / f"linux-source-{series}" / name).read_text(encoding="utf-8")
        # A module may not ask for a descriptor by number; that of an interrupt's data is the same.
        text = text.replace("irq_to_desc(irqnum)", "irq_data_to_desc(irq_get_irq_data(irqnum))")
        text = text.replace("#include <linux/irq_work.h>", "#include <linux/irq_work.h>\n#include <linux/irqdesc.h>")
        (place / ours).write_text(text, encoding="utf-8")
    (place / "Makefile").write_text(_MAKEFILE, encoding="ascii")
