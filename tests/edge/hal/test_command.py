"""The installer's commands, with a gate that runs and with none: readable, or JSON; honest about what does not work."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support.configs import write_config
from support.gates import LANES, READER, enrol, running
from support.waiting import eventually
from typer.testing import CliRunner
from zhian_edge.cli import app, main
from zhian_edge.command_line import DEFAULT, named
from zhian_edge.config.readers import OsdpReader
from zhian_edge.config.reading import load
from zhian_edge.doctor_devices import devices, line_finding
from zhian_edge.errors import AlreadyRunning, DeviceLost, EdgeError, LinkLost
from zhian_edge.gate import Gate
from zhian_edge.hal.reach import whereabouts
from zhian_edge.process.ownership import own
from zhian_wire.events import Decision, Passage
from zhian_wire.roster import Person

RUN = CliRunner()
#: A reader on a line that is not there.
DEAD_LINE = '[[readers]]\nid = "rs485"\ndriver = "osdp"\nlink = "/dev/nowhere"\nkey_file = "none.key"\n'


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A device's thread looks up more often, so that starting and stopping it takes less of the tests' time."""
    monkeypatch.setattr("zhian_edge.hal.services.STEP_S", 0.05)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "cards.jsonl").touch()
    devices = """\
[[readers]]
id = "dead"
driver = "virtual"
script = "nowhere.jsonl"
[[barriers]]
id = "boom"
driver = "virtual"
journal = "journal.jsonl"
lane = "main"
"""
    return write_config(tmp_path, LANES + READER + devices)


@pytest.fixture
def gate(config: Path) -> Iterator[Gate]:
    with running(config) as one:
        yield one


