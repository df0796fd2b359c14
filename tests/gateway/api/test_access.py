"""Every route is closed unless it says for whom it is open; a walk over all routes and all roles proves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from support.gateway import HttpOnly, add_node
from zhian_gateway.api.access import Access, access_of
from zhian_gateway.api.app import create_app
from zhian_gateway.auth.accounts import ROLES
from zhian_gateway.police import subscribers
from zhian_gateway.services import Services

FILLED = {
    "sha256": "a" * 64,
    "alert_id": "1",
    "person_id": "p",
    "node": "n",
    "lane": "l",
    "camera": "c",
    "guardian": "g",
}

#: What is meant; a route that is missing here, or says something else, fails the test.
TABLE = {
    "GET /api/setup": "public",
    "POST /api/setup": "public",
    "POST /api/session": "public",
    "POST /inbox/{guardian}": "public",
    "GET /api/session": "admin guard police teacher",
    "DELETE /api/session": "admin guard police teacher",
    "GET /api/openapi.json": "admin guard police teacher",
    "GET /api/live": "admin guard police teacher",
    "GET /api/passages": "admin guard teacher",
    "GET /api/summary": "admin guard teacher",
    "GET /api/alerts": "admin guard police",
    "GET /api/alerts/{alert_id}": "admin guard police",
    "POST /api/alerts/{alert_id}/transitions": "admin guard police",
    "PUT /api/alerts/{alert_id}/pictures/{sha256}": "admin guard police",
    "GET /api/cases/report": "admin guard",
    "GET /api/people": "admin guard teacher",
    "GET /api/people/{person_id}/day": "admin guard teacher",
    "GET /api/people/{person_id}/picture": "admin guard police teacher",
    "GET /api/pictures/{sha256}": "admin guard police teacher",
    "GET /api/notices": "admin guard teacher",
    "GET /api/inbox": "admin guard teacher",
    "GET /api/nodes": "admin guard",
    "GET /api/lanes": "admin guard",
    "GET /api/lanes/order": "admin guard",
    "POST /api/lanes/state": "admin guard",
    "POST /api/lanes/{node}/{lane}/state": "admin guard",
    "POST /api/lanes/{node}/{lane}/pass": "admin guard",
    "GET /api/tiles/{node}/{camera}": "admin guard",
    "GET /api/police/deliveries": "admin",
    "PUT /pictures/{sha256}": "node",
    "GET /roster": "node",
    "GET /presence": "node",
    "PUT /live/{camera}": "node",
    "GET /police/feed": "subscriber",
    "GET /health": "public",
    "GET /api/health": "admin guard",
    "GET /health/checks": "scraper",
    "GET /metrics": "scraper",
}


def every_route(parts: Services) -> dict[str, tuple[str, str, Access | None]]:
    """Name, method, a filled path, and who may use it; routers are walked as the application holds them."""
    found = {}
    app = create_app(parts)
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            name = f"{method.upper()} {path}"
            found[name] = (method.upper(), path.format(**FILLED), _access(app, path, method.upper()))
    found["GET /api/openapi.json"] = ("GET", "/api/openapi.json", _access(app, "/api/openapi.json", "GET"))
    return found


def _access(app: FastAPI, path: str, method: str) -> Access | None:
    for route in _walk(list(app.routes)):
        if route.path == path and method in (route.methods or ()):
            return access_of(route.endpoint)
    return None


def _walk(routes: list[object]) -> list[APIRoute]:
    """Every route, also those that the application holds inside of routers."""
    flat: list[APIRoute] = []
    for route in routes:
        if isinstance(route, APIRoute):
            flat.append(route)
        else:
            inner = getattr(route, "original_router", route)
            flat += _walk(list(getattr(inner, "routes", None) or []))
    return flat


def test_every_route_is_in_the_table_and_says_the_same(parts: Services) -> None:
    said = {}
    for name, (_, _, access) in every_route(parts).items():
        assert access is not None, name
        said[name] = " ".join(sorted(access.roles)) if access.kind == "users" else access.kind
    assert said == TABLE


def test_no_route_hides_from_the_table(parts: Services) -> None:
    listed = {name.split(" ", 1)[1] for name in TABLE}
    assert {route.path for route in _walk(list(create_app(parts).routes))} == listed


def test_nobody_gets_in_without_proof(http: HttpOnly) -> None:
    for name, (method, path, _) in every_route(http.parts).items():
        if TABLE[name] != "public":
            assert httpx.request(method, http.url + path).status_code == 401, name


def test_every_role_gets_exactly_what_the_table_says(http: HttpOnly, client: Callable[..., httpx.Client]) -> None:
    for role in ROLES:
        user = client(role)
        for name, (method, path, _) in every_route(http.parts).items():
            if TABLE[name] == "public" or name in ("GET /api/live", "DELETE /api/session"):
                continue
            status = user.request(method, path).status_code
            expected = role in TABLE[name].split()
            assert (status not in (401, 403)) is expected, (role, name, status)


def test_a_nodes_token_opens_only_the_nodes_routes_and_only_as_itself(http: HttpOnly, parts: Services) -> None:
    token = add_node(parts, "gate-1")
    good = {"Authorization": f"Bearer {token}", "X-Zhian-Node": "gate-1"}
    assert httpx.get(f"{http.url}/roster", headers=good).status_code == 200
    for headers in (
        good | {"X-Zhian-Node": "gate-2"},
        good | {"Authorization": "Bearer guess"},
        good | {"Authorization": f"Basic {token}"},
        {"X-Zhian-Node": "gate-1"},
    ):
        assert httpx.get(f"{http.url}/roster", headers=headers).status_code == 401
    for path in ("/api/passages", "/police/feed", "/api/session"):
        assert httpx.get(http.url + path, headers=good).status_code == 401


def test_a_subscribers_token_opens_only_the_feed(http: HttpOnly, parts: Services) -> None:
    with parts.store.write() as link:
        keys = subscribers.add(link, site=parts.site, name="s", ground="g", webhook="", who="t", now=parts.now())
    headers = {"Authorization": f"Bearer {keys.token}"}
    with httpx.stream("GET", f"{http.url}/police/feed", headers=headers) as answer:
        assert answer.status_code == 200
    for path in ("/api/alerts", "/roster"):
        assert httpx.get(http.url + path, headers=headers).status_code == 401


def test_a_change_needs_the_sessions_own_token(client: Callable[..., httpx.Client]) -> None:
    user = client()
    for token in ("", "guess"):
        answer = user.delete("/api/session", headers={"X-CSRF-Token": token})
        assert answer.status_code == 403
    assert user.get("/api/session").status_code == 200
    assert user.delete("/api/session").status_code == 200
    assert user.get("/api/session").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(http: HttpOnly, parts: Services) -> None:
    parts.accounts.add("li", "guard", None, who="t")
    answer = httpx.post(f"{http.url}/api/session", json={"ticket": parts.accounts.ticket("li", who="t")})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_session_that_was_chosen_by_somebody_else_is_not_taken_over(http: HttpOnly, parts: Services) -> None:
    parts.accounts.add("li", "guard", None, who="t")
    with httpx.Client(base_url=http.url, cookies={"zhian_session": "planted"}) as user:
        user.post("/api/session", json={"ticket": parts.accounts.ticket("li", who="t")}).raise_for_status()
    with httpx.Client(base_url=http.url, cookies={"zhian_session": "planted"}) as thief:
        assert thief.get("/api/session").status_code == 401


def test_guessing_a_password_is_stopped(http: HttpOnly, parts: Services) -> None:
    parts.accounts.add("li", "guard", "correct horse battery", who="t")
    guesses = [
        httpx.post(f"{http.url}/api/session", json={"user": "li", "password": f"guess {number}"}).status_code
        for number in range(6)
    ]
    assert guesses == [401] * 5 + [429]
    right = httpx.post(f"{http.url}/api/session", json={"user": "li", "password": "correct horse battery"})
    assert right.status_code == 429


def test_who_guesses_elsewhere_locks_nobody_out(http: HttpOnly, parts: Services) -> None:
    parts.accounts.add("li", "guard", "correct horse battery", who="t")
    for number in range(6):
        httpx.post(f"{http.url}/api/session", json={"user": "li", "password": f"guess {number}"})
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.9")) as elsewhere:
        right = {"user": "li", "password": "correct horse battery"}
        assert elsewhere.post(f"{http.url}/api/session", json=right).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/setup", "/api/passages", "/nothing/here"])
def test_every_answer_carries_the_strict_policy(http: HttpOnly, path: str) -> None:
    headers = httpx.get(http.url + path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_first_administrator_is_made_over_http(http: HttpOnly, parts: Services) -> None:
    assert httpx.get(f"{http.url}/api/setup").json() == {"needed": True}
    secret = parts.accounts.first_secret()
    with httpx.Client(base_url=http.url) as user:
        wanted = {"user": "root", "password": "correct horse battery"}
        assert user.post("/api/setup", json=wanted | {"secret": "guess"}).status_code == 401
        answer = user.post("/api/setup", json=wanted | {"secret": secret})
        assert (answer.status_code, answer.json()["role"]) == (200, "admin")
        assert answer.json()["site"] == {
            "id": "school",
            "name": "第一小学",
            "timezone": "Asia/Shanghai",
            "silent_s": 30.0,
            "cameras": {"cam-1": "Main gate", "cam-2": "东门"},
            "lanes": {},
        }
        assert user.get("/api/session").json() == answer.json()
        assert user.get("/api/setup").json() == {"needed": False}


@pytest.mark.parametrize("body", [b"x" * 70_000, b"{", b"null", b'{"user": 5}', b'{"user": "a", "surplus": 1}'])
def test_bad_bodies_get_an_error_that_says_so(http: HttpOnly, body: bytes) -> None:
    answer = httpx.post(f"{http.url}/api/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (413, 422)
    assert set(answer.json()["error"]) == {"code", "message"}


def test_a_body_of_unknown_length_is_not_read_to_its_end(http: HttpOnly) -> None:
    sent = 0

    def long() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(2000):
            sent += 65536
            yield b"x" * 65536

    headers = {"Content-Type": "application/json"}
    try:
        answer = httpx.post(f"{http.url}/api/session", content=long(), headers=headers)
        assert answer.status_code == 413
    except httpx.TransportError:
        assert sent < 2000 * 65536
