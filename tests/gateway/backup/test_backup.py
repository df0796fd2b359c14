"""A backup is whole or is not there; a restore is checked before anything is written, and begins a new store."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, select, text
from support.events import event, face, passage
from support.gateway import write_config
from support.people import JPEG, ground, person_file, some_face
from support.pipeline import take_in
from support.stores import Stores
from typer.testing import CliRunner
from zhian_gateway import sealing
from zhian_gateway.anchors.keeping import anchor_of, head, verify
from zhian_gateway.backup import writing
from zhian_gateway.backup.contents import FILES, MANIFEST, Manifest
from zhian_gateway.backup.restoring import restore
from zhian_gateway.backup.secrets import copy_keys
from zhian_gateway.backup.writing import write
from zhian_gateway.cli import app
from zhian_gateway.config import load
from zhian_gateway.errors import BackupError, KeyFault, NewerSchema, WrongSite
from zhian_gateway.people import rosters
from zhian_gateway.services import Services, open_services
from zhian_gateway.store import audit, moving
from zhian_gateway.store import tables as t
from zhian_gateway.store.portraits import NAMED_BY

SHA = hashlib.sha256(JPEG).hexdigest()


def opened(config: Path) -> Services:
    return open_services(load(config), publish=lambda *_: None)


@pytest.fixture
def config(tmp_path: Path, storage: Stores) -> Path:
    return write_config(tmp_path / "site", "mqtt://127.0.0.1:1")


@pytest.fixture
def parts(config: Path) -> Iterator[Services]:
    services = opened(config)
    with services.store.write() as link:
        services.registry.enrol(
            link, "a", person_file(name="A"), ground(), some_face(), who="t", now="2026-01-01T00:00:00.000Z"
        )
        values = {"sha256": SHA, "size": 1, "media_type": "image/jpeg", "node": "gate-1", "received_at": "t"}
        link.execute(t.pictures.insert().values(values))
    services.pictures.keep_portrait(JPEG)
    services.pictures.keep(SHA, JPEG)
    services.accounts.add("admin-1", "admin", "a long password", who="t")
    services.accounts.ticket("admin-1", who="t")
    take_in(services, event(passage(evidence=(face(picture=SHA),)), seq=1), event(seq=2))
    yield services
    services.store.close()


@pytest.fixture
def taken(parts: Services, tmp_path: Path, storage: Stores) -> Path:
    """A backup, its keys beside it; what was backed up is gone."""
    write(parts, tmp_path / "copy", who="test")
    copy_keys(parts.config, tmp_path / "keys")
    parts.store.close()
    lose(parts, tmp_path, storage)
    return tmp_path / "copy"


def lose(parts: Services, tmp_path: Path, storage: Stores) -> None:
    """As by a disk that broke."""
    shutil.move(parts.config.store.home, tmp_path / "lost")
    storage.lose(tmp_path / "site")


def state(parts: Services) -> dict[str, Any]:
    """Everything in the database but what a restore changes."""
    with parts.store.read() as link:
        return {
            table.name: sorted(map(tuple, link.execute(select(table))), key=repr)
            for table in t.metadata.sorted_tables
            if table.name not in ("store", "sessions", "secrets", "audit", "counters", "site", "vault_keys")
        }


def test_a_backup_brings_everything_back_but_sessions_and_is_another_store(
    parts: Services, config: Path, tmp_path: Path, storage: Stores
) -> None:
    before, store_id = state(parts), parts.store.store_id
    write(parts, tmp_path / "copy", who="test")
    copy_keys(parts.config, tmp_path / "keys")
    parts.store.close()
    lose(parts, tmp_path, storage)
    restore(load(config), tmp_path / "copy", tmp_path / "keys", who="cli:test")
    again = opened(config)
    assert state(again) == before
    assert again.store.store_id != store_id
    assert again.pictures.read(SHA) == again.pictures.read_portrait(SHA) == JPEG
    with again.store.read() as link:
        assert rosters.build(link, since=0, now="2026-03-02T08:00:00.000Z").persons[0].templates
        assert link.execute(select(t.secrets)).first() is None
        assert audit.first_fault(link) is None
        assert link.execute(select(t.audit.c.action).order_by(t.audit.c.id.desc()).limit(1)).scalar() == "restore"
    again.store.close()
    others = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert [path.name for path in others if path.suffix != ".toml"] == []


def test_the_roster_goes_on_where_no_version_was_before(taken: Path, config: Path, tmp_path: Path) -> None:
    """Nodes of an older version know a version by its number alone."""
    restore(load(config), taken, tmp_path / "keys", who="t")
    again = opened(config)
    with again.store.read() as link:
        version = rosters.version(link)
    again.store.close()
    assert time.time() // 2 - 3600 < version < 2**31


def test_what_is_written_while_the_backup_is_taken_does_not_spoil_it(
    parts: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event, a withdrawal and a picture's end come between the copies of database and pictures."""
    copy = writing._copy_database

    def copy_and_go_on(source: Services, target: Path) -> None:
        copy(source, target)
        take_in(parts, event(seq=3))
        with parts.store.write() as link:
            gone = parts.registry.withdraw(link, "a", who="t", now="2026")
            link.execute(t.pictures.delete())
        parts.pictures.delete([*gone, SHA])

    monkeypatch.setattr(writing, "_copy_database", copy_and_go_on)
    done = write(parts, tmp_path / "copy", who="test")
    assert (done.events, done.pictures, done.missing) == (2, 0, ())


