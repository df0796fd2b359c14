"""A whole gateway that is killed with -9 tells the next people of a case that nobody acknowledges, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from support.broker import Broker
from support.gateway import GatewayProcess
from support.waiting import eventually
from zhian_gateway.cases.signals import Raise
from zhian_gateway.store.tables import escalations, inbox

RESPONSE = """
[response.major]
acknowledge_s = 2
close_s = 60

[[response.contacts]]
name = "王队长"
role = "guards"
address = "inbox://wang"

[[response.steps]]
to = ["guards"]
"""


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    broker = Broker(tmp_path / "broker").start()
    process = GatewayProcess(tmp_path, broker, RESPONSE)
    try:
        yield process
    finally:
        process.kill()
        broker.kill()


def told(gateway: GatewayProcess) -> tuple[int, list[str]]:
    """How many steps were taken, and what arrived."""
    with gateway.services() as parts, parts.store.read() as link:
        taken = link.execute(select(escalations)).all()
        return len(taken), [row.title for row in link.execute(select(inbox))]


@pytest.mark.thorough
def test_a_gateway_that_is_killed_forgets_nobody_and_tells_nobody_twice(gateway: GatewayProcess) -> None:
    with gateway.services() as parts, parts.store.write() as link:
        wanted = Raise(key="k", kind="tailgating", severity="major", node="n", at=parts.now(), lane="main")
        parts.book.raise_(link, wanted, parts.now())
    # Killed before anything was late; the next one finds it late.
    gateway.start()
    gateway.kill()
    gateway.start()
    eventually(lambda: told(gateway)[1], "the notice", 20)
    gateway.kill()
    gateway.start()
    with gateway.services() as parts, parts.store.write() as link:
        wanted = Raise(key="other", kind="door_held", severity="major", node="n", at=parts.now(), lane="main")
        parts.book.raise_(link, wanted, parts.now())
    eventually(lambda: len(told(gateway)[1]) > 1, "the notice of the other case", 20)
    assert told(gateway) == (2, ["第一小学：1 起告警无人确认"] * 2)
