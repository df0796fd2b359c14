"""What an operator types: each command does what it says on a real store, and errors are one line."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest
from support.events import event
from support.gateway import write_config
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.nodes import identity, words
from zhian_gateway.services import open_services
from zhian_gateway.store.tables import audit


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path, "mqtt://127.0.0.1:1", port=8123)


def run(*words: str | Path, code: int = 0, stdin: str | None = None) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words], input=stdin)
    assert found.exit_code == code, found.output
    return found.output


def test_a_nodes_token_is_printed_once_and_holds(config: Path) -> None:
    token = run("node", "add", "gate-1", "--config", config).strip().splitlines()[-1]
    assert run("node", "list", "--config", config).strip() == "gate-1"
    parts = open_services(load(config), publish=lambda *_: None)
    with parts.store.read() as link:
        identity.check(link, site="school", node="gate-1", token=token)
    parts.store.close()
    run("node", "revoke", "gate-1", "--config", config)
    assert run("node", "list", "--config", config) == ""


def test_a_ticket_is_a_link_for_a_user_who_exists(config: Path) -> None:
    run("user", "add", "li", "--role", "guard", "--config", config)
    assert run("ticket", "li", "--config", config).startswith("http://127.0.0.1:8123/#/login?ticket=")
    assert "no user" in run("ticket", "nobody", "--config", config, code=2)
    # Our own port speaks HTTP, also where a proxy before it does not.
    config.write_text(config.read_text().replace("[listen]", "[listen]\nsecure = true", 1))
    behind = run("ticket", "li", "--config", config)
    assert behind.startswith("http://127.0.0.1:8123/#/login?ticket=")
    assert "--url" in behind
    proxy = run("ticket", "li", "--url", "https://gate.example/", "--config", config)
    assert proxy.startswith("https://gate.example/#/login?ticket=")
    assert "--url" not in proxy


def test_a_password_can_be_piped_in(config: Path) -> None:
    run("user", "add", "li", "--role", "admin", "--password", "--config", config, stdin="correct horse battery\n")
    assert run("user", "list", "--config", config).strip() == "li  admin"
    assert "administrator already" in run("secret", "--config", config, code=2)


def test_a_backup_whose_keys_have_no_new_folder_is_not_begun(config: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    words = ("backup", tmp_path / "copy", "--keys", tmp_path / "keys", "--config", config)
    assert "must be a new one" in run(*words, code=2)
    assert not (tmp_path / "copy").exists()


def test_the_ledger_proves_or_fails(config: Path) -> None:
    parts = open_services(load(config), publish=lambda *_: None)
    take_in(parts, event(seq=1), event(seq=2))
    (line,) = [json.loads(text) for text in run("ledger", "school", "--json", "--config", config).splitlines()]
    assert (line["decided"], line["stored"], line["holes"]) == (2, 2, 0)
    take_in(parts, event(seq=4))
    assert "gate-1" in run("ledger", "--config", config, code=1)
    take_in(parts, event(seq=3))
    run("ledger", "--config", config)
    with parts.store.write() as link:
        words.keep(link, "school", [words.Word("gate-1", "e1", 5, parts.now())])
    assert "waiting" in run("ledger", "--config", config, code=1)
    assert "keeps site" in run("ledger", "other", "--config", config, code=2)
    parts.store.close()


def test_people_are_listed_withdrawn_and_audited(config: Path) -> None:
    parts = open_services(load(config), publish=lambda *_: None)
    with parts.store.write() as link:
        parts.registry.enrol(link, "a", person_file(name="王小明"), ground(), some_face(), who="t", now=parts.now())
    parts.store.close()
    (entry,) = [json.loads(text) for text in run("people", "list", "--json", "--config", config).splitlines()]
    assert (entry["name"], entry["templates"], entry["ground"]) == ("王小明", 2, "written consent")
    run("people", "withdraw", "a", "--config", config)
    assert run("people", "list", "--config", config) == ""
    said = run("audit", "a", "--config", config)
    assert "people.enrol" in said
    assert "people.withdraw" in said
    assert "entries is whole" in run("audit", "--verify", "--config", config)


def test_a_record_that_was_tampered_with_says_where(config: Path) -> None:
    run("user", "add", "li", "--role", "guard", "--config", config)
    run("user", "add", "wu", "--role", "guard", "--config", config)
    parts = open_services(load(config), publish=lambda *_: None)
    with parts.store.write() as link:
        link.execute(audit.update().where(audit.c.id == 1).values(detail="admin"))
    parts.store.close()
    assert "broken at entry 1" in run("audit", "--verify", "--config", config, code=1)


def test_the_gallery_audit_names_who_is_enrolled_twice_and_who_has_too_few_pictures(config: Path) -> None:
    parts = open_services(load(config), publish=lambda *_: None)
    with parts.store.write() as link:
        for name, found in (("a", some_face(3)), ("b", some_face(3)), ("c", some_face(0))):
            parts.registry.enrol(link, name, person_file(), ground(), found, who="t", now=parts.now())
    parts.store.close()
    notes = [json.loads(text) for text in run("people", "audit", "--json", "--config", config, code=1).splitlines()]
    assert [(note["finding"], note["person_id"], note["other_id"]) for note in notes] == [
        ("alike", "a", "b"),
        ("nothing_usable", "c", None),
    ]
    assert "1 findings among 3 people" in run("people", "audit", "c", "--config", config, code=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("people", "import", "/none", "--ground", "", "--until", "2099-01-01"), "without a ground"),
        (("people", "import", "/none", "--ground", "x", "--until", "2001-01-01"), "ended on 2001-01-01"),
        (("people", "withdraw", "nobody"), "nobody enrolled"),
        (("node", "add", "a/b"), "node 'a/b'"),
        (("police", "add", "s", "--ground", "g", "--webhook", "file:///x"), "webhook"),
        (("user", "add", "li", "--role", "king"), "role 'king'"),
    ],
)
def test_errors_are_one_line_that_says_what_is_wrong(config: Path, words: tuple[str, ...], said: str) -> None:
    output = run(*words, "--config", config, code=2)
    assert said in output
    assert len(output.strip().splitlines()) == 1


def test_a_subscriber_gets_its_keys_once(config: Path) -> None:
    said = run("police", "add", "station-1", "--ground", "agreement 12", "--config", config)
    assert said.startswith("token: ")
    assert "secret: " in said


def test_access_can_be_taken_back(config: Path) -> None:
    run("user", "add", "li", "--role", "guard", "--config", config)
    run("user", "disable", "li", "--config", config)
    assert run("user", "list", "--config", config).strip() == "li  guard  disabled"
    run("user", "enable", "li", "--config", config)
    assert run("user", "list", "--config", config).strip() == "li  guard"
    run("police", "add", "station-1", "--ground", "agreement 12", "--config", config)
    assert run("police", "list", "--config", config).strip() == "station-1  agreement 12"
    assert run("police", "retry", "station-1", "--config", config).strip() == "0 to be sent again"
    run("police", "disable", "station-1", "--config", config)
    assert run("police", "list", "--config", config) == ""
    assert "no subscriber" in run("police", "disable", "station-1", "--config", config, code=2)


def test_a_configuration_can_be_checked_without_running(config: Path) -> None:
    assert run("check-config", config) == run("check-config", "--config", config) == f"{config}: in order\n"
    config.write_text("[site]\n", encoding="utf-8")
    assert "gateway.toml:1: site: " in run("check-config", config, code=2)


@pytest.mark.parametrize(
    ("command", "code", "said"), [("doctor", 1, "FAIL broker"), ("secret", 0, ""), ("nodes", 2, "does")]
)
def test_the_configuration_is_an_argument_or_an_option(config: Path, command: str, code: int, said: str) -> None:
    for named in ((config,), ("-c", config)):
        assert said in run(command, *named, code=code)


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version") == f"zhian {importlib.metadata.version('zhian')}\n"
