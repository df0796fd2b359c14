"""A visit from the host's word to the record of its deletion: what each may see and do, and what nodes get of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.events import event, face, passage
from support.gateway import HttpOnly
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from typer.testing import CliRunner
from zhian_edge.decision import rules
from zhian_edge.decision.people import People
from zhian_edge.decision.plan import Access, SitePlan
from zhian_gateway.cli import app
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.people import rosters
from zhian_gateway.people.erasing import erase
from zhian_gateway.retention.job import Job
from zhian_gateway.services import Services
from zhian_gateway.store import tables as t
from zhian_gateway.visitors import agreeing
from zhian_gateway.visitors.watching import VisitWatch
from zhian_gateway.visitors.whereabouts import inside
from zhian_wire.reasons import NOT_LISTED, NOT_VALID
from zhian_wire.roster import Roster

from .conftest import CITIZEN, PHOTO, PHOTO_NAME, Window

Client = Callable[..., httpx.Client]
ANSWER = {"name": "李雷", "phone": "138 0013 8000", "plate": "京 A12345", "agreed": ["keeping", "photo"]}


def roster(parts: Services, since: int = 0) -> Roster:
    with parts.store.read() as link:
        return rosters.build(link, since=since, now=parts.now())


def audited(parts: Services, visit: str) -> list[str]:
    query = select(t.audit.c.action).where(t.audit.c.subject == visit).order_by(t.audit.c.id)
    with parts.store.read() as link:
        return [each for each in link.execute(query).scalars() if each.startswith("visit.")]


def passes_by(parts: Services, visit: str, seq: int, **changes: Any) -> None:
    """A reader names a visitor."""
    with parts.store.read() as link:
        person = select(t.visits.c.person_id).where(t.visits.c.id == int(visit)).scalar_subquery()
        opaque = link.execute(select(t.people.c.opaque).where(t.people.c.id == person)).scalar_one()
    named = {"kind": "card", "person_id": opaque, "reason": "card", "score": None, "margin": None, "evidence": ()}
    take_in(parts, event(passage(**(named | changes)), seq=seq, at=parts.clock()))


def test_somebody_invited_answers_by_the_link_and_gets_a_pass_that_opens_once_the_window_let_them_in(
    window: Window, client: Client, http: HttpOnly
) -> None:
    parts, host = window.parts, client("teacher")
    made = host.post("/api/visits", json={"name": "李雷", "purpose": "家长会", **window.times()}).json()
    token, visit = made["token"], made["visit"]["id"]
    assert made["link"].endswith(token)
    with httpx.Client(base_url=http.url, trust_env=False) as guest:
        seen = guest.post("/api/invitation", json={"token": token}).json()
        assert (seen["site"], seen["host"], seen["name"]) == ("第一小学", "teacher-1", "李雷")
        assert seen["picture"] is None
        shown = guest.post("/api/invitation/answer", json={"token": token, **ANSWER}).json()
    assert shown["answered"]
    assert shown["picture"].startswith("data:image/svg+xml,")
    assert shown["code"] not in str(roster(parts))

    found = window.guard.post("/api/visits/find", json={"code": shown["code"].lower()}).json()
    assert (found["id"], found["state"], found["phone"]) == (visit, "announced", "138****8000")
    window.asks(visit, "details", citizen=CITIZEN, agreed=["keeping"]).raise_for_status()
    given = window.lets_in(visit)
    assert given["code"] == shown["code"]
    (person,) = roster(parts).persons
    assert person.cards == (shown["code"],)
    assert (person.group, person.plates) == ("visitor-office", ("京A12345",))
    assert person.ends == person.until == found["ends"]


def test_a_link_is_kept_as_a_digest_and_every_other_is_answered_the_same(window: Window, http: HttpOnly) -> None:
    with window.parts.store.read() as link:
        held = str(link.execute(select(t.visits)).all())
    assert "token" not in held
    with httpx.Client(base_url=http.url, trust_env=False) as guest:
        answers = [guest.post("/api/invitation", json={"token": token}) for token in ("a", "b" * 32)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_a_link_opens_nothing_after_the_visit_after_a_cancellation_and_after_a_new_one(
    window: Window, client: Client, http: HttpOnly, clock: Any
) -> None:
    host = client("teacher")
    made = [host.post("/api/visits", json={"name": "李雷", **window.times()}).json() for _ in range(3)]
    ids = [each["visit"]["id"] for each in made]
    with httpx.Client(base_url=http.url, trust_env=False) as guest:

        def opens(token: str) -> bool:
            return guest.post("/api/invitation", json={"token": token}).status_code == 200

        assert all(opens(each["token"]) for each in made)
        assert host.post(f"/api/visits/{ids[0]}/cancel", json={"reason": "改期"}).json()["state"] == "cancelled"
        renewed = host.post(f"/api/visits/{ids[1]}/link").json()["token"]
        assert [opens(each["token"]) for each in made] == [False, False, True]
        assert opens(renewed)
        clock.forward(2 * 3600)
        assert not opens(renewed)
        assert guest.post("/api/invitation/answer", json={"token": renewed, **ANSWER}).status_code == 404


def test_links_cannot_be_tried_without_end(window: Window, http: HttpOnly) -> None:
    with httpx.Client(base_url=http.url, trust_env=False) as guest:
        statuses = [guest.post("/api/invitation", json={"token": str(number)}).status_code for number in range(40)]
    assert statuses[0] == 404
    assert statuses[-1] == 429


def test_an_invited_person_who_does_not_agree_is_not_registered(window: Window, client: Client, http: HttpOnly) -> None:
    made = client("teacher").post("/api/visits", json={"name": "李雷", **window.times()}).json()
    with httpx.Client(base_url=http.url, trust_env=False) as guest:
        refused = guest.post("/api/invitation/answer", json={"token": made["token"], **ANSWER, "agreed": ["photo"]})
    assert refused.status_code == 422
    assert window.looks(made["visit"]["id"])["state"] == "invited"


def test_a_host_sees_their_own_visitors_and_others_are_as_if_they_never_were(window: Window, client: Client) -> None:
    theirs = window.registers(host={"kind": "user", "id": "teacher-1"}, name="韩梅梅")
    client("admin")
    others = window.registers(host={"kind": "user", "id": "admin-1"})
    host = client("teacher")
    assert [each["id"] for each in host.get("/api/visits").json()["items"]] == [theirs]
    assert host.get(f"/api/visits/{theirs}").json()["visit"]["citizen"] == ""
    assert host.get(f"/api/visits/{others}").status_code == 404
    assert host.post(f"/api/visits/{others}/cancel", json={"reason": "x"}).status_code == 404
    assert host.post(f"/api/visits/{others}/link").status_code == 404
    host_of_another = {"host": {"kind": "user", "id": "admin-1"}}
    assert host.post("/api/visits", json={"name": "x", **window.times(), **host_of_another}).status_code == 403
    assert [each["id"] for each in host.get("/api/visits/desk").json()["hosts"]] == ["teacher-1"]


def test_somebody_enrolled_as_staff_can_be_visited(window: Window) -> None:
    with window.parts.store.write() as link:
        about = person_file(name="王主任", group="staff-office")
        window.parts.registry.enrol(link, "s-1", about, ground(), some_face(), who="t", now=window.parts.now())
    hosts = window.guard.get("/api/visits/desk").json()["hosts"]
    assert {"kind": "person", "id": "s-1", "name": "王主任"} in hosts
    visit = window.registers(host={"kind": "person", "id": "s-1"})
    assert window.looks(visit)["host"] == "王主任"


def test_nothing_about_a_visitor_lies_readable_in_the_database(window: Window) -> None:
    window.registers(plate="京A12345")
    with window.parts.store.read() as link:
        raw = str(link.exec_driver_sql("SELECT * FROM visits").all())
    assert not [said for said in (CITIZEN, "13800138000", "李雷", "京A12345", "家长会") if said in raw]


def test_a_photograph_needs_a_consent_or_a_ground_and_is_shown_to_the_desk_alone(
    window: Window, client: Client
) -> None:
    visit = window.registers(agreed=["keeping"])
    assert window.photographs(visit).status_code == 422
    assert window.photographs(visit, ground="学校安全规定第三条").status_code == 200
    answer = window.guard.get(f"/api/visits/{visit}/picture")
    assert answer.content == PHOTO
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert window.looks(visit)["photo_ground"] == "学校安全规定第三条"
    assert client("teacher").get(f"/api/visits/{visit}/picture").status_code == 403
    bad = window.guard.put(f"/api/visits/{visit}/pictures/{'a' * 64}", content=PHOTO, params={"ground": "x"})
    assert bad.status_code == 422


def test_who_was_described_anew_is_screened_anew(window: Window) -> None:
    visit = window.registers()
    assert window.asks(visit, "screening").json()["screening"] == "clear"
    changed = window.asks(visit, "details", name="李蕾", agreed=["keeping"]).json()
    assert (changed["screening"], changed["citizen"]) == ("none", "110***********002X")
    refused = window.guard.post(f"/api/visits/{visit}/admit", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_a_temporary_card_is_given_back_and_free_for_the_next_visitor(window: Window) -> None:
    first, second = window.registers(), window.registers(name="韩梅梅", citizen="")
    window.lets_in(first, card="04a2b3c4")
    window.lets_in(second)
    taken = window.asks(second, "card", card="04A2B3C4")
    assert taken.status_code == 409
    assert window.guard.post(f"/api/visits/{first}/card", json={"card": None}).json()["card"] is None
    assert window.asks(second, "card", card="04A2B3C4").json()["card"] == "04A2B3C4"
    held = [card for person in roster(window.parts).persons for card in person.cards]
    assert held.count("04A2B3C4") == 1
    assert window.asks(second, "leave", card_back=True).json()["card"] is None


def test_a_visitors_plate_never_takes_somebody_elses_car(window: Window) -> None:
    with window.parts.store.write() as link:
        about = person_file(name="王老师", plates=("京A12345",))
        window.parts.registry.enrol(link, "w", about, ground(), some_face(), who="t", now=window.parts.now())
    visit = window.registers(plate="京A12345")
    window.lets_in(visit)
    assert [person.plates for person in roster(window.parts).persons if person.group.startswith("visitor")] == [()]


def test_a_face_opens_only_with_consent_and_only_until_the_visit_ends(window: Window, clock: Any) -> None:
    refused, visit = window.registers(name="韩梅梅"), window.registers(agreed=["keeping", "photo", "face"])
    for each in (refused, visit):
        window.photographs(each).raise_for_status()
        assert window.asks(each, "screening").json()["screening"] == "clear"
    assert window.guard.post(f"/api/visits/{refused}/admit", json={"face": True}).status_code == 422
    window.guard.post(f"/api/visits/{visit}/admit", json={"face": True}).raise_for_status()
    (person,) = roster(window.parts).persons
    assert len(person.templates) == 1
    assert person.until == person.ends
    window.asks(visit, "leave", card_back=False).raise_for_status()
    with window.parts.store.read() as link:
        assert link.execute(select(t.templates)).all() == []
    assert window.guard.get(f"/api/visits/{visit}/picture").content == PHOTO


def test_a_pass_ends_by_itself_also_at_a_node_that_hears_nothing(window: Window, clock: Any) -> None:
    visit = window.registers()
    window.lets_in(visit)
    before = roster(window.parts)
    assert before.persons[0].until == window.looks(visit)["ends"]
    clock.forward(2 * 3600)
    assert roster(window.parts).persons == ()


def test_who_checks_out_is_forgotten_by_nodes_at_once(window: Window) -> None:
    visit = window.registers()
    window.lets_in(visit)
    before = roster(window.parts)
    window.asks(visit, "leave", card_back=False).raise_for_status()
    after = roster(window.parts, since=before.version)
    assert (after.persons, after.removed) == ((), (before.persons[0].id,))


def test_the_way_over_the_site_is_told_by_passages(window: Window, clock: Any) -> None:
    visit = window.registers()
    window.lets_in(visit)
    with window.parts.store.read() as link:
        assert [(line.name, line.zone) for line in inside(link)] == [("李雷", None)]
    clock.forward(60)
    passes_by(window.parts, visit, 1, direction="in")
    clock.forward(60)
    passes_by(window.parts, visit, 2, direction="out")
    seen = window.guard.get(f"/api/visits/{visit}").json()
    assert [step["direction"] for step in seen["steps"]] == ["in", "out"]
    assert (seen["visit"]["state"], seen["visit"]["on_site"]) == ("inside", False)
    with window.parts.store.read() as link:
        assert inside(link) == []


def test_a_roll_call_lists_visitors_also_where_no_reader_told_of_them(window: Window, clock: Any) -> None:
    visit, other = window.registers(), window.registers(name="韩梅梅", citizen="")
    window.lets_in(visit)
    window.lets_in(other)

    def rolled() -> list[tuple[str, str, bool]]:
        people = window.guard.get("/api/muster").json()["people"]
        return sorted((each["name"], each["zone"], each["left_at"] is not None) for each in people)

    assert rolled() == [("李雷", "", False), ("韩梅梅", "", False)]
    window.guard.post("/api/muster", json={"drill": True}).raise_for_status()
    clock.forward(60)
    window.asks(other, "leave", card_back=False).raise_for_status()
    assert [name for name, _, _ in rolled()] == ["李雷", "韩梅梅"]
    window.guard.post(f"/api/muster/people/visit-{visit}", json={"met": True}).raise_for_status()
    met = {each["name"]: each["met_at"] is not None for each in window.guard.get("/api/muster").json()["people"]}
    assert met == {"李雷": True, "韩梅梅": False}


@pytest.mark.parametrize(
    ("groups", "hours", "objection"),
    [((), 0, ""), (("visitor-office",), 0, ""), (("pupil",), 0, NOT_LISTED), (("visitor-office",), 2, NOT_VALID)],
)
def test_a_node_lets_a_visitor_through_the_lanes_of_their_area_alone_and_until_the_end(
    window: Window, clock: Any, groups: tuple[str, ...], hours: int, objection: str
) -> None:
    code = window.lets_in(window.registers())["code"]
    known = People(roster(window.parts), SitePlan())
    holder = known.card(code)
    assert holder is not None
    access = Access("card", ("card",), groups=frozenset(groups))
    now = window.parts.clock() + timedelta(hours=hours)
    assert rules.objection(holder.person, access, known, now, now.astimezone(window.parts.zone)) == objection


def test_who_stays_too_long_is_one_case_which_the_departure_closes(window: Window, clock: Any) -> None:
    visit = window.registers()
    window.lets_in(visit)
    watch = VisitWatch(window.parts, lambda: None)
    clock.forward(2 * 3600 + 14 * 60)
    watch.step()
    assert window.guard.get("/api/alerts").json()["items"] == []
    clock.forward(60)
    watch.step()
    watch.step()
    (case,) = window.guard.get("/api/alerts").json()["items"]
    assert (case["kind"], case["count"], case["person"]["name"]) == ("visitor_overdue", 1, "李雷")
    assert window.looks(visit)["overdue"]
    passes_by(window.parts, visit, 1, direction="out")
    watch.step()
    assert window.guard.get("/api/alerts").json()["items"][0]["state"] == "resolved"
    assert window.looks(visit)["state"] == "left"


def test_a_visitor_who_was_erased_inside_is_told_without_a_name_and_so_are_the_others(
    window: Window, clock: Any
) -> None:
    erased, other = window.registers(), window.registers(name="韩梅梅")
    for visit in (erased, other):
        window.lets_in(visit)
    erase(window.parts, f"visit-{erased}", who="cli:root", why="asked for")
    clock.forward(3 * 3600)
    watch = VisitWatch(window.parts, lambda: None)
    watch.step()
    watch.step()
    cases = window.guard.get("/api/alerts").json()["items"]
    assert [case["kind"] for case in cases] == ["visitor_overdue", "visitor_overdue"]
    assert {case["person"] and case["person"]["name"] for case in cases} == {None, "韩梅梅"}


def test_more_time_takes_an_overdue_visitor_off_the_list_and_renews_the_pass(window: Window, clock: Any) -> None:
    visit = window.registers()
    window.lets_in(visit)
    watch = VisitWatch(window.parts, lambda: None)
    clock.forward(3 * 3600)
    watch.step()
    assert window.asks(visit, "extend", minutes=60).json()["overdue"] is False
    assert window.guard.get("/api/alerts").json()["items"][0]["state"] == "resolved"
    assert len(roster(window.parts).persons) == 1
    watch.step()
    clock.forward(3600 + 15 * 60)
    watch.step()
    assert window.guard.get("/api/alerts").json()["items"][0]["state"] == "raised"
    assert window.asks(visit, "extend", minutes=720).status_code == 422


def test_who_has_gone_and_who_never_came_end_by_themselves(window: Window, clock: Any) -> None:
    came, missed = window.registers(), window.registers(name="韩梅梅")
    window.lets_in(came)
    clock.forward(60)
    passes_by(window.parts, came, 1, direction="out")
    clock.forward(2 * 3600)
    VisitWatch(window.parts, lambda: None).step()
    assert (window.looks(came)["state"], window.looks(missed)["state"]) == ("left", "missed")
    assert window.guard.get("/api/alerts").json()["items"] == []


def test_a_refusal_needs_a_reason_and_is_final(window: Window) -> None:
    visit = window.registers()
    assert window.asks(visit, "refuse", reason=" ").status_code == 422
    assert window.asks(visit, "refuse", reason="无预约").json()["state"] == "refused"
    assert window.asks(visit, "screening").status_code == 409
    assert audited(window.parts, visit) == ["visit.register", "visit.refuse"]


def test_every_step_and_every_look_is_audited_without_saying_who_it_was(window: Window) -> None:
    visit = window.registers()
    window.photographs(visit).raise_for_status()
    window.lets_in(visit)
    window.looks(visit)
    window.asks(visit, "leave", card_back=False).raise_for_status()
    wanted = ["register", "photo", "screen", "admit", "view", "leave"]
    assert audited(window.parts, visit) == [f"visit.{each}" for each in wanted]
    with window.parts.store.read() as link:
        told = str(link.execute(select(t.audit.c.subject, t.audit.c.detail)).all())
    assert not [said for said in (CITIZEN, "13800138000", "李雷") if said in told]


def test_everything_is_deleted_when_its_time_is_over_and_a_record_says_so(
    window: Window, client: Client, clock: Any
) -> None:
    parts, visit = window.parts, window.registers(plate="京A12345")
    window.photographs(visit).raise_for_status()
    window.lets_in(visit, card="04A2B3C4")
    window.asks(visit, "leave", card_back=True).raise_for_status()
    clock.forward(29 * 86_400)
    list(Job(parts).batches("t"))
    assert client("guard").get(f"/api/visits/{visit}").status_code == 200
    assert parts.pictures.read_portrait(PHOTO_NAME) == PHOTO
    clock.forward(2 * 86_400)
    assert Job(parts).rehearse().counts["visits"] == 1
    list(Job(parts).batches("t"))
    Housekeeping(parts).step()
    assert client("guard").get(f"/api/visits/{visit}").status_code == 404
    assert not list((parts.config.store.picture_folder / "portraits").rglob(PHOTO_NAME))
    with parts.store.read() as link:
        kept = {name: str(link.execute(select(table)).all()) for name, table in t.metadata.tables.items()}
    for said in ("李雷", CITIZEN, "13800138000", "京A12345", "04A2B3C4"):
        assert [name for name, rows in kept.items() if said in rows] == []
    (record,) = client("admin").get("/api/visits/records").json()["items"]
    assert (record["visit"], record["state"], record["day"]) == (visit, "left", "2026-03-02")
    assert record["held"] == ["name", "phone", "citizen", "plate", "purpose", "photo", "person_id"]


def test_whoever_asks_gets_all_that_is_held_and_is_erased_before_the_time(window: Window, client: Client) -> None:
    parts, visit, admin = window.parts, window.registers(), client("admin")
    window.photographs(visit).raise_for_status()
    window.lets_in(visit)
    passes_by(parts, visit, 1, direction="in", evidence=(face(),))
    held = admin.get(f"/api/visits/{visit}/export").json()
    assert (held["citizen"], held["phone"], len(held["route"])) == (CITIZEN, "13800138000", 1)
    assert admin.post(f"/api/visits/{visit}/erase", json={"reason": "本人要求"}).status_code == 409
    window.asks(visit, "leave", card_back=False).raise_for_status()
    admin.post(f"/api/visits/{visit}/erase", json={"reason": "本人要求"}).raise_for_status()
    assert admin.get(f"/api/visits/{visit}/export").status_code == 404
    with parts.store.read() as link:
        passed = link.execute(select(t.passages.c.person)).scalars().all()
        assert link.execute(select(t.people.c.name)).scalars().all() == [""]
    assert passed == ["erased"]
    (record,) = admin.get("/api/visits/records").json()["items"]
    assert record["why"] == "at request"


def test_a_visitor_is_not_erased_without_the_visit_that_says_who_it_was(window: Window) -> None:
    visit = window.registers()
    window.lets_in(visit)
    config = str(Path(window.parts.config.store.home).parent / "gateway.toml")
    told = CliRunner().invoke(app, ["people", "erase", f"visit-{visit}", "--why", "asked for", "-c", config])
    assert told.exit_code != 0
    with window.parts.store.read() as link:
        assert link.execute(select(t.people.c.name)).scalars().all() == ["李雷"]


@pytest.mark.parametrize("said", [{"begins": "2026-03-02T08:00:00"}, {"ends": "x"}, {"area": "roof"}, {"more": 1}])
def test_what_cannot_be_is_refused_and_nothing_is_written(window: Window, client: Client, said: dict[str, Any]) -> None:
    answer = client("teacher").post("/api/visits", json={"name": "李雷", **window.times(), **said})
    assert answer.status_code == 422
    assert window.guard.get("/api/visits").json()["items"] == []


def test_the_desk_hears_in_both_languages_what_visitors_agree_to(window: Window) -> None:
    desk = window.guard.get("/api/visits/desk").json()
    assert set(desk["words"]) == {"zh-CN", "en"}
    assert all("第一小学" in words["keeping"] and "30" in words["keeping"] for words in desk["words"].values())
    assert [area["id"] for area in desk["areas"]] == ["office", "all"]


def test_visitors_agree_to_whom_their_data_is_passed_and_the_version_that_is_kept_says_so(window: Window) -> None:
    desk = window.guard.get("/api/visits/desk").json()
    assert all("bureau" in words["keeping"] for words in desk["words"].values())
    assert desk["text_version"] == agreeing.version(["bureau"]) != agreeing.version([]) == agreeing.VERSION
    visit = int(window.registers())
    with window.parts.store.read() as link:
        kept = link.execute(select(t.visits.c.text_version).where(t.visits.c.id == visit)).scalar()
    assert kept == desk["text_version"]
    assert "提供给" not in agreeing.words("zh-CN", "x", 30)["keeping"]
