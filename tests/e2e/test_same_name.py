"""Two machines with one certificate push each other off the broker: it is told in one case, and nothing is lost."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import RowMapping, select
from zhian_edge.gate import DATABASE, Gate
from zhian_gateway.store.tables import alerts, events

from ..support.gates import running
from ..support.secure import MOSQUITTO, NATS, SecureSite
from ..support.waiting import eventually
from .test_certificates import Node, decide, service


@pytest.fixture(params=[MOSQUITTO, pytest.param(NATS, marks=pytest.mark.slow)])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SecureSite]:
    one = SecureSite(tmp_path, request.param)
    try:
        yield one.start()
    finally:
        one.kill()


def cases(site: SecureSite) -> list[RowMapping]:
    with site.gateway.services() as parts, parts.store.read() as link:
        return list(link.execute(select(alerts).where(alerts.c.kind == "node_cloned")).mappings())


def stored(site: SecureSite) -> dict[tuple[str, int], bytes]:
    with site.gateway.services() as parts, parts.store.read() as link:
        rows = link.execute(select(events.c.epoch, events.c.seq, events.c.body))
        return {(epoch, seq): bytes(body) for epoch, seq, body in rows}


def decided(home: Path) -> dict[tuple[str, int], bytes]:
    with closing(sqlite3.connect(home / DATABASE, timeout=10)) as db:
        return {(epoch, seq): body for epoch, seq, body in db.execute("SELECT epoch, seq, body FROM event")}


def opened(gate: Gate) -> Any:
    return service(gate, "link")["opened"]


@pytest.mark.thorough
def test_two_machines_of_one_name_are_told_of_once_and_lose_nothing(site: SecureSite) -> None:
    node = Node(site)
    with node.delivering() as gate:
        eventually(lambda: gate.state().outbox == 0, "the receipt")
    copy = site.folder / "copy"
    shutil.copytree(node.folder, copy, ignore=shutil.ignore_patterns("*.sock"))
    with running(node.config) as one, running(copy / "node.toml") as two:
        for number in itertools.count():
            decide(one, f"one {number}")
            decide(two, f"two {number}")
            # Each was thrown out by the other, and came back.
            if min(opened(one), opened(two)) >= 2 and cases(site):
                break
            before = opened(one) + opened(two)
            eventually(lambda: opened(one) + opened(two) > before, "the next turn", 60)  # noqa: B023
    homes = [node.folder / "node", copy / "node"]
    for config in (node.config, copy / "node.toml"):
        with running(config) as gate:
            eventually(lambda: gate.state().outbox == 0, "the last receipts", 30)
    kept = stored(site)
    assert kept == decided(homes[0]) | decided(homes[1])
    assert {key for home in homes for key in decided(home)} == kept.keys()
    assert _gaps(kept) == []
    (case,) = cases(site)
    assert (case["node"], case["state"], case["severity"]) == (node.name, "raised", "major")


def _gaps(kept: dict[tuple[str, int], bytes]) -> list[tuple[str, int]]:
    highest: dict[str, int] = {}
    for epoch, seq in kept:
        highest[epoch] = max(seq, highest.get(epoch, 0))
    return [(epoch, seq) for epoch, last in highest.items() for seq in range(1, last + 1) if (epoch, seq) not in kept]