def test_a_copy_that_takes_long_is_not_cut_off_by_the_server(
    parts: Services, tmp_path: Path, storage: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    if storage.name != "postgres":
        pytest.skip("SQLite has no server that could")

    def slowly(live: Connection, target: Path) -> None:
        bounds.append(live.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one())
        moving.copy_into(live, target)

    bounds: list[str] = []
    monkeypatch.setattr(writing, "copy_into", slowly)
    write(parts, tmp_path / "copy", who="t")
    with parts.store.read() as link:
        bounds.append(link.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar_one())
    assert bounds == ["0", "1min"]


def test_keys_that_lie_elsewhere_and_were_changed_since_are_kept_beside_the_backups(
    config: Path, tmp_path: Path, storage: Stores
) -> None:
    text = config.read_text(encoding="utf-8").replace("[store]", '[store]\nkey_file = "../etc/vault.key"', 1)
    config.write_text(text, encoding="utf-8")
    parts = opened(config)
    (first,) = parts.store.vault.keys
    copy_keys(parts.config, tmp_path / "keys")
    write(parts, tmp_path / "copy", who="t")
    list(sealing.seal_anew(parts, who="t"))
    second = sealing.begin(parts, who="t")
    list(sealing.seal_anew(parts, who="t"))
    assert [key.id for key in parts.store.vault.keys] == [second]
    parts.store.close()
    lose(parts, tmp_path, storage)
    restore(load(config), tmp_path / "copy", tmp_path / "keys", who="t")
    again = opened(config)
    assert [key.id for key in again.store.vault.keys] == [first.id, second]
    again.store.close()


def test_every_portrait_that_a_row_names_is_copied() -> None:
    said = " ".join((writing._PORTRAITS, *writing._LATER.values()))
    assert [each.table.name for each in NAMED_BY if f"{each.name} FROM {each.table.name}" not in said] == []


def test_a_picture_that_the_gateway_itself_has_lost_is_named(parts: Services, tmp_path: Path) -> None:
    (parts.config.store.picture_folder / "evidence" / SHA[:2] / SHA).write_bytes(b"rubbish")
    done = write(parts, tmp_path / "copy", who="test")
    assert done.missing == (f"pictures/evidence/{SHA[:2]}/{SHA}",)
    assert done.pictures == 1


def test_nothing_readable_is_in_a_backup_and_no_key(parts: Services, tmp_path: Path) -> None:
    write(parts, tmp_path / "copy", who="test")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "copy").rglob("*") if path.is_file())
    secret = parts.store.vault.keys[0].secret
    for needle in (JPEG, some_face().templates[0], secret, secret.hex().encode()):
        assert needle not in everything


