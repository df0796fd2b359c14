"""Every route as every role: what somebody may not see answers 403 or 404, and each of these is in the audit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select
from support.gateway import HttpOnly
from zhian_gateway.auth.refusals import REFUSED, Refusals
from zhian_gateway.auth.sessions import ROLES, Role
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit

from .test_access import TABLE, every_route, open_to


@pytest.fixture
def parts(parts: Services) -> Services:
    """One that writes down more than anybody may ask in a test."""
    return dataclasses.replace(parts, refusals=Refusals(most=10_000))


def told(parts: Services, user: str) -> list[str]:
    with parts.store.read() as link:
        query = select(audit.c.detail, audit.c.subject).where(audit.c.action == REFUSED, audit.c.who == user)
        return [f"{row.detail.split()[0]} {row.subject}" for row in link.execute(query.order_by(audit.c.id))]


@pytest.mark.parametrize("role", ROLES)
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
