"""What an installer types: an authority, an invitation, a broker's files; errors are one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.gateway import write_config
from support.secure import gateway_command
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_wire.joining import parse_code

SECTION = """[authority]
names = ["gateway.lan", "10.0.7.2"]
port = 8443
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path, "mqtts://gateway.lan:8883", more=SECTION)


def refused(*words: str | Path) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == 2, found.output
    return found.output


def test_an_invitation_is_the_line_to_type_at_the_node(config: Path) -> None:
    said = gateway_command("node", "invite", "gate", "--config", config)
    url, code = said.split("join ")[1].split()[:2]
    assert url == "https://gateway.lan:8443"
    shown = gateway_command("authority", "show", "--config", config)
    assert f"fingerprint: {parse_code(code).fingerprint}; " in shown
    again = gateway_command("node", "invite", "gate", "--config", config)
    assert again != said


def test_the_authority_is_made_once(config: Path) -> None:
    first = gateway_command("authority", "init", "--config", config)
    assert gateway_command("authority", "init", "--config", config) == first
    assert str(config.parent / "authority" / "authority.pem") in first


def test_whoever_needs_the_authority_first_is_told_where_its_key_lies(config: Path) -> None:
    key = f"{config.parent / 'authority' / 'authority.pem'}; back it up"
    said = gateway_command("node", "invite", "gate", "--config", config)
    assert key in said
    assert key not in gateway_command("node", "invite", "gate", "--config", config)
    assert said.startswith(gateway_command("authority", "init", "--config", config))


@pytest.mark.parametrize(("server", "main"), [("mosquitto", "mosquitto.conf"), ("nats", "nats.conf")])
def test_a_brokers_files_can_be_read_by_its_group_alone(config: Path, server: str, main: str) -> None:
    out = config.parent / "broker"
    said = gateway_command("broker", "config", server, "--out", out, "--config", config)
    assert str(out / main) in said
    assert f'broker_files = "{out}"' in said
    assert {each.stat().st_mode & 0o777 for each in out.iterdir()} == {0o640}


def test_the_broker_listens_where_the_gateway_looks_for_it(tmp_path: Path) -> None:
    config = write_config(tmp_path, "mqtts://gateway.lan:9883", more=SECTION)
    out = tmp_path / "broker"
    said = gateway_command("broker", "config", "mosquitto", "--out", out, "--config", config)
    assert "listener 9883 " in (out / "mosquitto.conf").read_text()
    assert "url = " not in said
    other = gateway_command("broker", "config", "mosquitto", "--out", out, "--port", "8883", "--config", config)
    assert 'url = "mqtts://gateway.lan:8883" in its [broker], which says mqtts://gateway.lan:9883 now' in other


def test_what_cannot_be_is_said_in_one_line(config: Path, tmp_path: Path) -> None:
    assert "64 characters" in refused("node", "invite", "g" * 60, "--config", config)
    assert "node" in refused("node", "invite", "a/b", "--config", config)
    (tmp_path / "file").touch()
    assert "file" in refused("broker", "config", "nats", "--out", tmp_path / "file", "--config", config)
    plain = write_config(tmp_path / "plain", "mqtt://127.0.0.1:1883")
    for words in (("authority", "init"), ("node", "invite", "gate"), ("broker", "config", "nats", "--out", "x")):
        assert "has no [authority]" in refused(*words, "--config", plain)
