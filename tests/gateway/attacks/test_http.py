"""What somebody tries over HTTP, and what it gets; docs/security.md lists each one."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from contextlib import closing

import argon2
import httpx
import pytest
from sqlalchemy import select
from support.bombs import bomb_png
from support.gateway import HttpOnly, add_node
from zhian_gateway.auth import passwords
from zhian_gateway.outbound import TargetRefused
from zhian_gateway.outbound import client as outbound
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, users
from zhian_models.picture_size import MOST_PIXELS

MakeClient = Callable[..., httpx.Client]
INJECTIONS = ("' OR '1'='1", "1; DROP TABLE users; --", '" UNION SELECT password FROM users --', "%' OR 1=1 --")


def raw(http: HttpOnly, request: bytes) -> bytes:
    """What the gateway answers to bytes that no client would send."""
    host, port = http.url.removeprefix("http://").split(":")
    got = b""
    with closing(socket.create_connection((host, int(port)), timeout=10)) as link:
        link.sendall(request)
        while piece := link.recv(65536):
            got += piece
    return got


@pytest.mark.parametrize(
    "path",
    ["/../../../etc/passwd", "/..%2f..%2f..%2fetc/passwd", "/assets/..%2f..%2fgateway.py", "//etc/passwd", "/%00"],
)
def test_no_path_leads_out_of_the_pages_folder(http: HttpOnly, path: str) -> None:
    answer = raw(http, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ", 2)[1] in (b"404", b"400", b"405")
    assert b"root:" not in answer


@pytest.mark.parametrize("name", ["..%2f..%2fgateway.db", "a" * 63, "A" * 64, "%2e%2e"])
def test_no_pictures_name_leads_to_another_file(client: MakeClient, name: str) -> None:
    assert client("admin").get(f"/api/pictures/{name}").status_code in (404, 422)


@pytest.mark.parametrize("path", ["//evil.example/%2e%2e", "/api/passages/", "/assets", "/\\evil.example"])
def test_nothing_redirects_to_where_the_request_says(http: HttpOnly, path: str) -> None:
    answer = raw(http, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode())
    assert b"location:" not in answer.lower()


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_a_question_is_text(client: MakeClient, parts: Services, text: str) -> None:
    admin = client("admin")
    for name in ("person", "plate", "camera", "node"):
        assert admin.get("/api/passages", params={name: text}).json()["items"] == []
    for path in ("/api/people", "/api/users"):
        assert admin.get(path, params={"after": text}).status_code == 200
    answer = admin.post("/api/session", json={"user": text, "password": text})
    assert answer.status_code == 401
    with parts.store.read() as link:
        assert link.execute(select(users.c.name)).scalars().all() == ["admin-1"]


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b'{"user":' * 8_000, b'{"user": ' + b"9" * 60_000 + b"}", b"\xff" * 99]
)
def test_json_that_is_nested_or_broken_is_refused(http: HttpOnly, body: bytes) -> None:
    answer = httpx.post(f"{http.url}/api/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Transfer-Encoding: xchunked",
        b"Content-Length: +5",
        b"Content-Length : 5",
    ],
)
def test_a_body_whose_length_could_be_read_in_two_ways_is_refused_and_the_line_is_cut(
    http: HttpOnly, framing: bytes
) -> None:
    smuggled = b"0\r\n\r\nGET /api/setup HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = raw(http, b"POST /api/session HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n" + smuggled)
    assert answer.split(b" ", 2)[1] in (b"400", b"501", b"413")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_bomb_of_a_picture_is_refused_before_anybody_unfolds_it(http: HttpOnly, parts: Services) -> None:
    data = bomb_png(int(MOST_PIXELS**0.5) + 1)
    headers = {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"}
    for path in (f"/pictures/{hashlib.sha256(data).hexdigest()}", "/live/cam-1"):
        answer = httpx.put(http.url + path, content=data, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_picture")


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<svg onload=alert(1)>", b"PK\x03\x04", b"\x89PNG\r\n"])
def test_what_is_no_picture_is_not_kept_as_one(http: HttpOnly, parts: Services, data: bytes) -> None:
    headers = {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"}
    path = f"{http.url}/pictures/{hashlib.sha256(data).hexdigest()}"
    assert httpx.put(path, content=data, headers=headers | {"Content-Type": "image/png"}).status_code == 422


def test_an_upload_without_end_is_left(http: HttpOnly, parts: Services) -> None:
    headers = {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"}

    def endless() -> object:
        for _ in range(1000):
            yield b"\xff\xd8\xff" + bytes(65_533)

    try:
        answer = httpx.put(f"{http.url}/pictures/{'a' * 64}", content=endless(), headers=headers)  # type: ignore[arg-type]
        assert answer.status_code == 413
    except httpx.TransportError:
        pass


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_a_page_of_another_site_gets_nothing_even_with_the_cookies(
    http: HttpOnly, client: MakeClient, headers: dict[str, str]
) -> None:
    user = client("admin")
    assert user.get("/api/live", headers=headers).status_code == 403
    assert user.get("/api/passages", headers=headers).status_code == 403
    assert user.delete("/api/sessions", headers=headers).status_code == 403
    sign_in = {"user": "attacker", "password": "of somebody else"}
    assert httpx.post(f"{http.url}/api/session", json=sign_in, headers=headers).status_code == 403
    assert user.get("/api/session").status_code == 200
    own = {"Origin": http.url, "Sec-Fetch-Site": "same-origin"}
    assert user.get("/api/session", headers=own).status_code == 200


def test_nobody_is_upgraded_to_a_websocket(http: HttpOnly) -> None:
    headers = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n"
    assert b" 101 " not in raw(http, b"GET /api/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + b"\r\n")


def test_nothing_of_people_is_kept_by_browsers_or_shown_in_a_frame(http: HttpOnly, client: MakeClient) -> None:
    admin = client("admin")
    for path in ("/api/people", "/api/passages", "/api/session", "/api/alerts", "/api/pictures/" + "a" * 64):
        assert "no-store" in admin.get(path).headers["cache-control"], path
    headers = httpx.get(http.url).headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_an_unknown_user_costs_the_same_hash_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    class Watched(argon2.PasswordHasher):
        def verify(self, kept: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            seen.append(argon2.extract_parameters(str(kept)))
            return super().verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Watched())
    kept = passwords.hash_password("correct horse battery")
    assert not passwords.matches("", "guess")
    assert not passwords.matches(kept, "guess")
    assert seen[0] == seen[1]


def test_what_somebody_types_makes_no_line_of_its_own_in_the_record(http: HttpOnly, parts: Services) -> None:
    name = "li\n2026-01-01 admin session.opened\x1b[2J"
    assert httpx.post(f"{http.url}/api/session", json={"user": name, "password": "x"}).status_code in (401, 422)
    with parts.store.read() as link:
        found = link.execute(select(audit.c.who)).scalars().all()
    assert not any("\n" in who or "\x1b" in who for who in found)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/",
        "http://[::1]:9/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.5/",
        "http://0/",
    ],
)
def test_a_webhook_cannot_be_turned_on_the_gateways_own_network(address: str) -> None:
    with outbound(allowed=(), timeout_s=5) as caller, pytest.raises(TargetRefused):
        caller.post(address, content=b"{}")


def test_a_picture_that_was_signed_for_another_name_is_refused(http: HttpOnly, parts: Services) -> None:
    headers = {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"}
    data = b"\xff\xd8\xff\xe0" + bytes(60)
    answer = httpx.put(f"{http.url}/pictures/{'b' * 64}", content=data, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_picture")
