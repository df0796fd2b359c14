"""A configuration that is wrong is refused with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhian_gateway.config import load, parse
from zhian_gateway.errors import ConfigError

GOOD = """[site]
id = "school"

[listen]
port = 8080

[[rules.lanes]]
lane = "main"

[[rules.lanes]]
lane = "back"
direction = "reversed"
"""
CONTACT = """[[response.contacts]]
name = "li"
role = "guards"
address = "inbox://li"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "school"', 'id = "my school"', ":2: site.id: "),
        ("[site]", "[site]\nnmae = 1", ":2: site.nmae: "),
        ('id = "school"', "", ":1: site: "),
        ("port = 8080", 'port = "8080"', ":5: listen.port: "),
        ("port = 8080", "port = 80800", ":5: listen.port: "),
        ("[listen]", "[listne]", ":4: listne: "),
        ('direction = "reversed"', 'direction = "sideways"', ":12: rules.lanes[1].direction: "),
        ('lane = "back"', 'lane = "main"', ":11: rules.lanes[1]: main is in two lanes"),
        ('id = "school"', 'id = "school"\ntimezone = "Mars/Olympus"', ":3: site.timezone: "),
        ("[listen]", "[listen", "not TOML"),
        ("[listen]", "[listne]\n[listen]", ":4: listne: unknown key; did you mean listen?"),
        ('lane = "back"', 'lan = "back"', ":11: rules.lanes[1].lan: unknown key; did you mean lane?"),
        ("[listen]", "[listen]\nzzz = 1", ":5: listen.zzz: unknown key; expected one of host, port"),
        (
            "[listen]",
            '[[cameras]]\nid = "c"\nname = "A"\n[[cameras]]\nid = "c"\nname = "B"\n[listen]',
            ":8: cameras[1]: c is named twice",
        ),
        (
            "[listen]",
            "[response.major]\nacknowledge_s = -1\nclose_s = 0\n[listen]",
            ":5: response.major.acknowledge_s: ",
        ),
        ("[listen]", "[[response.steps]]\nto = ['boss']\n[listen]", ":5: response.steps[0].to: boss is no contact"),
        ("[listen]", f"{CONTACT}{CONTACT}[listen]", ":9: response.contacts[1].name: li is there twice"),
        (
            "[listen]",
            f'{CONTACT}quiet = [{{ hours = "22:00-06:00", severities = ["critical"] }}]\n[listen]',
            "response.contacts[0].quiet[0].severities[0]: ",
        ),
    ],
)
def test_an_error_names_file_line_and_key(old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse(GOOD.replace(old, new, 1), Path("gate.toml"))
    assert str(error.value).startswith("gate.toml:")
    assert said in str(error.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load(tmp_path / "none.toml")


def test_paths_are_counted_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "gate.toml"
    path.parent.mkdir()
    path.write_text(GOOD + '[broker]\npassword_file = "secret"\n', encoding="utf-8")
    config = load(path)
    assert Path(config.store.home) == path.parent / "gateway"
    assert Path(config.broker.password_file) == path.parent / "secret"


def test_either_all_brokers_are_spoken_to_by_tls_or_none() -> None:
    text = GOOD + '[broker]\nalso = ["mqtt://b:1883", "mqtts://c"]\n'
    with pytest.raises(ConfigError, match=r"gate\.toml:\d+: broker\.also\[1\]: mqtts://c: either all brokers"):
        parse(text, Path("gate.toml"))
    assert parse(text.replace("mqtts", "mqtt"), Path("gate.toml")).broker.urls[1:] == ("mqtt://b:1883", "mqtt://c")


def test_the_example_is_fine() -> None:
    load(Path(__file__).resolve().parents[2] / "configs" / "gateway-demo.toml")


def test_a_place_is_called_by_its_lane_else_by_its_camera_else_by_its_id() -> None:
    names = """
[[cameras]]
id = "door"
name = "Door"
[[cameras]]
id = "door"
node = "gate-2"
name = "Back door"
[[lanes]]
id = "main"
name = "东门"
"""
    config = parse(GOOD + names, Path("gate.toml"))
    assert config.place_name("gate-1", "door", "main") == "东门"
    assert config.place_name("gate-1", "door", None) == "Door"
    assert config.place_name("gate-2", "door", "other") == "Back door"
    assert config.place_name("gate-1", "roof", "other") == "other"
    assert config.place_name("gate-1", "roof", None) == "roof"


def test_a_nodes_configuration_is_called_that_and_nothing_else() -> None:
    text = (Path(__file__).parents[2] / "configs" / "school-gate.toml").read_text()
    with pytest.raises(
        ConfigError, match=r"^node.toml:1: this is a node's configuration; use `zhian-edge check-config`$"
    ):
        parse(text, Path("node.toml"))
