#!/usr/bin/env python3
"""How soon a guard sees something: the alert list with many alerts stored, from a cold cache.

Usage: paint.py [--alerts N] [--runs N] [--json FILE]

A real gateway and broker, N open alerts told by a node, and Debian's Chromium with a profile of its own for every
opening: no cache, no compiled script. Taken in the browser: the first contentful paint, the largest one within the
first two seconds after the first row, and when the first row of the list was painted, all from the start of the
navigation. Beside it, in the same run and turn by turn, the same of the bare login page (whose first row is its form)
and of the gateway's plain health answer, which is what this machine's browser and server cost at the least. Wall time,
since that is what a guard waits for: state the load with it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from conftest import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402
from support.broker import Broker  # noqa: E402
from support.events import event  # noqa: E402
from support.gateway import GatewayProcess  # noqa: E402
from support.node import NodeClient  # noqa: E402
from zhian_wire.events import Alert  # noqa: E402

TARGET_MS: Final = 1_500.0
NODE: Final = "gate-1"
#: What is opened: address and what is its first row.
OPENED: Final = {
    "alerts": ("/#/alerts", ".row"),
    "login": ("/#/login", "form"),
    "plain": ("/api/setup", "body"),
}
#: Notes the browser's own paints, and when the first element that `window.wanted` selects was handed to the screen.
_NOTE: Final = """
window.seen = { lcp: 0, row: null };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.seen.lcp = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
const look = () => {
  if (window.seen.row !== null || document.querySelector(%(wanted)s) === null) return;
  window.seen.row = 0;
  requestAnimationFrame(() => setTimeout(() => { window.seen.row = performance.now(); }));
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });
document.addEventListener("DOMContentLoaded", look);
"""
_TOLD: Final = """() => ({ ...window.seen,
  fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null,
  kib: performance.getEntriesByType("resource").reduce((sum, one) => sum + one.transferSize, 0) / 1024,
})"""


def opening(browser: Browser, base: str, name: str, cookies: dict[str, str]) -> dict[str, float]:
    """One opening in a context of its own; milliseconds from the start of the navigation, and KiB that came."""
    address, wanted = OPENED[name]
    context = browser.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    if name == "alerts":
        context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
    page = context.new_page()
    page.add_init_script(_NOTE % {"wanted": json.dumps(wanted)})
    page.goto(base + address)
    page.locator(wanted).first.wait_for()
    page.wait_for_timeout(2_000)
    told: dict[str, float] = page.evaluate(_TOLD)
    context.close()
    return {"first_ms": told["fcp"], "largest_ms": told["lcp"], "row_ms": told["row"], "kib": told["kib"]}


@contextmanager
def _site(folder: Path, count: int) -> Iterator[tuple[GatewayProcess, dict[str, str]]]:
    """A gateway that holds `count` open alerts, and a guard's cookies."""
    broker = Broker(folder / "broker").start()
    gateway = GatewayProcess(folder, broker)
    try:
        gateway.start()
        gateway.add_node(NODE)
        node = NodeClient(broker.port, NODE)
        for seq in range(1, count + 1):
            told = Alert(key=f"cam-{seq}/camera_fault", kind="camera_fault", severity="minor", device=f"cam-{seq}")
            node.publish(event(told, seq=seq, node=NODE))
        node.wait_through(count)
        node.close()
        with closing(gateway.log_in("wang")) as guard:
            yield gateway, dict(guard.cookies)
    finally:
        gateway.kill()
        broker.kill()


def _summary(found: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(median(one[key] for one in found), 1) for key in found[0]}


def main(
    alerts: Annotated[int, typer.Option(help="Open alerts that are stored.")] = 1_000,
    runs: Annotated[int, typer.Option(help="Openings of each page; the median is told.")] = 9,
    to: Annotated[Path | None, typer.Option("--json", help="Where the figures go.")] = None,
) -> None:
    """Open the pages in turn, and tell the medians."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in OPENED}
    with (
        TemporaryDirectory(prefix="paint") as folder,
        _site(Path(folder), alerts) as (gateway, cookies),
        sync_playwright() as playwright,
    ):
        before = os.getloadavg()[0]
        for _ in range(runs):
            for name in OPENED:
                # A browser of its own: nothing fetched, nothing compiled before.
                browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(CHROMIUM_FLAGS))
                found[name].append(opening(browser, gateway.url, name, cookies))
                browser.close()
    medians = {name: _summary(times) for name, times in found.items()}
    medians["alerts"]["worst_row_ms"] = round(max(one["row_ms"] for one in found["alerts"]), 1)
    ratio = round(medians["alerts"]["row_ms"] / medians["login"]["row_ms"], 2)
    report = {
        "alerts": alerts, "runs": runs, "load": [round(before, 1), round(os.getloadavg()[0], 1)],
        "target_ms": TARGET_MS, "pages": medians, "rows_to_login": ratio,
        "reached": medians["alerts"]["row_ms"] <= TARGET_MS,
    }  # fmt: skip
    text = json.dumps(report, indent=2)
    typer.echo(text)
    if to is not None:
        to.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
