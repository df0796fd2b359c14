"""No day or moment that a request can write breaks a route, wherever it stands, at things that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from support.fuzzing import Shown, document, shown_by
from support.gateway import HttpOnly, add_node
from support.people import ground, person_file

pytestmark = pytest.mark.filterwarnings("ignore")

#: As a day or a moment is written, and yet none, or one that is in no other zone.
ODD_TIMES = [
    *("2026-02-31", "0000-01-01", "0001-01-01", "1999-12-31", "2999-01-01", "9999-12-31"),
    *("2026-02-31T00:00:00.000Z", "0000-00-00T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "2026-01-01T99:99:99.999Z"),
    *("2026-02-31T25:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-01-01T00:00+99:99"),
    *("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z"),
]
PLACES = {"node": "gate-1", "lane": "main", "person_id": "s-001"}
DAY, BEGINS, ENDS = "2026-03-02", "2026-03-02T07:00:00.000Z", "2026-03-02T11:00:00.000Z"
VISIT = {"name": "Li", "phone": "13800138000", "purpose": "x", "host": {"kind": "user", "id": "fuzz-teacher"}}
VISIT |= {"begins": "2026-03-02T08:00:00.000Z", "ends": "2026-03-02T09:00:00.000Z"}
#: What each route takes with a time in it.
BODIES: dict[str, dict[str, Any]] = {
    "CollectorRequest": {
        "kind": "plate",
        "value": "京A12345",
        "begins": DAY,
        "ends": DAY,
        "turn": "odd",
        "turn_from": DAY,
    },
    "ConsentRequest": {"purpose": "notices", "until": "2027-03-02", "by": "mother", "on": DAY},
    "CorrectionRequest": {"person_id": "s-001", "day": DAY, "to": DAY, "kind": "arrived", "at": BEGINS, "reason": "r"},
    "Invitation-Input": VISIT,
    "LaneOrder": {"why": "r", "state": "locked", "until": "2026-03-02T09:00:00.000Z"},
    "LeaveRequest": {
        "person_id": "s-001",
        "begins": "2026-03-02T10:00:00.000Z",
        "ends": ENDS,
        "reason": "r",
        "collected": "alone",
    },
    "LookRequest": {"first": DAY},
    "NewEntry": {"name": "Li", "ground": "g", "until": "2026-04-02T00:00:00.000Z"},
    "ParticularsRequest": {"name": "Wang", "begins": DAY, "ends": "2027-03-02"},
    "Registration": VISIT | {"agreed": ["keeping"]},
    "SiteOrder": {"why": "r", "state": "locked", "until": "2026-03-02T09:00:00.000Z"},
    "WatchProposal": {"label": "l", "ground": "g", "until": "2026-04-02", "plates": ["京A12345"]},
    "YearDayEnd": {"day": DAY},
    "YearDayRequest": {"day": DAY, "name": "holiday"},
}


class Site:
    """A gateway with a node, a lane and somebody enrolled, and everybody who may ask there."""

    def __init__(self, http: HttpOnly) -> None:
        self.url = http.url
        self.document = document(http)
        self._http = http
        self._shown: dict[str, Shown] = {}
        parts = http.parts
        add_node(parts, PLACES["node"])
        parts.accounts.add("fuzz-teacher", "teacher", None, who="t")
        with parts.store.write() as link:
            about = person_file(name="Wang", group="c1")
            parts.registry.enrol(link, "s-001", about, ground(), None, who="t", now=parts.now())

    def operations(self) -> Iterator[tuple[str, str, Any]]:
        for path, operations in self.document["paths"].items():
            for method, operation in operations.items():
                yield method, path, operation

    def ask(self, method: str, path: str, operation: Any, **sent: Any) -> int:
        who = operation.get("x-roles", ["admin"])[0]
        shown = self._shown.get(who) or self._shown.setdefault(who, shown_by(who, self._http))
        place = re.sub(r"{(\w+)}", lambda name: PLACES.get(name[1], "1"), path)
        with httpx.Client(cookies=shown.cookies, headers=shown.headers, trust_env=False) as client:
            return client.request(method, self.url + place, **sent).status_code


@pytest.fixture
def site(http: HttpOnly) -> Site:
    return Site(http)


def test_no_day_or_moment_of_a_question_breaks_a_route(site: Site) -> None:
    tried, wrong = set(), []
    for method, path, operation in site.operations():
        for name, text in odd_queries(operation):
            tried.add(path)
            status = site.ask(method, path, operation, params={name: text})
            if status != 422:
                wrong.append(f"{method} {path}?{name}={text}: {status}")
    assert wrong == []
    assert {"/api/visits", "/api/audit", "/api/attendance", "/api/passages"} <= tried
    assert "/api/lanes/{node}/{lane}/decisions" in tried


def test_no_day_or_moment_of_a_body_breaks_a_route(site: Site) -> None:
    tried, wrong = set(), []
    for method, path, operation in site.operations():
        schema = body_of(operation)
        fields = timed(site.document["components"]["schemas"].get(schema, {}))
        if not fields:
            continue
        body = BODIES[schema]
        assert fields <= body.keys(), f"{schema} has other times than are tried"
        tried.add(schema)
        for name in sorted(fields):
            for text in ODD_TIMES:
                status = site.ask(method, path, operation, json=body | {name: text})
                if status != 422:
                    wrong.append(f"{method} {path} {name}: {text}: {status}")
        if (status := site.ask(method, path, operation, json=body)) in {403, 404, 422, 500}:
            wrong.append(f"{method} {path}: {status} without any odd time")
    assert wrong == []
    assert tried == BODIES.keys()


def odd_queries(operation: Any) -> Iterator[tuple[str, str]]:
    """Parameters that take such a text, and the text."""
    for parameter in operation.get("parameters", []):
        for text in ODD_TIMES:
            if parameter["in"] == "query" and fits(parameter["schema"], text):
                yield parameter["name"], text


def timed(schema: Any) -> set[str]:
    """The names of its fields that are days or moments."""
    return {
        name
        for name, field in schema.get("properties", {}).items()
        if any(fits(field, text) for text in (DAY, BEGINS)) or "date-time" in str(field)
    }


def fits(schema: Any, text: str) -> bool:
    """Whether it is a text that has to look so, and not any word."""
    patterns = [kind.get("pattern", "") for kind in schema.get("anyOf", [schema])]
    return any(re.search(each, text) and not re.search(each, "word") for each in patterns)


def body_of(operation: Any) -> str:
    """The name of the schema of its JSON."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).rpartition("/")[2]
