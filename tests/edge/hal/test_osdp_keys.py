"""A reader's key changes in two steps, and whatever ends the node between them, one of two keys is the reader's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zhian_edge.errors import BadSecret
from zhian_edge.hal.drivers.osdp_keys import LENGTH, KeyFile


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "in.key")


def test_a_key_is_made_once_and_only_for_its_owner(file: KeyFile, tmp_path: Path) -> None:
    with pytest.raises(BadSecret, match="cannot be read"):
        file.current()
    key = file.make()
    assert len(key) == LENGTH
    assert file.make() == file.current() == key
    assert (tmp_path / "in.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("taken", [True, False])
def test_the_key_that_the_reader_was_found_to_have_is_kept(file: KeyFile, tmp_path: Path, taken: bool) -> None:
    old = file.make()
    new = file.prepare()
    assert file.changing
    assert file.candidates() == [old, new]
    file.settle(new if taken else old)
    assert file.candidates() == [new if taken else old]
    assert [path.name for path in tmp_path.iterdir()] == ["in.key"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSecret, match="cannot be written"):
        KeyFile(tmp_path / "no-such-folder" / "in.key").make()


@given(st.text(max_size=40).filter(lambda text: len(text.strip()) != 32))
def test_what_is_no_key_is_never_taken_for_one(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("keys") / "in.key"
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSecret):
        KeyFile(path).current()
