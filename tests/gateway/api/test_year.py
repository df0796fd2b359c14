"""The school's year and the office's table over HTTP: shown, changed, looked through before it is taken."""

from __future__ import annotations

import io
from collections.abc import Callable

import httpx
import pytest
from openpyxl import Workbook
from sqlalchemy import func, select
from zhian_gateway.people import rosters
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, people

Client = Callable[..., httpx.Client]
TABLE = "编号,姓名,班级,卡号\ns-1,小明,g3-1,04A1B2C3\ns-2,小红,g3-1,没有\n,无名,g3-1,\n"
ASKED = {"form": "csv", "ground": "school roll", "until": "2027-07-31"}


@pytest.fixture
def office(client: Client) -> httpx.Client:
    return client("admin")


def test_days_off_and_moved_workdays_are_set_and_taken_back(parts: Services, office: httpx.Client) -> None:
    office.post("/api/calendar/days", json={"day": "2026-10-01", "name": "国庆节"}).raise_for_status()
    office.post("/api/calendar/days", json={"day": "2026-10-10", "works_as": "wed"}).raise_for_status()
    year = office.post("/api/calendar/days", json={"day": "2026-10-10", "works_as": "thu"}).json()
    assert year["days"] == [
        {"day": "2026-10-01", "works_as": None, "name": "国庆节"},
        {"day": "2026-10-10", "works_as": "thu", "name": ""},
    ]
    with parts.store.read() as link:
        told = rosters.build(link, since=0, now=parts.now()).calendar
    assert told is not None
    assert (told.holidays, told.workdays) == (("2026-10-01",), {"2026-10-10": "thu"})
    assert office.post("/api/calendar/days/remove", json={"day": "2026-10-10"}).json()["days"] == year["days"][:1]
    assert office.post("/api/calendar/days/remove", json={"day": "2026-10-10"}).status_code == 404
    assert office.post("/api/calendar/days", json={"day": "2026-02-30"}).status_code == 422


def test_bells_of_a_class_are_set_in_their_order(parts: Services, office: httpx.Client, client: Client) -> None:
    said = {"group": "g3-1", "arrive_by": "07:50", "leave_from": "16:00", "closes": "18:30"}
    (group,) = office.post("/api/calendar/bells", json=said).json()["groups"]
    assert {name: group[name] for name in ("id", "arrive_by", "leave_from", "closes")} == {
        "id": "g3-1", "arrive_by": "07:50", "leave_from": "16:00", "closes": "18:30",
    }  # fmt: skip
    assert office.post("/api/calendar/bells", json=said | {"leave_from": "07:00"}).status_code == 422
    assert office.post("/api/calendar/bells", json=said | {"closes": "25:00"}).status_code == 422
    assert client("teacher").get("/api/calendar").json()["groups"] == [group]
    assert client("teacher").post("/api/calendar/bells", json=said).status_code == 403
    with parts.store.read() as link:
        rows = link.execute(select(audit.c.who).where(audit.c.action == "bells.set")).scalars().all()
    assert rows == ["admin-1"]


def test_a_table_is_looked_through_and_only_then_taken(parts: Services, office: httpx.Client) -> None:
    looked = office.post("/api/people/table/look", params=ASKED, content=TABLE.encode("gb18030")).json()
    assert (looked["enrolled"], looked["refused"]) == (1, 2)
    assert [(row["row"], row["id"], [fault["column"] for fault in row["errors"]]) for row in looked["rows"]] == [
        (2, "s-1", []),
        (3, "s-2", ["cards"]),
        (4, "", ["id"]),
    ]
    with parts.store.read() as link:
        assert link.execute(select(func.count()).select_from(people)).scalar_one() == 0
    taken = office.post("/api/people/table/import", params=ASKED, content=TABLE.encode("gb18030")).json()
    assert [(row["id"], row["outcome"]) for row in taken["rows"]] == [
        ("s-1", "enrolled"),
        ("s-2", "refused"),
        ("", "refused"),
    ]
    assert [each["name"] for each in office.get("/api/people").json()["items"]] == ["小明"]


def test_what_a_table_takes_away_is_counted_before_it_is_done(office: httpx.Client) -> None:
    first, second = b"id,name,cards\ns-1,Lan,04A1\n", b"id,name,cards\ns-1,Mei,\n"
    assert office.post("/api/people/table/import", params=ASKED, content=first).json()["losses"] == {
        "cards": 0, "plates": 0, "guardians": 0, "names": 0,
    }  # fmt: skip
    for door in ("look", "import"):
        found = office.post(f"/api/people/table/{door}", params=ASKED, content=second).json()
        assert found["losses"] == {"cards": 1, "plates": 0, "guardians": 0, "names": 1}
        assert {"takes away card 04A1", "renames Lan to Mei"} <= set(found["rows"][0]["warnings"])


def test_a_spreadsheet_is_taken_too(office: httpx.Client) -> None:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("id", "name", "group", "cards"), ("s-9", "Lan", "g3-2", "04B1")):
        sheet.append(row)
    book.save(file)
    answer = office.post("/api/people/table/import", params=ASKED | {"form": "xlsx"}, content=file.getvalue())
    assert answer.json()["enrolled"] == 1


@pytest.mark.parametrize(
    ("asked", "content", "status"),
    [
        (ASKED, b"", 422),
        (ASKED, b"\x00\x01\x02", 422),
        (ASKED | {"form": "xlsx"}, b"PK but no book", 422),
        (ASKED | {"until": "2020-01-01"}, TABLE.encode(), 422),
        (ASKED | {"form": "exe"}, TABLE.encode(), 422),
        (ASKED, b"x" * ((4 << 20) + 1), 413),
    ],
    ids=["empty", "no table", "no book", "a ground that is over", "no form", "too long"],
)
def test_what_is_no_table_is_refused_whole(
    office: httpx.Client, asked: dict[str, str], content: bytes, status: int
) -> None:
    for door in ("look", "import"):
        assert office.post(f"/api/people/table/{door}", params=asked, content=content).status_code == status
