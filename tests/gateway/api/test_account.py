"""One's own account over HTTP, and whom guessing shuts out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pyotp
import pytest
from support.gateway import HttpOnly, log_in, write_config
from zhian_gateway.auth.limits import MOST_FAILURES, MOST_OF_ADDRESS
from zhian_gateway.config import load
from zhian_gateway.services import Services, open_services

WORD, BETTER = "correct horse battery", "seven lanterns by the pond"
MakeClient = Callable[..., httpx.Client]


def sign_in(user: httpx.Client, name: str, password: str, **more: str) -> httpx.Response:
    answer = user.post("/api/session", json={"user": name, "password": password, **more})
    if answer.is_success:
        user.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_sessions_are_listed_and_ended_by_their_user(http: HttpOnly, client: MakeClient) -> None:
    here = client("guard")
    there = log_in(http.parts, http.url, "guard-1", "guard")
    items = here.get("/api/sessions", headers={"User-Agent": "x\x01y"}).json()["items"]
    assert [one["current"] for one in items].count(True) == 1
    assert {one["address"] for one in items} == {"127.0.0.1"}
    (other,) = [one["id"] for one in items if not one["current"]]
    assert here.delete(f"/api/sessions/{other}").json() == {"sessions": 1}
    assert there.get("/api/session").status_code == 401
    assert here.delete(f"/api/sessions/{other}").status_code == 404
    log_in(http.parts, http.url, "guard-1", "guard").close()
    assert here.delete("/api/sessions").json() == {"sessions": 2}
    assert here.get("/api/session").status_code == 401
    there.close()


def test_nobody_ends_a_session_of_somebody_else_but_an_administrator(client: MakeClient) -> None:
    guard, admin, teacher = client("guard"), client("admin"), client("teacher")
    (own,) = guard.get("/api/sessions").json()["items"]
    assert teacher.delete(f"/api/sessions/{own['id']}").status_code == 404
    assert guard.get("/api/session").status_code == 200
    users = {one["name"]: one for one in admin.get("/api/users").json()["items"]}
    assert users["guard-1"] == {
        "name": "guard-1",
        "role": "guard",
        "second_factor": False,
        "password": False,
        "sessions": 1,
    }
    (seen,) = admin.get("/api/users/guard-1/sessions").json()["items"]
    assert seen == own | {"current": False}
    assert admin.delete(f"/api/users/guard-1/sessions/{own['id']}").status_code == 200
    assert guard.get("/api/session").status_code == 401
    assert admin.delete("/api/users/teacher-1/sessions").json() == {"sessions": 1}
    assert teacher.get("/api/session").status_code == 401
    assert admin.get("/api/users/nobody/sessions").status_code == 404


def test_users_are_listed_page_by_page(client: MakeClient) -> None:
    admin = client("admin")
    for role in ("guard", "police", "teacher"):
        client(role)
    first = admin.get("/api/users", params={"limit": 3}).json()
    second = admin.get("/api/users", params={"limit": 3, "after": first["next"]}).json()
    assert [one["name"] for one in first["items"] + second["items"]] == ["admin-1", "guard-1", "police-1", "teacher-1"]
    assert second["next"] is None


def test_another_password_ends_what_was_open_elsewhere(http: HttpOnly) -> None:
    http.parts.accounts.add("li", "guard", WORD, who="t")
    with httpx.Client(base_url=http.url) as here, httpx.Client(base_url=http.url) as there:
        assert sign_in(there, "li", WORD).is_success
        assert sign_in(here, "li", WORD).is_success
        change = "/api/account/password"
        assert problem(here.post(change, json={"password": "wrong", "new": BETTER})) == (403, "wrong_proof")
        assert problem(here.post(change, json={"password": WORD, "new": "Password1234"})) == (422, "weak_password")
        assert problem(here.post(change, json={"password": WORD, "new": "short"})) == (422, "bad_input")
        assert here.post(change, json={"password": WORD, "new": BETTER}).json() == {"sessions": 1}
        assert there.get("/api/session").status_code == 401
        assert here.get("/api/session").status_code == 200
        assert problem(sign_in(there, "li", WORD)) == (401, "not_logged_in")
        assert sign_in(there, "li", BETTER).is_success


def test_who_finds_a_screen_cannot_guess_its_password(client: MakeClient, http: HttpOnly) -> None:
    guard = client("guard")
    http.parts.accounts.credentials.set_password("guard-1", WORD, who="t")
    guard = log_in(http.parts, http.url, "guard-1", "guard")
    tries = [guard.post("/api/account/password", json={"password": f"guess {n}", "new": BETTER}) for n in range(6)]
    assert [one.status_code for one in tries] == [403] * MOST_FAILURES + [429]
    guard.close()


def test_a_second_factor_is_set_up_used_and_taken_away(http: HttpOnly, client: MakeClient, clock: Any) -> None:
    http.parts.accounts.add("li", "guard", WORD, who="t")
    with httpx.Client(base_url=http.url) as user:
        sign_in(user, "li", WORD)
        assert user.get("/api/account/second-factor").json() == {"on": False, "needed": False, "recovery_left": 0}
        begun = user.post("/api/account/second-factor", json={"password": WORD}).json()
        assert unquote(begun["picture"]).startswith("data:image/svg+xml;charset=utf-8,<svg")
        totp = pyotp.parse_uri(begun["address"])
        assert isinstance(totp, pyotp.TOTP)
        assert totp.secret == begun["secret"]
        confirm = "/api/account/second-factor/confirm"
        assert problem(user.post(confirm, json={"code": "000000"})) == (422, "bad_input")
        codes = user.post(confirm, json={"code": totp.at(clock.now)}).json()["codes"]
        assert user.get("/api/account/second-factor").json() == {"on": True, "needed": False, "recovery_left": 10}
        clock.forward(30)
        assert problem(sign_in(user, "li", WORD)) == (401, "code_needed")
        assert problem(sign_in(user, "li", WORD, code="000000")) == (401, "wrong_code")
        assert sign_in(user, "li", WORD, code=totp.at(clock.now)).is_success
        assert problem(sign_in(user, "li", WORD, code=totp.at(clock.now))) == (401, "wrong_code")
        wanted = {"password": WORD, "code": codes[0]}
        off = user.post("/api/account/second-factor/remove", json=wanted)
        assert off.json() == {"on": False, "needed": False, "recovery_left": 0}
        assert sign_in(user, "li", WORD).is_success


@pytest.fixture
def strict(tmp_path: Path, clock: Any) -> Iterator[HttpOnly]:
    """A gateway whose administrators need a second factor."""
    more = '[sign_in]\nsecond_factor = ["admin"]\n'
    services: Services = open_services(
        load(write_config(tmp_path / "strict", "mqtt://127.0.0.1:1", more=more)), publish=lambda *_: None, clock=clock
    )
    with HttpOnly(services) as server:
        yield server
    services.store.close()


def test_a_role_that_needs_a_second_factor_gets_nothing_before_it_is_there(strict: HttpOnly, clock: Any) -> None:
    admin = log_in(strict.parts, strict.url, "root", "admin")
    assert admin.get("/api/session").json()["unfinished"] is True
    for path in ("/api/users", "/api/people", "/api/live", "/api/openapi.json", "/api/passages"):
        assert problem(admin.get(path)) == (403, "second_factor_needed")
    begun = admin.post("/api/account/second-factor", json={"password": ""}).json()
    totp = pyotp.TOTP(begun["secret"])
    admin.post("/api/account/second-factor/confirm", json={"code": totp.at(clock.now)}).raise_for_status()
    assert admin.get("/api/session").json()["unfinished"] is False
    assert admin.get("/api/users").status_code == 200
    clock.forward(30)
    wanted = {"password": "", "code": totp.at(clock.now)}
    assert problem(admin.post("/api/account/second-factor/remove", json=wanted)) == (409, "conflict")
    guard = log_in(strict.parts, strict.url, "guard", "guard")
    assert guard.get("/api/session").json()["unfinished"] is False
    admin.close()
    guard.close()


def test_who_guesses_at_the_same_address_does_not_lock_out_a_browser_that_was_here(http: HttpOnly) -> None:
    http.parts.accounts.add("li", "guard", WORD, who="t")
    with httpx.Client(base_url=http.url) as room:
        assert sign_in(room, "li", WORD).is_success
        room.cookies.delete("zhian_session")
        for number in range(MOST_FAILURES + 1):
            httpx.post(f"{http.url}/api/session", json={"user": "li", "password": f"guess {number}"})
        with httpx.Client(base_url=http.url) as fresh:
            assert problem(sign_in(fresh, "li", WORD)) == (429, "too_many_tries")
        assert sign_in(room, "li", WORD).is_success


def test_a_browsers_own_tries_end_too_and_its_cookie_is_good_for_its_account_alone(http: HttpOnly) -> None:
    for name in ("li", "wu"):
        http.parts.accounts.add(name, "guard", WORD, who="t")
    with httpx.Client(base_url=http.url) as room:
        sign_in(room, "li", WORD)
        tries = [sign_in(room, "li", f"guess {number}").status_code for number in range(MOST_FAILURES + 1)]
        assert tries == [401] * MOST_FAILURES + [429]
        for number in range(MOST_FAILURES):
            sign_in(room, "wu", f"guess {number}")
        assert sign_in(room, "wu", WORD).status_code == 429
        assert room.post("/api/session", json={"ticket": http.parts.accounts.ticket("li", who="t")}).is_success


def test_guessing_at_many_accounts_from_one_address_ends(http: HttpOnly, monkeypatch: pytest.MonkeyPatch) -> None:
    # What argon2 costs is not what is tried here.
    monkeypatch.setattr("zhian_gateway.auth.accounts.matches", lambda kept, password: False)
    tries = [
        httpx.post(f"{http.url}/api/session", json={"user": f"u{number}", "password": "guess"}).status_code
        for number in range(MOST_OF_ADDRESS + 1)
    ]
    assert tries == [401] * MOST_OF_ADDRESS + [429]
