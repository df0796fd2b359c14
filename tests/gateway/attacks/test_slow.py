"""Whoever is slow on purpose is left, a slow line is not; a reader that does not read is dropped, and resumes."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest
import structlog
from sqlalchemy import select
from support.gateway import HttpOnly, add_node
from support.people import JPEG
from support.waiting import eventually
from zhian_gateway.api import patience
from zhian_gateway.errors import NotFound
from zhian_gateway.nodes import identity
from zhian_gateway.services import Services
from zhian_gateway.store import stream
from zhian_gateway.store.tables import notices

MakeClient = Callable[..., httpx.Client]
#: More than both sides' buffers hold.
ENTRIES = 1500
HEAD = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same ends, sooner."""
    monkeypatch.setattr(patience, "HEAD_S", 0.3)
    monkeypatch.setattr(patience, "MOVES_S", 0.3)


def connected(http: HttpOnly) -> socket.socket:
    host, port = http.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=10)


def is_left(link: socket.socket) -> bool:
    """Whether the other side hangs up, with or without words."""
    try:
        while link.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("said", [b"", b"GET /api/setup HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_who_never_ends_the_head_of_a_request_is_left(http: HttpOnly, said: bytes) -> None:
    with closing(connected(http)) as link:
        link.sendall(said)
        assert is_left(link)


def test_drops_of_a_head_do_not_make_it_last(http: HttpOnly) -> None:
    with closing(connected(http)) as link:
        link.sendall(b"GET /api/setup HTTP/1.1\r\nHost: x\r\n")
        left = threading.Event()

        def drip() -> None:
            while not left.wait(0.05):
                try:
                    link.sendall(b"X-A: b\r\n")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert is_left(link)
        left.set()
        dripping.join()


@pytest.mark.parametrize("path", ["/live/cam-1", "/pictures/" + "0" * 64])
def test_a_node_that_goes_away_in_the_middle_of_an_upload_is_no_failure(
    http: HttpOnly, parts: Services, path: str
) -> None:
    token = f"Bearer {add_node(parts, 'gate-1')}"
    who = f"Authorization: {token}\r\nX-Zhian-Node: gate-1\r\n"
    head = f"PUT {path} HTTP/1.1\r\nHost: x\r\n{who}Content-Length: 50000\r\n\r\n"
    with structlog.testing.capture_logs() as said:
        with closing(connected(http)) as link:
            link.sendall(head.encode() + b"\xff\xd8" + bytes(5000))
            # The other side's word that it reads on: the body has begun to arrive.
            eventually(lambda: http.connections == 1, "the connection")
        eventually(lambda: [each for each in said if each["event"] == "api.left"], "the log's line")
    assert [each["event"] for each in said if each["log_level"] in ("error", "critical")] == []
    assert [each["path"] for each in said if each["event"] == "api.left"] == [path]


def test_a_node_that_is_revoked_while_its_picture_comes_brings_none(http: HttpOnly, parts: Services) -> None:
    token = f"Bearer {add_node(parts, 'gate-1')}"
    sha256 = hashlib.sha256(JPEG).hexdigest()
    who = f"Authorization: {token}\r\nX-Zhian-Node: gate-1\r\nExpect: 100-continue\r\nConnection: close\r\n"
    head = f"PUT /pictures/{sha256} HTTP/1.1\r\nHost: x\r\n{who}Content-Length: {len(JPEG)}\r\n\r\n"
    with closing(connected(http)) as link:
        link.sendall(head.encode())
        # It was let in, and its body is waited for.
        assert link.recv(65536).startswith(b"HTTP/1.1 100")
        with parts.store.write() as write:
            identity.revoke(write, site="school", node="gate-1", now=parts.now(), who="test")
        link.sendall(JPEG)
        answer = read_all(link)
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"delete roster and pictures" in answer
    with pytest.raises(NotFound):
        parts.pictures.read(sha256)


def test_who_announces_a_body_and_sends_none_is_left(http: HttpOnly) -> None:
    with closing(connected(http)) as link:
        head = (
            b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
        )
        link.sendall(head + b"{")
        assert is_left(link)


def test_a_second_request_on_the_same_connection_is_waited_for_likewise(http: HttpOnly) -> None:
    with closing(connected(http)) as link:
        link.sendall(b"GET /api/setup HTTP/1.1\r\nHost: x\r\n\r\n")
        assert link.recv(65536).startswith(b"HTTP/1.1 200")
        link.sendall(b"GET /api/setup HTTP/1.1\r\n")
        assert is_left(link)


def test_a_body_that_comes_slowly_but_moves_is_taken(http: HttpOnly, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "MOVES_BYTES", 1)
    waits = threading.Event()
    with closing(connected(http)) as link:
        body = b'{"ticket": "nobody"}'
        link.sendall(HEAD % len(body))
        for each in body:
            waits.wait(0.05)
            link.sendall(bytes([each]))
        assert link.recv(65536).startswith(b"HTTP/1.1 401")


def fill(parts: Services, count: int) -> None:
    """So many entries of some kilobytes on the stream."""
    with parts.store.write() as link:
        row = {"site": parts.site, "to": "g", "channel": "inbox", "title": "t", "body": "x" * 8000, "state": "sent"}
        times = dict.fromkeys(("next_at", "happened_at", "created_at", "expires_at"), parts.now())
        link.execute(notices.insert().values(row | times | {"tries": 1, "error": ""}))
        number = link.execute(select(notices.c.id)).scalar_one()
        stream.push_all(link, "notice", [str(number)] * count, parts.now())
    parts.bell.ring()


def test_a_reader_of_the_stream_that_does_not_read_is_dropped_and_resumes_without_loss(
    http: HttpOnly, client: MakeClient, parts: Services
) -> None:
    user = client("admin")
    cookie = "; ".join(f"{name}={value}" for name, value in user.cookies.items())
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with closing(link):
        link.settimeout(10)
        host, port = http.url.removeprefix("http://").split(":")
        link.connect((host, int(port)))
        link.sendall(f"GET /api/live?after=0 HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode())
        assert link.recv(2048).startswith(b"HTTP/1.1 200")
        fill(parts, ENTRIES)
        eventually(lambda: http.connections <= 1, "the slow reader's end", 20)
        got = read_all(link)
    seen = [int(line.removeprefix(b"id: ")) for line in got.split(b"\n") if line.startswith(b"id: ")]
    assert seen == sorted(seen)
    last = seen[-2] if len(seen) > 1 else 0
    with user.stream("GET", "/api/live", headers={"Last-Event-ID": str(last)}) as answer:
        lines = answer.iter_lines()
        ids = [int(line.removeprefix("id: ")) for line in take_ids(lines, ENTRIES - last)]
    assert ids == list(range(last + 1, ENTRIES + 1))


def read_all(link: socket.socket) -> bytes:
    got = b""
    try:
        while piece := link.recv(65536):
            got += piece
    except OSError:
        pass
    return got


def take_ids(lines: Iterator[str], count: int) -> Iterator[str]:
    for line in lines:
        if line.startswith("id: "):
            yield line
            count -= 1
        if count == 0:
            return
