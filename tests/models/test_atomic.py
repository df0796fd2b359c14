"""Nobody ever sees half a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from zhian_models.atomic import PUBLIC, replacing, write_atomically


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file"
    write_atomically(target, b"old")
    with pytest.raises(RuntimeError), replacing(target) as temporary:
        temporary.write_bytes(b"ne")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    assert [p.name for p in target.parent.iterdir()] == ["file"]


def test_two_writers_do_not_share_a_temporary_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with replacing(target) as first, replacing(target) as second:
        assert first != second
        first.write_bytes(b"1")
        second.write_bytes(b"2")
    assert target.read_bytes() == b"1"


def test_only_what_is_said_to_be_public_can_be_read_by_others(tmp_path: Path) -> None:
    write_atomically(tmp_path / "crop", b"face")
    write_atomically(tmp_path / "network", b"weights", PUBLIC)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("crop", "network")] == [0o600, 0o644]
