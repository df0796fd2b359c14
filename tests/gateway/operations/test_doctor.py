"""The doctor finds what is wrong with a real gateway, its store and its broker, and says what to do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from support.broker import Broker
from support.gateway import COMMAND, GatewayProcess
from support.secure import gateway_command
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.operations.doctor import _configuration
from zhian_gateway.store.tables import audit

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    broker = Broker(tmp_path / "broker").start()
    process = GatewayProcess(tmp_path / "gateway", broker)
    yield process
    process.kill()
    broker.kill()


def examine(gateway: GatewayProcess) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["doctor", "-c", str(gateway.config)])
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done.exit_code, done.output


def examine_apart(gateway: GatewayProcess) -> tuple[int, str]:
    """In a process of its own: paho leaves the socket of a handshake that failed to whoever collects garbage."""
    command = [*COMMAND, "doctor", "-c", str(gateway.config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout


def test_a_running_gateway_is_well_but_for_what_a_new_one_lacks(gateway: GatewayProcess) -> None:
    gateway.start()
    code, said = examine(gateway)
    assert code == 0, said
    assert "FAIL" not in said
    assert "ok   gateway: runs at" in said
    assert "ok   broker: connected" in said
    assert "warn nodes: there are none\n       zhian-gateway node invite NAME" in said


@pytest.mark.thorough
def test_a_gateway_that_does_not_run_is_told_apart_from_a_broker_that_does_not(gateway: GatewayProcess) -> None:
    code, said = examine(gateway)
    assert code == 1
    assert "FAIL gateway:" in said
    assert "ok   broker: mqtt://" in said
    gateway.broker.kill()
    assert "FAIL broker: mqtt://" in examine(gateway)[1]


def test_what_keeps_the_gateway_from_starting_or_contacts_from_being_told_is_named(gateway: GatewayProcess) -> None:
    text = gateway.config.read_text()
    broken = """
[[notices.webhooks]]
name = "station"
url = "https://station.example/hook"
secret_file = "nothere.secret"

[[response.contacts]]
name = "porter"
role = "guards"
address = "inbox://guards"
further = ["apprise://127.0.0.1:8000/guards"]
"""
    rules = '[rules]\nfile = "nowhere.toml"\n\n[[rules.lanes]]'
    gateway.config.write_text(text.replace("[[rules.lanes]]", rules, 1) + broken)
    gateway.config.chmod(0o644)
    code, said = examine(gateway)
    assert code == 1, said
    assert "FAIL configuration: " in said and "nowhere.toml" in said
    assert "nothere.secret: No such file" in said
    assert "the gateway does not start before this is mended" in said
    # Of a contact's other addresses too.
    assert "warn configuration: others on this machine may read" in said
    assert "warn contacts: 127.0.0.1 is not a public address" in said


def test_the_schools_example_can_call_its_guards() -> None:
    school = load(ROOT / "configs" / "gateway-school.toml")
    assert [
        check for check in _configuration(school, ROOT / "configs" / "gateway-school.toml") if check.name == "contacts"
    ] == []


@pytest.mark.thorough
def test_an_authority_that_is_not_made_yet_is_told_and_not_made(gateway: GatewayProcess) -> None:
    text = gateway.config.read_text().replace("mqtt://", "mqtts://")
    gateway.config.write_text(f'{text}\n[authority]\nnames = ["gateway.lan"]\nport = 8443\n')
    code, said = examine(gateway)
    assert code == 1
    assert "warn authority: there is none yet" in said
    assert f"zhian-gateway authority init -c {gateway.config}" in said
    assert "FAIL broker: mqtts://" in said and "there is no authority yet" in said
    assert not (gateway.config.parent / "authority" / "authority.pem").exists()
    gateway_command("authority", "init", "--config", gateway.config)
    assert f"ok   authority: {gateway.config.parent / 'authority'}" in examine_apart(gateway)[1]


def test_a_change_of_the_audit_is_found(gateway: GatewayProcess) -> None:
    gateway.start()
    gateway.add_node("gate-1")
    with gateway.services() as parts, parts.store.write() as link:
        link.execute(update(audit).where(audit.c.id == 1).values(who="nobody"))
    code, said = examine(gateway)
    assert code == 1
    assert "FAIL audit: entry 1 is changed or missing" in said


def test_a_damaged_database_is_found(gateway: GatewayProcess) -> None:
    gateway.start()
    assert gateway.stop() == 0
    place = gateway.folder / "gateway" / "gateway.db"
    whole = place.read_bytes()
    with place.open("r+b") as file:
        # Past what the gateway reads at its start: the last quarter holds tables that are empty.
        file.seek(len(whole) // 4096 * 3072)
        file.write(b"\xff" * 4096)
    code, said = examine(gateway)
    assert code == 1
    assert "FAIL" in said
