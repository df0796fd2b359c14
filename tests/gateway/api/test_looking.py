"""Who looks up a person among the passages stands in the audit: once for each look-up, before they see anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.events import START, event, passage
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, credentials, people

Client = Callable[..., httpx.Client]


@pytest.fixture
def school(parts: Services) -> Services:
    """Two people, who both pass often."""
    for person, name in (("p1", "王小明"), ("p2", "王小红")):
        with parts.store.write() as link:
            about = person_file(name=name)
            parts.registry.enrol(link, person, about, ground(), some_face(), who="t", now=parts.now())
            opaque = link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()
        first = 1 if person == "p1" else 11
        seqs = range(first, first + 10)
        take_in(parts, *(event(passage(person_id=opaque), seq=n, at=START + timedelta(seconds=n)) for n in seqs))
    return parts


def looked(parts: Services) -> list[tuple[str, str, str]]:
    query = select(audit.c.who, audit.c.subject, audit.c.detail).where(audit.c.action == "passages.search")
    with parts.store.read() as link:
        return [tuple(row) for row in link.execute(query.order_by(audit.c.id))]


def test_a_look_up_of_somebody_is_one_line_however_many_pages_and_refreshes_it_has(
    school: Services, client: Client, clock: Any
) -> None:
    guard = client()
    first = guard.get("/api/passages", params={"person": "王小明", "limit": 5}).json()
    guard.get("/api/passages", params={"person": "王小明", "limit": 5, "before": first["next"]})
    guard.get("/api/passages", params={"person": "王小明", "limit": 5})
    assert looked(school) == [("guard-1", "p1", "name or id: p1")]
    clock.forward(3600)
    guard.get("/api/passages", params={"person": "王小明"})
    assert len(looked(school)) == 2


def test_no_page_is_seen_unrecorded_by_beginning_in_the_middle(school: Services, client: Client) -> None:
    guard = client()
    last = guard.get("/api/passages", params={"limit": 1}).json()["next"]
    assert looked(school) == []
    assert guard.get("/api/passages", params={"person": "p2", "before": last}).json()["items"]
    assert [row[1] for row in looked(school)] == ["p2"]


def test_who_is_meant_by_part_of_a_name_is_named_and_so_is_a_plate(school: Services, client: Client) -> None:
    guard = client()
    guard.get("/api/passages", params={"person": "王"})
    guard.get("/api/passages", params={"plate": "粤B12345"})
    guard.get("/api/passages", params={"person": "nobody"})
    assert [row[1:] for row in looked(school)] == [
        ("", "name or id: p1 p2"),
        ("…345", "plate …345"),
        ("", "name or id"),
    ]


def test_a_look_up_by_a_card_or_a_likely_plate_names_whom_it_shows_and_no_whole_card(
    school: Services, client: Client
) -> None:
    with school.store.write() as link:
        about = person_file(name="王小明", cards=("04A1B2C3",))
        school.registry.enrol(link, "p1", about, ground(), some_face(), who="t", now=school.now())
        link.execute(credentials.insert().values(person_id="p2", kind="plate", value="粤B12345"))
    guard = client()
    assert guard.get("/api/passages", params={"card": "04a1b2c3"}).json()["items"]
    guard.get("/api/passages", params={"card": " 04A1B2C3 ", "limit": 1})
    guard.get("/api/passages", params={"card": "77"})
    guard.get("/api/passages", params={"plate_near": "粤BI2345"})
    guard.get("/api/passages", params={"plate": "粤b12345"})
    guard.get("/api/passages", params={"person": "王", "card": "B2C3"})
    assert [row[1:] for row in looked(school)] == [
        ("p1", "card …B2C3: p1"),
        ("…7", "card …7"),
        ("p2", "plate near …345: p2"),
        ("p2", "plate …345: p2"),
        ("p1", "name or id, card …C3: p1"),
    ]


def test_the_live_page_and_what_happened_around_an_alert_are_no_look_up(school: Services, client: Client) -> None:
    guard = client()
    for query in ({}, {"camera": "cam-1"}, {"node": "gate-1", "since": "2026-03-02T07:30:02.000Z"}):
        guard.get("/api/passages", params=query)
    assert looked(school) == []
