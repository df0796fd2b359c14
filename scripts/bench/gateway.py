#!/usr/bin/env python3
"""How many events a second one gateway stores durably and receipts, and how soon a page hears of one.

Broker, gateway and publishers are processes of this machine and share its cores. Then the same again as a storm, in
which every event raises an alert: what the receipts lose, and how long the rules need afterwards. The baselines use the
same code and libraries with one transaction per message or event; they are stated, not boasted of.

On PostgreSQL the server is one more process of this machine, started for this run with its own defaults (fsync on).

    scripts/bench/gateway.py [--store sqlite|postgres] [--events N] [--nodes N] [--json FILE]
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Annotated, Literal, NamedTuple

import httpx
import typer
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from support.broker import Broker  # noqa: E402
from support.events import event, passage  # noqa: E402
from support.gateway import GatewayProcess, add_node, write_config  # noqa: E402
from support.node import NodeClient  # noqa: E402
from support.postgres import Postgres  # noqa: E402
from support.stores import CURRENT, PostgresStores  # noqa: E402
from support.waiting import eventually  # noqa: E402
from zhian_gateway.config import load  # noqa: E402
from zhian_gateway.ingest.keeping import Keeper  # noqa: E402
from zhian_gateway.ingest.sorting import Message  # noqa: E402
from zhian_gateway.mqtt import packets  # noqa: E402
from zhian_gateway.notices.queueing import Desk  # noqa: E402
from zhian_gateway.rules.follower import AT_ONCE, Follower  # noqa: E402
from zhian_gateway.services import open_services  # noqa: E402
from zhian_gateway.store import counters  # noqa: E402
from zhian_gateway.store.tables import events  # noqa: E402
from zhian_wire import codec, topics  # noqa: E402
from zhian_wire.receipts import Receipt  # noqa: E402

#: Of each publisher, without a receipt.
WINDOW = 1000
PAGE_RATE = 100
PAGE_EVENTS = 500


def _publish(port: int, node: str, bodies: list[bytes], ready: Semaphore, go: Event) -> None:
    """One node's process: keeps a window full until all is receipted. A real one shares no processor with the gateway,
    so this one does no more than it must.
    """
    link, reader = socket.create_connection(("127.0.0.1", port)), packets.Reader()
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    to = topics.topic("school", node, "event")
    said = [packets.publish(to, body, number=seq % 0xFFFF + 1) for seq, body in enumerate(bodies)]
    wanted = packets.Wanted(topics.topic("school", node, "receipt"), 1)
    link.sendall(packets.connect(node, keepalive_s=0) + packets.subscribe(1, [wanted]))
    while not any(isinstance(packet, packets.Subscribed) for packet in reader.feed(link.recv(65536))):
        continue
    ready.release()
    go.wait()
    sent = through = 0
    while through < len(bodies):
        link.sendall(b"".join(said[sent : through + WINDOW]))
        sent = max(sent, min(len(said), through + WINDOW))
        for packet in reader.feed(link.recv(1 << 18)):
            if isinstance(packet, packets.Published):
                through = max(through, codec.decode_message(packet.body, Receipt).through)
    link.close()


def _bodies(node: str, kind: str, count: int) -> list[bytes]:
    return [codec.encode(event(passage(kind=kind), node=node, seq=seq)) for seq in range(1, count + 1)]


class Rate(NamedTuple):
    """Events a second, and what one cost gateway, broker and the database's server, in µs of processor time."""

    per_s: float
    gateway_us: float
    broker_us: float
    server_us: float


