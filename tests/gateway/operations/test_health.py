"""What is called well, what a warning, and what keeps the gateway from its work."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families
from zhian_gateway.operations.facts import CaseFacts, DiskFacts, Facts, NodeFacts
from zhian_gateway.operations.health import GIB, judge, worst
from zhian_gateway.operations.metrics import render
from zhian_gateway.operations.vitals import LoopState, Vitals
from zhian_gateway.operations.words import WORDS

ROOT = Path(__file__).resolve().parents[3]
MONITORING = ROOT / "configs" / "monitoring"
CONSOLE = ROOT / "gateway" / "console" / "src"
NODE = NodeFacts("gate-1", "online", 2.0, 0, 0, (), 0, None, 80.0)
WELL = Facts(
    up_s=200_000.0,
    loops=[LoopState("ingest", True, 0.1, 0)],
    broker_lost_s=0.0,
    brokers=(2, 2),
    waiting=0,
    backlog=0,
    disk=DiskFacts(free=100 * GIB, total=200 * GIB),
    nodes=[NODE],
    cases={"major": CaseFacts(open=2, waiting=1, late=0, oldest_s=20.0)},
    notices={"sent": 10},
    deliveries={"sent": 3},
    backup_s=3600.0,
    retention_s=7200.0,
)


def test_a_gateway_that_is_well_says_so() -> None:
    assert {check.verdict for check in judge(WELL)} == {"ok"}
    assert worst(judge(WELL)) == "ok"


@pytest.mark.parametrize(
    ("fault", "name", "verdict"),
    [
        ({"loops": [LoopState("ingest", False, 0.0, 0)]}, "thread ingest", "fail"),
        ({"loops": [LoopState("ingest", True, 500.0, 0)]}, "thread ingest", "fail"),
        ({"loops": [LoopState("ingest", True, 0.0, 1, "OperationalError")]}, "thread ingest", "warn"),
        ({"loops": [LoopState("ingest", True, 0.0, 3, "OperationalError")]}, "thread ingest", "fail"),
        ({"broker_lost_s": 4.0}, "broker", "warn"),
        ({"broker_lost_s": 6.0}, "broker", "fail"),
        ({"brokers": (1, 2)}, "broker", "warn"),
        ({"nodes": [replace(NODE, clock_off_s=-4.0)]}, "node gate-1", "warn"),
        ({"backlog": 5001}, "rules", "warn"),
        ({"disk": DiskFacts(2 * GIB, 200 * GIB)}, "disk", "warn"),
        ({"disk": DiskFacts(GIB // 8, 200 * GIB)}, "disk", "fail"),
        ({"nodes": []}, "nodes", "warn"),
        ({"nodes": [replace(NODE, state="offline")]}, "node gate-1", "warn"),
        ({"nodes": [replace(NODE, state="offline", heard_s=None)]}, "node gate-1", "warn"),
        ({"nodes": [replace(NODE, state="blind", blind=("door",))]}, "node gate-1", "warn"),
        ({"nodes": [replace(NODE, devices_down=1)]}, "node gate-1", "warn"),
        ({"nodes": [replace(NODE, holes=3)]}, "node gate-1", "warn"),
        ({"nodes": [replace(NODE, pictures_refused=1)]}, "node gate-1", "warn"),
        ({"nodes": [replace(NODE, certificate_days=6.0)]}, "node gate-1", "warn"),
        ({"nodes": [replace(NODE, certificate_days=-1.0)]}, "node gate-1", "warn"),
        ({"cases": {"critical": CaseFacts(3, 2, 1, 400.0)}}, "cases", "warn"),
        ({"notices_lost": 1}, "notices", "warn"),
        ({"notices_stuck": 1}, "notices", "warn"),
        ({"deliveries": {"dead": 1}}, "police", "warn"),
        ({"backup_s": None}, "backup", "warn"),
        ({"backup_s": 40 * 3600.0}, "backup", "warn"),
        ({"retention_s": None}, "retention", "warn"),
    ],
)
def test_each_fault_is_named_with_its_weight(fault: dict[str, object], name: str, verdict: str) -> None:
    found = [check for check in judge(replace(WELL, **fault)) if check.verdict != "ok"]  # type: ignore[arg-type]
    assert [(check.name, check.verdict) for check in found] == [(name, verdict)]
    assert found[0].text


def test_cameras_that_do_not_see_are_named_with_what_to_do() -> None:
    node = replace(NODE, state="blind", blind=("door", "driveway"))
    (check,) = [check for check in judge(replace(WELL, nodes=[node])) if check.verdict != "ok"]
    assert check.text == "cameras that do not see (2): door, driveway"
    assert "power and cable" in check.advice and "zhian-edge doctor" in check.advice


def test_a_gateway_without_a_broker_link_is_not_blamed_for_it() -> None:
    assert worst(judge(replace(WELL, broker_lost_s=None))) == "ok"


def test_an_outage_is_of_all_brokers_and_begins_when_the_last_one_goes() -> None:
    vitals, now = Vitals(), time.monotonic()
    away: list[float | None] = [now - 100, None]
    vitals.follow_brokers(lambda: away)
    assert (vitals.broker_lost_s(), vitals.brokers()) == (0, (1, 2))
    away[1] = now - 5
    assert vitals.broker_lost_s() == pytest.approx(5, abs=4)
    assert vitals.brokers() == (0, 2)


def test_a_new_gateway_has_had_no_night_yet() -> None:
    assert worst(judge(replace(WELL, up_s=60.0, retention_s=None))) == "ok"


@given(st.lists(st.sampled_from(["online", "offline", "blind"]), max_size=8))
def test_no_state_of_the_nodes_makes_the_gateway_itself_fail(states: list[str]) -> None:
    nodes = [replace(NODE, name=f"n{number}", state=state) for number, state in enumerate(states)]  # type: ignore[arg-type]
    assert worst(judge(replace(WELL, nodes=nodes))) != "fail"


def test_what_prometheus_reads_says_the_same() -> None:
    text = render(replace(WELL, broker_lost_s=20.0), Vitals()).decode()
    assert 'zhian_gateway_health{verdict="fail"} 1.0' in text
    assert "zhian_broker_connected 0.0" in text
    assert 'zhian_node_state{node="gate-1",state="online"} 1.0' in text
    assert 'zhian_cases_open{severity="major"} 2.0' in text
    assert "process_resident_memory_bytes" in text


@pytest.mark.parametrize("name", ["grafana-dashboard.json", "prometheus-alerts.yml"])
def test_every_metric_that_the_committed_files_ask_for_exists(name: str) -> None:
    text = (MONITORING / name).read_text(encoding="utf-8")
    families = text_string_to_metric_families(render(WELL, Vitals()).decode())
    known = {family.name for family in families}
    asked = {re.sub(r"_(total|bucket|count|sum)$", "", each) for each in re.findall(r"\bzhian_[a-z_]+", text)}
    assert len(asked) > 5
    assert asked <= known, asked - known


def test_the_page_has_words_of_its_own_for_everything_that_is_found() -> None:
    for language in ("en", "zh-CN"):
        text = (CONSOLE / "i18n" / language / "nodes.ts").read_text(encoding="utf-8")
        said = re.search(r"^  check: \{(.*?)^  \},", text, re.M | re.S)
        assert said
        assert set(re.findall(r"^    (\w+):", said[1], re.M)) == set(WORDS)
