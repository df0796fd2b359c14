#!/usr/bin/env python3
"""One gate over a bad line, with pictures and passages queued: from an alert's decision to its painting on a page.

The line is one of real packets (`tests/e2e/badline`): 512 kbit/s, 5 % loss each way, a round trip of 200 ms. Behind it
runs `zhian-edge run` with its certificate, in a network namespace of its own; here are nats-server, the gateway and
Debian's Chromium. Every card that is shown is unknown, so the node raises an alert about it. The same again with a node
that does nothing for such a line (`badline_parts/plain.py`), for comparison.

    scripts/bench/badline.py [--alerts N] [--plain-alerts N] [--events N] [--kbit-s N] [--loss F] [--delay-ms N]
                             [--seed S] [--json FILE]
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.conftest import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402
from tests.e2e.badline.shaping import Profile  # noqa: E402
from tests.e2e.badline.site import Backlog, FarSite  # noqa: E402
from tests.e2e.badline.watch import GuardsScreen  # noqa: E402
from tests.e2e.nodes import EDGE  # noqa: E402

PLAIN: Final = [sys.executable, str(Path(__file__).with_name("badline_parts") / "plain.py")]
#: Seconds between two cards, at least and at most.
APART: Final = (0.3, 1.1)
#: An alert that is not painted this long after the last card counts as lost.
PATIENCE_S: Final = 240.0


def run(site: FarSite, browser: Browser, alerts: int, chance: random.Random) -> dict[str, Any]:
    """Show so many cards to a site that runs, and see when each is on the screen."""
    screen = GuardsScreen(browser, site.site.gateway)
    before, began = site.waiting(), time.monotonic()
    for number in range(alerts):
        screen.wait(chance.uniform(*APART))
        site.show_card(number)
        if number % 10 == 9:
            screen.tidy()
    seconds, left = time.monotonic() - began, site.waiting()
    end = time.monotonic() + PATIENCE_S
    while len(delays := sorted(screen.delays_ms())) < alerts and time.monotonic() < end:
        screen.wait(0.5)
    screen.close()
    stored = sorted(site.stored_ms())
    return {
        "alerts": alerts,
        "lost": alerts - len(delays),
        "painted_p50_ms": share(delays, 50),
        "painted_p90_ms": share(delays, 90),
        "painted_p99_ms": share(delays, 99),
        "painted_worst_ms": share(delays, 100),
        "stored_p50_ms": share(stored, 50),
        "stored_p99_ms": share(stored, 99),
        "over_1s": sum(delay > 1000 for delay in delays),
        "seconds": round(seconds),
        "events_waiting": [before[0], left[0]],
        "pictures_waiting": [before[1], left[1]],
        "packets_up": [site.line.up.carried, site.line.up.lost, site.line.up.dropped],
    }


def share(values: Sequence[float], percent: int) -> int | None:
    """The value that so many percent do not exceed; None where there are none."""
    return round(values[min(len(values) * percent // 100, len(values) - 1)]) if values else None


def measure(browser: Browser, site: tuple[Profile, Backlog, Sequence[str]], alerts: int, seed: int) -> dict[str, Any]:
    """One site from its beginning to its end."""
    with TemporaryDirectory(prefix="zhian-badline-") as name:
        far = FarSite(Path(name), *site)
        try:
            return run(far.start(), browser, alerts, random.Random(seed))
        finally:
            far.close()


def main(
    *,
    alerts: Annotated[int, typer.Option(help="Cards that nobody knows, one after the other.")] = 150,
    plain_alerts: Annotated[int, typer.Option(help="The same for the plain node; 0: leave it out.")] = 40,
    events: Annotated[int, typer.Option(help="Passages that wait, each with a picture of 25 kB.")] = 1500,
    kbit_s: Annotated[float, typer.Option(help="What the line carries each way.")] = 512.0,
    loss: Annotated[float, typer.Option(help="Share of packets that are lost each way.")] = 0.05,
    delay_ms: Annotated[float, typer.Option(help="One way.")] = 100.0,
    seed: Annotated[int, typer.Option(help="When cards are shown.")] = 10,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None,
) -> None:
    """The node as it is, then the plain one."""
    profile, backlog = Profile(round(kbit_s * 1000), loss, delay_ms), Backlog(events)
    control = Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip()
    found: dict[str, Any] = {"line": profile._asdict() | {"congestion_control": control}, "load": os.getloadavg()[0]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(CHROMIUM_FLAGS))
        found |= measure(browser, (profile, backlog, EDGE), alerts, seed)
        if plain_alerts:
            found["plain"] = measure(browser, (profile, backlog, PLAIN), plain_alerts, seed)
        browser.close()
    print(json.dumps(found, indent=2))
    if json_file is not None:
        json_file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
