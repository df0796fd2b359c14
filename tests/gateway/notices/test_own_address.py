"""Notices for the gateway's own inbox go to where it listens, and past every proxy."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.broker import Broker
from support.events import event, passage
from support.gateway import GatewayProcess
from support.node import NodeClient
from support.people import ground, person_file, some_face
from support.waiting import eventually
from zhian_gateway.people import rosters

#: Another address of this machine than the usual one.
ELSEWHERE = "127.0.0.5"
NOWHERE = "http://127.0.0.1:1"


@pytest.mark.thorough
def test_the_inbox_is_found_on_any_address_and_through_no_proxy(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "broker").start()
    gateway = GatewayProcess(tmp_path, broker, host=ELSEWHERE, http_proxy=NOWHERE, HTTP_PROXY=NOWHERE)
    try:
        gateway.start().add_node("gate-1")
        with closing(NodeClient(broker.port, "gate-1")) as node:
            node.publish(event(passage(person_id=_pupil(gateway)), at=datetime.now(UTC)))
            node.wait_through(1)
        with closing(gateway.log_in()) as client:
            (item,) = eventually(lambda: client.get("/api/inbox").json()["items"], "the notice")
        assert item["guardian"] == "parents"
    finally:
        gateway.kill()
        broker.kill()


def _pupil(gateway: GatewayProcess) -> str:
    """Somebody whose guardian is told in the inbox; their opaque id."""
    about = person_file(guardians=["inbox://parents"], name="小明")
    with gateway.services() as parts:
        with parts.store.write() as link:
            parts.registry.enrol(link, "a", about, ground("2099-01-01"), some_face(), who="t", now=parts.now())
        with parts.store.read() as link:
            return rosters.build(link, since=0, now=parts.now()).persons[0].id
