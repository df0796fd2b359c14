"""A rule file that is wrong is refused with file, line and key, and the built-in rules follow the site's own."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.gateway import write_config
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.errors import ConfigError
from zhian_gateway.rules.rule_files import read_rules

ZONE = ZoneInfo("Asia/Shanghai")
GOOD = """[[raise]]
id = "night"
kind = "after_hours"
severity = "major"
hours = ["22:00-05:30"]

[[change]]
id = "quiet-back"
kinds = ["tailgating"]
severity = "minor"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('severity = "major"', 'severity = "loud"', ":4: raise[0].severity: "),
        ('kind = "after_hours"', "", ":1: raise[0]: "),
        ('hours = ["22:00-05:30"]', 'hours = ["22:00-25:30"]', ":5: raise[0].hours[0]: "),
        ('id = "quiet-back"', 'id = "night"', ":8: change[0].id: night is there twice"),
        ("kinds =", "kind =", ":9: change[0].kind: "),
        ('severity = "minor"', "", "changes nothing"),
        ('severity = "minor"', "window_s = 60", "only together"),
        ('severity = "minor"', 'drop = true\nseverity = "minor"', "dropped"),
        ('kinds = ["tailgating"]', 'kinds = ["camera_blind"]\nsubject = "none"\nwindow_s = 60', "closed by its cause"),
        ('kinds = ["tailgating"]', 'kinds = ["node_offline"]', "raised by no rule"),
        ('kinds = ["tailgating"]', 'kinds = ["notices_undelivered"]', "raised by no rule"),
        ("[[change]]", "[[changes]]", ":7: changes: "),
        ("[[raise]]", "[[raise]", "not TOML"),
    ],
)
def test_an_error_names_file_line_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_rules(written(tmp_path, GOOD.replace(old, new, 1)), ZONE)
    assert str(error.value).startswith(f"{tmp_path}/rules.toml:")
    assert said in str(error.value)


def test_the_sites_own_rules_come_first(tmp_path: Path) -> None:
    found = read_rules(written(tmp_path, GOOD), ZONE)
    assert [rule.id for rule in found.raises] == ["night"]
    assert [rule.id for rule in found.change][:2] == ["quiet-back", "tailgating-together"]


def test_a_configuration_with_a_wrong_rule_file_is_not_in_order(tmp_path: Path) -> None:
    config = write_config(tmp_path, "mqtt://127.0.0.1:1")
    config = write_config(tmp_path, "mqtt://127.0.0.1:1")
    text = config.read_text(encoding="utf-8").replace(
        "[[rules.lanes]]", '[rules]\nfile = "rules.toml"\n[[rules.lanes]]'
    )
    config.write_text(text, encoding="utf-8")
    missing = CliRunner().invoke(app, ["check-config", str(config)])
    assert (missing.exit_code, "rules.toml: cannot be read" in missing.output) == (2, True)
    written(tmp_path, GOOD)
    assert CliRunner().invoke(app, ["check-config", str(config)]).exit_code == 0
