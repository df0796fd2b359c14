"""A real gateway tells the truth about itself: to people, to Prometheus, to systemd."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from support.broker import Broker
from support.events import event, passage
from support.gateway import GatewayProcess
from support.node import NodeClient
from support.waiting import eventually
from zhian_wire import codec

METRICS = """
[metrics]
token_file = "metrics-token"
"""
TOKEN = {"Authorization": "Bearer s3cret-of-the-scraper"}


@pytest.fixture
def watcher(tmp_path: Path) -> Iterator[socket.socket]:
    """systemd's end of its socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(30)
        yield sock


@pytest.fixture
def watched(tmp_path: Path, watcher: socket.socket) -> Iterator[GatewayProcess]:
    """A gateway whose systemd wants to hear of it every two seconds."""
    broker = Broker(tmp_path / "broker").start()
    folder = tmp_path / "gateway"
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "2000000"}
    process = GatewayProcess(folder, broker, METRICS, **environment)
    (folder / "metrics-token").write_text("s3cret-of-the-scraper\n")
    try:
        yield process.start()
    finally:
        process.kill()
        broker.kill()


def scrape(gateway: GatewayProcess) -> dict[str, float]:
    answer = httpx.get(f"{gateway.url}/metrics", headers=TOKEN).raise_for_status()
    families = text_string_to_metric_families(answer.text)
    return {
        sample.name + "".join(f"[{value}]" for _, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.thorough
def test_systemd_hears_of_a_gateway_that_works_and_of_its_end(watched: GatewayProcess, watcher: socket.socket) -> None:
    assert watcher.recv(100) == b"READY=1"
    assert watcher.recv(100) == b"WATCHDOG=1"
    watched.stop()
    rest = [watcher.recv(100)]
    while rest[-1] != b"STOPPING=1":
        rest.append(watcher.recv(100))


def test_health_and_metrics_follow_what_happens(watched: GatewayProcess) -> None:
    token = watched.add_node("gate-1")
    assert token
    node = NodeClient(watched.broker.port, "gate-1")
    node.send(codec.encode(event(passage(), node="gate-1", seq=1)))
    eventually(lambda: node.receipts, "a receipt")
    eventually(lambda: scrape(watched)["zhian_ingest_messages_total"] == 1, "the message is counted")
    eventually(lambda: scrape(watched)["zhian_cases_open[major]"] == 1, "the stranger is a case")
    assert scrape(watched)["zhian_broker_connected"] == 1
    assert httpx.get(f"{watched.url}/health").json()["status"] in ("ok", "warn")
    node.close()
    watched.broker.kill()
    eventually(lambda: httpx.get(f"{watched.url}/health").status_code == 503, "it says that it cannot work")
    assert scrape(watched)["zhian_broker_connected"] == 0
    with closing(watched.log_in("boss", "admin")) as admin:
        found = {each["name"]: each for each in admin.get("/api/health").json()["items"]}
    assert found["broker"]["verdict"] == "fail"
    assert found["broker"]["advice"]
    watched.broker.start()
    eventually(lambda: httpx.get(f"{watched.url}/health").status_code == 200, "it works again", 20)


@pytest.mark.thorough
def test_metrics_are_for_the_scraper_alone(watched: GatewayProcess) -> None:
    for headers in ({}, {"Authorization": "Bearer guess"}):
        assert httpx.get(f"{watched.url}/metrics", headers=headers).status_code == 401
    assert httpx.get(f"{watched.url}/api/alerts", headers=TOKEN).status_code == 401


def test_the_log_is_one_json_object_a_line_whoever_speaks(watched: GatewayProcess) -> None:
    watched.broker.kill()
    eventually(lambda: "broker.lost" in watched.log(), "it says that the broker is gone")
    lines = [line for line in watched.log().splitlines() if not line.startswith("zhian-gateway:")]
    assert lines
    for line in lines:
        entry = json.loads(line)
        assert {"event", "level", "timestamp"} <= set(entry)


@pytest.mark.thorough
def test_a_level_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "broker").start()
    process = GatewayProcess(tmp_path / "gateway", broker, ZHIAN_LOG="loud")
    try:
        with pytest.raises(AssertionError, match="ZHIAN_LOG"):
            process.start()
    finally:
        process.kill()
        broker.kill()