@contextmanager
def presenting(config: Path, card: str) -> Iterator[None]:
    """Somebody holds a card before the reader again and again, meanwhile."""
    ended = threading.Event()

    def present() -> None:
        with (config.parent / "cards.jsonl").open("a", buffering=1) as file:
            while not ended.wait(0.1):
                file.write(json.dumps({"card": card}) + "\n")

    thread = threading.Thread(target=present)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def run(*words: str, config: Path, code: int = 0) -> str:
    """What a command writes to its standard output."""
    done = RUN.invoke(app, [*words, "-c", str(config)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.stdout


def rows(output: str) -> list[dict[str, Any]]:
    """The objects in it; a gate in this very process logs between them."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_the_list_tells_how_each_device_is_with_a_gate_or_without(config: Path) -> None:
    output = run("readers", "list", "--json", config=config)
    listed = rows(output)
    assert len(output.splitlines()) == len(listed), "nothing but JSON: a program reads it"
    assert [(each["name"], each["state"]) for each in listed] == [("in", "ok"), ("dead", "lost"), ("boom", "ok")]
    assert "nowhere.jsonl: No such file" in listed[1]["error"]
    with running(config):
        eventually(lambda: "lost" in run("readers", "list", config=config), "the dead reader")
        assert "through the running gate" in run("readers", "list", config=config)


def test_a_list_that_goes_into_a_pipe_is_not_cut_where_a_terminal_would_end(tmp_path: Path) -> None:
    script = tmp_path / f"{'a-place-far-from-here-' * 6}.jsonl"
    script.touch()
    far = LANES + f'[[readers]]\nid = "in"\ndriver = "virtual"\nscript = "{script.name}"\nlane = "main"\n'
    output = run("readers", "list", config=write_config(tmp_path, far))
    (row,) = [line for line in output.splitlines() if line.startswith("in ")]
    assert row.endswith(f"{script}"), row


@pytest.mark.parametrize("with_gate", [True, False])
def test_cards_are_watched_as_they_come(config: Path, with_gate: bool, request: pytest.FixtureRequest) -> None:
    if with_gate:
        request.getfixturevalue("gate")
    with presenting(config, "04a1b2c3"):
        told = rows(run("readers", "watch", "in", "--seconds", "1", "--json", config=config))
    assert {(each["kind"], each["reader"], each["card"]) for each in told} == {("CardRead", "in", "04A1B2C3")}
    assert "T" in told[0]["time"]


def test_a_reader_is_tested_by_a_card_which_is_told_in_all_its_spellings(config: Path) -> None:
    with presenting(config, "04A1B2C3"):
        told = run("readers", "test", "in", config=config)
    assert "its light and beep say: granted" in told
    assert "card 04A1B2C3" in told
    assert "0077705923" in told


def test_a_reader_that_is_dead_or_reads_nothing_fails_its_test(
    config: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhian_edge.hal.reach.await_up.__defaults__", (0.3,))
    dead = rows(run("readers", "test", "dead", "--json", config=config, code=1))[0]
    assert (dead["answers"], dead["card"]) == (False, None)
    assert "no card was read" in run("readers", "test", "in", "--seconds", "0.3", config=config, code=1)


def test_a_lane_is_opened_through_the_gate_and_recorded_or_else_directly(config: Path) -> None:
    directly = json.loads(run("lane", "open", "main", "--json", config=config))
    assert (directly["result"], directly["recorded"]) == ("done", False)
    with running(config):
        assert "main: done" in run("lane", "open", "main", config=config)
    journal = (config.parent / "journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["order"] for line in journal] == ["pulse", "pulse"]


def test_a_lane_is_locked_and_somebody_let_pass_by_the_running_gate_alone(config: Path) -> None:
    enrol(config.parent, Person(id="p-1", cards=("04A1B2C3",)))
    with running(config):
        assert "main: locked, recorded; barrier: close done" in run("lane", "set", "main", "locked", config=config)
        assert "it was locked before" in run("lane", "set", "main", "locked", "--minutes", "5", config=config)
        assert "main: recorded p-1" in run("lane", "pass", "main", "--person", "p-1", config=config)
        done = RUN.invoke(app, ["lane", "set", "main", "ajar", "-c", str(config)])
        assert "expected one of locked, held_open, normal" in str(done.exception)
    done = RUN.invoke(app, ["lane", "pass", "main", "-c", str(config)])
    assert isinstance(done.exception, LinkLost)


def test_an_order_is_answered_when_it_is_on_the_disk(config: Path, gate: Gate) -> None:
    run("lane", "set", "main", "held_open", config=config)
    (held,) = [event.data for event in gate._outbox.log() if isinstance(event.data, Decision)]
    assert (held.reason, held.why) == ("held_open", "")


def test_a_barrier_that_does_not_move_is_not_said_to_have(
    config: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(_barrier: object) -> None:
        raise DeviceLost("boom: its board does not answer")

    monkeypatch.setattr("zhian_edge.hal.drivers.virtual.VirtualBarrierDriver.hold", stuck)
    told = run("lane", "set", "main", "held_open", config=config, code=1)
    assert "main: held_open, recorded; barrier: hold failed: boom: its board does not answer" in told


def test_nobody_whom_the_roster_does_not_know_is_let_pass(config: Path, gate: Gate) -> None:
    done = RUN.invoke(app, ["lane", "pass", "main", "--person", "ghost", "-c", str(config)])
    assert isinstance(done.exception, EdgeError)
    assert "--person: nobody on this node's roster is 'ghost'" in str(done.exception)
    assert not [event for event in gate._outbox.log() if isinstance(event.data, Passage)]


def test_the_tools_are_told_the_configuration_like_every_command(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = config.parent / "nowhere.toml"
    monkeypatch.setattr("zhian_edge.command_line.DEFAULT", nowhere)
    for words in (("readers", "list"), ("readers", "test", "in"), ("lane", "set", "main", "locked")):
        said = str(RUN.invoke(app, words).exception)
        assert said.startswith(f"there is no {nowhere}: say which configuration, by --config FILE (-c)"), words
    two = RUN.invoke(app, ["readers", "list", str(config), "-c", str(nowhere)])
    assert "two configurations" in str(two.exception)
    monkeypatch.setenv("ZHIAN_CONFIG", str(config))
    assert rows(RUN.invoke(app, ["readers", "list", "--json"]).stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("lane", "open", "side"), "there is no lane 'side'; there is main, yard"),
        (("lane", "open", "yard"), "lane yard has no barrier"),
        (("readers", "test", "boom"), "there is no reader 'boom'; there is in, dead"),
        (("readers", "rekey", "in"), "in has no key that could be changed"),
    ],
)
def test_what_cannot_be_done_is_said(config: Path, words: tuple[str, ...], said: str) -> None:
    done = RUN.invoke(app, [*words, "-c", str(config)])
    assert isinstance(done.exception, EdgeError)
    assert said in str(done.exception)


def test_devices_of_a_gate_that_does_not_answer_are_left_alone(config: Path) -> None:
    with own(config.parent / "node"):
        done = RUN.invoke(app, ["lane", "open", "main", "-c", str(config)])
    assert isinstance(done.exception, AlreadyRunning)


def test_a_key_is_changed_through_the_tool(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[str] = []
    monkeypatch.setattr(
        "zhian_edge.hal.drivers.virtual.VirtualReaderDriver.change_key",
        lambda self: changed.append(self.name),
        raising=False,
    )
    assert "in has a new key" in run("readers", "rekey", "in", config=config)
    assert changed == ["in"]


def test_the_doctor_tries_every_device_and_names_what_to_do(config: Path) -> None:
    found = list(devices(load(config), config))
    assert [(each.verdict, each.text.split(":")[0]) for each in found] == [
        ("ok", "reader in"),
        ("fail", "reader dead"),
        ("ok", "barrier boom"),
    ]
    assert found[1].text.endswith("nowhere.jsonl: No such file or directory: make this file; it may be empty")
    assert found[1].advice == "", "a script has no cable, and `readers test` would say no more"
    assert found[0].text == f"reader in: virtual, no hardware: {config.parent / 'cards.jsonl'}"


def test_the_doctor_says_of_each_device_that_the_running_node_does_not_have_it_so(config: Path, gate: Gate) -> None:
    before = config.read_text()
    added = '[[readers]]\nid = "new"\ndriver = "virtual"\nscript = "cards.jsonl"\n'
    config.write_text(before.replace('"cards.jsonl"', '"other.jsonl"').replace('"boom"', '"bar"') + added)
    other = [
        (each.verdict, each.text) for each in devices(load(config), config) if each.advice == "restart it to try this"
    ]  # fmt: skip
    said = "not as in the running node"
    assert other == [
        ("warn", f"reader in: {said}"),
        ("warn", f"reader new: {said}"),
        ("warn", f"barrier bar: {said}"),
        ("warn", f"barrier boom: {said}"),
    ]


def test_the_doctor_names_devices_of_the_running_node_where_the_configuration_has_none(
    config: Path, gate: Gate
) -> None:
    bare = msgspec.structs.replace(load(config), readers=(), inputs=(), barriers=(), sirens=())
    assert [(each.verdict, each.text.partition(":")[0]) for each in devices(bare, config)] == [
        ("warn", "reader in"),
        ("warn", "reader dead"),
        ("warn", "barrier boom"),
    ]


def test_without_a_running_node_a_configuration_without_devices_opens_nothing(config: Path) -> None:
    assert (
        list(devices(msgspec.structs.replace(load(config), readers=(), inputs=(), barriers=(), sirens=()), config))
        == []
    )


def test_of_a_line_that_was_not_opened_nothing_is_said(config: Path) -> None:
    config.write_text(config.read_text() + DEAD_LINE)
    about = [each for each in devices(load(config), config) if "rs485" in each.text.partition(":")[0]]
    assert [each.verdict for each in about] == ["fail"]


def test_the_doctor_advises_commands_that_are_about_the_same_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config.rename(config.with_name("my node.toml"))
    config.write_text(config.read_text() + DEAD_LINE)
    (found,) = (each for each in devices(load(config), config) if each.text.startswith("reader rs485"))
    assert found.advice == f"try `zhian-edge readers test rs485 -c '{config}'`"
    monkeypatch.setattr("zhian_edge.command_line.DEFAULT", config)
    (found,) = (each for each in devices(load(config), config) if each.text.startswith("reader rs485"))
    assert found.advice == "try `zhian-edge readers test rs485`"


def test_the_usual_file_is_named_in_advice_where_the_environment_names_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ZHIAN_CONFIG", raising=False)
    assert named(DEFAULT) == ""
    monkeypatch.setenv("ZHIAN_CONFIG", "other.toml")
    assert named(DEFAULT) == f" -c {DEFAULT}"


def test_the_doctor_answers_a_missing_package_by_the_pip_of_this_environment(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boards = '[[inputs]]\nid = "help"\ndriver = "modbus"\nlink = "tcp://127.0.0.1:1"\nrole = "help"\nlane = "main"\n'
    config.write_text(config.read_text() + boards)
    monkeypatch.setattr("zhian_edge.hal.table.find_spec", lambda name: None if name == "pymodbus" else name)
    (found,) = (each for each in devices(load(config), config) if each.text.startswith("input help"))
    assert found.text.endswith(f"the package pymodbus is missing: {sys.executable} -m pip install 'zhian[modbus]'")
    assert found.advice == "", "no cable is at fault"
    with running(config):
        (found,) = (each for each in devices(load(config), config) if each.text.startswith("input help"))
    assert found.advice == "then restart the node"


@pytest.mark.parametrize(
    ("driver", "link", "said"),
    [
        ("virtual", "", "virtual, no hardware"),
        ("osdp", "/dev/ttyUSB0", "osdp at /dev/ttyUSB0"),
        ("pcsc", "", "pcsc"),
    ],
)
def test_a_device_is_said_to_be_somewhere_only_if_it_is(driver: str, link: str, said: str) -> None:
    assert whereabouts({"driver": driver, "diagnostics": {"link": link}}) == said


@pytest.mark.parametrize(
    ("security", "verdict"),
    [("secure-channel", "ok"), ("install-mode", "warn"), ("plain-text-anybody-can-read", "warn")],
)
def test_the_doctor_warns_of_a_line_that_anybody_can_read(security: str, verdict: str) -> None:
    reader = OsdpReader(id="in", link="/dev/ttyUSB0", security=security)  # type: ignore[arg-type]
    assert line_finding(reader).verdict == verdict


def test_a_node_of_cards_alone_is_in_order(config: Path) -> None:
    done = RUN.invoke(app, ["check-config", str(config)])
    assert done.exit_code == 0
    assert "0 camera(s), 2 reader(s), 2 lane(s)" in done.stdout
    assert "warning" not in done.stderr


def test_an_error_is_one_line_on_the_terminal(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["zhian-edge", "lane", "open", "side", "-c", str(config)])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.count("\n") == 1
