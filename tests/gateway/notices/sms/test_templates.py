"""By which approved template a text message goes where its happening has none, and what has none is said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.config_notices import Notices, Route, Sms, SmsTemplate
from zhian_gateway.notices.messages import Message
from zhian_gateway.notices.outcomes import Outcome
from zhian_gateway.notices.sms.templates import without
from zhian_gateway.notices.sms_post import text_of
from zhian_gateway.operations.doctor import _configuration

AT = datetime(2026, 3, 2, 11, tzinfo=UTC)
WORDS = {"name": "小明", "group": "g", "site": "s", "lane": "", "date": "d", "time": "11:00", "what": "已返校"}


def account(*templates: SmsTemplate) -> Sms:
    return Sms(name="ali", provider="aliyun", key_id="k", sign="校", secret_env="X", templates=templates)


def template(happening: str, language: str = "zh-CN", late: str = "", **parameters: str) -> SmsTemplate:
    return SmsTemplate(
        happening=happening,
        id=f"{happening}/{language}",
        language=language,  # type: ignore[arg-type]
        late=late,
        parameters=parameters or {"name": "{name}"},
    )


def message(happening: str, *, late: bool = False) -> Message:
    moments = {"at": AT, "expires_at": AT}
    return Message(key="k", title="", body="", happening=happening, language="zh-CN", words=WORDS, late=late, **moments)


def goes_by(own: Sms, happening: str, *, late: bool = False) -> str:
    """The template's id, or why there is none."""
    found = text_of(own, "+8613800138000", message(happening, late=late))
    return found.reason if isinstance(found, Outcome) else found[0].template


@pytest.mark.parametrize(
    ("happening", "approved", "expected"),
    [
        ("not_back", ["not_arrived", "correction", "other"], "not_arrived"),
        ("not_back", ["not_arrived", "not_back"], "not_back"),
        ("not_back", ["not_arrived_unheard", "other"], "other"),
        ("not_back_unheard", ["not_back", "not_arrived", "not_arrived_unheard"], "not_arrived_unheard"),
        ("not_back_unheard", ["not_arrived", "not_back"], "not_back"),
        ("not_back_unheard", ["not_arrived"], "not_arrived"),
        ("not_back_taken_back", ["not_arrived", "correction"], "correction"),
        ("not_arrived_unheard", ["not_arrived", "other"], "other"),
        ("still_inside_taken_back", ["correction", "other"], "other"),
    ],
)
def test_the_nearest_of_its_kin_stands_in_for_a_happening_without_a_template(
    happening: str, approved: list[str], expected: str
) -> None:
    assert goes_by(account(*map(template, approved)), happening) == f"{expected}/zh-CN"


def test_nothing_flat_stands_in_for_a_gate_that_was_not_heard() -> None:
    said = "[[notices.sms]] ali has no template for not_arrived_unheard (zh-CN)"
    assert goes_by(account(template("not_arrived")), "not_arrived_unheard") == said


def test_a_template_that_does_not_fit_stands_in_for_nothing() -> None:
    # Of who is not back there is no lane.
    at_lane = template("not_arrived", lane="{lane}")
    assert goes_by(account(at_lane, template("other")), "not_back") == "other/zh-CN"
    assert goes_by(account(at_lane), "not_back") == "the template's variable lane would be empty"
    # One that is a happening's own is never passed over: its site has chosen it.
    assert "lane would be empty" in goes_by(account(at_lane, template("other")), "not_arrived")


def test_a_late_one_goes_by_a_template_that_says_so_and_by_the_readers_language_first() -> None:
    own = account(template("not_arrived", "en", late="L1"), template("not_arrived", late="L2"))
    assert (goes_by(own, "not_back"), goes_by(own, "not_back", late=True)) == ("not_arrived/zh-CN", "L2")


def test_what_is_routed_and_has_no_template_is_listed() -> None:
    settings = Notices(routes=(Route(happening="left_alone", to=()), Route(happening="fire_release", to=("guard",))))
    own = account(template("not_arrived"), template("correction"))
    lacking = without(own, settings).keys()
    assert {"arrival", "not_arrived_unheard", "still_inside_taken_back", "fire_release"} <= lacking
    assert not {"not_arrived", "not_back", "not_back_taken_back", "correction", "left_alone"} & lacking
    assert without(account(template("other")), settings) == {}


SITE = """[site]
id = "school"
[[notices.sms]]
name = "ali"
provider = "aliyun"
key_id = "LTAI"
sign = "校"
secret_env = "ZHIAN_TEST_SMS"
[[notices.sms.templates]]
happening = "not_arrived"
id = "SMS_1"
parameters = { name = "{name}" }
"""


def test_the_doctor_and_check_config_name_what_cannot_go_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHIAN_TEST_SMS", "secret")
    path = tmp_path / "gateway.toml"
    path.write_text(SITE, encoding="utf-8")
    (check,) = [each for each in _configuration(load(path), path) if each.name == "notices"]
    assert check.verdict == "warn"
    assert "[[notices.sms]] ali has no template for not_arrived_unheard, not_back_taken_back, " in check.text
    assert "arrival," not in check.text
    done = CliRunner().invoke(app, ["check-config", str(path)])
    assert f"{path}: [[notices.sms]] ali has no template for arrival, departure, " in done.output
    assert done.exit_code == 0
    path.write_text(SITE.replace('"not_arrived"', '"other"'), encoding="utf-8")
    assert [each for each in _configuration(load(path), path) if each.name == "notices"] == []
    assert CliRunner().invoke(app, ["check-config", str(path)]).output == f"{path}: in order\n"
