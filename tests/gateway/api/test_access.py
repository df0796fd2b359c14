"""Every route is closed unless it says for whom it is open; a walk over all routes and all roles proves it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.routing import Mount
from support.gateway import HttpOnly, add_node, log_in, write_config
from support.notices import enrol
from support.tiers import one_fast
from zhian_gateway.api.access import Access, access_of, authorise
from zhian_gateway.api.app import create_app
from zhian_gateway.api.texts import refuse_nul
from zhian_gateway.auth.sessions import ROLES, Role
from zhian_gateway.config import load
from zhian_gateway.family import carers
from zhian_gateway.nodes import identity
from zhian_gateway.police import subscribers
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import guardians

FILLED = {
    "sha256": "a" * 64,
    "alert_id": "1",
    "watch_id": "w-0123456789ab",
    "correction_id": "1",
    "slip_id": "1",
    "person_id": "p",
    "node": "n",
    "lane": "l",
    "camera": "c",
    "reader": "r",
    "guardian": "g",
    "session_id": "s",
    "name": "nobody",
    "guardian_id": "1",
    "notice_id": "1",
    "visit_id": "1",
    "version": "1",
    "pass_id": "0" * 32,
    "entry_id": "1",
    "purpose": "notices",
    "push_id": "push-0123456789abcdef",
}

#: After these the session is over.
ENDS_ITSELF = {"DELETE /api/session", "DELETE /api/sessions"}
Statuses = dict[str, int]
Routes = dict[str, tuple[str, str, Access | None]]
FOUND: Routes = {}

#: What is meant; a route that is missing here, or says something else, fails the test.
TABLE = {
    "GET /api/setup": "public",
    "POST /api/setup": "public",
    "POST /api/session": "public",
    "POST /inbox/{guardian}": "public",
    "GET /api/session": "admin auditor guard police teacher",
    "DELETE /api/session": "admin auditor guard police teacher",
    "GET /api/sessions": "admin auditor guard police teacher",
    "DELETE /api/sessions": "admin auditor guard police teacher",
    "DELETE /api/sessions/{session_id}": "admin auditor guard police teacher",
    "POST /api/account/password": "admin auditor guard police teacher",
    "GET /api/account/second-factor": "admin auditor guard police teacher",
    "POST /api/account/second-factor": "admin auditor guard police teacher",
    "POST /api/account/second-factor/confirm": "admin auditor guard police teacher",
    "POST /api/account/second-factor/remove": "admin auditor guard police teacher",
    "GET /api/users": "admin",
    "GET /api/users/{name}/sessions": "admin",
    "DELETE /api/users/{name}/sessions": "admin",
    "DELETE /api/users/{name}/sessions/{session_id}": "admin",
    "GET /api/openapi.json": "admin auditor guard police teacher",
    "GET /api/live": "admin auditor guard police teacher",
    "GET /api/passages": "admin guard teacher",
    "GET /api/summary": "admin guard teacher",
    "GET /api/alerts": "admin guard police",
    "GET /api/alerts/{alert_id}": "admin guard police",
    "GET /api/alerts/{alert_id}/repeats": "admin guard police",
    "POST /api/alerts/{alert_id}/transitions": "admin guard police",
    "POST /api/alerts/{alert_id}/verdict": "admin police",
    "PUT /api/alerts/{alert_id}/pictures/{sha256}": "admin guard police",
    "GET /api/cases/report": "admin guard",
    "GET /api/attendance": "admin guard teacher",
    "GET /api/attendance/classes": "admin guard teacher",
    "GET /api/attendance/people/{person_id}": "admin guard teacher",
    "GET /api/attendance/export": "admin guard teacher",
    "GET /api/attendance/signals": "admin guard teacher",
    "POST /api/attendance/corrections": "admin teacher",
    "POST /api/attendance/corrections/{correction_id}/end": "admin teacher",
    "GET /api/leaves": "admin guard teacher",
    "POST /api/leaves": "admin teacher",
    "POST /api/leaves/{slip_id}/end": "admin teacher",
    "GET /api/people": "admin guard teacher",
    "POST /api/people/table/look": "admin",
    "POST /api/people/table/import": "admin",
    "GET /api/people/table/import": "admin",
    "GET /api/calendar": "admin guard teacher",
    "POST /api/calendar/days": "admin",
    "POST /api/calendar/days/remove": "admin",
    "POST /api/calendar/bells": "admin",
    "GET /api/timetable": "admin guard teacher",
    "POST /api/timetable/look": "admin guard teacher",
    "POST /api/timetable/schedules": "admin",
    "PUT /api/timetable/schedules/{name}": "admin",
    "DELETE /api/timetable/schedules/{name}": "admin",
    "POST /api/timetable/groups": "admin",
    "PUT /api/timetable/groups/{name}": "admin",
    "DELETE /api/timetable/groups/{name}": "admin",
    "POST /api/timetable/move": "admin",
    "GET /api/people/{person_id}/file": "admin",
    "POST /api/people/{person_id}/cards": "admin",
    "POST /api/people/{person_id}/cards/withdraw": "admin",
    "POST /api/people/{person_id}/cards/found": "admin",
    "POST /api/people/{person_id}/particulars": "admin",
    "POST /api/people/{person_id}/plates": "admin",
    "PUT /api/people/{person_id}/photograph": "admin",
    "POST /api/people/{person_id}/guardians": "admin",
    "PUT /api/guardians/{guardian_id}": "admin",
    "DELETE /api/guardians/{guardian_id}": "admin",
    "GET /api/desk/readers": "admin guard",
    "POST /api/desk/readers/{node}/{reader}/listen": "admin guard",
    "POST /api/cards/whose": "admin guard",
    "PUT /desk/{reader}": "node",
    "POST /api/people/{person_id}/consents": "admin",
    "POST /api/people/{person_id}/consents/withdraw": "admin",
    "POST /api/people/{person_id}/switches": "admin",
    "GET /api/people/{person_id}/collectors": "admin guard teacher",
    "POST /api/people/{person_id}/collectors": "admin",
    "POST /api/people/{person_id}/collectors/remove": "admin",
    "GET /api/people/{person_id}/day": "admin guard teacher",
    "GET /api/people/{person_id}/picture": "admin guard police teacher",
    "GET /api/pictures/{sha256}": "admin guard police teacher",
    "GET /api/notices": "admin guard teacher",
    "POST /api/notices/{notice_id}/retry": "admin guard",
    "GET /api/people/{person_id}/guardians": "admin",
    "PUT /api/guardians/{guardian_id}/preferences": "admin",
    "GET /api/push/key": "admin auditor guard police teacher",
    "POST /api/push/subscribe": "admin auditor guard police teacher",
    "POST /api/push/unsubscribe": "admin auditor guard police teacher",
    "GET /api/inbox": "admin guard teacher",
    "GET /api/nodes": "admin guard",
    "GET /api/lanes": "admin guard",
    "GET /api/lanes/order": "admin guard",
    "POST /api/lanes/state": "admin guard",
    "POST /api/lanes/{node}/{lane}/state": "admin guard",
    "POST /api/lanes/{node}/{lane}/pass": "admin guard",
    "GET /api/lanes/{node}/{lane}/decisions": "admin guard",
    "POST /api/lanes/{node}/{lane}/passed": "admin guard",
    "POST /api/lanes/passes/{pass_id}/undo": "admin guard",
    "GET /api/tiles/{node}/{camera}": "admin guard",
    "GET /api/emergency": "admin guard",
    "POST /api/emergency": "admin guard",
    "POST /api/emergency/end": "admin guard",
    "GET /api/muster": "admin guard",
    "POST /api/muster": "admin guard",
    "POST /api/muster/end": "admin guard",
    "POST /api/muster/people/{person_id}": "admin guard",
    "GET /api/shift": "admin guard",
    "POST /api/shift": "admin guard",
    "GET /api/outward": "admin guard",
    "GET /api/site-plan": "admin guard police",
    "PUT /api/site-plan": "admin",
    "PUT /api/site-plan/picture": "admin",
    "PUT /api/site-plan/model": "admin",
    "GET /api/site-plan/versions": "admin",
    "GET /api/site-plan/versions/{version}": "admin",
    "GET /api/site-plan/files/{sha256}": "admin guard police",
    "POST /api/guardians/{guardian_id}/invitation": "admin",
    "DELETE /api/guardians/{guardian_id}/phone": "admin",
    "POST /api/family/bind": "public",
    "GET /api/family": "carer",
    "DELETE /api/family/session": "carer",
    "DELETE /api/family/sessions": "carer",
    "PUT /api/family/wishes": "carer",
    "GET /api/family/messages": "carer",
    "POST /api/family/push": "carer",
    "POST /api/family/push/end": "carer",
    "GET /api/family/children/{person_id}/days": "carer",
    "GET /api/family/children/{person_id}/pictures/{sha256}": "carer",
    "GET /api/family/children/{person_id}/consents": "carer",
    "PUT /api/family/children/{person_id}/consents/{purpose}": "carer",
    "GET /api/police/deliveries": "admin",
    "PUT /pictures/{sha256}": "node",
    "GET /roster": "node",
    "GET /presence": "node",
    "PUT /live/{camera}": "node",
    "GET /police/feed": "subscriber",
    "GET /police/entries": "subscriber",
    "GET /api/watch-lists": "admin police",
    "POST /api/watch-lists": "admin police",
    "PUT /api/watch-lists/{watch_id}/pictures": "admin police",
    "GET /api/watch-lists/{watch_id}/pictures/{sha256}": "admin police",
    "POST /api/watch-lists/{watch_id}/decision": "admin police",
    "POST /api/watch-lists/{watch_id}/withdrawal": "admin police",
    "GET /api/audit": "admin auditor",
    "GET /api/audit/ledger": "admin auditor",
    "GET /api/audit/state": "admin auditor",
    "GET /api/visits": "admin guard teacher",
    "GET /api/visits/desk": "admin guard teacher",
    "GET /api/visits/records": "admin",
    "POST /api/visits": "admin teacher",
    "POST /api/visits/window": "admin guard",
    "POST /api/visits/find": "admin guard",
    "POST /api/visits/returning": "admin guard",
    "POST /api/visits/picture": "admin guard teacher",
    "GET /api/visits/{visit_id}": "admin guard teacher",
    "POST /api/visits/{visit_id}/details": "admin guard",
    "PUT /api/visits/{visit_id}/pictures/{sha256}": "admin guard",
    "GET /api/visits/{visit_id}/picture": "admin guard",
    "POST /api/visits/{visit_id}/screening": "admin guard",
    "POST /api/visits/{visit_id}/admit": "admin guard",
    "GET /api/visits/{visit_id}/pass": "admin guard",
    "POST /api/visits/{visit_id}/card": "admin guard",
    "POST /api/visits/{visit_id}/leave": "admin guard",
    "POST /api/visits/{visit_id}/extend": "admin guard",
    "POST /api/visits/{visit_id}/refuse": "admin guard",
    "POST /api/visits/{visit_id}/cancel": "admin guard teacher",
    "POST /api/visits/{visit_id}/link": "admin teacher",
    "GET /api/visits/{visit_id}/export": "admin",
    "POST /api/visits/{visit_id}/erase": "admin",
    "GET /api/visitor-list": "admin",
    "POST /api/visitor-list": "admin",
    "POST /api/visitor-list/{entry_id}/remove": "admin",
    "POST /api/invitation": "public",
    "POST /api/invitation/answer": "public",
    "GET /health": "public",
    "GET /api/health": "admin guard",
    "GET /health/checks": "scraper",
    "GET /health/nodes": "scraper",
    "GET /configuration": "node",
    "PUT /configuration": "node",
    "GET /api/nodes/{node}/configuration": "admin",
    "POST /api/nodes/{node}/configuration/look": "admin",
    "POST /api/nodes/{node}/configuration/pushes": "admin",
    "POST /api/nodes/{node}/configuration/pushes/{push_id}/withdrawal": "admin",
    "GET /metrics": "scraper",
}


def every_route(parts: Services) -> Routes:
    """Name, method, a filled path, and who may use it; the same for any parts, and slow to find."""
    if not FOUND:
        FOUND.update(_find_routes(create_app(parts)))
    return FOUND


def _find_routes(app: FastAPI) -> Routes:
    found = {}
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            name = f"{method.upper()} {path}"
            found[name] = (method.upper(), path.format(**FILLED), _access(app, path, method.upper()))
    return found


def _access(app: FastAPI, path: str, method: str) -> Access | None:
    for route in _routes(app):
        if route.path == path and method in (route.methods or ()):
            return access_of(route.endpoint)
    return None


def _routes(app: FastAPI) -> list[APIRoute]:
    """As the application holds them; that it holds nothing else is a test of its own."""
    return [route for route in app.routes if isinstance(route, APIRoute)]


def test_every_route_is_in_the_table_and_says_the_same(parts: Services) -> None:
    said = {}
    for name, (_, _, access) in every_route(parts).items():
        assert access is not None, name
        said[name] = " ".join(sorted(access.roles)) if access.kind == "users" else access.kind
    assert said == TABLE


def test_no_route_hides_from_the_table(parts: Services) -> None:
    listed = {name.split(" ", 1)[1] for name in TABLE}
    app = create_app(parts)
    assert {route.path for route in _routes(app)} == listed
    # What came in by another way than `GuardedRouter.join` would lie beside them, with routes inside.
    beside = [each for each in app.routes if not isinstance(each, APIRoute)]
    assert [(type(each), getattr(each, "name", "")) for each in beside] == [(Mount, "console")]


def test_every_route_asks_at_the_door_first(parts: Services) -> None:
    for route in _routes(create_app(parts)):
        assert [each.call for each in route.dependant.dependencies][:2] == [authorise, refuse_nul], route.path


def statuses(http: HttpOnly, headers: dict[str, str] | None = None, cookies: dict[str, str] | None = None) -> Statuses:
    """What every route answers to who shows this; a stream is left as soon as it begins."""
    found, shown = {}, "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
    with httpx.Client(base_url=http.url, headers=(headers or {}) | {"Cookie": shown}, trust_env=False) as client:
        for name, (method, path, _) in every_route(http.parts).items():
            with client.stream(method, path) as answer:
                found[name] = answer.status_code
            client.cookies.clear()
    return found


def closed(found: Statuses) -> set[str]:
    """The routes that did not let somebody in."""
    return {name for name, status in found.items() if status in (401, 403)}


def open_to(*kinds: str) -> set[str]:
    """The routes that the table opens to one of these roles or kinds."""
    return {name for name, said in TABLE.items() if set(said.split()) & set(kinds)}


NOT_PUBLIC = set(TABLE) - open_to("public")


def test_nobody_gets_in_without_proof(http: HttpOnly) -> None:
    found = statuses(http)
    assert closed(found) >= NOT_PUBLIC
    assert {found[name] for name in NOT_PUBLIC} == {401}


@pytest.mark.parametrize("role", one_fast(ROLES))
def test_every_role_gets_exactly_what_the_table_says(
    http: HttpOnly, client: Callable[..., httpx.Client], role: Role
) -> None:
    user = client(role)
    for name, (method, path, _) in every_route(http.parts).items():
        if TABLE[name] == "public":
            continue
        with user.stream(method, path) as answer:
            assert (answer.status_code not in (401, 403)) is (name in open_to(role)), (name, answer.status_code)
        if name in ENDS_ITSELF:
            user = client(role)


@pytest.mark.thorough
def test_a_change_without_the_sessions_own_token_is_refused_everywhere(
    http: HttpOnly, client: Callable[..., httpx.Client]
) -> None:
    user = client("admin")
    for token in ("", "guess"):
        found = statuses(http, {"X-CSRF-Token": token}, dict(user.cookies))
        changes = {name for name in open_to("admin") if not name.startswith("GET ")}
        assert {found[name] for name in changes} == {403}


@pytest.mark.thorough
def test_what_is_from_another_site_opens_nothing_here(http: HttpOnly, elsewhere: Services) -> None:
    with HttpOnly(elsewhere) as other:
        admin = log_in(elsewhere, other.url, "admin-1", "admin")
        headers, cookies = {"X-CSRF-Token": admin.headers["X-CSRF-Token"]}, dict(admin.cookies)
        admin.close()
    # A user and a node of the same names here change nothing.
    http.parts.accounts.add("admin-1", "admin", None, who="t")
    add_node(http.parts, "gate-1")
    assert closed(statuses(http, headers, cookies)) >= NOT_PUBLIC
    theirs = {"Authorization": f"Bearer {add_node(elsewhere, 'gate-1')}", "X-Zhian-Node": "gate-1"}
    assert closed(statuses(http, theirs)) >= NOT_PUBLIC
    assert closed(statuses(http, {"Authorization": f"Bearer {subscribe(elsewhere)}"})) >= NOT_PUBLIC


@pytest.mark.thorough
def test_who_is_no_longer_a_user_gets_nowhere(http: HttpOnly, client: Callable[..., httpx.Client], clock: Any) -> None:
    disabled, expired = client("guard"), client("teacher")
    http.parts.accounts.disable("guard-1", who="t")
    assert closed(statuses(http, dict(disabled.headers), dict(disabled.cookies))) >= NOT_PUBLIC
    clock.forward(http.parts.config.sign_in.idle_minutes * 60)
    assert closed(statuses(http, dict(expired.headers), dict(expired.cookies))) >= NOT_PUBLIC


def test_a_nodes_token_opens_only_the_nodes_routes_and_only_as_itself(http: HttpOnly, parts: Services) -> None:
    token = add_node(parts, "gate-1")
    good = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "gate-1"}
    assert closed(statuses(http, good)) & NOT_PUBLIC == NOT_PUBLIC - open_to("node")
    for headers in (
        good | {"X-Zhian-Node": "gate-2"},
        good | {"Authorization": "Bearer guess"},
        good | {"Authorization": f"Basic {token}"},
        {"X-Zhian-Node": "gate-1"},
    ):
        assert closed(statuses(http, headers)) >= NOT_PUBLIC
    with parts.store.write() as link:
        identity.revoke(link, site=parts.site, node="gate-1", now=parts.now(), who="t")
    assert closed(statuses(http, good)) >= NOT_PUBLIC


def test_a_subscribers_token_opens_only_the_feed(http: HttpOnly, parts: Services) -> None:
    headers = {"Authorization": f"Bearer {subscribe(parts)}"}
    assert closed(statuses(http, headers)) & NOT_PUBLIC == NOT_PUBLIC - open_to("subscriber")
    with parts.store.write() as link:
        subscribers.disable(link, site=parts.site, name="s", who="t", now=parts.now())
    assert closed(statuses(http, headers)) >= NOT_PUBLIC


def test_a_guardians_phone_opens_only_the_phones_routes(http: HttpOnly, parts: Services) -> None:
    enrol(parts, "inbox://mother")
    with httpx.Client(base_url=http.url, trust_env=False) as phone:
        bind(parts, phone)
        for name, (method, path, _) in every_route(parts).items():
            if TABLE[name] == "public":
                continue
            with phone.stream(method, path) as answer:
                assert (answer.status_code not in (401, 403)) is (name in open_to("carer")), (name, answer.status_code)
            if name == "DELETE /api/family/session":
                bind(parts, phone)
        guess = {"X-CSRF-Token": "guess"}
        changes = {name for name in open_to("carer") if not name.startswith("GET ")}
        found = statuses(http, guess, dict(phone.cookies))
        assert {found[name] for name in changes} == {403}


def bind(parts: Services, phone: httpx.Client) -> None:
    """By a new code of the only guardian."""
    with parts.store.write() as link:
        number = link.execute(select(guardians.c.id)).scalar_one()
        code = carers.issue(link, number, site=parts.site, who="t", now=parts.clock())
    answer = phone.post("/api/family/bind", json={"code": code})
    phone.headers["X-CSRF-Token"] = answer.json()["csrf"]


def test_a_route_that_says_nothing_is_closed_to_everybody(parts: Services, client: Callable[..., httpx.Client]) -> None:
    app = create_app(parts)

    @app.get("/api/forgotten")
    def forgotten() -> None:
        raise AssertionError("nobody was to come here")

    app.router.routes.insert(0, app.router.routes.pop())
    cookies = dict(client("admin").cookies)

    async def knock() -> int:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://t", cookies=cookies
        ) as inside:
            return (await inside.get("/api/forgotten")).status_code

    assert asyncio.run(knock()) == 403


def subscribe(parts: Services) -> str:
    """A subscriber of the police feed; the token."""
    with parts.store.write() as link:
        keys = subscribers.add(link, site=parts.site, name="s", ground="g", webhook="", who="t", now=parts.now())
    return keys.token


@pytest.fixture
def elsewhere(tmp_path: Path, clock: Any) -> Iterator[Services]:
    """The parts of another site's gateway."""
    config = load(write_config(tmp_path / "elsewhere", "mqtt://127.0.0.1:1", site="another"))
    services = open_services(config, publish=lambda *_: None, clock=clock)
    yield services
    services.store.close()
