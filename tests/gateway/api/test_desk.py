"""The office's desk over HTTP: cards and their loss, consents given and taken back, who may collect a child."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.notices import enrol
from zhian_gateway.auth import scope
from zhian_gateway.people import details, rosters
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit

Client = Callable[..., httpx.Client]


@pytest.fixture
def office(parts: Services, client: Client) -> httpx.Client:
    """Ming and his sister Li share a mother; Lan is of another family and class; an aunt is enrolled."""
    for person, group, address in (("ming", "grade-1", "inbox://mother"), ("li", "grade-2", "inbox://mother")):
        enrol(parts, address, person=person, name=person.title(), group=group)
    enrol(parts, "inbox://other", person="lan", name="Lan", group="grade-2")
    enrol(parts, "inbox://aunt", person="aunt", name="Aunt", group="staff")
    return client("admin")


def roster(parts: Services) -> dict[str, Any]:
    with parts.store.read() as link:
        names = {row.opaque: row.id for row in link.execute(select(rosters.people))}
        return {names[each.id]: each for each in rosters.build(link, since=0, now=parts.now()).persons}


def test_a_card_is_issued_lost_and_replaced_at_once(parts: Services, office: httpx.Client) -> None:
    made = office.post("/api/people/ming/cards", json={"card": "04a1b2c3"}).json()
    assert [(card["value"], card["withdrawn_at"]) for card in made["cards"]] == [("04A1B2C3", None)]
    assert "card" in made["ways"]
    assert office.post("/api/people/lan/cards", json={"card": "04A1B2C3"}).status_code == 422
    lost = {"card": "04A1B2C3", "why": "lost", "replacement": "04D4E5F6"}
    assert office.post("/api/people/lan/cards/withdraw", json=lost).status_code == 404
    after = office.post("/api/people/ming/cards/withdraw", json=lost).json()
    assert [(card["value"], card["reason"]) for card in after["cards"]] == [("04A1B2C3", "lost"), ("04D4E5F6", "")]
    assert (roster(parts)["ming"].cards, roster(parts)["ming"].withdrawn) == (("04D4E5F6",), ("04A1B2C3",))


def test_a_card_that_an_import_dropped_can_be_told_as_lost_by_its_last_holder(
    parts: Services, office: httpx.Client
) -> None:
    office.post("/api/people/ming/cards", json={"card": "04A1B2C3"}).raise_for_status()
    with parts.store.write() as link:
        details.end(link, "ming", "04A1B2C3", why=details.REPLACED, now=parts.now())
    lost = {"card": "04A1B2C3", "why": "lost"}
    assert office.post("/api/people/lan/cards/withdraw", json=lost).status_code == 404
    after = office.post("/api/people/ming/cards/withdraw", json=lost).json()
    assert [(card["value"], card["reason"]) for card in after["cards"]] == [("04A1B2C3", "lost")]
    assert office.post("/api/people/ming/cards/withdraw", json=lost).status_code == 404


def test_a_replacement_that_cannot_be_leaves_the_old_card_as_it_was(parts: Services, office: httpx.Client) -> None:
    office.post("/api/people/ming/cards", json={"card": "04A1"}).raise_for_status()
    office.post("/api/people/lan/cards", json={"card": "04B1"}).raise_for_status()
    wrong = {"card": "04A1", "why": "lost", "replacement": "04B1"}
    assert office.post("/api/people/ming/cards/withdraw", json=wrong).status_code == 422
    assert roster(parts)["ming"].cards == ("04A1",)
    assert office.post("/api/people/ming/cards", json={"card": "no card"}).status_code == 422


def test_a_consent_names_who_gave_it_and_is_taken_back_as_easily(parts: Services, office: httpx.Client) -> None:
    day = parts.clock().date().isoformat()
    said = {"purpose": "recognition", "until": "2027-07-31", "by": "Mother"}
    given = office.post("/api/people/ming/consents", json=said).json()["consents"]["recognition"]
    assert (given["state"], given["given_by"], given["given_on"]) == ("given", "Mother", day)
    back = {"purpose": "recognition", "by": "Mother"}
    after = office.post("/api/people/ming/consents/withdraw", json=back).json()
    assert after["consents"]["recognition"]["state"] == "refused"
    assert (after["ways"], after["stranded"]) == ([], True)
    assert roster(parts)["ming"].templates == ()
    by_hand = office.post("/api/people/ming/switches", json={"by_hand": True, "why": "has no card yet"}).json()
    assert (by_hand["ways"], by_hand["stranded"]) == (["hand"], False)
    over = {"purpose": "recognition", "until": "2020-01-01", "by": "Mother"}
    assert office.post("/api/people/ming/consents", json=over).status_code == 422


def test_who_may_collect_a_child_is_said_by_day_and_for_siblings_too(parts: Services, office: httpx.Client) -> None:
    assert [each["id"] for each in office.get("/api/people/ming/collectors").json()["siblings"]] == ["li"]
    # The clock says Monday, 2 March 2026, afternoon.
    said = {"kind": "person", "value": "aunt", "days": ["tue", "mon"], "note": "aunt", "siblings": ["li"]}
    (made,) = office.post("/api/people/ming/collectors", json=said).json()["items"]
    assert (made["name"], made["days"], made["today"], made["note"]) == ("Aunt", ["mon", "tue"], True, "aunt")
    assert [each.days for each in roster(parts)["li"].collectors] == [("mon", "tue")]
    for more, today in (({"days": ["tue"]}, False), ({"begins": "2026-03-03"}, False), ({"ends": "2026-03-02"}, True)):
        car = {"kind": "plate", "value": "京a12345"} | more
        items = office.post("/api/people/ming/collectors", json=car).json()["items"]
        assert [each["today"] for each in items if each["kind"] == "plate"] == [today]
    wrong = said | {"siblings": ["lan"]}
    assert office.post("/api/people/ming/collectors", json=wrong).status_code == 422
    assert office.post("/api/people/ming/collectors", json=said | {"value": "ghost"}).status_code == 404
    gone = {"kind": "person", "value": "aunt"}
    assert [each["kind"] for each in office.post("/api/people/ming/collectors/remove", json=gone).json()["items"]] == [
        "plate"
    ]


def test_two_households_collect_in_turn_by_weeks_at_the_desk_and_at_every_gate(
    parts: Services, office: httpx.Client
) -> None:
    # Monday, 2 March 2026: week 10.
    father = {"kind": "plate", "value": "京A12345", "turn": "odd", "note": "father's home"}
    mother = {"kind": "person", "value": "aunt", "turn": "even", "note": "mother's home"}
    for each in (father, mother):
        items = office.post("/api/people/ming/collectors", json=each).raise_for_status().json()["items"]
    assert {each["note"]: (each["turn"], each["today"]) for each in items} == {
        "father's home": ("odd", False),
        "mother's home": ("even", True),
    }
    counted = office.post("/api/people/ming/collectors", json=father | {"turn_from": "2026-02-20"}).json()["items"]
    assert [(each["turn_from"], each["today"]) for each in counted if each["turn"] == "odd"] == [("2026-02-20", True)]
    assert sorted((each.turn, each.turn_from) for each in roster(parts)["ming"].collectors) == [
        ("even", ""),
        ("odd", "2026-02-20"),
    ]
    for wrong in ({"turn": "third"}, {"turn": "", "turn_from": "2026-02-20"}, {"turn_from": "2026-02-30"}):
        assert office.post("/api/people/ming/collectors", json=father | wrong).status_code == 422


def test_guards_and_the_childs_teacher_see_who_may_collect_and_nobody_else(
    parts: Services, office: httpx.Client, client: Client
) -> None:
    teacher = client("teacher")
    with parts.store.write() as link:
        scope.set_groups(link, "teacher-1", ["grade-1"], site="school", who="t", now=parts.now())
    assert teacher.get("/api/people/ming/collectors").status_code == 200
    assert teacher.get("/api/people/li/collectors").status_code == 404
    assert client("guard").get("/api/people/ming/collectors").status_code == 200
    assert client("police").get("/api/people/ming/collectors").status_code == 403
    with parts.store.read() as link:
        looks = link.execute(select(audit.c.who).where(audit.c.action == "collectors.view")).scalars().all()
    assert looks == ["teacher-1", "guard-1"]


def test_somebody_who_is_not_enrolled_has_no_file(office: httpx.Client) -> None:
    assert office.get("/api/people/nobody/file").status_code == 404
    assert office.post("/api/people/nobody/cards", json={"card": "04A1"}).status_code == 404
    back = {"purpose": "recognition", "by": "x"}
    assert office.post("/api/people/nobody/consents/withdraw", json=back).status_code == 404
    assert office.get("/api/people/ming/file").json()["guardians"] == [
        {"id": office.get("/api/people/ming/guardians").json()["items"][0]["id"], "name": "mother", "language": "zh-CN"}
    ]
