"""Generated requests by the OpenAPI document, as anybody who may come, with every check that there is."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

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
from zhian_gateway.auth.sessions import ROLES
from zhian_gateway.police import subscribers

from .gateway import HttpOnly, add_node, log_in

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


def fuzz(http: HttpOnly, shown: Callable[[Any], Shown], *, examples: int, share: int = 1) -> None:
    """So many examples of every route; of every eighth one where `share` is 8."""
    schema = schemathesis.openapi.from_dict(document(http))
    faults = []
    for found in itertools.islice(schema.get_all_operations(), 0, None, share):
        operation = found.ok()
        if (operation.path, operation.method) not in LEFT_OUT:
            try:
                _try(operation, http.url, shown(operation), examples)
            except FailureGroup as group:
                faults += [f"{operation.label}: {each}" for each in group.exceptions]
    assert not faults, "\n".join(faults)


def _try(operation: Any, url: str, shown: Shown, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def run(case: schemathesis.Case) -> None:
        case.call_and_validate(base_url=url, cookies=shown.cookies, headers=shown.headers, checks=CHECKS)

    run()
