"""Whatever is sent to a route, it answers as its schema says and never with a failure of its own."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import pytest
from support.fuzzing import EVERYBODY, Shown, document, fuzz, shown_by
from support.gateway import HttpOnly
from support.tiers import one_fast

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("share", one_fast([8, 1]))
def test_generated_requests_are_answered_by_the_schema(http: HttpOnly, share: int) -> None:
    shown = {who: shown_by(who, http) for who in EVERYBODY}
    turn = itertools.count()

    def one_who_may(operation: Any) -> Shown:
        raw = operation.definition.raw
        kind = next(iter(raw.get("security", [{"nobody": []}])[0]))
        roles = raw.get("x-roles", ["admin"])
        return shown.get(kind) or shown[roles[next(turn) % len(roles)]]

    fuzz(http, one_who_may, examples=2, share=share)


def test_every_route_says_what_it_takes_and_what_it_answers(http: HttpOnly) -> None:
    untyped = []
    for path, operations in document(http)["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                if not media.startswith("image/") and not content.get("schema"):
                    untyped.append(f"{name} takes {media}")
            for status, answer in operation["responses"].items():
                untyped += [
                    f"{name} answers {status} {media}"
                    for media, content in answer.get("content", {}).items()
                    if media.endswith("json") and not content.get("schema")
                ]
            problems = {status for status in operation["responses"] if status[0] in "45"}
            assert problems >= {"401", "403", "404", "405", "413", "422", "429", "500"}, name
            # That something is wrong is what was asked for there.
            for status in problems - ({"503"} if path == "/health" else set()):
                assert set(operation["responses"][status]["content"]) == {"application/problem+json"}, name
            assert ("security" in operation) or path in PUBLIC, name
    assert untyped == []


PUBLIC = {
    "/api/setup",
    "/api/session",
    "/api/family/bind",
    "/api/invitation",
    "/api/invitation/answer",
    "/inbox/{guardian}",
    "/health",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/passages", 401),
        ("GET", "/api/nothing", 404),
        ("PATCH", "/api/passages", 405),
        ("POST", "/api/session", 422),
        ("GET", "/nothing.html", 404),
    ],
)
def test_every_error_is_a_problem_that_says_its_code(http: HttpOnly, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, http.url + path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert problem["error"] == {"code": problem["code"], "message": problem["detail"]}
