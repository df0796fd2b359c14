"""Somebody is erased at the gateway, and a real node says that it has deleted them too."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from ..support.gateway import COMMAND, GatewayProcess
from ..support.people import ground, person_file, some_face
from ..support.waiting import eventually
from .nodes import NODE, NodeProcess

READER = '[[readers]]\nid = "in"\ndriver = "virtual"\nscript = "cards.jsonl"\nlane = "main"\n'


@pytest.mark.slow
def test_a_node_confirms_that_who_was_erased_is_deleted(tmp_path: Path, gateway: GatewayProcess) -> None:
    def typed(*words: str | Path) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, "people", *map(str, words), "--config", str(gateway.config)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def enrol() -> None:
        with gateway.services() as parts, parts.store.write() as link:
            basis, about = ground("2099-01-01T00:00:00.000Z"), person_file(name="王小明", cards=("04A1B2C3",))
            parts.registry.enrol(link, "ming", about, basis, some_face(), who="t", now=parts.now())

    enrol()
    node = NodeProcess(tmp_path / "edge", gateway.broker, gateway, tmp_path, READER)
    (tmp_path / "edge" / "cards.jsonl").touch()
    node.start()
    try:
        eventually(lambda: node.status()["node"].get("roster_version", 0), "the roster", 30)
        assert typed("export", "ming", tmp_path / "ming.zip").returncode == 0
        with zipfile.ZipFile(tmp_path / "ming.zip") as file:
            assert "王小明" in file.read("index.html").decode()
        assert (
            f"To confirm, within a minute or so where they are heard: {NODE}"
            in typed("erase", "ming", "--why", "asked").stdout
        )
        assert typed("deletions").returncode == 1
        eventually(lambda: typed("deletions").returncode == 0, "the node's word", 100)
    finally:
        node.kill()
