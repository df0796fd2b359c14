"""Attendance over HTTP and at the command line: whose classes, which sheets, and nothing that runs as a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from support.school import TODAY, School
from typer.testing import CliRunner
from zhian_gateway import spreadsheets
from zhian_gateway.auth import scope
from zhian_gateway.cli import app
from zhian_gateway.commands import common
from zhian_gateway.errors import StoreAway
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import audit

Client = Callable[..., httpx.Client]


@pytest.fixture
def teacher(school: School, client: Client) -> httpx.Client:
    """Wang teaches grade-1; it is nine o'clock, and Hong came."""
    school.now("07:40")
    school.passes("hong", "07:40")
    school.now("09:00")
    found = client("teacher")
    with school.parts.store.write() as link:
        scope.set_groups(link, "teacher-1", ["grade-1"], site="school", who="t", now=school.parts.now())
    return found


def test_a_teacher_sees_and_corrects_their_own_classes_alone(school: School, teacher: httpx.Client) -> None:
    (mine,) = teacher.get("/api/attendance").json()["items"]
    assert (mine["group"], mine["counts"]["present"], mine["counts"]["absent"]) == ("grade-1", 1, 1)
    assert mine["bells"]["arrive_by"] == "2026-10-11T23:50:00.000Z"
    assert [(each["name"], each["status"]) for each in mine["people"]] == [("Hong", "present"), ("Ming", "absent")]
    assert teacher.get("/api/attendance", params={"group": "grade-2"}).status_code == 403
    assert teacher.get("/api/attendance/export", params={"group": "grade-2"}).status_code == 403
    assert teacher.get("/api/attendance/people/lan").status_code == 404
    said = {"person_id": "lan", "day": TODAY, "kind": "present", "reason": "x"}
    assert teacher.post("/api/attendance/corrections", json=said).status_code == 404
    assert {each["person_id"] for each in teacher.get("/api/attendance/signals").json()["items"]} == {"ming"}


def test_a_teacher_without_classes_sees_nobody_and_others_see_all(school: School, client: Client) -> None:
    school.now("09:00")
    assert client("teacher").get("/api/attendance").json() == {"items": []}
    for role in ("guard", "admin"):
        assert [each["group"] for each in client(role).get("/api/attendance").json()["items"]] == ["grade-1", "grade-2"]


def test_a_correction_is_made_shown_and_taken_back(school: School, teacher: httpx.Client) -> None:
    said = {"person_id": "ming", "day": TODAY, "kind": "arrived", "at": "2026-10-12T07:45:00+08:00", "reason": "a note"}
    made = teacher.post("/api/attendance/corrections", json=said).json()
    (line,) = made["items"]
    assert (line["status"], line["by_gate"], line["arrived_at"]) == ("present", "absent", "2026-10-11T23:45:00.000Z")
    (correction,) = line["corrections"]
    assert (correction["who"], json.loads(correction["before"])["status"]) == ("teacher-1", "absent")
    ended = f"/api/attendance/corrections/{correction['id']}/end"
    assert teacher.post(ended, json={"reason": " "}).status_code == 422
    after = teacher.post(ended, json={"reason": "mistaken"}).json()
    assert (after["items"][0]["status"], after["items"][0]["corrections"]) == ("absent", [])
    assert [each["ended_why"] for each in after["corrections"]] == ["mistaken"]
    assert teacher.post(ended, json={"reason": "again"}).status_code == 409


def test_classes_in_numbers_name_nobody_and_are_a_teachers_own(
    school: School, teacher: httpx.Client, client: Client
) -> None:
    answer = teacher.get("/api/attendance/classes")
    (mine,) = answer.json()["items"]
    assert (mine["group"], mine["day"], mine["counts"]["present"], mine["counts"]["absent"]) == ("grade-1", TODAY, 1, 1)
    assert "Hong" not in answer.text
    every = client("guard").get("/api/attendance/classes", params={"day": "2026-10-01"}).json()["items"]
    assert [(each["group"], each["bells"]) for each in every] == [("grade-1", None), ("grade-2", None)]


