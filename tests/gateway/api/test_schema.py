"""Whatever is sent to a route, it answers as its schema says and never with a failure of its own."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance
from support.gateway import HttpOnly, log_in

pytestmark = pytest.mark.filterwarnings("ignore")
#: Streams do not end, so a generated request would wait for ever.
ENDLESS = {"/api/live", "/police/feed"}


def test_generated_requests_are_answered_by_the_schema(http: HttpOnly) -> None:
    client = log_in(http.parts, http.url, "fuzz", "admin")
    schema = schemathesis.openapi.from_dict(client.get("/api/openapi.json").json())
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        if operation.path not in ENDLESS and not (operation.path == "/api/session" and operation.method == "delete"):
            _try(operation, http.url, dict(client.cookies), client.headers["X-CSRF-Token"])
    client.close()


def _try(operation: object, url: str, cookies: dict[str, str], csrf: str) -> None:
    from hypothesis import given  # noqa: PLC0415

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())  # type: ignore[attr-defined]
    def run(case: schemathesis.Case) -> None:
        case.call_and_validate(
            base_url=url,
            cookies=cookies,
            headers={"X-CSRF-Token": csrf},
            checks=(not_a_server_error, response_schema_conformance),
        )

    run()
