#!/usr/bin/env python3
"""A thousand nodes come back after an outage, each with its backlog, on a store that holds millions already.

How long until all of it is stored and receipted; how soon a new alert is told to a page meanwhile; how quickly alerts
are found meanwhile. The store is filled once and kept under `$ZHIAN_HOME/bench` (4 GB on SQLite, 6 on PostgreSQL); each
run has a copy of it for as long as it lasts.

The gateway and the page that is looked at are at work already: twenty alerts go before. What was copied may still lie
in memory, as a store does that is in use.

An alert's way ends where it is painted in a real browser, whose processor share is taken from the same machine; when
the stream told of it is stated beside, and `--no-screen` leaves the browser out.

    scripts/bench/storm.py [--store sqlite|postgres] [--no-screen] [--held N] [--nodes N] [--events N] [--json FILE]
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import httpx
import psutil
import typer
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import update

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(Path(__file__).parent)]

from conftest import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402
from storm_parts import crowd, filling  # noqa: E402
from storm_parts.kept import kept  # noqa: E402
from storm_parts.screen import Screen  # noqa: E402
from support.broker import Broker  # noqa: E402
from support.events import passage  # noqa: E402
from support.gateway import GatewayProcess, add_node  # noqa: E402
from support.waiting import eventually  # noqa: E402
from zhian_gateway.nodes import identity  # noqa: E402
from zhian_gateway.rules import turns  # noqa: E402
from zhian_gateway.services import Services  # noqa: E402
from zhian_gateway.store.tables import alerts  # noqa: E402

ALERTS_PER_S = 10.0
SEARCHES = ("state=open", "state=closed", "state=raised", "", "state=resolved&limit=100")


class Watcher:
    """A page's stream and somebody who searches, both beside the storm. Times are wall time, in seconds."""

    def __init__(self, client: httpx.Client, searcher: httpx.Client) -> None:
        self.arrived: dict[str, float] = {}
        self.ids: dict[str, str] = {}
        self.calm: set[str] = set()
        self.searches: list[float] = []
        self._client = client
        self._searcher = searcher
        self._over = threading.Event()
        self._listening = threading.Event()
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._listen, self._search)]

    def start(self) -> None:
        """Return when the stream is open."""
        for thread in self._threads:
            thread.start()
        self._listening.wait()

    def stop(self) -> None:
        """No more searches."""
        self._over.set()
        self._threads[1].join()

    def _listen(self) -> None:
        with self._client.stream("GET", "/api/live", timeout=60) as answer:
            for line in answer.iter_lines():
                self._listening.set()
                if not line.startswith("data: "):
                    continue
                if '"lane":"calm-' in line:
                    self.calm.add(json.loads(line[6:])["lane"])
                if '"lane":"storm-' in line:
                    told = json.loads(line[6:])
                    self.arrived.setdefault(told["lane"], time.time())
                    self.ids[told["lane"]] = told["id"]
                if self._over.is_set():
                    return

    def _search(self) -> None:
        turn = 0
        while not self._over.wait(0.25):
            began = time.monotonic()
            self._searcher.get(f"/api/alerts?{SEARCHES[turn % len(SEARCHES)]}", timeout=60).raise_for_status()
            self.searches.append((time.monotonic() - began) * 1000)
            turn += 1


def admit(parts: Services, nodes: int) -> list[str]:
    """The nodes that come back."""
    names = [filling.node(number) for number in range(nodes)]
    with parts.store.read() as link:
        known = set(identity.every(link, parts.site))
    for name in names:
        if name not in known:
            add_node(parts, name)
    return names


def clear_away(parts: Services) -> None:
    """Close what is open: no guard begins with thousands of alerts."""
    with parts.store.write() as link:
        left = alerts.c.state.not_in(("resolved", "false_alarm"))
        link.execute(update(alerts).where(left).values(state="false_alarm", waiting_since=None))


