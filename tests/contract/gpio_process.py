"""A simulated GPIO chip of the kernel (gpio-sim) in a process of its own: JSON lines in, JSON lines out.

Line 0 is a relay, 1 a door's contact, 2 a button. In: `{"line": N, "level": 0 or 1}`. Out: `{"ready": true, "chip":
PATH}`, and `{"relay": 0 or 1}` at each change. The chip is gone when the process is told `{"remove": true}`.
"""

from __future__ import annotations

import json
import select
import sys
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
    say(ready=True, chip=f"/dev/{name}")
    relay = "0"
    while True:
        if select.select([sys.stdin], [], [], 0.002)[0]:
            order = json.loads(sys.stdin.readline() or '{"remove": true}')
            if "remove" in order:
                remove()
                say(removed=True)
                return
            (lines / f"sim_gpio{order['line']}" / "pull").write_text("pull-up" if order["level"] else "pull-down")
            say(level=order["level"])
        now = (lines / "sim_gpio0" / "value").read_text().strip()
        if now != relay:
            relay = now
            say(relay=int(now))


if __name__ == "__main__":
    main()
