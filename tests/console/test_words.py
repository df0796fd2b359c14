"""Whatever code a node may send, the page has words for it, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
import zhian_gateway
from zhian_edge.capture.health import Cause
from zhian_edge.decision.alerts import SEVERITY
from zhian_edge.decision.without_face import Cause as Consequence
from zhian_gateway.api.order_shapes import LaneAnswer, LaneOrder
from zhian_gateway.errors import DayForgotten, NoAnswer, NodeOffline
from zhian_wire import reasons
from zhian_wire.commands import Answer
from zhian_wire.evidence import Liveness
from zhian_wire.state import DeviceState

CATALOGUES = Path(__file__).resolve().parents[2] / "gateway" / "console" / "src" / "i18n"
LANGUAGES = ("zh-CN", "en")
#: Parts whose health a node tells (`Health.component`); a fault of each is an alert `<part>_fault`.
COMPONENTS = ("camera", "vision", "outbox", "database", "clock", "certificate", "reader", "input", "barrier", "lane")


def words(language: str, group: str) -> dict[str, str]:
    """The group's words by key; each stands in a file of the catalogue as `key: "word"`."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((CATALOGUES / language).glob("*.ts")))
    found = re.search(rf"^  {group}: {{(.*?)}},\n", text, re.DOTALL | re.MULTILINE)
    assert found is not None, f"{language} has no {group}"
    return dict(re.findall(r'(\w+):\s*"([^"]+)"', found[1]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_alert_that_a_lane_raises_has_words(language: str) -> None:
    assert set(SEVERITY) - set(words(language, "alert_kind")) == set()
    assert {f"{part}_fault" for part in COMPONENTS} - set(words(language, "alert_kind")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    assert reasons.ALL - set(words(language, "reason")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cause_of_a_camera_lane_or_device_has_words(language: str) -> None:
    devices = get_args(get_type_hints(DeviceState)["cause"])
    assert {*devices, *get_args(Cause), *get_args(Consequence), "implausible"} - {""} - set(
        words(language, "cause")
    ) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_device_and_every_liveness_has_words(language: str) -> None:
    states = get_args(get_type_hints(DeviceState)["status"])
    kinds = get_args(get_type_hints(DeviceState)["kind"])
    assert {*(f"state_{state}" for state in states), *kinds} - set(words(language, "device")) == set()
    assert set(get_args(Liveness)) - set(words(language, "liveness")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_order_and_everything_that_may_become_of_it_has_words(language: str) -> None:
    said = words(language, "order")
    assert {f"result_{result}" for result in get_args(get_type_hints(LaneAnswer)["result"])} - set(said) == set()
    assert {*get_args(get_type_hints(LaneOrder)["state"]), "pass"} - set(said) == set()
    refused = {f"node_{result}" for result in get_args(get_type_hints(Answer)["result"])} - {"node_done"}
    assert {*refused, NodeOffline.code, NoAnswer.code} - set(words(language, "error")) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_a_day_is_not_kept_any_more_has_words(language: str) -> None:
    assert DayForgotten.code in words(language, "error")


#: Literals with a point in the gateway's sources that are no action: names of files, columns and log lines.
NO_ACTION = re.compile(r"\.(?:toml|json|jsonl|html|conf|key|pem|lock|acl|crl|db|jpg|id|name|digest|anchors)$")
LITERAL = re.compile(r'(log\.\w+\(\s*)?"([a-z_]+\.[a-z_]+)"')
#: Log lines that are handed to what writes them.
LOGGED = {"people.consent_ended", "people.ground_ended"}
#: What the interpreter calls a connection.
HOOKS = {"socket.connect"}


def actions() -> set[str]:
    """Whatever the gateway may write into the audit."""
    folder = Path(zhian_gateway.__file__).parent
    sources = [path for path in folder.rglob("*.py") if "migrations" not in path.parts]
    found = [each for path in sources for each in LITERAL.findall(path.read_text(encoding="utf-8"))]
    return {name for logged, name in found if not logged and not NO_ACTION.search(name)} - LOGGED - HOOKS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_of_the_audit_has_words(language: str) -> None:
    assert {"visit.card", "family.bind", "schedules.import"} <= actions()
    assert {each.replace(".", "_") for each in actions()} - set(words(language, "audit_action")) == set()