def storm(gateway: GatewayProcess, names: list[str], events: int, browser: Browser | None) -> dict[str, Any]:
    """The storm itself, from the first event to the last receipt."""
    context = get_context("spawn")
    near, far = context.Pipe()
    data = passage(kind="plate", plate="京A12345", evidence=())
    plan = crowd.Plan(gateway.broker.port, tuple(names), f"storm-{time.time_ns()}", events, ALERTS_PER_S, data)
    worker = context.Process(target=crowd.main, args=(plan, far))
    worker.start()
    assert near.recv() == "connected"
    watcher = Watcher(gateway.log_in("bench", "admin"), gateway.log_in("bench", "admin"))
    watcher.start()
    screen = None if browser is None else Screen(browser, gateway.log_in("wang", "guard"))
    near.send("calm")
    assert near.recv() == "ready"
    eventually(lambda: len(watcher.calm) >= crowd.CALM, "what went before")
    _look_on(screen)
    watcher.searches.clear()
    load, before, shares = os.getloadavg()[0], gateway.cpu_s(), cpu_by_name()
    near.send("go")
    while not near.poll(0.5):
        _look_on(screen)
    drained, sent = near.recv()
    spent = {name: round(cpu - shares.get(name, 0.0), 1) for name, cpu in cpu_by_name().items()}
    worker.join()
    after, memory = gateway.cpu_s(), psutil.Process(gateway.pid).memory_info().rss / 2**20
    eventually(lambda: len(watcher.arrived) >= len(sent), "the last alerts", 120)
    _look_on(screen)
    watcher.stop()
    told = [(watcher.arrived[name] - at) * 1000 for name, at in sent.items()]
    painted = {} if screen is None else screen.painted()
    if screen is not None and not painted.keys() >= set(watcher.ids.values()):
        raise SystemExit(f"{len(set(watcher.ids.values()) - painted.keys())} of {len(sent)} alerts were never painted")
    shown = [(painted[watcher.ids[name]] - at) * 1000 for name, at in sent.items() if watcher.ids[name] in painted]
    return {
        "drained_s": round(drained, 1),
        "events_per_s": round(len(names) * events / drained),
        "alerts": len(sent),
        "alert_painted": len(shown),
        "alert_p50_ms": _share(shown, 50),
        "alert_p99_ms": _share(shown, 99),
        "alert_told_p50_ms": _share(told, 50),
        "alert_told_p99_ms": _share(told, 99),
        "search_p50_ms": _share(watcher.searches, 50),
        "search_p95_ms": _share(watcher.searches, 95),
        "memory_mib": round(memory),
        "gateway_cpu_s": round(after - before, 1),
        "gateway_us_per_event": round((after - before) * 1e6 / (len(names) * events)),
        "cpu_s_by_name": spent,
        "load_before": round(load, 1),
    }


def cpu_by_name() -> dict[str, float]:
    """Seconds of processor time of everything that this bench has started, and of itself, by the programs' names."""
    found: dict[str, float] = {}
    ours = psutil.Process()
    for process in (ours, *ours.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            found[process.name()] = found.get(process.name(), 0.0) + sum(process.cpu_times()[:2])
    return {name: round(cpu, 1) for name, cpu in found.items()}


def _look_on(screen: Screen | None) -> None:
    if screen is not None:
        screen.wait(1.0)
        screen.tidy()


def _share(values: list[float], percent: int) -> int | None:
    """The value that so many percent do not exceed; None where there are too few to say."""
    return round(sorted(values)[len(values) * percent // 100]) if len(values) > 1 else None


def rules_behind(parts: Services) -> float:
    """Seconds until the rules have followed all that is stored."""
    began = time.perf_counter()

    def followed() -> bool:
        with parts.store.read() as link:
            return not turns.waiting(link)

    eventually(followed, "the rules", 1800)
    return time.perf_counter() - began


def main(
    *,
    store: Annotated[Literal["sqlite", "postgres"], typer.Option(help="Where the events are kept.")] = "sqlite",
    held: Annotated[int, typer.Option(help="Events that the store holds before.")] = 10_000_000,
    nodes: Annotated[int, typer.Option(help="Nodes that come back.")] = 1000,
    events: Annotated[int, typer.Option(help="Events that each of them brings.")] = 500,
    screen: Annotated[bool, typer.Option(help="Look at a real page meanwhile.")] = True,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None,
) -> None:
    """Fill if need be, then let them all come."""
    home = Path(os.environ.get("ZHIAN_HOME", ROOT / ".zhian"))
    with TemporaryDirectory(dir=home) as name:
        # As `zhian-gateway broker config nats` writes it.
        broker = Broker(Path(name) / "broker", ack_wait="10s").start()
        try:
            with kept(home, store, held, lambda folder: GatewayProcess(folder, broker)) as place:
                found = {"store": store, "cache_mib": place.mib, "nodes": nodes, "events_each": events}
                found |= measured(place.gateway(), nodes, events, with_screen=screen)
        finally:
            broker.kill()
    print(json.dumps(found, indent=2))
    if json_file is not None:
        json_file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


@contextmanager
def screens(*, with_screen: bool) -> Iterator[Browser | None]:
    """A browser, if there is to be one."""
    if not with_screen:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


def measured(gateway: GatewayProcess, nodes: int, events: int, *, with_screen: bool) -> dict[str, Any]:
    """The storm upon a filled store, and until the rules have followed."""
    with gateway.services() as parts:
        clear_away(parts)
        names = admit(parts, nodes)
        before = filling.held(parts)
    try:
        gateway.start()
        with screens(with_screen=with_screen) as browser:
            found = {"held": before} | storm(gateway, names, events, browser)
        with gateway.services() as parts:
            found["rules_behind_s"] = round(rules_behind(parts), 1)
    finally:
        gateway.kill()
    return found


if __name__ == "__main__":
    typer.run(main)
