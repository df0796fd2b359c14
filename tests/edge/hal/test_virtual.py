"""A virtual device plays its script: in order, in time, again when it is to, and failing when it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from zhian_edge.config.actuators import VirtualBarrier, VirtualInput
from zhian_edge.config.readers import VirtualReader
from zhian_edge.errors import DeviceLost, DeviceRefused, Unconfirmed
from zhian_edge.hal.drivers.virtual import VirtualBarrierDriver, VirtualInputDriver, VirtualReaderDriver
from zhian_edge.hal.services import ReaderService
from zhian_wire.events import Health


class Clock:
    """Set by hand."""

    ms = 1000

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.jsonl"


def write(script: Path, *lines: dict[str, object]) -> None:
    with script.open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def reads(reader: VirtualReaderDriver) -> Iterator[tuple[int, str]]:
    while read := reader.read(0):
        yield read.at_ms, read.card


def test_cards_come_when_their_time_has_come(script: Path, clock: Clock) -> None:
    write(script, {"at_s": 0, "card": "a1"}, {"at_s": 2, "card": "B2"}, {"at_s": 2, "card": "C3"})
    with VirtualReaderDriver(VirtualReader(id="r", script=str(script)), clock) as reader:
        assert list(reads(reader)) == [(1000, "A1")]
        clock.ms = 2999
        assert not list(reads(reader))
        clock.ms = 3000
        assert list(reads(reader)) == [(3000, "B2"), (3000, "C3")]


def test_a_node_that_is_started_again_presents_the_lines_of_its_script_again(script: Path, clock: Clock) -> None:
    write(script, {"card": "A1"})
    for _start in range(2):
        with VirtualReaderDriver(VirtualReader(id="r", script=str(script)), clock) as reader:
            assert list(reads(reader)) == [(1000, "A1")]


def test_a_script_may_be_played_again_and_again(script: Path, clock: Clock) -> None:
    write(script, {"at_s": 1, "card": "A1"})
    with VirtualReaderDriver(VirtualReader(id="r", script=str(script), loop_s=10), clock) as reader:
        played = []
        for second in range(32):
            clock.ms = 1000 + second * 1000
            played += [ms for ms, _ in (*reads(reader), *reads(reader))]
    assert played == [2000, 12000, 22000, 32000]


def test_a_failure_is_raised_once_and_the_script_goes_on_behind_it(script: Path, clock: Clock) -> None:
    write(script, {"fail": "lost", "why": "unplugged"}, {"fail": "refused"}, {"card": "A1"})
    reader = VirtualReaderDriver(VirtualReader(id="r", script=str(script)), clock)
    for error in (DeviceLost, DeviceRefused):
        with reader, pytest.raises(error):
            reader.read(0)
    with reader:
        assert list(reads(reader)) == [(1000, "A1")]


def test_lines_that_mean_nothing_are_counted_and_passed_over(script: Path, clock: Clock) -> None:
    script.write_bytes(b'# morning\n\n{"card": 7}\n\xff\n{"crad": "A1"}\n')
    write(script, {"card": "A1"})
    with VirtualReaderDriver(VirtualReader(id="r", script=str(script)), clock) as reader:
        assert [card for _, card in reads(reader)] == ["A1"]
        assert reader.diagnostics().counters == {"reads": 1, "garbled": 3}


def test_a_script_that_was_exchanged_is_played_from_its_beginning(script: Path, clock: Clock) -> None:
    write(script, {"card": "A1"})
    with VirtualReaderDriver(VirtualReader(id="r", script=str(script)), clock) as reader:
        assert [card for _, card in reads(reader)] == ["A1"]
        other = script.with_name("other")
        write(other, {"card": "B2"})
        other.rename(script)
        assert [card for _, card in reads(reader)] == ["B2"]


def test_tampering_is_told_once_each_way(script: Path, clock: Clock) -> None:
    write(script, {"tamper": True}, {"card": "A1"}, {"tamper": False})
    service = ReaderService(VirtualReaderDriver(VirtualReader(id="r", script=str(script)), clock))
    service.open()
    said = [item for _ in range(3) for item in service.step()]
    service.close()
    told = [item.status for item in said if isinstance(item, Health)]
    assert told == ["degraded", "ok"]


def test_an_input_tells_its_states(script: Path, clock: Clock) -> None:
    write(script, {"state": "closed"}, {"at_s": 1, "state": "open"})
    with VirtualInputDriver(VirtualInput(id="door", role="door", script=str(script)), clock) as port:
        first = port.read(0)
        assert first is not None
        assert (first.device, first.state) == ("door", "closed")
        assert port.read(0) is None
        clock.ms = 2000
        assert port.read(0) is not None


def test_a_barrier_writes_its_orders_down_and_ends_its_pulse_by_itself(tmp_path: Path, clock: Clock) -> None:
    journal = tmp_path / "journal.jsonl"
    settings = VirtualBarrier(id="boom", lane="main", journal=str(journal))
    with VirtualBarrierDriver(settings, clock) as barrier:
        barrier.pulse(500)
        assert barrier.state().output == "on"
        clock.ms += 500
        assert barrier.state().output == "off"
        barrier.hold()
        clock.ms += 60_000
        assert barrier.state().output == "on"
        barrier.shut()
        assert barrier.state().output == "off"
    orders = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [(order["order"], order["ms"]) for order in orders] == [("pulse", 500), ("hold", 0), ("shut", 0)]


def test_what_a_script_lets_fail_is_the_next_order_and_no_look(script: Path, clock: Clock) -> None:
    write(script, {"fail": "unconfirmed"}, {"door": "open"}, {"fail": "lost"})
    with VirtualBarrierDriver(VirtualBarrier(id="boom", lane="main", script=str(script)), clock) as barrier:
        assert [barrier.state().door for _ in range(2)] == ["open", "open"]
        with pytest.raises(Unconfirmed):
            barrier.pulse(500)
        with pytest.raises(DeviceLost):
            barrier.hold()
        assert barrier.diagnostics().counters["orders"] == 0
        barrier.hold()


def test_a_barrier_fails_and_its_door_moves_when_the_script_says_so(script: Path, clock: Clock) -> None:
    write(script, {"door": "closed"}, {"fail": "unconfirmed"}, {"at_s": 1, "door": "open"})
    settings = VirtualBarrier(id="boom", lane="main", script=str(script))
    with VirtualBarrierDriver(settings, clock) as barrier:
        with pytest.raises(Unconfirmed):
            barrier.pulse(500)
        assert barrier.state().output == "off"
        assert barrier.state().door == "closed"
        clock.ms += 1000
        assert barrier.state().door == "open"
        assert barrier.diagnostics().counters["orders"] == 0
    with pytest.raises(DeviceLost):
        barrier.pulse(500)


def test_an_input_that_was_away_says_anew_how_it_is(script: Path, clock: Clock) -> None:
    write(script, {"state": "active"}, {"card": "A1"})
    port = VirtualInputDriver(VirtualInput(id="help", role="help", script=str(script)), clock)
    for _ in range(2):
        with port:
            told = [port.read(0) for _ in range(4)]
        assert [contact.state for contact in told if contact] == ["active"]