@pytest.mark.parametrize("path", ["/api/attendance/people/ming", "/api/leaves?person_id=ming"])
def test_a_look_that_could_not_be_recorded_shows_nothing_and_the_next_one_is_recorded(
    school: School, teacher: httpx.Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreAway("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("zhian_gateway.store.audit.record", away)
        assert teacher.get(path).status_code == 503
    assert teacher.get(path).status_code == 200
    with school.parts.store.read() as link:
        looks = link.execute(select(audit.c.subject).where(audit.c.action.in_(("attendance.view", "leave.view"))))
        assert looks.scalars().all() == ["ming"]


def test_every_look_is_on_the_record(school: School, teacher: httpx.Client) -> None:
    for _ in range(3):  # a page that refreshes itself
        teacher.get("/api/attendance/people/ming", params={"from": "2026-10-01", "to": TODAY})
    with school.parts.store.read() as link:
        (entry,) = link.execute(select(audit).where(audit.c.action == "attendance.view"))
    assert (entry.who, entry.subject, entry.detail) == ("teacher-1", "ming", "2026-10-01 to 2026-10-12")


@pytest.mark.parametrize(
    "asked", [{"from": "2026-13-01"}, {"from": TODAY, "to": "2026-10-11"}, {"from": "2026-01-01", "to": TODAY}]
)
def test_days_that_are_none_are_refused(school: School, teacher: httpx.Client, asked: dict[str, str]) -> None:
    assert teacher.get("/api/attendance", params=asked).status_code == 422


def test_a_sheet_is_a_file_that_a_spreadsheet_opens_and_runs_nothing_of(school: School, teacher: httpx.Client) -> None:
    school.enrol("evil", name='=HYPERLINK("http://x")')
    said = {"person_id": "ming", "day": TODAY, "kind": "excused", "reason": "@SUM(1)"}
    teacher.post("/api/attendance/corrections", json=said).raise_for_status()
    got = teacher.get("/api/attendance/export")
    assert got.content.startswith(b"\xef\xbb\xbf")
    assert got.headers["content-disposition"] == f'attachment; filename="attendance-{TODAY}.csv"'
    rows = list(csv.DictReader(io.StringIO(got.content.decode("utf-8-sig"))))
    assert [row["姓名"] for row in rows] == ['\'=HYPERLINK("http://x")', "Hong", "Ming"]
    assert (rows[1]["结果"], rows[1]["到校"], rows[2]["更正理由"]) == ("到校", "07:40", "'@SUM(1)")
    english = teacher.get("/api/attendance/export", params={"format": "xlsx", "lang": "en"})
    sheet = load_workbook(io.BytesIO(english.content)).active
    assert sheet is not None
    cells = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in next(iter(sheet.iter_rows()))][:5] == ["Day", "Class", "Id", "Name", "Result"]
    assert cells[0][3].value == '=HYPERLINK("http://x")'
    assert "f" not in {cell.data_type for row in cells for cell in row}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert spreadsheets.neutral(text) == f"'{text}"
    assert spreadsheets.neutral("1=1") == "1=1"
    assert spreadsheets.neutral(-1) == -1


def test_what_no_sheet_may_hold_is_left_out() -> None:
    sheet = load_workbook(io.BytesIO(spreadsheets.as_xlsx("t", ["a"], [["\x00x\x07"], [None], [3]]))).active
    assert sheet is not None
    assert [cell.value for (cell,) in sheet.iter_rows()] == ["a", "x", None, 3]


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ("", {"from": "{}"}),
        ("/classes", {"day": "{}"}),
        ("/people/ming", {"from": "{}"}),
        ("/export", {"from": "{}", "to": "2025-10-01"}),
    ],
)
def test_a_day_of_which_not_everything_is_kept_is_refused(
    school: School, teacher: httpx.Client, where: str, asked: dict[str, str]
) -> None:
    def ask(day: str) -> httpx.Response:
        return teacher.get(f"/api/attendance{where}", params={key: text.format(day) for key, text in asked.items()})

    # 400 days before nine o'clock: the retention job may have deleted that morning.
    refused = ask("2025-09-07")
    assert (refused.status_code, refused.json()["code"]) == (422, "day_forgotten")
    assert "2025-09-08" in refused.json()["detail"]
    assert ask("2025-09-08").status_code == 200


