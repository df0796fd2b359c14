"""A simulated GPIO chip of the kernel (gpio-sim) in a process of its own: JSON lines in, JSON lines out.

Line 0 is a relay, 1 a door's contact, 2 a button. In: `{"line": N, "level": 0 or 1}`. Out: `{"ready": true, "version":
TEXT, "chip": PATH}`, and `{"order": "on" | "off", "ms": 0}` at each change of the relay. The chip is gone when the
process is told `{"remove": true}`.
"""

from __future__ import annotations

import json
import os
import platform
import select
from pathlib import Path

CHIP = Path("/sys/kernel/config/gpio-sim/zhian-relay")


def say(**words: object) -> None:
    print(json.dumps(words), flush=True)


def remove() -> None:
    if CHIP.exists():
        (CHIP / "live").write_text("0")
        (CHIP / "bank").rmdir()
        CHIP.rmdir()


def main() -> None:
    remove()
    bank = CHIP / "bank"
    bank.mkdir(parents=True)
    (bank / "num_lines").write_text("3")
    (CHIP / "live").write_text("1")
    name = (bank / "chip_name").read_text().strip()
    lines = Path("/sys/devices/platform") / (CHIP / "dev_name").read_text().strip() / name
    say(ready=True, version=f"gpio-sim of Linux {platform.release()}", chip=f"/dev/{name}")
    relay, rest = "0", b""
    while True:
        if select.select([0], [], [], 0.002)[0]:
            *orders, rest = (rest + os.read(0, 4096)).split(b"\n")
            for order in map(json.loads, orders):
                if "remove" in order:
                    remove()
                    say(removed=True)
                    return
                (lines / f"sim_gpio{order['line']}" / "pull").write_text("pull-up" if order["level"] else "pull-down")
        now = (lines / "sim_gpio0" / "value").read_text().strip()
        if now != relay:
            relay = now
            say(order="on" if now == "1" else "off", ms=0)


if __name__ == "__main__":
    main()
