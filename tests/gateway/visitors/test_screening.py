"""Whoever comes is held against every list; a list that cannot be asked stops them until a person decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.people import ground, person_file, some_face
from support.screening import TOKEN, ScreeningService
from zhian_gateway.store import tables as t
from zhian_gateway.visitors.watching import VisitWatch

from .conftest import CITIZEN, Window

Client = Callable[..., httpx.Client]


def screened(window: Window, visit: str) -> tuple[str, str]:
    found = window.asks(visit, "screening").json()
    return found["screening"], found["screening_detail"]


def lists(window: Window, admin: httpx.Client, **entry: str) -> None:
    until = (window.parts.clock() + timedelta(days=10)).isoformat()
    answer = admin.post("/api/visitor-list", json={"ground": "扰乱秩序", "until": until} | entry)
    assert answer.status_code == 200, answer.text


def test_the_service_is_asked_with_its_token_and_gets_what_it_needs_and_no_more(
    window: Window, bureau: ScreeningService
) -> None:
    visit = window.registers(plate="京A12345")
    assert screened(window, visit) == ("clear", "own list: clear; bureau: clear")
    (request,) = bureau.requests
    assert request["authorization"] == f"Bearer {TOKEN}"
    assert request["asked"] == {
        "reference": f"school/{visit}", "name": "李雷", "citizen_number": CITIZEN, "plate": "京A12345",
    }  # fmt: skip


def test_who_the_service_knows_is_stopped_until_a_person_decides_with_a_reason(
    window: Window, bureau: ScreeningService
) -> None:
    visit = window.registers(name="张三")
    assert screened(window, visit) == ("hit", "own list: clear; bureau: hit (wanted)")
    assert window.guard.post(f"/api/visits/{visit}/admit", json={}).status_code == 409
    let_in = window.guard.post(f"/api/visits/{visit}/admit", json={"decision": "警察陪同"}).json()["visit"]
    assert (let_in["state"], let_in["decided_by"], let_in["decision"]) == ("inside", "guard-1", "警察陪同")
    with window.parts.store.read() as link:
        query = select(t.audit.c.who, t.audit.c.detail).where(t.audit.c.action == "visit.decide")
        assert link.execute(query).all() == [("guard-1", "hit: 警察陪同")]


@pytest.mark.parametrize(
    ("mode", "why"),
    [("fail", "status 500"), ("refuse", "status 403"), ("slow", "timeout"),
     ("nonsense", "nonsense"), ("gone", "unreachable")],
)  # fmt: skip
def test_a_service_that_cannot_answer_is_told_as_not_screened_and_passes_nobody(
    window: Window, bureau: ScreeningService, mode: str, why: str
) -> None:
    bureau.stop() if mode == "gone" else bureau.answers(mode)
    visit = window.registers()
    word, detail = screened(window, visit)
    assert word == "unscreened"
    assert f"bureau: unavailable ({why}" in detail
    refused = window.guard.post(f"/api/visits/{visit}/admit", json={})
    assert refused.status_code == 409
    assert "could not be screened" in refused.json()["detail"]
    assert window.guard.post(f"/api/visits/{visit}/admit", json={"decision": "校长同意"}).status_code == 200


def test_a_service_that_is_back_answers_the_next_time(window: Window, bureau: ScreeningService) -> None:
    bureau.answers("fail")
    visit = window.registers()
    assert screened(window, visit)[0] == "unscreened"
    bureau.answers("ok")
    assert screened(window, visit)[0] == "clear"


def test_a_token_that_cannot_be_read_is_said(window: Window, bureau: ScreeningService) -> None:
    (bureau.folder / "token").unlink()
    assert "no token" in screened(window, window.registers())[1]
    assert bureau.requests == []


@pytest.mark.parametrize(
    ("entry", "about", "word"),
    [
        ({"name": "李雷"}, {}, "hit (name)"),
        ({"name": "李雷", "citizen": CITIZEN}, {"name": "别名"}, "hit (citizen number)"),
        # Another number: somebody of the same name.
        ({"name": "李雷", "citizen": "110101199003071233"}, {}, "clear"),
        ({"name": "李雷", "citizen": "110101199003071233"}, {"citizen": ""}, "hit (name)"),
        ({"plate": "京A12345"}, {"plate": "京A·12345"}, "hit (plate)"),
        ({"plate": "京A12345"}, {"plate": "京B12345"}, "clear"),
    ],
)
def test_the_sites_own_list_finds_by_number_name_and_plate(
    window: Window, client: Client, entry: dict[str, str], about: dict[str, str], word: str
) -> None:
    lists(window, client("admin"), **entry)
    assert screened(window, window.registers(**about))[1].startswith(f"own list: {word}")


@pytest.mark.parametrize(
    ("listed", "said", "word"),
    [
        ("John Smith", "JOHN SMITH", "hit (name)"),
        ("John Smith", "Ｊｏｈｎ Ｓｍｉｔｈ", "hit (name)"),
        ("JOHNSMITH", "john　smith", "hit (name)"),
        ("李 雷", "李雷", "hit (name)"),
        ("John Smith", "Joan Smith", "clear"),
    ],
)
def test_case_width_and_spaces_hide_nobody_who_is_listed_or_watched(
    window: Window, client: Client, listed: str, said: str, word: str
) -> None:
    lists(window, client("admin"), name=listed)
    assert screened(window, window.registers(name=said))[1].startswith(f"own list: {word}")
    with window.parts.store.write() as link:
        link.execute(t.visitor_list.delete())
        about = person_file(name=listed, watch=True)
        window.parts.registry.enrol(link, "w", about, ground(), some_face(), who="t", now=window.parts.now())
    assert screened(window, window.registers(name=said))[1].startswith(f"own list: {word}")


def test_people_who_are_watched_are_found_by_name_plate_and_a_face_whose_owner_agreed(window: Window) -> None:
    with window.parts.store.write() as link:
        about = person_file(name="赵六", watch=True, plates=("京A12345",))
        window.parts.registry.enrol(link, "w", about, ground(), some_face(), who="t", now=window.parts.now())
    found = []
    for said in ({"name": "赵六"}, {"plate": "京A12345"}, {"agreed": ["keeping", "photo", "face"]}, {}):
        visit = window.registers(**said)
        window.photographs(visit).raise_for_status()
        found.append(screened(window, visit)[1].partition(";")[0])
    assert found == ["own list: hit (name)", "own list: hit (plate)", "own list: hit (face)", "own list: clear"]


def test_an_entry_needs_somebody_a_ground_and_an_end_and_is_deleted_then(
    window: Window, client: Client, clock: Any
) -> None:
    admin = client("admin")
    until = (window.parts.clock() + timedelta(days=10)).isoformat()
    for wrong in (
        {"ground": "x", "until": until},
        {"name": "张三", "ground": " ", "until": until},
        {"name": "张三", "ground": "x", "until": window.parts.clock().isoformat()},
        {"name": "张三", "ground": "x", "until": (window.parts.clock() + timedelta(days=400)).isoformat()},
        {"citizen": "1", "ground": "x", "until": until},
    ):
        assert admin.post("/api/visitor-list", json=wrong).status_code == 422
    lists(window, admin, name="张三")
    lists(window, admin, citizen=CITIZEN)
    first, second = admin.get("/api/visitor-list").json()["items"]
    assert (first["citizen"], second["name"]) == ("110***********002X", "张三")
    assert admin.post(f"/api/visitor-list/{first['id']}/remove").status_code == 200
    clock.forward(11 * 86_400)
    VisitWatch(window.parts, lambda: None).step()
    with window.parts.store.read() as link:
        assert link.execute(select(t.visitor_list)).all() == []


def test_nothing_of_the_list_lies_readable_in_the_database(window: Window, client: Client) -> None:
    lists(window, client("admin"), name="李四", citizen=CITIZEN, plate="京A12345")
    with window.parts.store.read() as link:
        raw = json.dumps([list(row) for row in link.exec_driver_sql("SELECT * FROM visitor_list").all()], default=str)
    assert not [said for said in ("李四", CITIZEN, "京A12345", "扰乱秩序") if said in raw]
