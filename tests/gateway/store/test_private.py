"""What is kept of people is readable by the gateway's own user only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.gateway import write_config
from support.people import JPEG
from zhian_gateway.config import load
from zhian_gateway.errors import StoreError
from zhian_gateway.services import Services, open_services
from zhian_gateway.store import open_store


@pytest.fixture(autouse=True)
def _open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def opened(folder: Path) -> Services:
    return open_services(load(write_config(folder, "mqtt://127.0.0.1:1")), publish=lambda *_: None)


def others_can_reach(folder: Path) -> list[str]:
    """Every file below `folder` that other users have any right to."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]


def test_database_and_pictures_are_nobody_elses_to_read(tmp_path: Path) -> None:
    parts = opened(tmp_path)
    parts.pictures.keep_portrait(JPEG)
    with parts.store.write():
        assert others_can_reach(tmp_path / "gateway") == []
    for folder in (tmp_path / "gateway", tmp_path / "gateway" / "pictures"):
        assert folder.stat().st_mode & 0o077 == 0
    parts.store.close()


def test_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    opened(tmp_path).store.close()
    database, pictures = tmp_path / "gateway" / "gateway.db", tmp_path / "gateway" / "pictures"
    database.chmod(0o644)
    pictures.chmod(0o755)
    opened(tmp_path).store.close()
    assert database.stat().st_mode & 0o077 == 0
    assert pictures.stat().st_mode & 0o077 == 0


def test_a_place_that_cannot_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        open_store(tmp_path / "file" / "g.db")
