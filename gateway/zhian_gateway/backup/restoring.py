"""The way back: into an empty home, checked whole before anything is written, and at once or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.util.exc import CommandError
from sqlalchemy import Connection, delete, update

from .. import moments
from ..anchors.keeping import anchor_of, head
from ..anchors.marks import Mark
from ..config_types import Config
from ..errors import BackupError, NewerSchema, WrongSite
from ..services import shelf_of
from ..shelves import Shelf
from ..store import audit, counters, keyfile, open_store
from ..store.copying import is_new
from ..store.engine import open_database
from ..store.locations import Server
from ..store.migrate import knows
from ..store.moving import fill
from ..store.sqlite import open_engine
from ..store.tables import secrets, sessions, store
from .contents import DATABASE, PICTURES, Manifest, checked, read_manifest
from .secrets import find_keys, put_authority


def restore(config: Config, folder: Path, keys: Path | None, *, who: str) -> Manifest:
    """Put the backup in `folder` into the (empty) home of the configuration.

    The store gets another id, by which nodes see that it is not the one that receipted their events: they send their
    ring again, and what came after the backup comes back. Sessions and one-time secrets are not brought back.

    Args:
        keys: folder with the copies of the keys; None: they lie where the configuration says.

    Raises:
        BackupError: the home is not empty, or the backup is damaged or cannot be opened with these keys.
        WrongSite: it is another site's.
        NewerSchema: a newer version wrote it.
    """
    home = Path(config.store.home)
    manifest = read_manifest(folder)
    _check(config, home, folder, manifest)
    found = find_keys(config, keys, manifest.keys)
    names = list(checked(folder, manifest))
    partial = home.parent / f".{home.name}.restoring"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700, parents=True)
        try:
            for name in names:
                _copy(folder / name, partial / name)
            with _store_in(config, partial, home, found) as link:
                begins = _mark(link, manifest, who)
            if not isinstance(config.store.location, Path):
                _put_on_server(partial / DATABASE, config.store.location)
            if config.store.pictures:
                _put_on_shelf(partial / PICTURES, shelf_of(config.store))
            put_authority(config, keys)
            os.sync()
            if home.exists():
                home.rmdir()
            partial.rename(home)
            os.sync()
            anchor_of(config).append(begins)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise BackupError(f"{home}: {error}") from error
    return manifest


def _check(config: Config, home: Path, folder: Path, manifest: Manifest) -> None:
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupError(f"{home} is not empty: move it away first; nothing is ever restored over anything")
    if manifest.site != config.site.id:
        raise WrongSite(f"{folder} is a backup of site {manifest.site!r}, the configuration says {config.site.id!r}")
    try:
        knows(manifest.revision)
    except CommandError as error:
        raise NewerSchema(f"{folder} was written by version {manifest.program}, which is newer: {error}") from error
    if not isinstance(config.store.location, Path):
        _check_new(config.store.location)


def _check_new(server: Server) -> None:
    database = open_database(server)
    with database.engine.connect() as link:
        new = is_new(link)
    database.engine.dispose()
    if not new:
        raise BackupError(f"{server.url} is not empty: make a new database; nothing is ever restored over anything")


def _put_on_shelf(folder: Path, shelf: Shelf) -> None:
    """Copy the pictures in `folder` to where the configuration wants them, and delete the folder."""
    for file in folder.rglob("*"):
        if file.is_file():
            shelf.put(str(file.relative_to(folder)), file.read_bytes())
    shutil.rmtree(folder, ignore_errors=True)


def _put_on_server(file: Path, server: Server) -> None:
    """Copy the database in `file` to where the configuration wants it, and delete the file."""
    engine = open_engine(file)
    with engine.connect() as link, link.begin():
        fill(link, server)
    engine.dispose()
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(source, target)


@contextmanager
def _store_in(config: Config, partial: Path, home: Path, keys: tuple[keyfile.Key, ...]) -> Iterator[Connection]:
    """A transaction on the database in `partial`, with its keys in place."""
    place = config.store.keys
    place = partial / place.relative_to(home) if place.is_relative_to(home) else place
    _put_keys(place, keys)
    opened = open_store(partial / DATABASE, place)
    try:
        with opened.write() as link:
            yield link
        opened.overwrite()
    finally:
        opened.close()


def _put_keys(place: Path, keys: tuple[keyfile.Key, ...]) -> None:
    """The backup's keys, and after them those that lie there already: pictures outside may be sealed with these."""
    held = keyfile.read(place) if place.exists() else ()
    if not {*keys} <= {*held}:
        keyfile.write(place, (*keys, *(key for key in held if key not in keys)))


def _mark(link: Connection, manifest: Manifest, who: str) -> Mark:
    """Make the database one that has only just begun; where its audit goes on, for the audit's anchor."""
    link.execute(update(store).values(store_id=uuid.uuid4().hex))
    for table in (sessions, secrets):
        link.execute(delete(table))
    clock = moments.wall_clock()
    counters.leap(link, int(clock.timestamp()))
    now = moments.text(clock)
    detail = f"backup of {manifest.taken_at}, store {manifest.store_id}"
    audit.record(link, site=manifest.site, at=now, who=who, action="restore", detail=detail)
    return head(link, manifest.site, now, "restored")
