"""What a lane answered is read page by page, by guards alone, and each look is on the record."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select
from support.events import event
from support.gateway import add_node
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit
from zhian_wire import codec
from zhian_wire.events import Decision

Client = Callable[..., httpx.Client]
PATH = "/api/lanes/gate-1/main/decisions"


def decision(number: int, lane: str = "main") -> Decision:
    refused = number % 2 == 0
    return Decision(
        transaction=f"t-{number}",
        lane=lane,
        verdict="refuse" if refused else "open",
        reason="withdrawn_card" if refused else "card",
        policy="card",
        evidence_age_ms=10,
    )


@pytest.fixture
def told(parts: Services) -> Services:
    """Five answers of one lane, with those of another between; a second apart, from 07:30:01 UTC."""
    add_node(parts, "gate-1")
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    said = [event(decision(n, "main" if n % 3 else "side"), seq=n) for n in range(1, 8)]
    keeper.keep([Message("gate-1", codec.encode(each)) for each in said])
    return parts


def test_a_lanes_answers_come_newest_first_page_by_page_with_their_reasons(told: Services, client: Client) -> None:
    user, found, before = client(), [], None
    while True:
        page = user.get(PATH, params={"limit": 2} | ({"before": before} if before else {})).json()
        found += [(each["transaction"], each["verdict"], each["reason"]) for each in page["items"]]
        before = page["next"]
        if before is None:
            break
    assert found == [
        ("t-7", "open", "card"), ("t-5", "open", "card"), ("t-4", "refuse", "withdrawn_card"),
        ("t-2", "refuse", "withdrawn_card"), ("t-1", "open", "card")]  # fmt: skip
    with told.store.read() as link:
        looks = link.execute(select(audit.c.who, audit.c.subject).where(audit.c.action == "lane.decisions")).all()
    assert [tuple(row) for row in looks] == [("guard-1", "gate-1/main")]


def test_only_a_stretch_is_told_and_only_of_lanes_that_are(told: Services, client: Client) -> None:
    user = client()
    everything = user.get(PATH).json()["items"]
    stretch = {"since": everything[3]["time"], "until": everything[1]["time"]}
    assert user.get(PATH, params=stretch).json()["items"] == everything[1:4]
    assert user.get("/api/lanes/gate-9/main/decisions").status_code == 404
    assert user.get(PATH, params={"before": "x"}).status_code == 422
