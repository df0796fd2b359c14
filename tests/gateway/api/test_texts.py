"""A text with NUL is refused wherever it is sent, and nothing is written of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from zhian_gateway.api.texts import holds_nul
from zhian_gateway.cases.signals import Raise
from zhian_gateway.services import Services
from zhian_gateway.store import audit

Client = Callable[..., httpx.Client]


def test_a_note_with_nul_is_refused_and_the_audit_stays_whole(parts: Services, client: Client) -> None:
    case = Raise(key="k", kind="tailgating", severity="major", node="n", at=parts.now(), lane="main")
    with parts.store.write() as link:
        alert = parts.book.raise_(link, case, parts.now())
    move = {"to": "acknowledged", "expected_state": "raised"}
    guard = client()
    answer = guard.post(f"/api/alerts/{alert}/transitions", json=move | {"note": "a\0b"})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert guard.post(f"/api/alerts/{alert}/transitions", json=move | {"note": r"a\u0000b"}).status_code == 200
    with parts.store.read() as link:
        assert audit.first_fault(link) is None


def test_a_question_with_nul_is_refused(client: Client) -> None:
    guard = client()
    assert guard.get("/api/passages", params={"person": "a\0"}).status_code == 422
    assert guard.get("/api/passages", params={"person": "a"}).status_code == 200


def test_what_anybody_may_send_is_looked_through_too(http: Any) -> None:
    answer = httpx.post(f"{http.url}/api/session", json={"user": "a\0", "password": "b"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("value", "found"),
    [("a", False), ("\0", True), ([{"a": ["\0"]}], True), ({"\0": 1}, True), ({"a": [1, None, 0.5, "0"]}, False)],
)
def test_nul_is_found_wherever_it_is(value: Any, found: bool) -> None:
    assert holds_nul(value) is found
