"""Sirens of a node: they sound while they are told to, and fall silent when nobody says so any more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from zhian_edge.config.reading import parse
from zhian_edge.config.sirens import ModbusSiren, VirtualSiren
from zhian_edge.hal.drivers.virtual import VirtualBarrierDriver
from zhian_edge.process.supervisor import Supervisor
from zhian_edge.sirens import Sirens, SirenService

from ..support.waiting import eventually

NODE = """
[site]
id = "school"
[node]
id = "gate-1"
[gateway]
url = "http://127.0.0.1:8080"
brokers = ["mqtt://127.0.0.1:1883"]
"""


def orders(folder: Path) -> list[str]:
    file = folder / "siren.jsonl"
    return [json.loads(line)["order"] for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def service(tmp_path: Path) -> SirenService:
    return SirenService(VirtualBarrierDriver(VirtualSiren(id="horn", journal=str(tmp_path / "siren.jsonl"))))


@pytest.fixture
def sirens(service: SirenService) -> Iterator[Sirens]:
    made = Sirens([service])
    supervisor = Supervisor(service, lambda _said: None, stale_s=None)
    supervisor.start()
    yield made
    supervisor.stop(5.0)


def test_a_siren_is_silent_from_the_start_sounds_when_told_and_falls_silent_when_told(
    tmp_path: Path, sirens: Sirens
) -> None:
    eventually(lambda: orders(tmp_path) == ["shut"], "silence at the start")
    sirens.sound(60)
    eventually(lambda: orders(tmp_path)[-1] == "hold", "the siren")
    sirens.silence()
    eventually(lambda: orders(tmp_path)[-1] == "shut", "silence")


def test_a_siren_that_nobody_renews_falls_silent_by_itself(tmp_path: Path, sirens: Sirens) -> None:
    sirens.sound(60)
    sirens.sound(0.1)
    eventually(lambda: orders(tmp_path)[-2:] == ["hold", "shut"], "the end of its time")


def test_a_node_that_stops_leaves_no_siren_sounding(tmp_path: Path, service: SirenService) -> None:
    sirens = Sirens([service])
    supervisor = Supervisor(service, lambda _said: None, stale_s=None)
    supervisor.start()
    sirens.sound(60)
    eventually(lambda: "hold" in orders(tmp_path), "the siren")
    supervisor.stop(5.0)
    assert orders(tmp_path)[-1] == "shut"


def test_a_siren_is_configured_like_a_barrier_without_a_lane() -> None:
    text = NODE + '[[sirens]]\nid = "horn"\ndriver = "modbus"\nlink = "tcp://10.0.0.5:502"\nrelay = 3\n'
    (siren,) = parse(text, Path("node.toml")).sirens
    assert isinstance(siren, ModbusSiren)
    assert (siren.relay, siren.lane) == (3, "")
