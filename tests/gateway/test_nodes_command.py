"""`zhian-gateway nodes` says how every node is, and what it does not know it calls unknown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.gateway import HttpOnly, add_node, write_config
from support.ports import free_port
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.commands.nodes import COLUMNS, line
from zhian_gateway.config import load
from zhian_gateway.services import open_services
from zhian_wire.state import CameraState, Machine, NodeState


def run(*words: str | Path) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["nodes", *map(str, words)])
    return found.exit_code, found.output


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path, "mqtt://127.0.0.1:1", port=free_port())


def test_without_a_gateway_it_says_so(config: Path) -> None:
    code, said = run("--config", config)
    assert code == 2
    assert "does not answer" in said


def test_every_node_is_told_with_its_machine_or_as_unknown(config: Path) -> None:
    parts = open_services(load(config), publish=lambda *_: None)
    add_node(parts, "gate-1")
    add_node(parts, "gate-2")
    machine = Machine(since=parts.now(), clock="trusted", disk_free_mb=10_240, disk_total_mb=20_480, temperature_c=61.2)
    state = NodeState(
        node="gate-1", epoch="e1", seq=1, time=parts.now(), version="1.0", outbox=2, machine=machine,
        cameras=(CameraState(id="door", status="ok", last_frame_age_ms=200),),
    )  # fmt: skip
    parts.presence.hear("gate-1", state, parts.clock())
    door = parts.config.listen.port
    with HttpOnly(parts, door):
        code, table = run("--config", config)
        _, lines = run("--json", "--config", config)
    parts.store.close()
    assert code == 1, "gate-2 was never heard"
    first, second = table.splitlines()[1:]
    assert all(each in first for each in ("1.0", "trusted", "10.0 of 20.0 GiB free", "61 C", "2 events", "door online"))
    assert "unknown" in second
    assert [json.loads(each)["id"] for each in lines.splitlines()] == ["gate-1", "gate-2"]


def test_an_older_node_is_one_line_of_unknowns() -> None:
    node: dict[str, Any] = {
        "id": "n", "state": "online", "version": "0.9", "machine": None, "clock_ahead_s": None, "outbox": 0,
        "pictures": 0, "cameras": [],
    }  # fmt: skip
    words = dict(zip(COLUMNS, line(node), strict=True))
    assert [words[each] for each in ("since", "disk", "memory", "temp", "load", "cameras")] == ["unknown"] * 5 + [
        "none"
    ]