def test_a_backup_that_fails_leaves_nothing(parts: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "write_list", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(BackupError, match="No space"):
        write(parts, tmp_path / "backups" / "copy", who="test")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_rotation_that_ends_meanwhile_is_noticed(
    parts: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = writing._look

    def rotate(database: Path) -> Any:
        for _ in sealing.seal_anew(parts, who="t"):
            pass
        sealing.begin(parts, who="t")
        for _ in sealing.seal_anew(parts, who="t"):
            pass
        return look(database)

    monkeypatch.setattr(writing, "_look", rotate)
    with pytest.raises(BackupError, match="take it again"):
        write(parts, tmp_path / "copy", who="test")


def test_no_backup_goes_over_another(parts: Services, tmp_path: Path) -> None:
    write(parts, tmp_path / "copy", who="test")
    with pytest.raises(BackupError, match="there already"):
        write(parts, tmp_path / "copy", who="test")


def test_the_hashes_can_be_checked_without_this_program(parts: Services, tmp_path: Path) -> None:
    write(parts, tmp_path / "copy", who="test")
    subprocess.run(["sha256sum", "--quiet", "-c", FILES], cwd=tmp_path / "copy", check=True)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("a bit in the database", "gateway.db was changed"),
        ("a picture is missing", "cannot be read"),
        ("the list was changed", "was changed"),
        ("no manifest", "is no backup"),
        ("half a manifest", "is damaged"),
        ("another format", "format 2"),
        ("a way out", "was changed"),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    taken: Path, config: Path, tmp_path: Path, harm: str, said: str
) -> None:
    database, manifest, files = taken / "gateway.db", taken / MANIFEST, taken / FILES
    if harm == "a bit in the database":
        data = bytearray(database.read_bytes())
        data[-1] ^= 1
        database.write_bytes(data)
    elif harm == "a picture is missing":
        (taken / "pictures" / "evidence" / SHA[:2] / SHA).unlink()
    elif harm == "the list was changed":
        files.write_bytes(files.read_bytes()[:-1])
    elif harm == "no manifest":
        manifest.unlink()
    elif harm == "half a manifest":
        manifest.write_bytes(manifest.read_bytes()[:40])
    elif harm == "another format":
        manifest.write_bytes(manifest.read_bytes().replace(b'"format": 1', b'"format": 2'))
    else:
        files.write_text(f"{'0' * 64}  ../../etc/passwd\n")
    with pytest.raises(BackupError, match=said):
        restore(load(config), taken, tmp_path / "keys", who="t")
    assert not (tmp_path / "site" / "gateway").exists()


def test_a_list_that_names_a_file_outside_is_refused(taken: Path, config: Path, tmp_path: Path) -> None:
    data = f"{'0' * 64}  ../keys/vault.key\n".encode()
    (taken / FILES).write_bytes(data)
    manifest = msgspec.json.decode((taken / MANIFEST).read_bytes(), type=Manifest)
    changed = msgspec.structs.replace(manifest, files=hashlib.sha256(data).hexdigest())
    (taken / MANIFEST).write_bytes(msgspec.json.encode(changed))
    with pytest.raises(BackupError, match="outside"):
        restore(load(config), taken, tmp_path / "keys", who="t")


def test_nothing_is_restored_over_anything(taken: Path, config: Path, tmp_path: Path) -> None:
    home = tmp_path / "site" / "gateway"
    home.mkdir()
    (home / "something").touch()
    with pytest.raises(BackupError, match="not empty"):
        restore(load(config), taken, tmp_path / "keys", who="t")
    assert [path.name for path in home.iterdir()] == ["something"]


@pytest.mark.parametrize("storage", ["postgres"], indirect=True)
def test_nothing_is_restored_over_a_database(parts: Services, config: Path, tmp_path: Path) -> None:
    write(parts, tmp_path / "copy", who="test")
    copy_keys(parts.config, tmp_path / "keys")
    before = state(parts)
    parts.store.close()
    shutil.move(parts.config.store.home, tmp_path / "lost")
    with pytest.raises(BackupError, match="not empty: make a new database"):
        restore(load(config), tmp_path / "copy", tmp_path / "keys", who="t")
    shutil.move(tmp_path / "lost", parts.config.store.home)
    again = opened(config)
    assert state(again) == before
    again.store.close()


def test_what_a_restore_has_lost_of_the_audit_is_not_missed(
    parts: Services, config: Path, tmp_path: Path, storage: Stores
) -> None:
    config.write_text(f"{config.read_text()}\n[audit]\nanchor = '../anchors'\n")
    write(parts, tmp_path / "copy", who="test")
    copy_keys(parts.config, tmp_path / "keys")
    settings = load(config)
    with parts.store.write() as link:
        audit.record(link, site="school", at="2026-03-02T08:00:00.000Z", who="w", action="later")
        anchor_of(settings).append(head(link, "school", "2026-03-02T08:00:00.000Z"))
    parts.store.close()
    lose(parts, tmp_path, storage)
    restore(settings, tmp_path / "copy", tmp_path / "keys", who="t")
    again = opened(config)
    with again.store.read() as link:
        found = verify(link, anchor_of(settings), 0, again.clock())
        assert found.faults == ()
        assert found.vouched is not None
    again.store.close()


def test_an_empty_home_is_fine(taken: Path, config: Path, tmp_path: Path) -> None:
    (tmp_path / "site" / "gateway").mkdir()
    restore(load(config), taken, tmp_path / "keys", who="t")
    opened(config).store.close()


def test_another_sites_backup_is_refused(taken: Path, tmp_path: Path) -> None:
    other = write_config(tmp_path / "other", "mqtt://127.0.0.1:1", site="other")
    with pytest.raises(WrongSite, match=r"'school'.*'other'"):
        restore(load(other), taken, tmp_path / "keys", who="t")


def test_a_newer_versions_backup_is_refused(taken: Path, config: Path, tmp_path: Path) -> None:
    path = taken / MANIFEST
    manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, revision="9999")))
    with pytest.raises(NewerSchema, match="newer"):
        restore(load(config), taken, tmp_path / "keys", who="t")


