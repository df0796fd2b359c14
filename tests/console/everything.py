"""A site with something on every page and behind every button: lanes, visitors, a class with its teacher."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from support.gateway import GatewayProcess
from zhian_gateway.auth import scope
from zhian_wire.state import CameraState, DeviceState

from . import scene
from .scene import Site

TEACHER = "lin"
DEVICES = (
    DeviceState(id="gate-reader", kind="reader", driver="osdp", lane="main", status="ok", reads=3, last_ms=900),
    DeviceState(id="boom", kind="barrier", driver="modbus", lane="main", status="ok"),
)


def everything(gateway: GatewayProcess) -> Site:
    """What the school of `scene` has, and a lane that let somebody in, a visitor inside, one who is expected."""
    made = scene.school(gateway)
    made.beat(CameraState(id="cam-1", status="ok", last_frame_age_ms=60), devices=DEVICES)
    made.asks("s-1001", "t1", reason="confirmed", seed=0)
    made.acts("t1")
    made.raises("borrowed_card", "s-1001", seed=3)
    made.settle()
    made.ticket(TEACHER, "teacher")
    with gateway.services() as parts, parts.store.write() as link:
        scope.set_groups(link, TEACHER, ["class-3"], site=parts.site, who="test", now=parts.now())
    with closing(gateway.log_in("wang")) as guard:
        inside = _registers(guard, "郑洁")
        guard.post(f"/api/visits/{inside}/screening").raise_for_status()
        guard.post(f"/api/visits/{inside}/admit", json={}).raise_for_status()
        _registers(guard, "周敏")
    return made


def invitation(site: Site) -> str:
    """The address that an invited guest opens, without a login."""
    said = _visit("李雷") | {"plate": "", "purpose": "家长会"}
    with closing(site.gateway.log_in(TEACHER, "teacher")) as host:
        answer = host.post("/api/visits", json=said).raise_for_status()
    return site.gateway.url + str(answer.json()["link"])


def _visit(name: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    ends = (now + timedelta(hours=2)).isoformat()
    host = {"kind": "user", "id": TEACHER}
    return {"name": name, "phone": "13900139000", "host": host, "begins": now.isoformat(), "ends": ends}


def _registers(guard: httpx.Client, name: str) -> str:
    said = _visit(name) | {"purpose": "送货", "agreed": ["keeping", "photo"]}
    return str(guard.post("/api/visits/window", json=said).raise_for_status().json()["id"])
