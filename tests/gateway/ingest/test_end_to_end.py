"""Events through a real broker into a real gateway, with both killed in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from msgspec.structs import replace
from support.events import event, passage
from support.gateway import GatewayProcess
from support.node import NodeClient
from support.people import ground, person_file, some_face
from support.waiting import eventually
from zhian_gateway.ledger.reading import read as ledger
from zhian_gateway.nodes import identity
from zhian_gateway.people import rosters
from zhian_wire import codec
from zhian_wire.commands import Resend, RosterNotice
from zhian_wire.receipts import Receipt, proof_of


@pytest.fixture
def node(gateway: GatewayProcess, request: pytest.FixtureRequest) -> Iterator[NodeClient]:
    name = request.node.name[:40].replace("[", "-").replace("]", "")
    gateway.add_node(name)
    client = NodeClient(gateway.broker.port, name)
    yield client
    client.close()


def _events(node: NodeClient, first: int, last: int) -> list:
    return [event(seq=seq, node=node.node) for seq in range(first, last + 1)]


def test_a_receipt_follows_the_commit_and_names_the_store(gateway: GatewayProcess, node: NodeClient) -> None:
    node.publish(*_events(node, 1, 20))
    told = replace(node.wait_through(20), proof={})
    with gateway.services() as parts:
        assert told == Receipt(node=node.node, epoch="e1", through=20, highest=20, store_id=parts.store.store_id)
    proof = {seq: told for receipt in node.receipts for seq, told in receipt.proof.items()}
    assert proof == {each.seq: proof_of(codec.encode(each)) for each in _events(node, 1, 20)}


def test_a_copy_is_receipted_again_since_its_receipt_may_be_lost(gateway: GatewayProcess, node: NodeClient) -> None:
    node.publish(*_events(node, 1, 3))
    node.wait_through(3)
    node.receipts.clear()
    node.publish(*_events(node, 2, 2))
    node.wait_through(3)


def test_a_hole_is_asked_for_again(gateway: GatewayProcess, node: NodeClient) -> None:
    node.publish(*_events(node, 1, 2), *_events(node, 5, 6))
    eventually(lambda: node.commands, "a request for the hole")
    command = node.commands[0]
    assert isinstance(command, Resend)
    assert (command.epoch, command.ranges) == ("e1", ((3, 4),))
    node.publish(*_events(node, 3, 4))
    node.wait_through(6)


def test_a_gateway_killed_at_any_time_loses_nothing(gateway: GatewayProcess, node: NodeClient) -> None:
    node.publish(*_events(node, 1, 400))
    gateway.kill()
    gateway.start()
    node.publish(*_events(node, 1, 400))
    node.wait_through(400)
    with gateway.services() as parts, parts.store.read() as link:
        line = next(line for line in ledger(link, parts.site, parts.zone) if line.node == node.node)
    assert (line.decided, line.stored, line.holes) == (400, 400, 0)


def test_a_broker_killed_at_any_time_loses_nothing(gateway: GatewayProcess, node: NodeClient) -> None:
    node.publish(*_events(node, 1, 50))
    gateway.broker.kill()
    gateway.broker.start()
    eventually(lambda: _send_again(node, 50), "a receipt through 50", 30)


def _send_again(node: NodeClient, last: int) -> bool:
    node.publish(*_events(node, 1, last))
    return any(receipt.through >= last for receipt in node.receipts)


def test_a_passage_is_on_the_guards_page_a_moment_later(gateway: GatewayProcess, node: NodeClient) -> None:
    client = gateway.log_in()
    node.publish(event(passage(plate="粤B12345", kind="plate"), node=node.node))

    def look() -> list:
        return client.get("/api/passages", params={"plate": "粤B12345"}).json()["items"]

    items = eventually(look, "the passage")
    assert items[0]["plate"] == "粤B12345"
    client.close()


def test_a_revoked_node_gets_no_receipt_and_the_guard_is_told(gateway: GatewayProcess, node: NodeClient) -> None:
    with gateway.services() as parts, parts.store.write() as link:
        identity.revoke(link, site=parts.site, node=node.node, now=parts.now(), who="test")
    with closing(gateway.log_in()) as client:
        node.publish(*_events(node, 1, 3))

        def look() -> list[tuple[str, str]]:
            found = client.get("/api/alerts").json()["items"]
            return [(alert["kind"], alert["node"]) for alert in found if alert["kind"] == "unknown_node"]

        assert eventually(look, "the alert") == [("unknown_node", node.node)]
    gateway.add_node(node.node)
    node.publish(*_events(node, 1, 1))
    assert node.wait_through(1).highest == 1


def test_a_withdrawal_on_the_command_line_reaches_the_node(gateway: GatewayProcess, node: NodeClient) -> None:
    with gateway.services() as parts:
        with parts.store.write() as link:
            parts.registry.enrol(
                link, "pupil", person_file(), ground("2099-01-01"), some_face(), who="t", now=parts.now()
            )
        eventually(lambda: node.rosters, "the roster's first version")
        node.rosters.clear()
        with parts.store.write() as link:
            parts.registry.withdraw(link, "pupil", who="t", now=parts.now())
            version = rosters.version(link)
    eventually(lambda: node.rosters, "word of the withdrawal")
    assert codec.decode_message(node.rosters[-1], RosterNotice).version == version


def test_sigterm_ends_it_cleanly(gateway: GatewayProcess) -> None:
    assert gateway.stop() == 0
    gateway.start()
