"""Every route as every role: what somebody may not see answers 403 or 404, and each of these is in the audit."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select
from support.gateway import HttpOnly
from support.notices import enrol
from support.tiers import one_fast
from zhian_gateway.auth.refusals import REFUSED, Refusals
from zhian_gateway.auth.sessions import ROLES, Role
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit

from .test_access import TABLE, bind, every_route, open_to


@pytest.fixture
def parts(parts: Services) -> Services:
    """One that writes down more than anybody may ask in a test."""
    return dataclasses.replace(parts, refusals=Refusals(most=10_000))


def told(parts: Services, user: str) -> list[str]:
    with parts.store.read() as link:
        query = select(audit.c.detail, audit.c.subject).where(audit.c.action == REFUSED, audit.c.who == user)
        return [f"{row.detail.split()[0]} {row.subject}" for row in link.execute(query.order_by(audit.c.id))]


@pytest.mark.parametrize("role", one_fast(ROLES))
def test_what_a_role_may_not_use_is_refused_and_written_down(
    http: HttpOnly, client: Callable[..., httpx.Client], role: Role
) -> None:
    users = open_to(*ROLES)
    user, expected = client(role), []
    for name, (method, path, _) in every_route(http.parts).items():
        if name not in users or name in open_to(role):
            continue
        with user.stream(method, path) as answer:
            assert answer.status_code == 403, name
        expected.append(f"{method} {path}")
    assert told(http.parts, f"{role}-1") == expected
    assert expected or role == "admin"


@pytest.mark.parametrize("role", ["police", "teacher"])
def test_what_is_anothers_is_as_if_it_were_not_there_and_written_down(
    http: HttpOnly, client: Callable[..., httpx.Client], role: Role
) -> None:
    """Of somebody's own routes: whom and what they have no part in."""
    mine = {name for name in open_to(role) if name.startswith("GET ") and name in OF_SOMEBODY}
    assert mine
    user, expected = client(role), []
    for name in sorted(mine):
        method, path, _ = every_route(http.parts)[name]
        assert user.request(method, path).status_code == 404, name
        expected.append(f"{method} {path}")
    assert told(http.parts, f"{role}-1") == expected


def test_a_guardians_phone_sees_its_own_child_and_of_others_nothing_not_even_that_they_are_there(
    http: HttpOnly,
) -> None:
    """Somebody else's child answers as nobody's child does, and who asked is in the audit."""
    parts = http.parts
    enrol(parts, "inbox://mother")
    with httpx.Client(base_url=http.url, trust_env=False) as phone:
        bind(parts, phone)
        (own,) = phone.get("/api/family").json()["children"]
        enrol(parts, "inbox://uncle", person="another")
        answers: dict[str, set[bytes]] = {}
        for name in OF_A_CHILD:
            method, path, _ = every_route(parts)[name]
            for child in ("another", "nobody"):
                body = {"agree": True, "text_version": ""} if method == "PUT" else None
                answer = phone.request(method, path.replace("/p/", f"/{child}/"), json=body)
                assert answer.status_code == 404, name
                answers.setdefault(name, set()).add(answer.content.replace(child.encode(), b"it"))
            assert len(answers[name]) == 1, f"{name} tells whether a child is there"
        assert phone.get(f"/api/family/children/{own['id']}/days").status_code == 200
        assert [child["id"] for child in phone.get("/api/family").json()["children"]] == [own["id"]]
    with parts.store.read() as link:
        rows = link.execute(select(audit.c.who, audit.c.subject).where(audit.c.action == REFUSED)).all()
    assert len(rows) == 2 * len(OF_A_CHILD)
    assert {who.split("/")[0] for who, _ in rows} == {"carer"}
    assert any("another" in subject for _, subject in rows)


def test_a_guardians_phone_gets_nothing_of_what_staff_and_machines_get(http: HttpOnly) -> None:
    enrol(http.parts, "inbox://mother")
    with httpx.Client(base_url=http.url, trust_env=False) as phone:
        bind(http.parts, phone)
        for name, (method, path, _) in every_route(http.parts).items():
            if TABLE[name] in ("public", "carer"):
                continue
            with phone.stream(method, path) as answer:
                assert answer.status_code in (401, 403), name
                assert json.loads(answer.read())["error"]["code"], name


def test_no_role_gets_what_belongs_to_a_guardians_phone(http: HttpOnly, client: Callable[..., httpx.Client]) -> None:
    for role in ROLES:
        user = client(role)
        for name in open_to("carer"):
            method, path, _ = every_route(http.parts)[name]
            assert user.request(method, path).status_code == 401, f"{name} as {role}"


#: Routes of a guardian's phone that name a child.
OF_A_CHILD = [name for name in TABLE if "/family/children/" in name]
#: Routes that show one person, picture or case, of which a role may see some.
OF_SOMEBODY = {
    "GET /api/alerts/{alert_id}",
    "GET /api/alerts/{alert_id}/repeats",
    "GET /api/people/{person_id}/day",
    "GET /api/people/{person_id}/picture",
    "GET /api/pictures/{sha256}",
    "GET /api/attendance/people/{person_id}",
}


def test_the_routes_of_this_walk_are_routes() -> None:
    assert set(TABLE) >= OF_SOMEBODY
