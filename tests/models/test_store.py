"""The store says what is missing, what is wrong, and what helps."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from zhian_models.errors import MissingNetwork, UnknownNetwork
from zhian_models.store import Store, default_home


def test_the_home_is_the_environments_the_clones_or_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "clone" / ".venv"))
    monkeypatch.setenv("ZHIAN_HOME", str(tmp_path))
    assert default_home() == tmp_path
    monkeypatch.delenv("ZHIAN_HOME")
    assert default_home() == Path.home() / ".local/share/zhian"
    (tmp_path / "clone" / ".zhian").mkdir(parents=True)
    assert default_home() == tmp_path / "clone" / ".zhian"


def test_a_missing_network_names_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(MissingNetwork, match="run `zhian-models pull centerface`"):
        Store(tmp_path).path("centerface")


def test_a_name_that_nobody_knows_is_another_error(tmp_path: Path) -> None:
    with pytest.raises(UnknownNetwork):
        Store(tmp_path).path("nonsense")


def test_states_follow_the_bytes(tiny_store: Store) -> None:
    network = tiny_store.manifest.get("tiny")
    assert tiny_store.state(network) == "ok"
    path = tiny_store.path("tiny")
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert tiny_store.state(network) == "wrong"
    path.unlink()
    assert tiny_store.state(network) == "missing"
    assert not tiny_store.has("tiny")
