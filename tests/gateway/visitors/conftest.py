"""A visitors' desk: parts with two areas and hosts, and what a test says at the window."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.gateway import HttpOnly, write_config
from support.people import FolderEnroller
from support.screening import ScreeningService
from support.stores import Stores
from zhian_gateway.config import load
from zhian_gateway.services import Services, open_services

CITIZEN = "11010519491231002X"
DESK = """
[outbound]
private_hosts = ["127.0.0.1"]

[[visitors.areas]]
id = "office"
name = "办公楼"
group = "visitor-office"

[[visitors.areas]]
id = "all"
name = "全校"
group = "visitor"
schedule = "daytime"

[[visitors.screening]]
name = "bureau"
url = "http://127.0.0.1:{port}/screen"
secret_file = "{token}"
timeout_s = 1
"""
#: The smallest thing that passes for a JPEG, and its name.
PHOTO = b"\xff\xd8\xff\xe0" + bytes(60) + b"\xff\xd9"
PHOTO_NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[ScreeningService]:
    """A public-security service, in another process."""
    with ScreeningService(tmp_path / "bureau") as service:
        yield service


@pytest.fixture
def parts(tmp_path: Path, storage: Stores, clock: Any, outbound: Any, bureau: ScreeningService) -> Iterator[Services]:
    more = DESK.format(port=bureau.port, token=bureau.folder / "token")
    config = load(write_config(tmp_path / "parts", "mqtt://127.0.0.1:1", more=more))
    services = open_services(config, publish=outbound, clock=clock, enroller=FolderEnroller())
    yield services
    services.store.close()


class Window:
    """Somebody at the window, and the guard behind it."""

    def __init__(self, parts: Services, client: Callable[..., httpx.Client]) -> None:
        self.parts = parts
        self._client = client
        self._signed_in = (parts.clock(), client("guard"))

    @property
    def guard(self) -> httpx.Client:
        """The guard on duty: whoever comes later signs in anew."""
        now, (at, _) = self.parts.clock(), self._signed_in
        if now - at > timedelta(minutes=30):
            self._signed_in = (now, self._client("guard"))
        return self._signed_in[1]

    def times(self, hours: float = 2) -> dict[str, str]:
        """From now on."""
        now = self.parts.clock()
        return {"begins": now.isoformat(), "ends": (now + timedelta(hours=hours)).isoformat()}

    def registers(self, **about: Any) -> str:
        """The number of a visit."""
        host = {"kind": "user", "id": "teacher-1"}
        said = {"name": "李雷", "phone": "13800138000", "citizen": CITIZEN, "purpose": "家长会", "host": host}
        said |= {"agreed": ["keeping", "photo"]} | self.times() | about
        answer = self.guard.post("/api/visits/window", json=said)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def photographs(self, visit: str, ground: str = "") -> httpx.Response:
        """The guard takes a picture."""
        address = f"/api/visits/{visit}/pictures/{PHOTO_NAME}"
        return self.guard.put(address, content=PHOTO, params={"ground": ground} if ground else {})

    def asks(self, visit: str, what: str, **about: Any) -> httpx.Response:
        """Press a button."""
        return self.guard.post(f"/api/visits/{visit}/{what}", json=about or None)

    def lets_in(self, visit: str, **about: Any) -> dict[str, Any]:
        """Screened and let in; the pass."""
        assert self.asks(visit, "screening").json()["screening"] == "clear"
        answer = self.guard.post(f"/api/visits/{visit}/admit", json=about)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def looks(self, visit: str) -> dict[str, Any]:
        """The visit as the desk sees it."""
        return dict(self.guard.get(f"/api/visits/{visit}").json()["visit"])


@pytest.fixture
def window(http: HttpOnly, client: Callable[..., httpx.Client]) -> Window:
    client("teacher")
    return Window(http.parts, client)
