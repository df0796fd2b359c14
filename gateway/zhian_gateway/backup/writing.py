"""Takes a backup while the gateway runs: written beside its place, read again, and only then given its name."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from ..errors import BackupError, Unsealable
from ..pictures import Kind
from ..services import Services
from ..store import audit, locking, portraits
from ..store.moving import copy_into
from ..store.tables import pictures
from .contents import DATABASE, FORMAT, MANIFEST, PICTURES, Manifest, checked, hash_of, write_file, write_list

_EVIDENCE: Final = "SELECT sha256 FROM pictures"
_PORTRAITS: Final = (
    "SELECT portrait FROM people WHERE portrait IS NOT NULL "
    "UNION SELECT sha256 FROM enrolment_pictures WHERE sha256 IS NOT NULL"
)
#: Likewise, of tables that a database of an older version does not have.
_LATER: Final = {
    "visits": "SELECT photo FROM visits WHERE photo IS NOT NULL",
    "plan_files": "SELECT sha256 FROM plan_files",
    "watch_pictures": "SELECT sha256 FROM watch_pictures",
}


class Named(NamedTuple):
    """A picture that the copied database names."""

    kind: Kind
    sha256: str

    @property
    def path(self) -> str:
        """Where it lies, in the backup as in the store."""
        return f"{PICTURES}/{self.kind}/{self.sha256[:2]}/{self.sha256}"


def write(parts: Services, target: Path, *, who: str) -> Manifest:
    """Take a backup into the new folder `target`.

    Raises:
        BackupError: the folder is there already or cannot be written, the copy is not what it was copied from, or
            something that happened meanwhile makes it of no use.
    """
    target = target.absolute()
    if target.exists():
        raise BackupError(f"{target} is there already; a backup gets a new folder each time")
    partial = target.parent / f".{target.name}.partial"
    try:
        with locking.alone(
            Path(parts.config.store.home) / "backup.lock", BackupError("a backup is being taken already")
        ):
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(mode=0o700, parents=True)
            try:
                manifest = _fill(parts, partial)
                os.sync()
                partial.rename(target)
                os.sync()
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{target}: {error}") from error
    with parts.store.write() as link:
        detail = f"{manifest.events} events, {manifest.pictures} pictures"
        audit.record(
            link, site=parts.site, at=parts.now(), who=who, action="backup", subject=target.name, detail=detail
        )
    return manifest


def _fill(parts: Services, folder: Path) -> Manifest:
    keys = {key.id for key in parts.store.vault.keys}
    taken_at = parts.now()
    # First the database: every picture that it names is a file already, and stays one until its row is gone.
    _copy_database(parts, folder / DATABASE)
    store_id, revision, events, named = _look(folder / DATABASE)
    hashes = {DATABASE: hash_of(folder / DATABASE)}
    missing = []
    for each in named:
        digest = _copy_picture(parts, each, folder)
        if digest is None:
            missing.append(each)
        else:
            hashes[each.path] = digest
    missing = _still_named(parts, missing)
    if not keys <= {key.id for key in parts.store.vault.keys}:
        raise BackupError("a key was given up meanwhile, so that this copy could not be opened: take it again")
    manifest = Manifest(
        format=FORMAT,
        program=version("zhian"),
        site=parts.site,
        store_id=store_id,
        revision=revision,
        taken_at=taken_at,
        keys=tuple(sorted(keys | {key.id for key in parts.store.vault.keys})),
        events=events,
        pictures=len(hashes) - 1,
        files=write_list(folder, hashes),
        missing=tuple(each.path for each in missing),
    )
    write_file(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    for _ in checked(folder, manifest):
        pass
    return manifest


def _copy_database(parts: Services, target: Path) -> None:
    """One moment of it as a SQLite file, whatever is written meanwhile and wherever it is; nobody has to wait."""
    source = parts.config.store.location
    if not isinstance(source, Path):
        with parts.store.read() as live:
            # What is read is written down between two questions, on a slow disk for longer than a transaction may
            # else stand idle.
            live.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            copy_into(live, target)
        return
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        # One file, without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def _look(database: Path) -> tuple[str, str, int, list[Named]]:
    """What the copy holds: its store, revision, number of events, and the pictures that it names."""
    with closing(sqlite3.connect(database)) as db:
        fault = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if fault != "ok":
            raise BackupError(f"the copy of the database is damaged: {fault}")
        (store_id,) = db.execute("SELECT store_id FROM store").fetchone()
        (revision,) = db.execute("SELECT version_num FROM alembic_version").fetchone()
        (events,) = db.execute("SELECT count(*) FROM events").fetchone()
        evidence = [Named("evidence", sha256) for (sha256,) in db.execute(_EVIDENCE)]
        known = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        query = " UNION ".join((_PORTRAITS, *(later for table, later in _LATER.items() if table in known)))
        shown = [Named("portraits", sha256) for (sha256,) in db.execute(query)]
    return store_id, revision, events, evidence + shown


def _copy_picture(parts: Services, each: Named, folder: Path) -> str | None:
    """The sha256 of the file as it lies; None when there is none, or none that opens as what its name says."""
    target = folder / each.path
    try:
        data = parts.pictures.sealed(each.kind, each.sha256)
    except (FileNotFoundError, Unsealable):
        return None
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(target, data)
    return hashlib.sha256(data).hexdigest()


def _still_named(parts: Services, missing: Iterable[Named]) -> list[Named]:
    """Those that were not simply deleted while the backup was taken."""
    with parts.store.read() as link:
        return [each for each in missing if _is_named(link, each)]


def _is_named(link: Connection, each: Named) -> bool:
    if each.kind == "evidence":
        return link.execute(select(pictures.c.sha256).where(pictures.c.sha256 == each.sha256)).first() is not None
    return bool(portraits.named(link, [each.sha256]))
