"""configs/demo.toml runs as its first lines say, beside the broker and the gateway of the same folder."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_parts import reel, scene
from demo_parts.processes import BIN, Process, listens, wait_for
from support.ports import free_port
from zhian_edge.config import reading as edge
from zhian_gateway import config as gateway

ROOT = Path(__file__).resolve().parents[2]
FILES = ("demo.toml", "gateway-demo.toml", "demo-broker.conf")


def commands() -> list[str]:
    """What the head of the file has one type, but for the demo itself."""
    head = (ROOT / "configs" / "demo.toml").read_text(encoding="utf-8").partition("[site]")[0]
    typed = [line.removeprefix("#   ").partition("  #")[0].strip() for line in head.splitlines() if line[:4] == "#   "]
    assert typed[0].startswith("scripts/demo ")
    return typed[1:]


@pytest.fixture
def clone(tmp_path: Path, models_home: Path) -> Path:
    """A folder with these configurations, on ports that are free, and what the demo leaves behind."""
    ports = {"1883": str(free_port()), "8080": str(free_port())}
    (tmp_path / "configs").mkdir()
    for name in FILES:
        text = (ROOT / "configs" / name).read_text(encoding="utf-8")
        for known, free in ports.items():
            text = text.replace(known, free)
        (tmp_path / "configs" / name).write_text(text, encoding="utf-8")
    home = tmp_path / ".zhian"
    (home / "demo-reel").mkdir(parents=True)
    (home / "models").symlink_to(models_home / "models")
    reel.write(home / "demo-reel" / "gate.mp4", scene.empty_gate(), [], "composed")
    return tmp_path


@pytest.fixture
def started(clone: Path) -> Iterator[list[Process]]:
    parts: list[Process] = []
    yield parts
    for part in reversed(parts):
        part.stop()


def test_node_gateway_and_broker_are_of_one_site(clone: Path) -> None:
    node, site = edge.load(clone / "configs" / "demo.toml"), gateway.load(clone / "configs" / "gateway-demo.toml")
    assert node.site.id == site.site.id
    assert node.gateway.brokers == (site.broker.url,)
    assert {rule.lane for rule in site.rules.lanes} == {lane.id for lane in node.lanes}


@pytest.mark.timeout(120)
def test_what_the_first_lines_say_brings_the_node_up(clone: Path, started: list[Process]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ZHIAN_HOME"}
    *steps, last = [command.replace(".venv/bin/", f"{shlex.quote(str(BIN))}/") for command in commands()]
    for number, step in enumerate(steps):
        if step.endswith("&"):
            background = f"cd {shlex.quote(str(clone))} && exec env {step.removesuffix('&')}"
            started.append(Process(f"part {number}", ["bash", "-c", background], clone / f"{number}.log"))
        else:
            subprocess.run(["bash", "-euo", "pipefail", "-c", step], cwd=clone, check=True, env=environment)
    site = gateway.load(clone / "configs" / "gateway-demo.toml")
    wait_for("the gateway's start", lambda: listens(site.listen.port), started)

    wait_for("the node's link", lambda: "link up" in (clone / f"{len(steps) - 1}.log").read_text(), started)

    def online() -> bool:
        asked = subprocess.run(["bash", "-c", last], cwd=clone, capture_output=True, text=True, check=False)
        return asked.returncode == 0 and "gate-1" in asked.stdout

    wait_for("the node's first word", online, started)