@pytest.mark.parametrize("storage", ["sqlite"], indirect=True)
def test_an_older_versions_backup_is_brought_up_to_date(parts: Services, config: Path, tmp_path: Path) -> None:
    """As `0006` wrote it, which knew no seals: its pictures lie plain, and its database names no key."""
    from zhian_gateway.store.migrate import downgrade  # noqa: PLC0415

    with parts.store.write() as link:
        link.execute(text("DELETE FROM vault_keys"))
    downgrade(parts.store._database.engine, "0006")
    look = writing.write(parts, tmp_path / "copy", who="t")
    assert look.revision == "0006"
    copy_keys(parts.config, tmp_path / "keys")
    parts.store.close()
    shutil.move(parts.config.store.home, tmp_path / "lost")
    restore(load(config), tmp_path / "copy", tmp_path / "keys", who="t")
    again = opened(config)
    assert len(state(again)["events"]) == 2
    again.store.close()


@pytest.mark.parametrize("keys", ["none", "another's"])
def test_without_its_keys_a_backup_is_not_restored(taken: Path, config: Path, tmp_path: Path, keys: str) -> None:
    folder = None
    if keys == "another's":
        other = opened(write_config(tmp_path / "other", "mqtt://127.0.0.1:1"))
        folder = tmp_path / "wrong"
        copy_keys(other.config, folder)
        other.store.close()
    with pytest.raises((BackupError, KeyFault), match=r"key"):
        restore(load(config), taken, folder, who="t")
    assert not (tmp_path / "site" / "gateway").exists()


def test_the_commands_say_where_the_keys_are_and_what_is_to_be_done_again(
    parts: Services, config: Path, tmp_path: Path, storage: Stores
) -> None:
    def typed(*words: str) -> str:
        found = CliRunner().invoke(app, [*words, "-c", str(config)])
        assert found.exit_code == 0, found.output
        return found.output

    assert "vault.key apart" in typed("backup", str(tmp_path / "one"))
    assert "2 events, 2 pictures" in typed("backup", str(tmp_path / "two"), "--keys", str(tmp_path / "keys"))
    inside = CliRunner().invoke(
        app, ["backup", str(tmp_path / "three"), "--keys", str(tmp_path / "three" / "k"), "-c", str(config)]
    )
    assert inside.exit_code == 2
    assert not (tmp_path / "three").exists()
    parts.store.close()
    lose(parts, tmp_path, storage)
    assert "withdrawals" in typed("restore", str(tmp_path / "two"), "--keys", str(tmp_path / "keys"))
