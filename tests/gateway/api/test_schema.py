"""Whatever is sent to a route, it answers as its schema says and never with a failure of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    ensure_resource_availability,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
    use_after_free,
)
from support.gateway import HttpOnly, add_node, log_in
from zhian_gateway.auth.sessions import ROLES
from zhian_gateway.police import subscribers

pytestmark = pytest.mark.filterwarnings("ignore")
#: Streams do not end, so a generated request would wait for ever; the others end the session that asks.
LEFT_OUT = {("/api/live", "get"), ("/police/feed", "get"), ("/api/session", "delete"), ("/api/sessions", "delete")}
#: All that schemathesis has, but that whatever fits the schema is accepted: no schema says that a password is not one
#: of those that are guessed first, or that bytes have the hash that their address names.
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    allow_header_conformance,
    use_after_free,
    ensure_resource_availability,
    ignored_auth,
)
EVERYBODY = (*ROLES, "node", "subscriber", "nobody")


class Shown(NamedTuple):
    """What somebody shows with every request."""

    cookies: dict[str, str]
    headers: dict[str, str]


def shown_by(who: str, http: HttpOnly) -> Shown:
    """What a user of that role, a node, a subscriber or nobody shows."""
    parts = http.parts
    if who in ROLES:
        client = log_in(parts, http.url, f"fuzz-{who}", who)
        client.close()
        return Shown(dict(client.cookies), {"X-CSRF-Token": client.headers["X-CSRF-Token"]})
    if who == "node":
        return Shown({}, {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"})
    if who == "subscriber":
        with parts.store.write() as link:
            keys = subscribers.add(link, site=parts.site, name="s", ground="g", webhook="", who="t", now=parts.now())
        return Shown({}, {"Authorization": f"Bearer {keys.token}"})
    return Shown({}, {})


def document(http: HttpOnly) -> dict[str, Any]:
    client = log_in(http.parts, http.url, "reader", "teacher")
    found: dict[str, Any] = client.get("/api/openapi.json").json()
    client.close()
    return found


def test_generated_requests_are_answered_by_the_schema(http: HttpOnly) -> None:
    shown = {who: shown_by(who, http) for who in EVERYBODY}
    turn = itertools.count()

    def one_who_may(operation: Any) -> Shown:
        raw = operation.definition.raw
        kind = next(iter(raw.get("security", [{"nobody": []}])[0]))
        roles = raw.get("x-roles", ["admin"])
        return shown.get(kind) or shown[roles[next(turn) % len(roles)]]

    _fuzz(http, one_who_may, examples=2)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("who", EVERYBODY)
def test_many_generated_requests_of_anybody_are_answered_by_the_schema(http: HttpOnly, who: str) -> None:
    shown = shown_by(who, http)
    _fuzz(http, lambda _: shown, examples=50)


def _fuzz(http: HttpOnly, shown: Callable[[Any], Shown], *, examples: int) -> None:
    schema = schemathesis.openapi.from_dict(document(http))
    faults = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.path, operation.method) not in LEFT_OUT:
            try:
                _try(operation, http.url, shown(operation), examples)
            except FailureGroup as group:
                faults += [f"{operation.label}: {each}" for each in group.exceptions]
    assert faults == []


def _try(operation: Any, url: str, shown: Shown, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def run(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=url, cookies=shown.cookies, headers=shown.headers, checks=CHECKS)

    run()


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


PUBLIC = {"/api/setup", "/api/session", "/inbox/{guardian}", "/health"}


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
