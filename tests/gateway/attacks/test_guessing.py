"""Guessing at the way in, many at once; docs/security.md lists each one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.gateway import TLS, HttpOnly
from support.people import ground, person_file, some_face
from support.waiting import eventually
from zhian_gateway.auth.limits import MOST_FAILURES, MOST_OF_ADDRESS
from zhian_gateway.family import carers
from zhian_gateway.store.tables import guardians

WORD = "correct horse battery"


def at_once(http: HttpOnly, path: str, bodies: Sequence[dict[str, Any]]) -> Counter[int]:
    """How many of these were answered how, when all are sent at the same time."""
    with ThreadPoolExecutor(len(bodies)) as threads:
        return Counter(threads.map(sender(http, path), bodies))


def sender(http: HttpOnly, path: str) -> Callable[[dict[str, Any]], int]:
    """Sends one to `path`, as a browser that was never here: its answer's status."""
    return lambda body: httpx.post(http.url + path, json=body, timeout=60, verify=TLS).status_code


def test_of_wrong_passwords_that_come_at_once_no_more_are_looked_at_than_of_others(http: HttpOnly) -> None:
    http.parts.accounts.add("li", "guard", WORD, who="t")
    guesses = [{"user": "li", "password": f"guess {number}"} for number in range(40)]
    assert at_once(http, "/api/session", guesses) == {401: MOST_FAILURES, 429: 40 - MOST_FAILURES}


def test_one_password_at_many_accounts_at_once_ends_as_it_does_one_by_one(
    http: HttpOnly, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What argon2 costs is not what is tried here.
    monkeypatch.setattr("zhian_gateway.auth.accounts.matches", lambda kept, password: False)
    guesses = [{"user": f"u{number}", "password": "guess"} for number in range(45)]
    assert at_once(http, "/api/session", guesses) == {401: MOST_OF_ADDRESS, 429: 45 - MOST_OF_ADDRESS}


def test_people_who_sign_in_at_once_at_one_address_all_come_in(http: HttpOnly, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody_is_here = Event()

    def matches(kept: str, password: str) -> bool:
        return everybody_is_here.wait(60) and password == WORD

    monkeypatch.setattr("zhian_gateway.auth.accounts.matches", matches)
    names = [f"li-{number}" for number in range(MOST_OF_ADDRESS + 15)]
    for name in names:
        http.parts.accounts.add(name, "guard", None, who="t")
    bodies = [{"user": name, "password": WORD} for name in names]
    with ThreadPoolExecutor(1) as thread:
        answers = thread.submit(at_once, http, "/api/session", bodies)
        try:
            eventually(lambda: http.parts.sprays.waiting == len(names) - MOST_OF_ADDRESS, "the others wait")
        finally:
            everybody_is_here.set()
        assert answers.result(60) == {200: len(names)}
    assert at_once(http, "/api/session", bodies) == {200: len(names)}


def test_right_codes_that_come_at_once_all_bind_though_the_store_is_busy(http: HttpOnly) -> None:
    parts, many = http.parts, 2 * MOST_FAILURES
    file = person_file([f"inbox://{number}" for number in range(many)])
    with parts.store.write() as link:
        parts.registry.enrol(link, "pupil-1", file, ground(), some_face(), who="t", now=parts.now())
        who = {"site": parts.site, "who": "t", "now": parts.clock()}
        codes = [carers.issue(link, each, **who) for each in link.execute(select(guardians.c.id)).scalars().all()]
    with ThreadPoolExecutor(1) as thread:
        with parts.store.write():
            answers = thread.submit(at_once, http, "/api/family/bind", [{"code": code} for code in codes])
            eventually(lambda: parts.tries.waiting == many - MOST_FAILURES, "the others wait")
        assert answers.result(60) == {200: many}


def test_a_ticket_that_is_none_waits_for_no_pen_and_shuts_nobody_out(http: HttpOnly) -> None:
    http.parts.accounts.add("li", "guard", WORD, who="t")
    ticket = http.parts.accounts.ticket("li", who="t")
    garbage = [{"ticket": f"garbage {number}"} for number in range(MOST_FAILURES)]
    with http.parts.store.write():
        assert at_once(http, "/api/session", garbage) == {401: MOST_FAILURES}
    send = sender(http, "/api/session")
    assert [send({"ticket": "garbage"}), send({"ticket": ticket}), send({"user": "li", "password": WORD})] == [
        401,
        200,
        200,
    ]


def test_tickets_that_are_none_are_answered_ever_more_slowly(http: HttpOnly, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []

    async def no_wait(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("zhian_gateway.api.session.asyncio", SimpleNamespace(sleep=no_wait))
    send = sender(http, "/api/session")
    assert {send({"ticket": "garbage"}) for _ in range(MOST_FAILURES + 3)} == {401}
    assert pauses == [0.0] * MOST_FAILURES + [0.25, 0.5, 1.0]


def test_the_first_runs_route_is_closed_to_who_knocks_there_afterwards(http: HttpOnly) -> None:
    http.parts.accounts.add("root", "admin", WORD, who="t")
    wanted = {"secret": "guess", "user": "eve", "password": WORD}
    with http.parts.store.write():
        answers = at_once(http, "/api/setup", [wanted] * 12)
    assert answers == {409: MOST_FAILURES, 429: 12 - MOST_FAILURES}


def test_however_many_strangers_wait_whoever_was_here_comes_in(http: HttpOnly, monkeypatch: pytest.MonkeyPatch) -> None:
    http.parts.accounts.add("li", "guard", WORD, who="t")
    released = Event()

    def slow(kept: str, password: str) -> bool:
        return password == WORD or not released.wait(60)

    with httpx.Client(base_url=http.url, verify=TLS) as room, ThreadPoolExecutor(4) as threads:
        assert room.post("/api/session", json={"user": "li", "password": WORD}).is_success
        monkeypatch.setattr("zhian_gateway.auth.accounts.matches", slow)
        monkeypatch.setattr("zhian_gateway.api.hashing.MOST_WAITING", 1)
        send = sender(http, "/api/session")
        strangers = [threads.submit(send, {"user": f"u{number}", "password": "guess"}) for number in range(4)]
        turned_away = wait(strangers, 60, FIRST_COMPLETED).done
        try:
            assert [each.result() for each in turned_away] == [429]
            assert room.post("/api/session", json={"user": "li", "password": WORD}).status_code == 200
        finally:
            released.set()
