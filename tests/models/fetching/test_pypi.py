"""Wheels come through this interpreter's pip, source archives from pip's index; neither is ever run."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

import pytest
from zhian_models.errors import MissingMember, Unreachable, WrongHash
from zhian_models.fetching.progress import Silent
from zhian_models.fetching.pypi import download_source_archive, download_wheel, installed_members
from zhian_models.manifest import Source

from ..conftest import WebServer
from .test_archives import tarball, wheel

WHEEL = "the_nets-1.0-py3-none-any.whl"
SDIST = "the_nets-1.0.tar.gz"


def source(kind: str = "pypi", **more: str) -> Source:
    return Source(name="s", kind=kind, package="the-nets", version="1.0", **more)  # type: ignore[arg-type]


@pytest.fixture
def index(web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WebServer:
    """An index with one wheel and one source archive whose set-up script must never run; pip knows no other."""
    tag = "the_nets-1.0.dist-info"
    packed = wheel(
        tmp_path / WHEEL,
        **{
            "nets/net.onnx": b"net",
            f"{tag}/METADATA": b"Metadata-Version: 2.1\nName: the-nets\nVersion: 1.0\n",
            f"{tag}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            f"{tag}/RECORD": b"",
        },
    )
    web.files[f"/files/{WHEEL}"] = packed.read_bytes()
    web.files[f"/files/{SDIST}"] = tarball(
        tmp_path / SDIST, **{"the_nets-1.0/setup.py": b"raise SystemExit('ran')", "the_nets-1.0/a.jpg": b"jpg"}
    ).read_bytes()
    links = "".join(f'<a href="../../files/{name}">{name}</a>' for name in (WHEEL, SDIST))
    web.files["/simple/the-nets/"] = f"<html><body>{links}</body></html>".encode()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", f"{web.url}/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    return web


def test_a_wheel_comes_from_the_configured_index(index: WebServer, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert download_wheel(source(), tmp_path / "out", Silent()).name == WHEEL


def test_a_version_that_the_index_lacks_is_a_missing_member(index: WebServer, tmp_path: Path) -> None:
    lacking = Source(name="s", kind="pypi", package="the-nets", version="2.0")
    with pytest.raises(MissingMember, match=r"2\.0"):
        download_wheel(lacking, tmp_path, Silent())


def test_an_index_that_does_not_answer_is_unreachable(
    index: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    with pytest.raises(Unreachable):
        download_wheel(source(), tmp_path, Silent())
    with pytest.raises(Unreachable):
        download_source_archive(source("sdist"), tmp_path, Silent())


def test_a_source_archive_is_fetched_and_not_run(index: WebServer, tmp_path: Path) -> None:
    pinned = source("sdist", sha256=hashlib.sha256((tmp_path / SDIST).read_bytes()).hexdigest())
    (tmp_path / "out").mkdir()
    archive = download_source_archive(pinned, tmp_path / "out", Silent())
    assert archive.read_bytes() == (tmp_path / SDIST).read_bytes()
    assert [p.name for p in (tmp_path / "out").iterdir()] == [archive.name]


def test_a_source_archive_with_another_hash_is_refused(index: WebServer, tmp_path: Path) -> None:
    with pytest.raises(WrongHash):
        download_source_archive(source("sdist", sha256="0" * 64), tmp_path, Silent())


def test_an_installed_package_of_the_very_version_needs_no_download() -> None:
    version = metadata.version("msgspec")
    exact = Source(name="s", kind="pypi", package="msgspec", version=version)
    assert installed_members(exact, ["msgspec/py.typed", "msgspec/nothing"]).keys() == {"msgspec/py.typed"}
    other = Source(name="s", kind="pypi", package="msgspec", version="0.0.1")
    assert installed_members(other, ["msgspec/py.typed"]) == {}
    assert installed_members(Source(name="s", kind="pypi", package="no-such-package", version="1"), ["a"]) == {}
