"""An import goes on when nobody waits for its answer, and its report is there for whoever asks again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select
from support.gateway import HttpOnly, log_in
from support.waiting import eventually
from zhian_gateway.errors import BadInput, ImportUnderWay
from zhian_gateway.people.imports import MOST, Imports
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit

Client = Callable[..., httpx.Client]
ASKED = {"form": "csv", "ground": "school roll", "until": "2027-07-31", "press": "monday"}
TABLE = "编号,姓名,班级,卡号\ns-1,小明,g3-1,04A1\n,无名,g3-1,\n".encode()
LONG = ("编号,姓名\n" + "".join(f"s-{n},小{n}\n" for n in range(199)) + ",无名\n").encode()
PATH = "/api/people/table/import"


@pytest.fixture
def office(client: Client) -> httpx.Client:
    return client("admin")


def standing(office: httpx.Client) -> dict[str, Any]:
    said: dict[str, Any] = office.get(PATH).raise_for_status().json()
    return said


def test_whoever_hangs_up_finds_the_report_later_and_the_audit_has_it(
    http: HttpOnly, parts: Services, office: httpx.Client
) -> None:
    assert standing(office) == {"state": "none", "press": "", "rows": 0, "code": "", "report": None}
    host, port = http.url.removeprefix("http://").split(":")
    cookies = "; ".join(f"{name}={value}" for name, value in office.cookies.items())
    token = f"Cookie: {cookies}\r\nX-CSRF-Token: {office.headers['X-CSRF-Token']}\r\n"
    head = f"POST {PATH}?{urlencode(ASKED)} HTTP/1.1\r\nHost: {host}:{port}\r\n{token}"
    with closing(socket.create_connection((host, int(port)), timeout=10)) as link:
        link.sendall(f"{head}Content-Length: {len(LONG)}\r\n\r\n".encode() + LONG)
        eventually(lambda: standing(office)["rows"] > 0, "the first row")
    eventually(lambda: standing(office)["state"] == "done", "the import's end")
    found = standing(office)
    numbers = (found["rows"], found["report"]["enrolled"], found["report"]["refused"])
    assert (found["press"], numbers) == ("monday", (200, 199, 1))
    with parts.store.read() as link_:
        said = link_.execute(select(audit.c.detail).where(audit.c.action == "people.import")).scalars().all()
    assert said == ["199 enrolled, 1 refused"]
    again = office.post(PATH, params=ASKED, content=LONG).raise_for_status().json()
    assert again == found["report"], "once more is harmless"
    assert len(again["rows"]) == 200


def test_an_import_that_fails_says_by_what(office: httpx.Client) -> None:
    assert office.post(PATH, params=ASKED, content=b"\x00").status_code == 422
    assert {name: standing(office)[name] for name in ("state", "code", "report")} == {
        "state": "failed", "code": "bad_input", "report": None,
    }  # fmt: skip


def test_another_persons_import_is_not_told(http: HttpOnly, office: httpx.Client) -> None:
    office.post(PATH, params=ASKED, content=TABLE).raise_for_status()
    with closing(log_in(http.parts, http.url, "other", "admin")) as other:
        assert standing(other)["state"] == "none"


def test_one_import_of_a_person_at_a_time_counts_its_rows() -> None:
    imports: Imports[str] = Imports()
    began, may_end = threading.Event(), threading.Event()

    def work(done: Callable[[int], None]) -> str:
        done(7)
        began.set()
        assert may_end.wait(10)
        return "report"

    thread = threading.Thread(target=imports.carry_out, args=("chief", "one", work))
    thread.start()
    assert began.wait(10)
    now = imports.of("chief")
    assert now is not None and (now.state, now.rows, now.found) == ("running", 7, None)
    with pytest.raises(ImportUnderWay, match="an import is under way: 7 rows are done"):
        imports.carry_out("chief", "two", lambda _: "other")
    may_end.set()
    thread.join()
    now = imports.of("chief")
    assert now is not None and (now.state, now.press, now.rows, now.found) == ("done", "one", 7, "report")
    assert imports.carry_out("chief", "two", lambda _: "other") == "other"


def test_a_few_reports_are_kept_and_none_that_is_under_way_is_forgotten() -> None:
    imports: Imports[str] = Imports()

    def work(_: Callable[[int], None]) -> str:
        for number in range(3 * MOST):
            imports.carry_out(f"user-{number}", "", lambda _: "report")
        return "report"

    imports.carry_out("chief", "long", work)
    assert imports.of("chief") is not None
    kept = [number for number in range(3 * MOST) if imports.of(f"user-{number}")]
    assert kept == list(range(3 * MOST))[-(MOST - 1) :]


def test_a_fault_of_ours_is_no_import_under_way() -> None:
    imports: Imports[str] = Imports()

    def fails(_: Callable[[int], None]) -> str:
        raise BadInput("no table")

    with pytest.raises(BadInput):
        imports.carry_out("chief", "", fails)
    now = imports.of("chief")
    assert now is not None and (now.state, now.code) == ("failed", "bad_input")
