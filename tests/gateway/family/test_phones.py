"""A guardian's phone: bound by a code, it sees the own children, is told of them, and decides what is theirs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import cv2
import httpx
import msgspec
import numpy as np
import pytest
from sqlalchemy import select, update
from support.gateway import HttpOnly, write_config
from support.notices import tell
from support.school import School, open_school
from support.stores import Stores
from zhian_gateway.config import load
from zhian_gateway.family import agreeing, carers
from zhian_gateway.family import sessions as phones
from zhian_gateway.family.words import ASKED, wording
from zhian_gateway.people import consents
from zhian_gateway.people.consent import UNSAID
from zhian_gateway.people.files import Guardian
from zhian_gateway.people.guardians import addresses, write
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import (
    audit,
    carer_browsers,
    carer_codes,
    carer_sessions,
    guardians,
    notices,
    passages,
    people,
    templates,
)
from zhian_gateway.store.tables import carers as carer_table
from zhian_gateway.store.tables import consents as consents_table
from zhian_wire.evidence import Evidence

P256 = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
BROWSER = {"endpoint": "https://push.example/1", "keys": {"p256dh": P256, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}


#: A school that lets pictures be seen, sends messages to phones, and keeps passages for a fortnight.
OPEN = """
[retention]
known_days = 14

[family]
pictures = true

