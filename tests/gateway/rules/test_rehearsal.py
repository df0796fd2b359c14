"""A dry run says what rules would have raised of what is stored, against what was raised, and writes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from support.events import event, passage
from support.gateway import write_config
from support.pipeline import take_in
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway.cases.signals import Raise
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.rules.judging import silence
from zhian_gateway.services import Services, open_services
from zhian_gateway.store.tables import alerts, audit, events, stream
from zhian_wire.events import Alert

DAYS = ("--from", "2026-03-02", "--to", "2026-03-02")
RULES = """
[[raise]]
id = "anybody"
kind = "seen"
severity = "info"
lanes = ["back"]

[[change]]
id = "no-strangers"
kinds = ["unknown_person"]
drop = true
"""


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path, "mqtt://127.0.0.1:1")


@pytest.fixture
def parts(config: Path) -> Iterator[Services]:
    services = open_services(load(config), publish=lambda *_: None)
    yield services
    services.store.close()


def tailgating(number: int) -> Alert:
    return Alert(key=f"main/tailgating/t{number}", kind="tailgating", severity="major", device="cam-1", lane="main")


def tried(config: Path, text: str, *words: str, code: int = 0) -> str:
    rules = config.with_name("try.toml")
    rules.write_text(text, encoding="utf-8")
    found = CliRunner().invoke(app, ["rules", "test", str(rules), *(words or DAYS), "-c", str(config)])
    assert found.exit_code == code, found.output
    return found.output


def counts(parts: Services) -> list[int]:
    with parts.store.read() as link:
        return [link.execute(select(func.count()).select_from(t)).scalar_one() for t in (alerts, audit, stream)]


def test_the_rules_that_hold_find_exactly_what_was_raised(parts: Services, config: Path) -> None:
    take_in(parts, event(seq=1), *(event(tailgating(seq), seq=seq) for seq in range(2, 6)))
    with parts.store.write() as link:
        parts.book.raise_(link, silence("n", "2026-03-02T08:00:00.000Z"), parts.now())
    before = counts(parts)
    found: Any = json.loads(tried(config, "", *DAYS, "--json"))
    assert (found["events"], found["would"], found["was"], found["new"], found["gone"]) == (5, 2, 2, [], [])
    rules = {each["rule"]: (each["raised"], each["cases"], each["known"]) for each in found["rules"]}
    fired = {"(said_by_node)": (4, 1, 1), "(stranger)": (1, 1, 1), "tailgating-together": (4, 1, 1)}
    assert rules == fired | {"vehicles-together": (0, 0, 0)}
    assert found["unseen"] == []
    assert counts(parts) == before


def test_other_rules_say_what_is_new_and_what_is_gone(parts: Services, config: Path) -> None:
    take_in(parts, event(seq=1), event(passage(lane="back"), seq=2), event(passage(lane="back"), seq=3))
    said = tried(config, RULES)
    assert "3 events\n1 cases with these rules, 1 were raised\n" in said
    lines = [line.split() for line in said.splitlines()]
    assert ["anybody", "2", "0", "1", "0"] in lines and ["no-strangers", "0", "1", "0", "0"] in lines
    new, gone = [line for line in said.splitlines() if line[0] in "+-"]
    assert new.startswith("+ info  seen/gate-1/back//")
    assert gone.startswith("- major  unknown_person/gate-1/main/")


def test_a_rule_that_does_nothing_is_listed_and_names_that_nothing_has_are_told(parts: Services, config: Path) -> None:
    take_in(parts, event(seq=1))
    misspelt = RULES.replace(
        'lanes = ["back"]', 'lanes = ["no-such"]\ncameras = ["cam-l", "cam-1"]\nnodes = ["gate-1"]'
    )
    said = tried(config, misspelt.replace("unknown_person", "unknown_persons")).splitlines()
    assert ["anybody", "0", "0", "0", "0"] in [line.split() for line in said]
    assert [line for line in said if line.startswith("?")] == [
        "? none of these events: anybody: lane no-such",
        "? none of these events: anybody: camera cam-l",
        "? none of these events: no-strangers: a case of unknown_persons that it would change",
    ]


def test_what_the_gateway_raises_itself_is_not_taken_for_gone(parts: Services, config: Path) -> None:
    take_in(parts, event(seq=1))
    for kind in ("emergency", "visitor_overdue"):
        about: Any = {"severity": "critical", "node": "n", "at": "2026-03-02T08:00:00.000Z"}
        with parts.store.write() as link:
            parts.book.raise_(link, Raise(key=kind, kind=kind, **about), parts.now())
    found: Any = json.loads(tried(config, "", *DAYS, "--json"))
    assert (found["was"], found["gone"]) == (1, [])
    assert "emergency is raised by no rule" in tried(config, RULES.replace("unknown_person", "emergency"), code=2)


def test_other_days_are_left_out_and_contents_that_are_gone_are_counted(parts: Services, config: Path) -> None:
    take_in(parts, event(seq=1), event(seq=2))
    assert tried(config, "", "--from", "2026-03-03", "--to", "2026-03-04").startswith("0 events")
    with parts.store.write() as link:
        link.execute(update(events).where(events.c.seq == 1).values(body=b"", digest="a" * 64))
    assert tried(config, "").startswith("1 events, 1 more have no contents any more")


def test_a_file_that_is_wrong_is_refused_by_line_and_key(parts: Services, config: Path) -> None:
    assert "try.toml:5: raise[0].severity" in tried(config, RULES.replace('"info"', '"loud"'), code=2)
