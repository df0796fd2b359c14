"""What an installer types before there is a node: each command says what is so, in a line that names it."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result
from zhian_edge.cli import app
from zhian_edge.config.reading import load
from zhian_edge.doctor import examine
from zhian_edge.doctor_access import link_finding
from zhian_edge.finding import Finding

from ..support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A node whose broker, gateway, token and films are not there."""
    path = tmp_path / "node.toml"
    path.write_text(
        f"""[site]
id = "school"
[node]
id = "gate"
[gateway]
brokers = ["mqtt://127.0.0.1:{free_port()}"]
url = "http://127.0.0.1:{free_port()}"
token_file = "node.token"
[[cameras]]
id = "door"
source = "door.mp4"
senses = ["body"]
"""
    )
    return path


def findings(config: Path, about: tuple[str, ...]) -> list[Finding]:
    return [found for found in examine(load(config), config) if found.text.startswith(about)]


def test_several_configurations_are_checked_and_one_bad_one_is_enough(config: Path) -> None:
    examples = [ROOT / "configs" / "school-gate.toml", ROOT / "configs" / "community.toml"]
    done = run("check-config", *examples)
    assert done.exit_code == 0
    assert [line.endswith(": in order") for line in done.stdout.splitlines()] == [True, True]
    done = run("check-config", examples[0], ROOT / "configs" / "gateway-school.toml", examples[1])
    assert done.exit_code == 2
    assert len(done.stdout.splitlines()) == 2, "those in order are said all the same"
    assert done.stderr.rstrip().endswith("this is a gateway's configuration; use `zhian-gateway check-config`")


def test_a_key_that_stands_twice_is_one_line(config: Path) -> None:
    config.write_text(config.read_text().replace('id = "gate"', 'id = "gate"\nid = "gate"'))
    done = run("check-config", config)
    assert done.exit_code == 2
    assert done.stderr == f"{config}:5: node.id: stands twice, first on line 4\n"


def test_a_node_without_cameras_is_warned_of(config: Path) -> None:
    config.write_text(config.read_text().split("[[cameras]]")[0])
    done = run("check-config", config)
    assert done.exit_code == 0
    assert "warning: there are no [[cameras]]" in done.stderr
    assert [found.verdict for found in findings(config, ("cameras",))] == ["warn"]


@pytest.mark.parametrize("form", ["argument", "--config", "-c", "environment", "default"])
def test_a_configuration_is_named_in_whichever_way(config: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if form == "environment":
        monkeypatch.setenv("ZHIAN_CONFIG", str(config))
    monkeypatch.setattr("zhian_edge.command_line.DEFAULT", config if form == "default" else config.parent / "none")
    words = {"argument": [config], "--config": ["--config", config], "-c": ["-c", config]}.get(form, [])
    for command in ("check-config", "status", "doctor"):
        done = run(command, *words)
        assert done.exit_code != 2, f"{command}: {done.output}"
        if command == "check-config":
            assert done.stdout.startswith(f"{config}: 1 camera(s)")


def test_what_is_typed_as_an_argument_goes_before_the_environment_and_two_that_are_typed_are_refused(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHIAN_CONFIG", str(tmp_path / "other.toml"))
    assert "no node answers" in str(run("status", config).exception)
    assert "two configurations" in str(run("status", config, "-c", tmp_path / "other.toml").exception)


def test_without_a_configuration_each_command_says_how_to_name_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhian_edge.command_line.DEFAULT", Path("/nowhere/node.toml"))
    for words in (("run",), ("check-config",), ("status",), ("doctor",), ("join", "https://gateway:8443", "CODE")):
        said = str(run(*words).exception)
        assert said.startswith("there is no /nowhere/node.toml: say which configuration") and "--config FILE" in said


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"zhian {importlib.metadata.version('zhian')}\n"


def test_the_doctor_says_a_missing_token_once_and_names_what_he_did_not_try(config: Path) -> None:
    gateway = load(config).gateway
    found = findings(config, ("token", "gateway", "broker"))
    assert [(each.verdict, each.text) for each in found] == [
        ("fail", f"token: {gateway.token_file} does not exist"),
        ("warn", f"gateway {gateway.url}: not tried without the secret"),
        ("warn", f"broker {gateway.brokers[0]}: not tried without the secret"),
    ]
    assert "zhian-gateway node add gate" in found[0].advice


def test_the_doctor_says_first_that_a_node_has_not_joined_and_tries_nothing_that_follows_from_it(config: Path) -> None:
    text = config.read_text().replace('token_file = "node.token"\n', "")
    config.write_text(text.replace("mqtt:", "mqtts:").replace("http:", "https:"))
    gateway = load(config).gateway
    found = list(examine(load(config), config))
    assert (found[0].verdict, found[0].text) == ("fail", "certificate: this node has not joined its site yet")
    assert (
        "zhian-gateway node invite gate" in found[0].advice
        and f"zhian-edge join URL CODE -c {config}`" in found[0].advice
    )
    about = [each for each in found[1:] if each.text.startswith(("token", "certificate", "gateway", "broker"))]
    assert [(each.verdict, each.text) for each in about] == [
        ("warn", f"gateway {gateway.url}: not tried before the node has joined"),
        ("warn", f"broker {gateway.brokers[0]}: not tried before the node has joined"),
    ]


@pytest.mark.parametrize(
    ("state", "unanswered_s", "verdict"), [("ok", 0, "ok"), ("ok", 30, "ok"), ("ok", 31, "warn"), ("lost", 0, "fail")]
)
def test_a_link_that_nobody_answers_on_is_not_called_well(state: str, unanswered_s: int, verdict: str) -> None:
    running = {
        "services": [{"name": "roster", "state": "ok", "error": ""}, {"name": "link", "state": state, "error": "gone"}],
        "link": {"linked": state == "ok", "unanswered_s": unanswered_s},
        "node": {"outbox": 7},
    }
    found = link_finding(running)
    assert found.verdict == verdict
    assert ("kill -HUP" in found.advice and "7 events wait" in found.text) == (verdict == "warn")


def test_the_doctor_names_gateway_and_broker_that_do_not_answer(config: Path, tmp_path: Path) -> None:
    (tmp_path / "node.token").write_text("secret")
    (tmp_path / "node.token").chmod(0o600)
    gateway = load(config).gateway
    found = findings(config, ("gateway", "broker"))
    assert [each.verdict for each in found] == ["fail", "fail"]
    assert gateway.url in found[0].text and gateway.url in found[0].advice
    assert gateway.brokers[0] in found[1].text and gateway.brokers[0] in found[1].advice


def test_the_doctor_names_a_dead_camera_and_what_to_look_at(config: Path) -> None:
    port = free_port()
    config.write_text(config.read_text().replace('"door.mp4"', f'"rtsp://guard:s3cret@127.0.0.1:{port}/s"'))
    (found,) = findings(config, ("camera door",))
    assert found.verdict == "fail" and f"127.0.0.1:{port}" in found.text
    assert f"nothing listens at port {port}" in found.advice and '[[cameras]] id = "door"' in found.advice
    assert "s3cret" not in found.text + found.advice


def test_the_doctor_says_that_a_film_does_not_exist_and_nothing_of_cables(config: Path, tmp_path: Path) -> None:
    (found,) = findings(config, ("camera door",))
    assert found.text == f"camera door: the file {tmp_path / 'door.mp4'} does not exist"
    assert "cable" not in found.advice
    (tmp_path / "door.mp4").write_bytes(b"no film")
    (found,) = findings(config, ("camera door",))
    assert "not a readable video" in found.text
    assert "cable" not in found.advice
