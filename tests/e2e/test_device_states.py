"""A device that fails at a gate is seen at the gateway: as a state beside its node, and as an event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from zhian_gateway.store.tables import events

from ..support.gateway import GatewayProcess
from ..support.waiting import eventually
from .nodes import NodeProcess

DEVICES = """
[[readers]]
id = "in"
driver = "virtual"
script = "{script}"
lane = "main"
"""


def reader(user: httpx.Client) -> dict[str, Any]:
    (node,) = user.get("/api/nodes").json()["items"]
    found: dict[str, Any] = next(iter(node["devices"]), {})
    return found


def told(gateway: GatewayProcess) -> bool:
    with gateway.services() as parts, parts.store.read() as link:
        bodies = link.execute(select(events.c.body).where(events.c.type == "zhian.health.v1")).scalars()
        return any(b'"component":"reader"' in body and b'"lost"' in body for body in bodies)


@pytest.mark.slow
def test_a_reader_that_is_unplugged_and_its_return_are_seen_at_the_gateway(
    tmp_path: Path, gateway: GatewayProcess
) -> None:
    script = tmp_path / "reader.jsonl"
    script.write_text('{"card": "04A1B2C3"}\n')
    node = NodeProcess(tmp_path / "edge", gateway.broker, gateway, tmp_path, DEVICES.format(script=script))
    node.start()
    user = gateway.log_in()
    try:
        well = eventually(lambda: (r := reader(user)).get("reads") and r, "the card's reader at the gateway")
        assert (well["kind"], well["driver"], well["lane"], well["state"]) == ("reader", "virtual", "main", "ok")
        script.rename(tmp_path / "unplugged")
        lost = eventually(lambda: (r := reader(user))["state"] == "down" and r, "the outage as a state")
        assert (lost["cause"], lost["reads"]) == ("lost", 1)
        assert "reader.jsonl" in lost["detail"]
        eventually(lambda: told(gateway), "the outage as an event", 30)
        (tmp_path / "unplugged").rename(script)
        eventually(lambda: reader(user)["state"] == "ok", "the return", 30)
    finally:
        user.close()
        node.kill()
