"""Nodes hear at once that the gateway is back, by a receipt that is true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from support.events import event
from support.gateway import GatewayProcess, add_node
from support.node import NodeClient
from support.pipeline import take_in
from support.waiting import eventually
from zhian_gateway.ingest.greeting import Greeter
from zhian_gateway.services import Services
from zhian_wire import codec
from zhian_wire.receipts import Receipt


class Outlet:
    """Remembers receipts."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []

    def publish(self, node: str, kind: str, body: bytes) -> None:
        self.receipts.append(codec.decode_message(body, Receipt))

    def told(self) -> list[tuple[str, str, int, tuple[int, ...]]]:
        found = [(each.node, each.epoch, each.through, each.also) for each in self.receipts]
        self.receipts.clear()
        return found


@pytest.fixture
def outlet() -> Outlet:
    return Outlet()


@pytest.fixture
def greeter(parts: Services, outlet: Outlet) -> Greeter:
    return Greeter(parts.store, parts.rows, outlet, site=parts.site)


def test_every_known_node_is_greeted_at_each_connection(parts: Services, greeter: Greeter, outlet: Outlet) -> None:
    take_in(parts, event(seq=1), event(seq=3), event(seq=1, node="gate-2", epoch="e7"))
    greeter.step()
    assert outlet.told() == []
    for _ in range(2):
        greeter.connected()
        greeter.step()
        greeter.step()
        assert outlet.told() == [("gate-1", "e1", 1, (3,)), ("gate-2", "e7", 1, ())]


def test_what_was_moved_and_is_whole_is_not_greeted(parts: Services, greeter: Greeter, outlet: Outlet) -> None:
    take_in(parts, event(seq=1), *(event(seq=1, epoch=f"moved-{number}") for number in range(3)))
    greeter.connected()
    greeter.step()
    assert outlet.told() == [("gate-1", "e1", 1, ())]


def test_a_node_is_greeted_when_it_is_first_heard(parts: Services, greeter: Greeter, outlet: Outlet) -> None:
    add_node(parts, "gate-1")
    for _ in range(3):
        greeter.heard("gate-1", "e1")
        greeter.step()
    assert outlet.told() == [("gate-1", "e1", 0, ())]
    greeter.heard("gate-1", "e2")
    greeter.step()
    assert outlet.told() == [("gate-1", "e2", 0, ())]


def test_who_is_no_node_of_the_site_is_not_greeted(greeter: Greeter, outlet: Outlet) -> None:
    greeter.heard("gate-9", "e1")
    greeter.step()
    assert outlet.told() == []


def test_a_node_whose_count_fell_is_told_at_once_from_where(parts: Services, outlet: Outlet) -> None:
    greeter = Greeter(parts.store, parts.rows, outlet, site=parts.site, falls=parts.falls)
    take_in(parts, event(seq=1))
    for fell_from in (0, 9, 9):
        if fell_from:
            parts.falls["gate-1", "e1"] = fell_from
        greeter.heard("gate-1", "e1")
        greeter.step()
    assert [each.highest for each in outlet.receipts] == [1, 9]


@pytest.fixture
def node(gateway: GatewayProcess) -> Iterator[Any]:
    gateway.add_node("gate-greeted")
    with closing(NodeClient(gateway.broker.port, "gate-greeted")) as client:
        yield client


def test_a_gateway_that_comes_back_says_so_before_anything_is_sent(gateway: GatewayProcess, node: NodeClient) -> None:
    node.publish(event(node=node.node))
    node.wait_through(1)
    gateway.kill()
    node.receipts.clear()
    gateway.start()
    eventually(lambda: node.receipts, "the greeting")
    assert node.receipts[0].through == 1
