"""A Wiegand reader in a process of its own, on a simulated GPIO chip of the kernel (gpio-sim).

`python wiegand_process.py LINK`: makes a chip, if there is none, whose lines 0 and 1 are D0 and D1, puts its device's
name at LINK and obeys lines on its standard input, each answered when the wires rest: `present HEX` (34 bits),
`garbage`, `cut HEX`.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path

CHIP = Path("/sys/kernel/config/gpio-sim/zhian")
BIT_NS = 1_000_000
REST_S = 0.06


class Wires:
    def __init__(self) -> None:
        bank = CHIP / "bank"
        if not bank.exists():
            bank.mkdir(parents=True)
            (bank / "num_lines").write_text("2")
            (CHIP / "live").write_text("1")
        self.chip = "/dev/" + (bank / "chip_name").read_text().strip()
        device = Path("/sys/devices/platform") / (CHIP / "dev_name").read_text().strip()
        chip = device / (bank / "chip_name").read_text().strip()
        self._pulls = [chip / f"sim_gpio{line}" / "pull" for line in (0, 1)]
        for pull in self._pulls:
            pull.write_text("pull-up")

    def pulse(self, wire: int) -> None:
        self._pulls[wire].write_text("pull-down")
        self._pulls[wire].write_text("pull-up")
        # A reader keeps time by itself; to sleep here would be to wait until this computer has time.
        until = time.monotonic_ns() + BIT_NS
        while time.monotonic_ns() < until:
            pass

    def send(self, bits: list[int]) -> None:
        for bit in bits:
            self.pulse(bit)
        time.sleep(REST_S)


def remove() -> None:
    """Take the chip away. Nobody may use it: kernels before 6.8 break when a chip goes whose lines somebody has."""
    if CHIP.exists():
        (CHIP / "live").write_text("0")
        (CHIP / "bank").rmdir()
        CHIP.rmdir()


def message(card: bytes) -> list[int]:
    """34 bits: each half with its parity, the first even, the last odd."""
    data = [byte >> (7 - place) & 1 for byte in card for place in range(8)]
    return [sum(data[:16]) % 2, *data, 1 - sum(data[16:]) % 2]


def main(link: Path) -> None:
    wires = Wires()
    # Before everybody, but behind the kernel's own threads, which carry the edges.
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    made = link.with_suffix(".new")
    made.symlink_to(wires.chip)
    made.rename(link)
    print(f"up gpio-sim of Linux {platform.release()}", flush=True)
    for line in sys.stdin:
        word, _, text = line.strip().partition(" ")
        bits = message(bytes.fromhex(text)) if text else [1, 0, 0, 1, 1] * 7
        wires.send(bits[:20] if word == "cut" else bits)
        print("done", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "remove":
        remove()
    else:
        main(Path(sys.argv[1]))
