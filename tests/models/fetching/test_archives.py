"""Members are read out of archives; nothing else of an archive is touched."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from zhian_models.errors import MissingMember, PullError
from zhian_models.fetching import archives
from zhian_models.fetching.archives import read_members


def wheel(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, data in files.items():
            file.writestr(name, data)
    return path


def tarball(path: Path, **files: bytes) -> Path:
    with tarfile.open(path, "w:gz") as file:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("make", [wheel, tarball])
def test_members_are_read_and_others_are_not(make: type, tmp_path: Path) -> None:
    archive = make(tmp_path / "a", **{"p/net.onnx": b"net", "setup.py": b"raise SystemExit", "p/words": b"w"})
    assert read_members(archive, ["p/net.onnx", "p/words"]) == {"p/net.onnx": b"net", "p/words": b"w"}
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("make", [wheel, tarball])
def test_a_missing_member_is_named(make: type, tmp_path: Path) -> None:
    with pytest.raises(MissingMember, match="a does not hold p/other"):
        read_members(make(tmp_path / "a", **{"p/net": b"net"}), ["p/net", "p/other"])


def test_a_link_is_no_member(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a", "w:gz") as file:
        info = tarfile.TarInfo("p/net")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(info)
    with pytest.raises(MissingMember):
        read_members(tmp_path / "a", ["p/net"])


def test_a_truncated_archive_is_damaged(tmp_path: Path) -> None:
    archive = tarball(tmp_path / "a", **{"p/net": bytes(range(256)) * 400})
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(PullError, match="a is damaged"):
        read_members(archive, ["p/net"])


def test_a_member_too_large_for_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 10)
    with pytest.raises(PullError, match="p/net claims 11 bytes"):
        read_members(wheel(tmp_path / "a", **{"p/net": b"x" * 11}), ["p/net"])
