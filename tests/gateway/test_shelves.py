"""Pictures lie in a folder or in a bucket: the same promises, and an outage of the bucket loses none."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any

import httpx
import pytest
from support.gateway import HttpOnly, add_node, write_config
from support.people import JPEG
from support.s3 import BUCKET, S3
from zhian_gateway import sealing
from zhian_gateway.backup.restoring import restore
from zhian_gateway.backup.secrets import copy_keys
from zhian_gateway.backup.writing import write
from zhian_gateway.config import load
from zhian_gateway.errors import ConfigError, NotFound, PicturesAway
from zhian_gateway.retention.job import Job
from zhian_gateway.services import Services, open_services
from zhian_gateway.shelves import Folder, Shelf
from zhian_gateway.shelves.s3 import Bucket
from zhian_gateway.store.vault import is_sealed

SHA = hashlib.sha256(JPEG).hexdigest()
PLACE = f"evidence/{SHA[:2]}/{SHA}"


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3]:
    one = S3(tmp_path_factory.mktemp("s3")).start()
    yield one
    one.kill()


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest, bucket: S3, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return Folder(tmp_path / "pictures")
    return Bucket(f"s3://{BUCKET}/{tmp_path.name}", bucket.endpoint, bucket.credentials)


def test_a_shelf_keeps_gives_lists_and_deletes(shelf: Shelf) -> None:
    assert not shelf.has("evidence/ab/one")
    assert shelf.head("evidence/ab/one", 4) == b""
    with pytest.raises(FileNotFoundError):
        shelf.get("evidence/ab/one")
    shelf.put("evidence/ab/one", b"first")
    shelf.put("evidence/ab/one", b"second")
    shelf.put("evidence/ab/two", b"other")
    shelf.put("evidence/ac/three", b"elsewhere")
    assert shelf.has("evidence/ab/one")
    assert (shelf.get("evidence/ab/one"), shelf.head("evidence/ab/one", 3)) == (b"second", b"sec")
    assert shelf.names("evidence/ab") == ["one", "two"]
    assert shelf.names("evidence/ab", time() - 60) == []
    assert shelf.names("evidence/ab", time() + 60) == ["one", "two"]
    assert shelf.names("portraits/ab") == []
    shelf.delete(["evidence/ab/one", "evidence/ab/never"])
    assert shelf.names("evidence/ab") == ["two"]


def configured(folder: Path, bucket: S3) -> Path:
    """A gateway whose pictures lie in the bucket."""
    path = write_config(folder, "mqtt://127.0.0.1:1")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('home = "gateway"', f'home = "gateway"\n{bucket.lines}'), encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path) -> Iterator[S3]:
    """A store that a test may kill."""
    one = S3(tmp_path).start()
    yield one
    one.kill()


@pytest.fixture
def parts(tmp_path: Path, own: S3, clock: Any) -> Iterator[Services]:
    services = open_services(load(configured(tmp_path / "site", own)), publish=lambda *_: None, clock=clock)
    yield services
    services.store.close()


@pytest.fixture
def node(parts: Services) -> Iterator[httpx.Client]:
    """A node's end of the gateway's HTTP."""
    headers = {"Authorization": f"Bearer {add_node(parts, 'gate-1')}", "X-Zhian-Node": "gate-1"}
    with HttpOnly(parts) as server, httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        yield client


def test_a_picture_lies_sealed_in_the_bucket_and_nowhere_else(parts: Services, node: httpx.Client, own: S3) -> None:
    assert node.put(f"/pictures/{SHA}", content=JPEG).is_success
    ((name, lying),) = own.objects().items()
    assert name == f"school/{PLACE}"
    assert is_sealed(lying)
    assert parts.pictures.read(SHA) == JPEG
    assert not parts.config.store.picture_folder.exists()


@pytest.mark.thorough
def test_an_outage_answers_503_and_the_same_upload_is_kept_afterwards(
    parts: Services, node: httpx.Client, own: S3
) -> None:
    own.kill()
    answer = node.put(f"/pictures/{SHA}", content=JPEG)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "pictures_away")
    with pytest.raises(PicturesAway):
        parts.pictures.read(SHA)
    own.start()
    assert node.put(f"/pictures/{SHA}", content=JPEG).is_success
    assert parts.pictures.read(SHA) == JPEG


def test_what_was_changed_in_the_bucket_is_not_shown(parts: Services, own: S3) -> None:
    parts.pictures.keep(SHA, JPEG)
    own.client().put_object(Bucket=BUCKET, Key=f"school/{PLACE}", Body=JPEG + b"x")
    with pytest.raises(Exception, match="not the bytes that the name says"):
        parts.pictures.read(SHA)


@pytest.mark.thorough
def test_strays_are_swept_and_a_new_key_seals_what_lies_there(parts: Services, own: S3, clock: Any) -> None:
    parts.pictures.keep(SHA, JPEG)
    before = own.objects()
    for _ in sealing.seal_anew(parts, who="t"):
        pass
    sealing.begin(parts, who="t")
    for _ in sealing.seal_anew(parts, who="t"):
        pass
    after = own.objects()
    assert after.keys() == before.keys()
    assert after != before
    assert parts.pictures.read(SHA) == JPEG
    # No row names it, and by the gateway's clock it is a year old.
    clock.now = clock.now.replace(year=2099)
    for _ in Job(parts).batches("t"):
        pass
    assert own.objects() == {}
    with pytest.raises(NotFound):
        parts.pictures.read(SHA)


@pytest.mark.thorough
def test_a_backup_holds_what_the_bucket_held_and_a_restore_brings_it_back(
    parts: Services, own: S3, tmp_path: Path
) -> None:
    portrait = parts.pictures.keep_portrait(JPEG)
    with parts.store.write() as link:
        from zhian_gateway.store.tables import pictures  # noqa: PLC0415

        values = {"size": 1, "media_type": "image/jpeg", "node": "gate-1", "received_at": "t"}
        link.execute(pictures.insert().values(sha256=SHA, **values))
    parts.pictures.keep(SHA, JPEG)
    assert portrait == SHA
    done = write(parts, tmp_path / "copy", who="t")
    assert (done.pictures, done.missing) == (1, ())
    copy_keys(parts.config, tmp_path / "keys")
    parts.store.close()
    shutil.move(parts.config.store.home, tmp_path / "lost")
    own.kill()
    own.start()
    restore(parts.config, tmp_path / "copy", tmp_path / "keys", who="t")
    assert list(own.objects()) == [f"school/{PLACE}"]
    again = open_services(parts.config, publish=lambda *_: None)
    assert again.pictures.read(SHA) == JPEG
    again.store.close()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('pictures = "ftp://x"', "store.pictures"),
        ('pictures = "s3://bucket"\npictures_endpoint = "https://key:secret@x"', "store.pictures_endpoint"),
        ('pictures = "s3://bucket/p"\npictures_credentials = "nowhere"', "nowhere is no file"),
    ],
)
def test_a_bucket_that_cannot_be_meant_is_refused(tmp_path: Path, line: str, said: str) -> None:
    path = write_config(tmp_path, "mqtt://127.0.0.1:1")
    path.write_text(path.read_text(encoding="utf-8").replace('home = "gateway"', f'home = "gateway"\n{line}'))
    with pytest.raises(ConfigError, match=said):
        open_services(load(path), publish=lambda *_: None)