[notices.webpush]
contact = "mailto:office@school.example"
"""


@pytest.fixture
def parts(tmp_path: Path, storage: Stores, clock: Any) -> Iterator[Services]:
    config = load(write_config(tmp_path / "parts", "mqtt://127.0.0.1:1", more=OPEN))
    services = open_services(config, publish=lambda *_: None, clock=clock)
    yield services
    services.store.close()


@pytest.fixture
def school(parts: Services, clock: Any) -> School:
    """Ming has a mother and a father, Mei the same mother, Lan nobody of them."""
    one = open_school(parts, clock)
    one.enrol("mei", "grade-2", guardians=("inbox://mother",))
    with parts.store.write() as link:
        for person, name, address in (
            ("ming", "Mother", "inbox://mother"),
            ("ming", "Father", "inbox://father"),
            ("lan", "Uncle", "inbox://uncle"),
        ):
            link.execute(guardians.insert().values(person_id=person, address=address, name=name, language="zh-CN"))
    return one


@pytest.fixture
def phone(http: HttpOnly) -> Iterator[Callable[..., httpx.Client]]:
    """Makes phones: `phone("ming", "inbox://mother")` is bound, `phone()` is not."""
    made: list[httpx.Client] = []

    def make(person: str = "", address: str = "") -> httpx.Client:
        made.append(httpx.Client(base_url=http.url, trust_env=False))
        if person:
            assert bind(made[-1], code(http.parts, person, address)).status_code == 200
        return made[-1]

    yield make
    for each in made:
        each.close()


def guardian(parts: Services, person: str, address: str) -> int:
    with parts.store.read() as link:
        theirs = (guardians.c.person_id == person) & (guardians.c.address == address)
        return int(link.execute(select(guardians.c.id).where(theirs)).scalar_one())


def code(parts: Services, person: str, address: str) -> str:
    number = guardian(parts, person, address)
    with parts.store.write() as link:
        return carers.issue(link, number, site=parts.site, who="t", now=parts.clock())


def bind(client: httpx.Client, typed: str) -> httpx.Response:
    answer = client.post("/api/family/bind", json={"code": typed})
    if answer.status_code == 200:
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


def names(client: httpx.Client) -> list[str]:
    return [child["id"] for child in client.get("/api/family").json()["children"]]


def test_a_code_binds_one_phone_once_however_it_is_typed(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    given = code(http.parts, "ming", "inbox://mother")
    typed = given.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    mother = phone()
    assert bind(mother, typed).status_code == 200
    assert names(mother) == ["ming"]
    assert bind(phone(), given).status_code == 401


def test_a_second_code_adds_a_child_and_both_parents_have_their_own_phone(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother, father = phone("ming", "inbox://mother"), phone("ming", "inbox://father")
    assert bind(mother, code(http.parts, "mei", "inbox://mother")).status_code == 200
    assert (names(mother), names(father)) == (["mei", "ming"], ["ming"])
    again = bind(mother, code(http.parts, "ming", "inbox://father"))
    assert again.status_code == 409


def test_another_code_on_a_bound_phone_needs_the_phones_own_token(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother = phone("ming", "inbox://mother")
    mother.headers["X-CSRF-Token"] = "guess"
    assert mother.post("/api/family/bind", json={"code": "0"}).status_code == 403


def test_an_old_code_and_one_that_was_replaced_bind_nothing(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client], clock: Any
) -> None:
    replaced = code(http.parts, "ming", "inbox://mother")
    given = code(http.parts, "ming", "inbox://mother")
    assert bind(phone(), replaced).status_code == 401
    clock.forward(carers.LASTS.total_seconds())
    assert bind(phone(), given).status_code == 401
    with http.parts.store.write() as link:
        assert carers.sweep_codes(link, http.parts.clock()) == 1


def test_whoever_guesses_codes_has_to_wait(school: School, http: HttpOnly, phone: Callable[..., httpx.Client]) -> None:
    guesser = phone()
    answers = [bind(guesser, f"{number:012d}").status_code for number in range(30)]
    assert set(answers) == {401, 429}


def test_of_a_code_and_a_session_only_digests_are_kept(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    given = code(http.parts, "lan", "inbox://uncle")
    mother = phone("ming", "inbox://mother")
    with http.parts.store.read() as link:
        kept = str(link.execute(select(carer_codes)).all()) + str(link.execute(select(carer_sessions)).all())
    assert given.replace("-", "") not in kept
    assert mother.cookies["zhian_family"] not in kept


def test_another_familys_child_is_not_there(school: School, http: HttpOnly, phone: Callable[..., httpx.Client]) -> None:
    mother = phone("ming", "inbox://mother")
    for path in ("days", "consents", f"pictures/{'a' * 64}"):
        assert mother.get(f"/api/family/children/lan/{path}").status_code == 404
    put = mother.put("/api/family/children/lan/consents/recognition", json={"agree": False})
    assert put.status_code == 404
    assert mother.get("/api/passages").status_code == 401


def test_the_days_say_when_and_where_a_child_came_and_went(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    school.now("07:40", "2026-10-10")
    school.passes("ming", "07:41", day="2026-10-10")
    school.now("07:58")
    school.passes("ming", "07:56")
    school.passes("lan", "07:57")
    school.now("16:32")
    school.passes("ming", "16:31", "out")
    days = phone("ming", "inbox://mother").get("/api/family/children/ming/days").json()["items"]
    today = days[0]
    assert (today["day"], today["status"], today["late_s"]) == ("2026-10-12", "late", 360)
    assert [(step["movement"], step["at"]) for step in today["steps"]] == [
        ("arrival", "2026-10-11T23:56:00.000Z"),
        ("departure", "2026-10-12T08:31:00.000Z"),
    ]
    assert [day["day"] for day in days if day["steps"]] == ["2026-10-12", "2026-10-10"]
    assert all(day["status"] != "off" or day["steps"] for day in days)


def test_days_that_are_not_kept_are_no_absences(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    school.now("08:00")
    days = phone("ming", "inbox://mother").get("/api/family/children/ming/days").json()["items"]
    assert (days[0]["day"], days[-1]["day"]) == ("2026-10-12", "2026-09-29")


def test_a_childs_own_picture_is_shown_and_no_other(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts = http.parts
    mine, frame, other = (kept(parts, shade) for shade in (50, 100, 150))
    school.now("07:58")
    ming, lan = (opaque(parts, child) for child in ("ming", "lan"))
    school.passes("ming", "07:40", evidence=(piece("face", mine, ming), piece("body", frame, ming)))
    school.passes("lan", "07:41", evidence=(piece("face", other, lan),))
    mother = phone("ming", "inbox://mother")
    (step,) = mother.get("/api/family/children/ming/days").json()["items"][0]["steps"]
    assert step["picture"] == mine
    found = {each: mother.get(f"/api/family/children/ming/pictures/{each}") for each in (mine, frame, other)}
    assert [found[each].status_code for each in (mine, frame, other)] == [200, 404, 404]
    assert found[mine].headers["Cache-Control"] == "private, no-store"
    with parts.store.read() as link:
        viewed = audit.c.action == "picture.view"
        assert link.execute(select(audit.c.detail).where(viewed)).scalars().all() == [mine]


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        pytest.param("lan", "card", id="a face that is another child's"),
        pytest.param(None, "card", id="a face that was not named"),
        pytest.param("ming", "face_differs", id="a card in somebody else's hand"),
    ],
)
def test_a_face_beside_the_childs_card_is_shown_only_if_it_is_the_childs(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client], named: str | None, reason: str
) -> None:
    parts = http.parts
    crop = kept(parts, 150)
    card = Evidence(kind="card", device="reader-1", at_ms=1, card="AABBCCDD")
    face = piece("face", crop, opaque(parts, named) if named else None)
    school.now("07:58")
    school.passes("ming", "07:40", reason=reason, evidence=(card, face))
    mother = phone("ming", "inbox://mother")
    (step,) = mother.get("/api/family/children/ming/days").json()["items"][0]["steps"]
    assert step["picture"] is None
    assert mother.get(f"/api/family/children/ming/pictures/{crop}").status_code == 404


def test_a_picture_that_was_kept_before_subjects_were_is_shown_to_no_parent(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts = http.parts
    crop = kept(parts, 50)
    school.now("07:58")
    school.passes("ming", "07:40", evidence=(piece("face", crop, opaque(parts, "ming")),))
    with parts.store.write() as link:
        (text,) = link.execute(select(passages.c.evidence)).scalars()
        older = [{name: each[name] for name in each if name != "subject"} for each in json.loads(text)]
        link.execute(update(passages).values(evidence=json.dumps(older)))
    mother = phone("ming", "inbox://mother")
    assert mother.get("/api/family/children/ming/days").json()["items"][0]["steps"][0]["picture"] is None
    assert mother.get(f"/api/family/children/ming/pictures/{crop}").status_code == 404


def opaque(parts: Services, person: str) -> str:
    """What nodes call somebody."""
    with parts.store.read() as link:
        return str(link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one())


def kept(parts: Services, shade: int) -> str:
    """A picture that a node has sent; its sha256."""
    data = cv2.imencode(".jpg", np.full((32, 32, 3), shade, np.uint8))[1].tobytes()
    name = hashlib.sha256(data).hexdigest()
    parts.pictures.keep(name, data)
    return name


def piece(kind: str, picture: str, named: str | None) -> Evidence:
    return Evidence(kind=kind, device="cam-1", at_ms=1, picture=picture, person_id=named)  # type: ignore[arg-type]


def test_messages_go_to_the_phone_first_and_survive_the_next_import(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts = http.parts
    mother = phone("mei", "inbox://mother")
    number = guardian(parts, "mei", "inbox://mother")
    assert mother.post("/api/family/push", json=BROWSER).status_code == 200
    with parts.store.read() as link:
        row = link.execute(select(guardians).where(guardians.c.id == number)).mappings().one()
    assert addresses(row)[1:] == ("inbox://mother",)
    assert addresses(row)[0].startswith("webpush://carer/")
    with parts.store.write() as link:
        write(link, "mei", [Guardian("inbox://mother", name="Mum")])
        again = link.execute(select(guardians).where(guardians.c.id == number)).mappings().one()
    assert len(addresses(again)) == 2
    assert names(mother) == ["mei"]
    assert mother.post("/api/family/push/end", json={"endpoint": BROWSER["endpoint"]}).status_code == 200
    with parts.store.read() as link:
        last = link.execute(select(guardians).where(guardians.c.id == number)).mappings().one()
    assert addresses(last) == ("inbox://mother",)


def test_taking_the_face_back_on_the_phone_deletes_the_templates_and_is_on_the_record(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts, mother = http.parts, phone("ming", "inbox://mother")
    path = "/api/family/children/ming/consents"
    shown = {each["purpose"]: each for each in mother.get(path).json()["items"]}
    assert set(shown) == {"recognition", "notices", "evidence"}
    after = mother.put(f"{path}/recognition", json={"agree": False}).json()["items"]
    assert {each["purpose"]: each["state"] for each in after}["recognition"] == "refused"
    with parts.store.read() as link:
        assert link.execute(select(templates).where(templates.c.person_id == "ming")).first() is None
        who = link.execute(select(audit.c.who).where(audit.c.action == "consent.refuse")).scalars().all()
    assert [name.split("/")[0] for name in who] == ["carer"]
    stale = mother.put(f"{path}/recognition", json={"agree": True, "text_version": "0"})
    assert stale.status_code == 409
    said = agreed(shown["recognition"], "zh")
    given = mother.put(f"{path}/recognition", json=said).json()["items"]
    found = {each["purpose"]: each for each in given}["recognition"]
    assert (found["state"], found["given_by"]) == ("given", "Mother")


def agreed(shown: dict[str, Any], language: str) -> dict[str, Any]:
    """What a phone says on which this text stands."""
    return {"agree": True, "text_version": shown["present"], "words": shown["words"][language]}


def declare(parts: Services, version: str, zh: str = "", en: str = "") -> None:
    with parts.store.write() as link:
        text = consents.NewText("recognition", version, zh, en)
        by = {"site": parts.site, "who": "t", "zone": parts.zone}
        consents.declare_text(link, text, ask_days=30, now=parts.clock(), **by)


def test_the_very_words_that_a_guardian_was_shown_are_kept_with_the_consent(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts, mother = http.parts, phone("ming", "inbox://mother")
    path = "/api/family/children/ming/consents"

    def shown() -> dict[str, Any]:
        return next(each for each in mother.get(path).json()["items"] if each["purpose"] == "recognition")

    def kept() -> list[tuple[str, str]]:
        query = select(consents_table.c.text_version, consents_table.c.words).where(
            consents_table.c.person_id == "ming", consents_table.c.given_by == "Mother"
        )
        with parts.store.read() as link:
            return [(row.text_version, row.words) for row in link.execute(query.order_by(consents_table.c.id))]

    first = shown()
    assert "365" in first["words"]["en"] and "365" in first["words"]["zh"]
    assert mother.put(f"{path}/recognition", json=agreed(first, "en")).status_code == 200
    declare(parts, "2026-09", "新的文本。\n第二段。", "A new text.\nIts second part.")
    assert mother.put(f"{path}/recognition", json=agreed(first, "en")).status_code == 409
    second = shown()
    assert (second["state"], second["words"]["en"]) == ("asked_again", "A new text.\nIts second part.")
    for other in ("", "A new text.", first["words"]["en"]):
        assert mother.put(f"{path}/recognition", json=agreed(second, "en") | {"words": other}).status_code == 409
    assert mother.put(f"{path}/recognition", json=agreed(second, "zh")).status_code == 200
    assert kept() == [("1", first["words"]["en"]), ("2026-09", "新的文本。\n第二段。")]


def test_nobody_agrees_on_the_phone_to_a_text_that_is_on_paper_alone(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother, path = phone("ming", "inbox://mother"), "/api/family/children/ming/consents"
    declare(http.parts, "paper-3")
    shown = mother.get(path).json()["items"][0]
    assert (shown["present"], shown["words"]) == ("paper-3", {"zh": "", "en": ""})
    assert mother.put(f"{path}/recognition", json=agreed(shown, "en")).status_code == 409


@pytest.mark.parametrize("kept", [0, 30])
def test_the_words_of_the_program_leave_nothing_open(parts: Services, kept: int) -> None:
    with parts.store.read() as link:
        for purpose in ASKED:
            zh, en = wording(link, purpose, site="South Gate", days=365, kept=kept)
            assert "{" not in zh + en and "South Gate" in zh and "South Gate" in en


def test_what_goes_on_although_nobody_said_anything_is_said_to_be(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother, path = phone("ming", "inbox://mother"), "/api/family/children/ming/consents"
    shown = {each["purpose"]: (each["state"], each["going_on"]) for each in mother.get(path).json()["items"]}
    assert shown == {
        "recognition": ("given", False),
        "notices": ("unsaid", True),
        "evidence": ("unsaid", True),
    }
    after = mother.put(f"{path}/notices", json={"agree": False}).json()["items"]
    assert {each["purpose"]: (each["state"], each["going_on"]) for each in after}["notices"] == ("refused", False)


@pytest.mark.parametrize(("consent", "going_on"), [("listed", True), ("recorded", False)])
def test_messages_go_on_unsaid_only_where_the_school_sends_them_to_whom_it_lists(
    parts: Services, consent: Literal["listed", "recorded"], going_on: bool
) -> None:
    config = msgspec.structs.replace(
        parts.config, notices=msgspec.structs.replace(parts.config.notices, consent=consent)
    )
    assert agreeing.goes_on(replace(parts, config=config), "notices", UNSAID) == going_on


def test_wishes_hold_for_all_children_of_the_phone_and_for_nobody_else(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother = phone("ming", "inbox://mother")
    bind(mother, code(http.parts, "mei", "inbox://mother"))
    assert mother.put("/api/family/wishes", json={"language": "en", "quiet": ["22:00-06:00"]}).status_code == 200
    with http.parts.store.read() as link:
        rows = link.execute(select(guardians.c.address, guardians.c.language, guardians.c.quiet)).all()
    assert {row.language for row in rows if row.address == "inbox://mother"} == {"en"}
    assert {row.language for row in rows if row.address != "inbox://mother"} == {"zh-CN"}
    assert mother.get("/api/family").json()["quiet"] == ["22:00-06:00"]


def test_wishes_hold_for_a_child_that_is_bound_later(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother = phone("ming", "inbox://mother")
    wishes = {"language": "en", "quiet": ["21:00-07:00"]}
    assert mother.put("/api/family/wishes", json=wishes).status_code == 200
    assert bind(mother, code(http.parts, "mei", "inbox://mother")).status_code == 200
    number = guardian(http.parts, "mei", "inbox://mother")
    with http.parts.store.read() as link:
        row = link.execute(select(guardians).where(guardians.c.id == number)).one()
    assert (row.language, json.loads(row.quiet)) == ("en", ["21:00-07:00"])


def test_what_the_school_wrote_down_for_a_child_stays_where_the_phone_wished_for_nothing(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother, number = phone("ming", "inbox://mother"), guardian(http.parts, "mei", "inbox://mother")
    with http.parts.store.write() as link:
        link.execute(update(guardians).where(guardians.c.id == number).values(quiet='["20:00-06:00"]'))
    assert bind(mother, code(http.parts, "mei", "inbox://mother")).json()["quiet"] == ["20:00-06:00"]


def test_the_school_takes_a_phone_away_and_the_last_child_takes_the_session(
    school: School, http: HttpOnly, client: Callable[..., httpx.Client], phone: Callable[..., httpx.Client]
) -> None:
    parts, admin = http.parts, client("admin")
    mother = phone("ming", "inbox://mother")
    number = guardian(parts, "ming", "inbox://mother")
    listed = admin.get("/api/people/ming/guardians").json()["items"]
    assert {each["name"]: bool(each["phone_since"]) for each in listed} == {"Mother": True, "Father": False}
    assert admin.delete(f"/api/guardians/{number}/phone").status_code == 200
    assert mother.get("/api/family").status_code == 401
    assert admin.delete(f"/api/guardians/{number}/phone").status_code == 404
    with parts.store.read() as link:
        assert link.execute(select(carer_table)).all() == []
    invited = admin.post(f"/api/guardians/{number}/invitation").json()["code"]
    assert bind(mother, invited).status_code == 200


def test_who_withdraws_a_child_ends_its_phones(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts, mother = http.parts, phone("ming", "inbox://mother")
    with parts.store.write() as link:
        parts.registry.withdraw(link, "ming", who="t", now=parts.now())
    assert mother.get("/api/family").status_code == 401
    assert mother.get("/api/family/children/ming/days").status_code in (401, 404)


def test_a_phone_that_nobody_uses_is_forgotten(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client], clock: Any
) -> None:
    mother = phone("ming", "inbox://mother")
    clock.forward(timedelta(days=59).total_seconds())
    assert mother.get("/api/family").status_code == 200
    clock.forward(timedelta(days=59).total_seconds())
    assert mother.get("/api/family").status_code == 200
    clock.forward(timedelta(days=61).total_seconds())
    assert mother.get("/api/family").status_code == 401


def told_first(parts: Services, person: str) -> str:
    with parts.store.read() as link:
        row = link.execute(select(guardians).where(guardians.c.person_id == person)).mappings().first()
    assert row is not None
    return addresses(row)[0].split("://")[0]


@pytest.mark.parametrize("how", ["forgotten", "by another phone", "idle", "taken away"])
def test_a_phone_that_is_no_more_is_told_nothing(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client], clock: Any, how: str
) -> None:
    parts, mother = http.parts, phone("mei", "inbox://mother")
    assert mother.post("/api/family/push", json=BROWSER).status_code == 200
    assert told_first(parts, "mei") == "webpush"
    if how == "forgotten":
        mother.delete("/api/family/session")
    elif how == "by another phone":
        with parts.store.write() as link:
            number = link.execute(select(carer_table.c.id)).scalar_one()
            other, _ = phones.open_session(link, carers.Carer(number, "Mum", "en"), clock(), timedelta(days=1))
            phones.close_others(link, other)
            carers.sweep(link)
    elif how == "idle":
        clock.forward(phones.IDLE.total_seconds() + 1)
        with parts.store.write() as link:
            phones.sweep(link, clock())
            carers.sweep(link)
    else:
        with parts.store.write() as link:
            number = guardian(parts, "mei", "inbox://mother")
            carers.unbind(link, number, site=parts.site, who="t", now=clock())
    assert told_first(parts, "mei") == "inbox"
    with parts.store.read() as link:
        assert link.execute(select(carer_browsers)).all() == []


def test_a_child_taken_away_is_not_told_while_the_sibling_is(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts, mother = http.parts, phone("ming", "inbox://mother")
    bind(mother, code(parts, "mei", "inbox://mother"))
    mother.post("/api/family/push", json=BROWSER)
    with parts.store.write() as link:
        carers.unbind(link, guardian(parts, "ming", "inbox://mother"), site=parts.site, who="t", now=parts.clock())
    assert (told_first(parts, "ming"), told_first(parts, "mei")) == ("inbox", "webpush")


def test_what_waits_keeps_its_channel_when_push_is_turned_on_or_off(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts, mother = http.parts, phone("mei", "inbox://mother")
    with parts.store.read() as link:
        opaque = link.execute(select(people.c.opaque).where(people.c.id == "mei")).scalar_one()
    tell(parts, opaque)

    def place() -> tuple[int, int]:
        with parts.store.read() as link:
            row = link.execute(select(notices.c.place, notices.c.places)).one()
        return row.place, row.places

    assert place() == (0, 1)
    mother.post("/api/family/push", json=BROWSER)
    assert place() == (1, 2)
    mother.post("/api/family/push/end", json={"endpoint": BROWSER["endpoint"]})
    assert place() == (0, 1)


def test_an_import_leaves_what_a_guardian_said_on_the_phone(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    parts, mother = http.parts, phone("mei", "inbox://mother")
    mother.put("/api/family/wishes", json={"language": "en", "quiet": ["21:00-07:00"]})
    with parts.store.write() as link:
        write(link, "mei", [Guardian("inbox://mother", name="Mum")])
        row = link.execute(select(guardians).where(guardians.c.person_id == "mei")).mappings().one()
    assert (row["name"], row["language"], row["quiet"]) == ("Mum", "en", '["21:00-07:00"]')


def test_asking_for_another_familys_child_is_on_the_record(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    mother = phone("ming", "inbox://mother")
    assert mother.get("/api/family/children/lan/days").status_code == 404
    with http.parts.store.read() as link:
        refused = link.execute(select(audit.c.who).where(audit.c.action == "access.refused")).scalars().all()
    assert [who.split("/")[0] for who in refused] == ["carer"]


def test_today_is_first_also_on_a_day_without_school(
    school: School, http: HttpOnly, phone: Callable[..., httpx.Client]
) -> None:
    school.now("10:00", "2026-10-18")
    days = phone("ming", "inbox://mother").get("/api/family/children/ming/days").json()["items"]
    assert (days[0]["day"], days[0]["status"]) == ("2026-10-18", "off")
