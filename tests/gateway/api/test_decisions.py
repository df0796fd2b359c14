"""What a lane answered is read page by page, by guards alone, and each look is on the record."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select
from support.events import event
from support.gateway import add_node
from zhian_gateway.api import decisions
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


def looks(parts: Services) -> list[str]:
    query = select(audit.c.detail).where(audit.c.action == "lane.decisions").order_by(audit.c.id)
    with parts.store.read() as link:
        return list(link.execute(query).scalars())


def test_a_later_page_alone_is_on_the_record_too_once_in_a_while_for_each_question(
    told: Services, client: Client
) -> None:
    user = client()
    for _ in range(2):
        assert user.get(PATH, params={"before": str(2**62)}).json()["items"][0]["transaction"] == "t-7"
    assert looks(told) == [" to "]
    since = "2026-03-01T00:00:00.000Z"
    user.get(PATH, params={"since": since, "before": str(2**62)}).raise_for_status()
    assert looks(told) == [" to ", f"{since} to "]
    told.clock.forward(16 * 60)  # type: ignore[attr-defined]
    user.get(PATH).raise_for_status()
    assert looks(told) == [" to ", f"{since} to ", " to "]


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_one_answer_looks_at_so_many_events_only_and_the_next_goes_on(
    told: Services, client: Client, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(decisions, "MOST", 1)
    user, found, pages, before = client(), [], 0, None
    while pages == 0 or before is not None:
        page = user.get(PATH, params={"limit": limit} | ({"before": before} if before else {})).json()
        assert len(page["items"]) <= 1
        found += [each["transaction"] for each in page["items"]]
        pages, before = pages + 1, page["next"]
    assert (found, pages) == (["t-7", "t-5", "t-4", "t-2", "t-1"], 7)


def test_only_a_stretch_is_told_and_only_of_lanes_that_are(told: Services, client: Client) -> None:
    user = client()
    everything = user.get(PATH).json()["items"]
    stretch = {"since": everything[3]["time"], "until": everything[1]["time"]}
    assert user.get(PATH, params=stretch).json()["items"] == everything[1:4]
    assert user.get("/api/lanes/gate-9/main/decisions").status_code == 404
    assert user.get(PATH, params={"before": "x"}).status_code == 422