def test_of_a_day_that_is_not_kept_nothing_is_corrected(school: School, teacher: httpx.Client) -> None:
    said = {"person_id": "ming", "day": "2025-09-07", "kind": "present", "reason": "x"}
    refused = teacher.post("/api/attendance/corrections", json=said)
    assert (refused.status_code, refused.json()["code"]) == (422, "day_forgotten")


# At the command line ---------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def same_time(monkeypatch: pytest.MonkeyPatch, parts: Services) -> None:
    """The command line lives on the test's day."""
    monkeypatch.setattr(common, "open_services", partial(open_services, clock=parts.clock))


def run(school: School, *words: str | Path, code: int = 0) -> str:
    config = Path(school.parts.config.store.home).parent / "gateway.toml"
    found = CliRunner().invoke(app, [*map(str, words), "--config", str(config)])
    assert found.exit_code == code, found.output
    return found.output


def test_the_command_line_shows_exports_and_corrects(school: School, tmp_path: Path) -> None:
    school.now("09:00")
    school.passes("ming", "07:55")
    day = ("--from", TODAY, "--to", TODAY)
    shown = run(school, "attendance", "show", *day)
    assert "5 min late" in shown
    lines = [json.loads(line) for line in run(school, "attendance", "show", *day, "--json").splitlines()]
    assert [(line["person"], line["status"]) for line in lines] == [
        ("hong", "absent"),
        ("ming", "late"),
        ("lan", "absent"),
    ]
    assert "1 lines" in run(school, "attendance", "export", tmp_path / "a.xlsx", *day, "--group", "grade-2")
    assert "is there already" in run(school, "attendance", "export", tmp_path / "a.xlsx", *day, code=2)
    assert ".csv or .xlsx" in run(school, "attendance", "export", tmp_path / "a.txt", *day, code=2)
    for command in ("show", "export"):
        file = (tmp_path / "old.csv",) if command == "export" else ()
        assert "known_days" in run(school, "attendance", command, *file, "--from", "2025-09-07", code=2)
    old = ("attendance", "correct", "ming", "present", "--day", "2025-09-07", "--why", "w")
    assert "known_days" in run(school, *old, code=2)
    words = ("attendance", "correct", "ming", "arrived", "--day", TODAY)
    assert "needs a time" in run(school, *words, "--why", "w", code=2)
    made = run(school, *words, "--why", "a note", "--at", "07:45")
    number = made.rsplit("correction ", 1)[1].strip(")\n")
    assert f"correction {number}" in run(school, "attendance", "show", *day)
    run(school, "attendance", "take-back", number, "--why", "mistaken")
    assert "ming" in run(school, "attendance", "show", "--person", "ming", *day)


def test_a_teachers_classes_are_typed_at_the_command_line(school: School) -> None:
    run(school, "user", "add", "wang", "--role", "teacher", "--group", "grade-1", "--group", "grade-2")
    assert run(school, "user", "groups", "wang").split() == ["wang", "grade-1", "grade-2"]
    assert run(school, "user", "groups", "wang", "grade-2").split() == ["wang", "grade-2"]
    assert run(school, "user", "groups", "wang", "--none").split() == ["wang"]
    assert "other characters" in run(school, "user", "groups", "wang", "grade 1", code=2)
    assert "no user" in run(school, "user", "groups", "ghost", "grade-1", code=2)


def test_bells_are_in_the_offices_file_and_shown_again(school: School, tmp_path: Path) -> None:
    shown = run(school, "schedules", "show")
    assert 'arrive_by = "07:50"' in shown
    file = tmp_path / "hours.toml"
    file.write_text(shown.replace("18:30", "07:00"), encoding="utf-8")
    assert "follow each other" in run(school, "schedules", "import", file, code=2)
    file.write_text(shown.replace("07:50", "7.50"), encoding="utf-8")
    assert "groups[0].arrive_by" in run(school, "schedules", "import", file, code=2)
