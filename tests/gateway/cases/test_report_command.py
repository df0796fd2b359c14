"""`cases report` on a real store: nothing that is open is left out, and the exit code is one to act on."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from support.gateway import write_config
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway.cases.reading import report_of
from zhian_gateway.cases.sending import Sent
from zhian_gateway.cases.signals import Raise
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import alerts, transitions


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path, "mqtt://127.0.0.1:1")


@pytest.fixture
def parts(config: Path) -> Any:
    services = open_services(load(config), publish=lambda *_: None)
    yield services
    services.store.close()


def raise_(parts: Services, key: str, **changes: Any) -> int:
    values: dict[str, Any] = {"kind": "tailgating", "severity": "minor", "node": "n", "at": parts.now(), "lane": "main"}
    with parts.store.write() as link:
        return parts.book.raise_(link, Raise(key=key, **(values | changes)), parts.now())


def close(parts: Services, alert: int, note: str) -> None:
    with parts.store.write() as link:
        about: dict[str, Any] = {"who": "li", "now": parts.now(), "note": note}
        parts.book.move(link, alert, target="dispatched", expected="raised", sent=Sent("guard", "王强"), **about)
        parts.book.move(link, alert, target="resolved", expected="dispatched", **about)


def run(*words: str | Path, code: int = 0) -> str:
    found = CliRunner().invoke(app, ["cases", "report", *map(str, words)])
    assert found.exit_code == code, found.output
    return found.output


def sheet_of(said: str) -> str:
    """What a spreadsheet reads after the mark that tells it apart from GBK."""
    assert said.startswith("\ufeff")
    return said.removeprefix("\ufeff")


def long_ago(parts: Services, alert: int) -> None:
    with parts.store.write() as link:
        old = {"opened_at": "2025-01-01T00:00:00.000Z", "waiting_since": "2025-01-01T00:00:00.000Z"}
        link.execute(update(alerts).where(alerts.c.id == alert).values(old))


def test_nobody_is_late_for_what_was_heard_of_late(config: Path, clock: Any) -> None:
    """A node that was cut off for four hours tells of a repeat; it is acknowledged 20 s after that."""
    parts = open_services(load(config), publish=lambda *_: None, clock=clock)
    alert = raise_(parts, "a", severity="major")
    clock.forward(30)
    answer(parts, alert)
    happened = parts.now()
    clock.forward(4 * 3600)
    assert raise_(parts, "a", severity="major", at=happened) == alert
    clock.forward(1)
    (case,) = report_of(parts, None, None).cases
    assert (case.overdue, case.late) == (False, False)
    clock.forward(19)
    answer(parts, alert)
    (case,) = report_of(parts, None, None).cases
    assert (case.rounds, case.acknowledged_s, case.late) == (2, 30, False)
    # What is shown of it is when it happened.
    with parts.store.read() as link:
        again = link.execute(select(transitions).where(transitions.c.target == "raised")).one()
    assert again.when == happened < again.heard_at
    parts.store.close()


def answer(parts: Services, alert: int) -> None:
    with parts.store.write() as link:
        parts.book.move(link, alert, target="acknowledged", expected="raised", who="li", now=parts.now(), note="")


def test_when_all_is_closed_it_says_so_and_by_whom(parts: Services, config: Path) -> None:
    close(parts, raise_(parts, "a"), "it was the gardener")
    said = run("-c", config)
    assert "0 left open, 0 of them past their target" in said
    found = json.loads(run("--json", "-c", config))
    (case,) = found["cases"]
    assert (case["closed_by"], case["reason"], case["sent"]) == ("li", "it was the gardener", "guard 王强")
    assert found["closed"] == [{"who": "li", "state": "resolved", "cases": 1}]


def test_what_is_open_past_its_target_is_named_however_old_and_is_exit_code_one(parts: Services, config: Path) -> None:
    late, early = raise_(parts, "a", severity="critical"), raise_(parts, "b")
    long_ago(parts, late)
    lines = run("-c", config, code=1).splitlines()
    assert lines[1] == "2 left open, 1 of them past their target"
    assert lines[2].split()[:3] == [str(late), "critical", "tailgating"] and lines[2].endswith("PAST ITS TARGET")
    assert lines[3].split()[0] == str(early)


def test_open_within_the_target_is_no_failure(parts: Services, config: Path) -> None:
    raise_(parts, "a")
    assert "1 left open, 0 of them" in run("-c", config)


def test_other_days_have_other_cases(parts: Services, config: Path) -> None:
    close(parts, raise_(parts, "a"), "")
    found = json.loads(run("--from", "2025-01-01", "--to", "2025-02-01", "--json", "-c", config))
    assert (found["cases"], found["first_day"], found["last_day"]) == ([], "2025-01-01", "2025-02-01")


def test_a_note_is_no_formula_in_a_spreadsheet(parts: Services, config: Path) -> None:
    close(parts, raise_(parts, "a"), "=cmd|' /C calc'!A0")
    (row,) = csv.DictReader(io.StringIO(sheet_of(run("--csv", "-c", config))))
    assert row["reason"] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "yesterday"), "from: 'yesterday' is no day"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "before the first one, or these are more than"),
        (("--from", "2020-03-02", "--to", "2026-03-01"), "before the first one, or these are more than"),
        (("--to", "9999-12-31"), "no clock shows"),
        (("--json", "--csv"), "one of them"),
    ],
)
def test_what_cannot_be_asked_is_said(config: Path, words: tuple[str, ...], said: str) -> None:
    assert said in run(*words, "-c", config, code=2)


def test_people_read_the_sites_own_time_and_programs_utc(parts: Services, config: Path) -> None:
    long_ago(parts, raise_(parts, "a", severity="critical"))
    assert "since 2025-01-01 08:00:00" in run("-c", config, code=1)
    (row,) = csv.DictReader(io.StringIO(sheet_of(run("--csv", "-c", config, code=1))))
    assert row["opened_at"] == "2025-01-01 08:00:00"
    assert json.loads(run("--json", "-c", config, code=1))["cases"][0]["opened_at"] == "2025-01-01T00:00:00+00:00"


def test_where_nobody_closed_anything_there_is_no_empty_table_of_who_did(parts: Services, config: Path) -> None:
    raise_(parts, "a")
    said = run("-c", config)
    assert "closed by" not in said
    assert "nobody has closed any of them" in said
