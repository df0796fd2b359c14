"""Every look at a person is shown to the auditor, also the refused ones, and whether the record is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update
from support.events import START, event, face, passage
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from zhian_gateway import moments
from zhian_gateway.auth.refusals import MOST
from zhian_gateway.cases.pieces import Piece
from zhian_gateway.cases.signals import Raise
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.services import Services
from zhian_gateway.store import audit as chain
from zhian_gateway.store.tables import audit, case_pictures, people, pictures

Clients = Callable[..., httpx.Client]


def enrol(parts: Services, person: str, **about: Any) -> str:
    with parts.store.write() as link:
        parts.registry.enrol(link, person, person_file(**about), ground(), some_face(), who="t", now=parts.now())
        return str(link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one())


def ask(client: httpx.Client, **asked: str) -> list[dict[str, Any]]:
    return list(client.get("/api/audit", params=asked).raise_for_status().json()["items"])


def test_a_look_at_somebodys_day_is_shown_with_who_and_when(parts: Services, client: Clients) -> None:
    enrol(parts, "pupil-1")
    client("guard").get("/api/people/pupil-1/day").raise_for_status()
    (entry,) = ask(client("admin"), kind="look", user="guard-1")
    assert (entry["action"], entry["subject"], entry["at"]) == ("people.day", "pupil-1", parts.now())


def test_an_auditor_reads_the_record_and_the_ledger_and_no_person(parts: Services, client: Clients) -> None:
    enrol(parts, "pupil-1")
    auditor = client("auditor")
    assert ask(auditor, kind="person")[0]["subject"] == "pupil-1"
    assert auditor.get("/api/audit/state").json()["fault"] is None
    for path in ("people/pupil-1/day", "people/pupil-1/picture", "passages", "alerts", "people", "watch-lists"):
        assert auditor.get(f"/api/{path}").status_code == 403


def test_the_ledger_says_what_was_decided_and_what_is_missing(parts: Services, client: Clients) -> None:
    take_in(parts, event(seq=1), event(seq=3))
    found = client("auditor").get("/api/audit/ledger").json()
    assert (found["decided"], found["stored"], found["missing"]) == (3, 2, 1)
    (line,) = found["items"]
    assert (line["node"], line["stored"], line["holes"], line["waiting"]) == ("gate-1", 2, 1, 0)


def hit(parts: Services, opaque: str, sha256: str) -> int:
    """A case about somebody, whose picture li looked at; its number."""
    piece = Piece(
        kind="face", camera="c", at="t", picture=sha256, box=None, score=0.7, margin=None, live=None, network="n",
        synthetic=True,
    )  # fmt: skip
    case = Raise(key="k", kind="watch_hit", severity="critical", node="n", at=parts.now(), person=opaque,
                 candidate=True, evidence=(piece,))  # fmt: skip
    with parts.store.write() as link:
        number = parts.book.raise_(link, case, parts.now())
        chain.record(link, site=parts.site, at=parts.now(), who="li", action="picture.view", subject=sha256)
    return number


def test_by_person_also_their_cases_and_pictures_are_found(parts: Services, client: Clients) -> None:
    opaque, sha256 = enrol(parts, "wanted-1", watch=True), "a" * 64
    number = hit(parts, opaque, sha256)
    said = {"finding": "rejected", "reason": "no", "expected_state": "raised"}
    client("police").post(f"/api/alerts/{number}/verdict", json=said).raise_for_status()
    found = {entry["action"] for entry in ask(client("admin"), person="wanted-1")}
    assert {"people.enrol", "picture.view", "alert.judge", "alert.move"} <= found
    assert ask(client("admin"), person="nobody") == []


def came(parts: Services, sha256: str, at: datetime) -> None:
    """A picture of gate-1 came, and a guard looked at it."""
    row = {"sha256": sha256, "size": 1, "media_type": "image/jpeg", "node": "gate-1", "received_at": moments.text(at)}
    with parts.store.write() as link:
        link.execute(insert(pictures).values(row))
        chain.record(link, site=parts.site, at=parts.now(), who="li", action="picture.view", subject=sha256)


def test_a_look_at_a_picture_says_whose_or_what_it_was(parts: Services, client: Clients) -> None:
    opaque, at = enrol(parts, "pupil-1"), START + timedelta(seconds=5)
    known = passage(person_id=opaque, reason="named", evidence=(face(picture="a" * 64),))
    car = passage(kind="plate", plate="京A12345", evidence=(face(kind="plate", picture="b" * 64),))
    stranger = passage(evidence=(face(picture="c" * 64),))
    take_in(parts, event(known, seq=1), event(car, seq=2), event(stranger, seq=3))
    for letter in "abcde":
        came(parts, letter * 64, at)
    with parts.store.write() as link:
        number = parts.book.raise_(link, Raise(key="k", kind="door_forced", severity="major", node="n", at=parts.now()),
                                   parts.now())  # fmt: skip
        link.execute(insert(case_pictures).values(alert_id=number, sha256="d" * 64, who="li", at=parts.now()))
        chain.record(link, site=parts.site, at=parts.now(), who="li", action="picture.view", subject="f" * 64)
    shown = {entry["subject"][0]: entry["picture"] for entry in ask(client("auditor"), kind="look", user="li")}
    first = {"case": None, "kind": "face", "person": "pupil-1", "plate": None, "place": "cam-1"}
    assert shown["a"] == {**first, "at": "2026-03-02T07:30:01.000Z"}
    assert (shown["b"]["kind"], shown["b"]["plate"], shown["b"]["person"]) == ("plate", "京A12345", None)
    assert (shown["c"]["kind"], shown["c"]["person"], shown["c"]["plate"]) == ("face", None, None)
    assert (shown["d"]["case"], shown["d"]["kind"]) == (str(number), "door_forced")
    unknown = {"case": None, "kind": "", "person": None, "plate": None, "place": "gate-1", "at": moments.text(at)}
    assert shown["e"] == unknown, "nobody keeps what it belonged to, and its node is still known"
    assert shown["f"] is None


def test_a_look_at_a_cases_picture_names_the_case_and_no_entry_of_another_kind_has_a_picture(
    parts: Services, client: Clients
) -> None:
    opaque = enrol(parts, "wanted-1", watch=True)
    number = hit(parts, opaque, "a" * 64)
    found = {entry["action"]: entry["picture"] for entry in ask(client("admin"))}
    looked = found.pop("picture.view")
    assert (looked["case"], looked["kind"], looked["person"]) == (str(number), "watch_hit", "wanted-1")
    assert found and set(found.values()) == {None}


def test_pages_go_on_where_the_last_one_ended(parts: Services, client: Clients) -> None:
    for number in range(5):
        enrol(parts, f"pupil-{number}")
    admin, got, before = client("admin"), [], ""
    while True:
        asked = {"kind": "person", "limit": "2"} | ({"before": before} if before else {})
        page = admin.get("/api/audit", params=asked).raise_for_status().json()
        got += [entry["subject"] for entry in page["items"]]
        before = page["next"]
        if before is None:
            break
    assert got == [f"pupil-{number}" for number in reversed(range(5))]


def test_days_are_the_sites(parts: Services, client: Clients, clock: Any) -> None:
    # 2 March, 16:00 in Shanghai; ten hours later it is the 3rd there and still the 2nd in UTC.
    enrol(parts, "pupil-1")
    clock.forward(10 * 3600)
    enrol(parts, "pupil-2")
    admin = client("admin")
    assert [e["subject"] for e in ask(admin, kind="person", first_day="2026-03-03")] == ["pupil-2"]
    assert [e["subject"] for e in ask(admin, kind="person", last_day="2026-03-02")] == ["pupil-1"]
    assert admin.get("/api/audit", params={"first_day": "2026-02-30"}).status_code == 422


def test_reading_the_record_is_written_into_it(parts: Services, client: Clients) -> None:
    enrol(parts, "pupil-1")
    admin = client("admin")
    ask(admin, person="pupil-1")
    ask(admin, person="王小明")
    by_name, by_id = ask(admin, kind="look", user="admin-1")
    assert (by_id["action"], by_id["detail"]) == ("audit.view", "person pupil-1")
    assert by_name["detail"] == "person -", "what is no id may be a name"


def test_no_page_of_the_record_is_read_unrecorded_and_a_question_is_recorded_once(
    parts: Services, client: Clients, clock: Any
) -> None:
    enrol(parts, "pupil-1")
    admin = client("admin")

    def views() -> list[str]:
        with parts.store.read() as link:
            return list(link.execute(select(audit.c.detail).where(audit.c.action == "audit.view")).scalars())

    assert ask(admin, before="999999999")
    assert views() == [""]
    assert ask(admin, before="999999999", person="pupil-1")
    for _ in range(2):
        ask(admin, person="pupil-1")
        ask(admin)
    assert views() == ["", "person pupil-1"]
    ask(client("auditor"), before="999999999")
    clock.forward(3600)
    ask(client("admin"), before="999999999")
    assert views() == ["", "person pupil-1", "", ""]


def test_a_record_that_was_changed_is_shown_as_broken(parts: Services, client: Clients) -> None:
    enrol(parts, "pupil-1")
    admin = client("admin")
    whole = admin.get("/api/audit/state").json()
    assert (whole["fault"], whole["rewritten"], whole["vouched_through"]) == (None, [], None)
    assert whole["count"] > 0
    with parts.store.write() as link:
        link.execute(update(audit).where(audit.c.id == 1).values(who="nobody"))
    assert admin.get("/api/audit/state").json()["fault"] == 1


REFUSED = [
    ("police", "GET", "/api/people", 403),
    ("police", "GET", "/api/audit", 403),
    ("police", "GET", "/api/people/pupil-1/picture", 404),
    ("police", "GET", "/api/alerts/1", 404),
    ("police", "GET", f"/api/pictures/{'a' * 64}", 404),
    ("teacher", "GET", "/api/people/pupil-1/day", 404),
    ("teacher", "GET", "/api/attendance/people/pupil-1", 404),
    ("teacher", "GET", "/api/alerts", 403),
    ("guard", "GET", "/api/people/pupil-1/guardians", 403),
    ("guard", "POST", "/api/alerts/1/verdict", 403),
]


@pytest.mark.parametrize("refused", REFUSED)
def test_a_refused_look_is_written_down(parts: Services, client: Clients, refused: tuple[str, str, str, int]) -> None:
    role, method, path, status = refused
    enrol(parts, "pupil-1")
    with parts.store.write() as link:
        own = Raise(key="c", kind="camera_blind", severity="minor", node="n", at=parts.now())
        parts.book.raise_(link, own, parts.now())
    asked = client(role).request(method, path)
    assert asked.status_code == status
    (entry,) = ask(client("admin"), kind="refused")
    assert (entry["who"], entry["subject"], entry["detail"]) == (f"{role}-1", path, f"{method} as {role}")


def test_what_is_not_there_for_those_who_see_everything_is_no_refusal(parts: Services, client: Clients) -> None:
    assert client("guard").get("/api/alerts/99").status_code == 404
    assert client("guard").get("/api/people/nobody/day").status_code == 404
    assert ask(client("admin"), kind="refused") == []


def test_refusals_cannot_flood_the_record(parts: Services, client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = client("police")
    for number in range(MOST + 7):
        assert officer.get(f"/api/people/pupil-{number}/day").status_code == 403
    admin = client("admin")
    assert len(ask(admin, kind="refused")) == MOST
    now = "zhian_gateway.housekeeping.monotonic"
    monkeypatch.setattr(now, lambda: float("inf"))
    Housekeeping(parts).step()
    newest = ask(admin, kind="refused")[0]
    assert (newest["who"], newest["detail"]) == ("police-1", "7 more in that time")


def test_who_is_not_signed_in_writes_nothing(parts: Services, client: Clients) -> None:
    admin = client("admin")
    httpx.get(f"{admin.base_url}/api/people", trust_env=False)
    assert ask(admin, kind="refused") == []


def test_an_officer_is_not_sent_to_a_pupils_picture(parts: Services, client: Clients) -> None:
    pupil, wanted = enrol(parts, "pupil-1"), enrol(parts, "wanted-1", watch=True)
    with parts.store.write() as link:
        link.execute(update(people).values(portrait="b" * 64))
        for key, who, kind, candidate in (("a", pupil, "tailgating", False), ("b", wanted, "watch_hit", True)):
            case = Raise(
                key=key, kind=kind, severity="major", node="n", at=parts.now(), person=who, candidate=candidate
            )
            parts.book.raise_(link, case, parts.now())
    officer = client("police")
    found = officer.get("/api/alerts").json()["items"]
    shown = {each["kind"]: each["person"]["picture"] for each in found}
    assert shown["tailgating"] is None
    assert shown["watch_hit"] is not None
    for alert in found:
        (repeat,) = officer.get(f"/api/alerts/{alert['id']}/repeats").json()["items"]
        assert repeat["person"]["picture"] == shown[alert["kind"]]
