"""What people do with a case by HTTP: send somebody by name, bring a photo, and read what became of everything."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.people import JPEG
from zhian_gateway.cases import photos
from zhian_gateway.cases.signals import Raise
from zhian_gateway.errors import NotFound
from zhian_gateway.retention.holds import held_pictures
from zhian_gateway.retention.job import Job
from zhian_gateway.retention.strays import strays
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts, audit, case_pictures, escalations

SHA256 = hashlib.sha256(JPEG).hexdigest()
Client = Callable[..., httpx.Client]


def raise_(parts: Services, key: str = "k", **changes: Any) -> int:
    values: dict[str, Any] = {"kind": "tailgating", "severity": "major", "node": "n", "at": parts.now(), "lane": "main"}
    with parts.store.write() as link:
        return parts.book.raise_(link, Raise(key=key, **(values | changes)), parts.now())


def step(user: httpx.Client, alert: int, to: str, expected: str = "raised", **more: Any) -> httpx.Response:
    return user.post(f"/api/alerts/{alert}/transitions", json={"to": to, "expected_state": expected} | more)


def bring(user: httpx.Client, alert: int, data: bytes = JPEG, sha256: str = SHA256) -> httpx.Response:
    return user.put(f"/api/alerts/{alert}/pictures/{sha256}", content=data)


def said(parts: Services, action: str) -> list[tuple[str, str]]:
    with parts.store.read() as link:
        query = select(audit.c.who, audit.c.detail).where(audit.c.action == action).order_by(audit.c.id)
        return [(row.who, row.detail) for row in link.execute(query)]


@pytest.mark.parametrize("role", ["guard", "police", "grid_worker"])
def test_somebody_is_sent_by_name_and_it_is_audited(parts: Services, client: Client, role: str) -> None:
    alert = raise_(parts)
    answer = step(client(), alert, "dispatched", note="快去", assignee={"role": role, "name": "王强"})
    assert answer.json()["transitions"][-1]["assignee"] == {"role": role, "name": "王强"}
    assert said(parts, "alert.move") == [("guard-1", f"raised -> dispatched ({role} 王强): 快去")]


@pytest.mark.parametrize(
    "more",
    [
        {"to": "acknowledged", "assignee": {"role": "guard", "name": "王强"}},
        {"to": "dispatched", "assignee": {"role": "teacher", "name": "王强"}},
        {"to": "dispatched", "assignee": {"role": "guard", "name": "   "}},
        {"to": "dispatched", "picture": "a" * 64},
        {"to": "dispatched", "picture": "../x"},
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(parts: Services, client: Client, more: Any) -> None:
    alert, user = raise_(parts), client()
    assert step(user, alert, **more).status_code == 422
    assert user.get(f"/api/alerts/{alert}").json()["state"] == "raised"


def test_a_photo_is_brought_shown_and_kept_as_long_as_the_case(parts: Services, client: Client) -> None:
    alert, user = raise_(parts), client()
    assert bring(user, alert).json() == {"sha256": SHA256, "media_type": "image/jpeg"}
    assert bring(user, alert).status_code == 200
    answer = step(user, alert, "resolved", note="door closed", picture=SHA256)
    address = answer.json()["transitions"][-1]["picture"]
    assert user.get(address).content == JPEG
    assert said(parts, "alert.picture") == [("guard-1", f"brought {SHA256}")]
    assert said(parts, "alert.move")[-1][1] == f"raised -> resolved [picture {SHA256}]: door closed"
    with parts.store.read() as link:
        assert held_pictures(link) == {SHA256}
        assert strays(link, "evidence", [SHA256]) == []


def test_another_cases_photo_opens_nothing(parts: Services, client: Client) -> None:
    mine, other = raise_(parts, "a"), raise_(parts, "b", kind="node_offline")
    guard, police = client(), client("police")
    bring(guard, other)
    assert step(police, mine, "resolved", picture=SHA256).status_code == 422
    assert police.get(f"/api/pictures/{SHA256}").status_code == 404
    assert bring(police, other).status_code == 404
    bring(guard, mine)
    assert police.get(f"/api/pictures/{SHA256}").status_code == 200


def test_what_is_no_photo_or_another_one_is_refused(parts: Services, client: Client) -> None:
    alert, user = raise_(parts), client()
    assert bring(user, alert, sha256="a" * 64).status_code == 422
    text = b"GIF89a"
    assert bring(user, alert, text, hashlib.sha256(text).hexdigest()).status_code == 422
    assert bring(user, 77).status_code == 404
    big = JPEG + bytes(parts.pictures.max_bytes)
    assert bring(user, alert, big, hashlib.sha256(big).hexdigest()).status_code == 413


def test_a_big_photo_fits_and_there_is_an_end_to_their_number(
    parts: Services, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MOST", 2)
    alert, user = raise_(parts), client()
    found = [JPEG + bytes([number]) * 100_000 for number in range(3)]
    codes = [bring(user, alert, data, hashlib.sha256(data).hexdigest()).status_code for data in found]
    assert codes == [200, 200, 409]


def test_a_repeat_is_counted_and_says_when_it_was_last(parts: Services, client: Client, clock: Any) -> None:
    alert = raise_(parts)
    clock.forward(90)
    late = parts.now()
    raise_(parts)
    raise_(parts, at="2020-01-01T00:00:00.000Z")
    found = client().get(f"/api/alerts/{alert}").json()
    assert (found["count"], found["last_at"], found["waiting_since"]) == (3, late, "2026-03-02T08:00:00.000Z")
    assert found["escalations"] == []


def test_the_report_tells_what_is_left_open(parts: Services, client: Client, clock: Any) -> None:
    alert = raise_(parts)
    clock.forward(301)
    found = client().get("/api/cases/report").json()
    assert (found["left_open"], found["overdue"]) == (1, 1)
    assert [each["id"] for each in found["open"]] == [alert]
    assert client("admin").get("/api/cases/report?from=2026-03-03&to=2026-03-02").status_code == 422


def test_whom_a_site_wakes_is_not_told_to_the_police(parts: Services, client: Client) -> None:
    alert = raise_(parts)
    with parts.store.write() as link:
        told = {"round": 0, "step": 1, "contact": "王队长", "state": "held", "at": parts.now()}
        link.execute(escalations.insert(), told | {"alert_id": alert})
    shown = {"step": 1, "to": "王队长", "state": "held", "at": parts.now()}
    for role, seen in (("guard", [shown]), ("police", [])):
        assert client(role).get(f"/api/alerts/{alert}").json()["escalations"] == seen
        assert client(role).get("/api/alerts").json()["items"][0]["escalations"] == seen


def test_a_closed_case_goes_with_its_photo_and_all_that_was_told_of_it(
    parts: Services, client: Client, clock: Any
) -> None:
    alert, user = raise_(parts), client()
    bring(user, alert)
    with parts.store.write() as link:
        told = {"round": 0, "step": 1, "contact": "王队长", "state": "held", "at": parts.now()}
        link.execute(escalations.insert(), told | {"alert_id": alert})
    step(user, alert, "resolved", picture=SHA256)
    clock.forward(400 * 86_400)
    list(Job(parts).batches("test"))
    assert parts.pictures.read(SHA256) == JPEG
    clock.forward(400 * 86_400)
    for _ in range(2):
        list(Job(parts).batches("test"))
    with parts.store.read() as link:
        for table in (alerts, case_pictures, escalations):
            assert link.execute(select(table)).first() is None
    with pytest.raises(NotFound):
        parts.pictures.read(SHA256)


def test_each_of_the_times_that_a_case_was_raised_can_be_looked_at(parts: Services, client: Client) -> None:
    alert = raise_(parts, detail="the first", at="2026-03-02T08:00:00.000Z")
    raise_(parts, detail="the second", at="2026-03-02T08:01:00.000Z", plate="京A12345")
    found = client().get(f"/api/alerts/{alert}/repeats").json()["items"]
    assert [(each["at"][11:16], each["detail"], each["plate"]) for each in found] == [
        ("08:01", "the second", "京A12345"),
        ("08:00", "the first", None),
    ]
    assert client().get(f"/api/alerts/{alert + 1}/repeats").status_code == 404
