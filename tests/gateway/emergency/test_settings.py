"""A site that wants neither police nor sirens at the press of the button has neither, until somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.events import event
from support.gateway import add_node, write_config
from support.pipeline import take_in
from support.stores import Stores
from zhian_gateway.config import load
from zhian_gateway.services import Services, open_services
from zhian_wire.events import Alert

Client = Callable[..., httpx.Client]
#: What the page sends for a real call.
PAGE = {"id": "p9", "by": "key", "drill": False, "why": "knife"}
HELP = Alert(key="main/help_called/help/b-0", kind="help_called", severity="critical", device="help", lane="main")


@pytest.fixture
def parts(tmp_path: Path, storage: Stores, clock: Any, outbound: Any) -> Iterator[Services]:
    quiet = "[emergency]\nsiren = false\npolice = false\n"
    config = load(write_config(tmp_path / "quiet", "mqtt://127.0.0.1:1", more=quiet))
    services = open_services(config, publish=outbound, clock=clock)
    yield services
    services.store.close()


def reached(answer: httpx.Response) -> tuple[bool, bool]:
    call = answer.raise_for_status().json()["call"]
    return call["police"], call["siren"]


def test_a_call_of_the_page_reaches_whom_the_site_says(client: Client) -> None:
    assert reached(client().post("/api/emergency", json=PAGE)) == (False, False)


def test_who_asks_for_more_than_the_button_on_the_wall_gets_it_in_the_same_case(
    parts: Services, client: Client
) -> None:
    add_node(parts, "gate-1")
    take_in(parts, event(HELP, node="gate-1", at=parts.clock()))
    user = client()
    assert reached(user.get("/api/emergency")) == (False, False)
    told = user.post("/api/emergency", json=PAGE | {"police": True, "siren": True})
    assert reached(told) == (True, True)
    assert (told.json()["count"], told.json()["call"]["source"], told.json()["call"]["why"]) == (1, "input", "knife")
    assert told.json()["call"]["police_told"] is not None