def rate_of(gateway: GatewayProcess, server: Postgres | None, nodes: int, kind: str, count: int) -> Rate:
    """From the first publish to the last receipt; a stranger's `face` raises an alert, a `body` does not.

    The rules follow meanwhile, and their work is in the processor time.
    """
    context = get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    names = [f"{kind}-{number}" for number in range(nodes)]
    for name in names:
        gateway.add_node(name)
    port = gateway.broker.port
    workers = [
        context.Process(target=_publish, args=(port, name, _bodies(name, kind, count // nodes), ready, go))
        for name in names
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    began, busy, carried = time.perf_counter(), gateway.cpu_s(), gateway.broker.cpu_s()
    server_busy = server.cpu_s() if server else 0.0
    go.set()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    if any(worker.exitcode for worker in workers):
        raise SystemExit("a publisher failed")
    stored = count // nodes * nodes
    server_took = server.cpu_s() - server_busy if server else 0.0
    spent = (gateway.cpu_s() - busy, gateway.broker.cpu_s() - carried, server_took)
    return Rate(stored / took, *(each * 1e6 / stored for each in spent))


def one_by_one(folder: Path, count: int = 300) -> float:
    """The same keeper with one transaction per message, without broker or network: events a second."""
    parts = open_services(load(write_config(folder, "mqtt://127.0.0.1:1")), publish=lambda *_: None)
    add_node(parts, "gate-1")
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    messages = [Message("gate-1", codec.encode(event(passage(kind="body"), seq=seq))) for seq in range(1, count + 1)]
    began = time.perf_counter()
    for message in messages:
        keeper.keep([message])
    took = time.perf_counter() - began
    parts.store.close()
    return count / took


def rules_per_second(folder: Path, at_once: int, count: int) -> float:
    """Events a second that raise an alert each, through the rules alone, `at_once` in a transaction."""
    parts = open_services(load(write_config(folder, "mqtt://127.0.0.1:1")), publish=lambda *_: None)
    add_node(parts, "gate-1")
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    keeper.keep([Message("gate-1", codec.encode(event(passage(), seq=seq))) for seq in range(1, count + 1)])
    follower = Follower(
        parts.store,
        parts.book,
        Desk(parts.config),
        parts.lanes,
        site=parts.site,
        rules=parts.config.rules,
        clock=parts.clock,
        changed=parts.bell.ring,
        at_once=at_once,
    )
    began = time.perf_counter()
    while follower.step():
        pass
    took = time.perf_counter() - began
    parts.store.close()
    return count / took


def publish_to_page(gateway: GatewayProcess) -> list[float]:
    """Milliseconds from each publish to its line in a page's stream, at a steady rate."""
    sent: dict[str, float] = {}
    arrived: dict[str, float] = {}
    client = gateway.log_in("bench", "admin")
    listening = threading.Event()

    def listen() -> None:
        with client.stream("GET", "/api/live", timeout=60) as answer:
            for line in answer.iter_lines():
                listening.set()
                if line.startswith("data: ") and '"lane":"t' in line:
                    arrived[json.loads(line[6:])["lane"]] = time.perf_counter()
                    if len(arrived) == PAGE_EVENTS:
                        return

    reader = threading.Thread(target=listen)
    reader.start()
    listening.wait()
    gateway.add_node("page")
    node = NodeClient(gateway.broker.port, "page")
    began = time.perf_counter()
    for seq in range(1, PAGE_EVENTS + 1):
        time.sleep(max(0.0, began + seq / PAGE_RATE - time.perf_counter()))
        sent[f"t{seq}"] = time.perf_counter()
        node.publish(event(passage(kind="body", lane=f"t{seq}"), node="page", seq=seq))
    reader.join(60)
    node.close()
    client.close()
    if len(arrived) != PAGE_EVENTS:
        raise SystemExit(f"only {len(arrived)} of {PAGE_EVENTS} events reached the page")
    return [(arrived[name] - at) * 1000 for name, at in sent.items()]


def _wait_until_followed(gateway: GatewayProcess) -> float:
    """Seconds until the rules have followed everything that was stored."""
    began = time.perf_counter()
    last = select(func.max(events.c.id))
    with gateway.services() as parts:

        def followed() -> bool:
            with parts.store.read() as link:
                return counters.current(link, "followed") == link.execute(last).scalar()

        eventually(followed, "the rules", 600)
    return time.perf_counter() - began


@contextmanager
def server_for(store: str) -> Iterator[Postgres | None]:
    """A server of this run's own where one is needed; every configuration that is written now names it."""
    if store == "sqlite":
        yield None
        return
    server = Postgres(durable=True).start()
    CURRENT.stores = PostgresStores(server)
    try:
        yield server
    finally:
        server.remove()


def main(
    count: Annotated[int, typer.Option("--events", help="How many are stored.")] = 60_000,
    nodes: Annotated[int, typer.Option(help="Publishing processes.")] = 2,
    store: Annotated[Literal["sqlite", "postgres"], typer.Option(help="Where the events are kept.")] = "sqlite",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the numbers here.")] = None,
) -> None:
    """Measure on SQLite with `synchronous=FULL`, or on PostgreSQL as Debian starts it."""
    load_before = os.getloadavg()[0]
    with TemporaryDirectory(dir=ROOT) as name, server_for(store) as server:
        folder = Path(name)
        baseline = one_by_one(folder / "baseline")
        rules_baseline = rules_per_second(folder / "rules-1", 1, 500)
        rules = rules_per_second(folder / "rules", AT_ONCE, 5000)
        broker = Broker(folder / "broker").start()
        gateway = GatewayProcess(folder / "gateway", broker)
        try:
            gateway.start()
            latencies = publish_to_page(gateway)
            rate = rate_of(gateway, server, nodes, "body", count)
            behind = _wait_until_followed(gateway)
            storm = rate_of(gateway, server, nodes, "face", count)
            storm_behind = _wait_until_followed(gateway)
        except httpx.HTTPError as error:
            raise SystemExit(f"the gateway did not answer: {error}\n{gateway.log()}") from error
        finally:
            gateway.kill()
            broker.kill()
    cuts = quantiles(latencies, n=100)
    found = {
        "store": store,
        "events": count,
        "load_before": round(load_before, 1),
        "events_per_s": round(rate.per_s),
        "gateway_us_per_event": round(rate.gateway_us),
        "broker_us_per_event": round(rate.broker_us),
        "server_us_per_event": round(rate.server_us),
        "baseline_per_s": round(baseline),
        "ratio_to_baseline": round(rate.per_s / baseline, 1),
        "publish_to_browser_p50_ms": round(cuts[49], 1),
        "publish_to_browser_p99_ms": round(cuts[98], 1),
        "rules_caught_up_s": round(behind, 1),
        "storm_events_per_s": round(storm.per_s),
        "storm_gateway_us_per_event": round(storm.gateway_us),
        "storm_rules_caught_up_s": round(storm_behind, 1),
        "rules_per_s": round(rules),
        "rules_baseline_per_s": round(rules_baseline),
        "rules_ratio_to_baseline": round(rules / rules_baseline, 1),
    }
    print(json.dumps(found, indent=2))
    if json_file is not None:
        json_file.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
