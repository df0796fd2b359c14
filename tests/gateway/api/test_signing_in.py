"""The way in over HTTP: what is kept from others, what guessing gets, and what is too long or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from support.gateway import HttpOnly
from zhian_gateway.services import Services


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


def test_a_link_that_is_over_is_said_to_be_with_the_way_to_a_new_one(http: HttpOnly, parts: Services) -> None:
    parts.accounts.add("li", "guard", None, who="t")
    ticket = parts.accounts.ticket("li", who="t")
    first, again = (httpx.post(f"{http.url}/api/session", json={"ticket": ticket}) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 401)
    said = again.json()
    assert said["code"] == "link_over"
    assert "used already" in said["detail"] and "zhian-gateway ticket" in said["detail"]


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
