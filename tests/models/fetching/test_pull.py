"""A pull brings the pinned bytes or leaves the store as it was."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from pathlib import Path

import pytest
from zhian_models.errors import MissingMember, NoSpace, PullError, Unreachable, WrongHash
from zhian_models.fetching import pull
from zhian_models.fetching.pull import SCRATCH
from zhian_models.manifest import Member, Network, Source
from zhian_models.store import Store

from ..conftest import WebServer, entry, manifest_of
from .test_archives import tarball, wheel

DATA = b"the network" * 1000


def https(web: WebServer, data: bytes = DATA, **more: object) -> tuple[Source, Network]:
    web.files["/net.onnx"] = data
    return Source(name="origin", kind="https", url=f"{web.url}/net.onnx"), entry("net", DATA, **more)


def store_of(tmp_path: Path, source: Source, *networks: Network) -> Store:
    return Store(tmp_path / "home", manifest_of(source, *networks))


def left(store: Store) -> set[str]:
    """All files of the store, the lock apart."""
    return {p.relative_to(store.folder).as_posix() for p in store.folder.rglob("*") if p.is_file()} - {".lock"}


def test_a_pull_brings_the_file_and_a_second_one_asks_nobody(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web))
    assert [p.name for p in pull(store, list(store.manifest)).pulled] == ["net"]
    assert store.path("net").read_bytes() == DATA
    web.files.clear()
    assert pull(store, list(store.manifest)).kept == ("net",)
    assert len(web.requests) == 1


def test_wrong_bytes_are_refused_and_nothing_is_left(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web, DATA + b"!"))
    (failed,) = pull(store, list(store.manifest)).failed
    assert isinstance(failed.error, WrongHash)
    assert hashlib.sha256(DATA).hexdigest() in str(failed.error)
    assert left(store) == set()


def test_a_damaged_file_in_the_store_is_replaced(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web))
    store.folder.mkdir(parents=True)
    (store.folder / "net.onnx").write_bytes(b"half")
    pull(store, list(store.manifest))
    assert store.path("net").read_bytes() == DATA


def test_a_pull_that_fails_keeps_what_was_there(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web, b"other"))
    store.folder.mkdir(parents=True)
    (store.folder / "net.onnx").write_bytes(b"old")
    assert pull(store, list(store.manifest)).failed
    assert (store.folder / "net.onnx").read_bytes() == b"old"


def test_no_network_is_said_so(tmp_path: Path) -> None:
    source = Source(name="origin", kind="https", url="http://127.0.0.1:1/net.onnx")
    (failed,) = pull(store_of(tmp_path, source, entry("net", DATA)), [entry("net", DATA)]).failed
    assert isinstance(failed.error, Unreachable)
    assert "127.0.0.1:1/net.onnx cannot be reached" in str(failed.error)


def test_an_address_without_a_file_is_a_missing_member(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web))
    web.files.clear()
    (failed,) = pull(store, list(store.manifest)).failed
    assert isinstance(failed.error, MissingMember)


def test_a_line_that_breaks_is_tried_again(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web))
    answers = iter([(200, DATA[:500], len(DATA)), (200, DATA, len(DATA))])
    web.files["/net.onnx"] = lambda: next(answers)
    assert pull(store, list(store.manifest)).pulled
    assert len(web.requests) == 2


def test_a_line_that_always_breaks_is_unreachable(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web))
    web.files["/net.onnx"] = lambda: (200, DATA[:500], len(DATA))
    (failed,) = pull(store, list(store.manifest)).failed
    assert isinstance(failed.error, Unreachable)
    assert "broke off 3 times" in str(failed.error)
    assert left(store) == set()


def test_space_is_asked_for_before_anything_is_written(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(tmp_path, *https(web))
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1 << 40, 1 << 40, 1000))
    (failed,) = pull(store, list(store.manifest)).failed
    assert isinstance(failed.error, NoSpace)
    assert web.requests == []
    assert left(store) == set()


def test_a_disk_that_fills_up_in_mid_write_is_no_space(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(target: Path, data: bytes, mode: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = store_of(tmp_path, *https(web))
    monkeypatch.setattr(sys.modules["zhian_models.fetching.pull"], "write_atomically", full)
    (failed,) = pull(store, list(store.manifest)).failed
    assert isinstance(failed.error, NoSpace)
    assert left(store) == set()


def test_a_store_that_cannot_be_made_is_an_error_that_names_it(web: WebServer, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    store = store_of(tmp_path, *https(web))
    with pytest.raises(PullError, match=f"{store.folder} cannot be used"):
        pull(store, list(store.manifest))


def test_one_source_that_fails_does_not_stop_the_others(web: WebServer, tmp_path: Path) -> None:
    source, network = https(web)
    lost = Source(name="lost", kind="folder")
    store = store_of(tmp_path, source, network)
    store.manifest = type(store.manifest)(source=(lost, source), network=(entry("gone", b"1", source="lost"), network))
    report = pull(store, list(store.manifest))
    assert [f.name for f in report.failed] == ["gone"]
    assert "bring it in a folder" in str(report.failed[0].error)
    assert [p.name for p in report.pulled] == ["net"]


def test_an_archive_is_downloaded_once_for_all_its_members(web: WebServer, tmp_path: Path) -> None:
    a, b = entry("a", b"A" * 9, path="package/a"), entry("b", b"B" * 9, path="package/b")
    archive = tarball(tmp_path / "t", **{"package/a": b"A" * 9, "package/b": b"B" * 9}).read_bytes()
    web.files["/@scope/nets/1.0.0"] = b'{"dist": {"tarball": "%s/t.tgz"}}' % web.url.encode()
    web.files["/t.tgz"] = archive
    source = Source(
        name="origin", kind="npm", package="@scope/nets", version="1.0.0", sha256=hashlib.sha256(archive).hexdigest()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("npm_config_registry", web.url)
        report = pull(store_of(tmp_path, source, a, b), [a, b])
    assert [p.name for p in report.pulled] == ["a", "b"]
    assert web.requests == ["/@scope/nets/1.0.0", "/t.tgz"]


def test_an_archive_with_another_hash_is_not_even_opened(web: WebServer, tmp_path: Path) -> None:
    web.files["/nets/1.0.0"] = b'{"dist": {"tarball": "%s/t.tgz"}}' % web.url.encode()
    web.files["/t.tgz"] = b"not what was pinned"
    source = Source(name="origin", kind="npm", package="nets", version="1.0.0", sha256="0" * 64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("npm_config_registry", web.url)
        (failed,) = pull(store_of(tmp_path, source, entry("net", DATA)), [entry("net", DATA)]).failed
    assert isinstance(failed.error, WrongHash)
    assert "t.tgz" in str(failed.error)


@pytest.mark.parametrize("name", ["net.onnx", "renamed.bin"])
def test_a_folder_gives_a_loose_file_under_any_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "usb" / "deep").mkdir(parents=True)
    (tmp_path / "usb" / "deep" / name).write_bytes(DATA)
    source = Source(name="origin", kind="https", url="https://unused.invalid/")
    store = store_of(tmp_path, source, entry("net", DATA))
    assert pull(store, list(store.manifest), folder=tmp_path / "usb").pulled


@pytest.mark.parametrize(("kind", "file"), [("pypi", "the_nets-1.0-py3-none-any.whl"), ("npm", "the-nets-1.0.tgz")])
def test_a_folder_gives_members_of_an_archive(kind: str, file: str, tmp_path: Path) -> None:
    (tmp_path / "usb").mkdir()
    (wheel if kind == "pypi" else tarball)(tmp_path / "usb" / file, **{"pack/net.onnx": DATA})
    source = Source(name="origin", kind=kind, package="the-nets", version="1.0")  # type: ignore[arg-type]
    store = store_of(tmp_path, source, entry("net", DATA))
    assert pull(store, list(store.manifest), folder=tmp_path / "usb").pulled


def test_a_folder_with_another_file_of_that_name_is_a_wrong_hash(tmp_path: Path) -> None:
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "net.onnx").write_bytes(b"another version")
    store = store_of(tmp_path, Source(name="origin", kind="folder"), entry("net", DATA))
    (failed,) = pull(store, list(store.manifest), folder=tmp_path / "usb").failed
    assert isinstance(failed.error, WrongHash)
    assert str(tmp_path / "usb" / "net.onnx") in str(failed.error)


def test_a_folder_that_holds_nothing_is_a_missing_member_and_no_folder_an_error(tmp_path: Path) -> None:
    store = store_of(tmp_path, Source(name="origin", kind="folder"), entry("net", DATA))
    (failed,) = pull(store, list(store.manifest), folder=tmp_path).failed
    assert isinstance(failed.error, MissingMember)
    with pytest.raises(PullError, match="is no folder"):
        pull(store, list(store.manifest), folder=tmp_path / "nowhere")


def test_two_pulls_at_once_take_turns_and_one_downloads(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web))
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(pull(store, list(store.manifest)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(r.pulled) for r in reports) == [0, 0, 0, 1]
    assert web.requests == ["/net.onnx"]


def test_what_a_killed_pull_left_is_swept_by_the_next(web: WebServer, tmp_path: Path) -> None:
    store = store_of(tmp_path, *https(web))
    (store.folder / f"{SCRATCH}dead").mkdir(parents=True)
    (store.folder / f"{SCRATCH}dead" / "file").write_bytes(DATA)
    (store.folder / ".net.onnx.dead").write_bytes(DATA[:9])
    pull(store, list(store.manifest))
    assert left(store) == {"net.onnx"}
    assert not (store.folder / f"{SCRATCH}dead").exists()


def test_a_pull_killed_in_mid_download_harms_nothing(web: WebServer, tmp_path: Path) -> None:
    """A real process, killed with -9 while the server holds the line; the next pull needs no help."""
    source, network = https(web)
    asked, go_on = threading.Event(), threading.Event()

    def stall() -> tuple[int, bytes, int]:
        asked.set()
        go_on.wait(20)
        return 200, DATA, len(DATA)

    web.files["/net.onnx"] = stall
    code = (
        "import sys, msgspec; from pathlib import Path; from zhian_models.manifest import Manifest;"
        "from zhian_models.store import Store; from zhian_models.fetching import pull;"
        "m = msgspec.json.decode(sys.argv[2], type=Manifest); pull(Store(Path(sys.argv[1]), m), list(m))"
    )
    import msgspec  # noqa: PLC0415

    manifest = manifest_of(source, network)
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "home"), msgspec.json.encode(manifest)])
    assert asked.wait(20)
    child.kill()
    child.wait()
    go_on.set()
    store = Store(tmp_path / "home", manifest)
    assert not store.has("net")
    web.files["/net.onnx"] = DATA
    assert pull(store, [network]).pulled
    assert left(store) == {"net.onnx"}


def test_a_converted_network_is_compared_before_and_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhian_models.fetching import pull as module  # noqa: PLC0415

    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "a.json").write_bytes(b"{}")
    member = Member(path="pack/a.json", sha256=hashlib.sha256(b"{}").hexdigest(), size=2)
    network = entry("net", b"converted", members=(member,), convert="twice")
    store = store_of(tmp_path, Source(name="origin", kind="folder"), network)
    monkeypatch.setattr(sys.modules[module.__module__], "convert", lambda kind, members: b"something else")
    (failed,) = pull(store, [network], folder=tmp_path / "usb").failed
    assert "net, converted, has the sha256" in str(failed.error)
    monkeypatch.setattr(sys.modules[module.__module__], "convert", lambda kind, members: b"converted")
    assert pull(store, [network], folder=tmp_path / "usb").pulled
    assert os.listdir(store.folder).count("net.onnx") == 1  # noqa: PTH208
