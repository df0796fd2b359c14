"""Settings of the environment take the place of the file's, and what is wrong with them is said by their name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.gateway import write_config
from zhian_gateway.config import load
from zhian_gateway.environment import overlaid
from zhian_gateway.errors import ConfigError

SET = "ZHIAN_GATEWAY__"


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    path = write_config(tmp_path, "mqtt://127.0.0.1:1")
    config = load(path, {f"{SET}LISTEN__PORT": "9001", f"{SET}SITE__NAME": "第二小学", f"{SET}STORE__HOME": "/srv/z"})
    assert (config.listen.port, config.site.name, config.store.home) == (9001, "第二小学", "/srv/z")
    assert load(path, {"HOME": "/root"}).site.name == "第一小学"


def test_tables_that_the_file_lacks_can_be_set(tmp_path: Path) -> None:
    path = write_config(tmp_path, "mqtt://127.0.0.1:1")
    config = load(path, {f"{SET}RETENTION__PICTURES_DAYS": "7", f"{SET}CAMERAS": '[{id = "c", name = "门"}]'})
    assert config.retention.pictures_days == 7
    assert config.cameras[0].name == "门"


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("LISTEN__PORT", "many", "environment variable ZHIAN_GATEWAY__LISTEN__PORT: listen.port: "),
        ("LISTEN__PORT", "70000", "environment variable ZHIAN_GATEWAY__LISTEN__PORT: listen.port: "),
        ("SITE__NAME", "17", "environment variable ZHIAN_GATEWAY__SITE__NAME: site.name: expected a text in quotes"),
        ("SITE__ID__X", "a", "environment variable ZHIAN_GATEWAY__SITE__ID__X: id is no table"),
        ("STORE__HOMES", "/srv", "environment variable ZHIAN_GATEWAY__STORE__HOMES: "),
    ],
)
def test_what_is_wrong_is_said_by_the_variables_name(tmp_path: Path, variable: str, value: str, said: str) -> None:
    path = write_config(tmp_path, "mqtt://127.0.0.1:1")
    with pytest.raises(ConfigError) as caught:
        load(path, {SET + variable: value})
    assert said in str(caught.value)


@given(st.dictionaries(st.sampled_from(["a", "b"]), st.dictionaries(st.sampled_from(["x", "y"]), st.integers())))
def test_without_variables_nothing_changes(table: dict[str, dict[str, int]]) -> None:
    assert overlaid(table, {"PATH": "/bin"}) == (table, {})


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
def test_any_text_is_a_value(text: str) -> None:
    result, sources = overlaid({}, {f"{SET}SITE__NAME": text})
    assert set(result["site"]) == {"name"}
    assert sources == {"site.name": f"{SET}SITE__NAME"}
