"""What a backup is: a folder with the database, the pictures as they lie (sealed), a list of hashes and a manifest.

gateway.db        one moment of the database
pictures/         the files that it names
files.sha256      every file's sha256; `sha256sum -c files.sha256` checks them without this program
manifest.json     whose it is, from when, and what it takes to use it
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from ..errors import BackupError

FORMAT: Final = 1
DATABASE: Final = "gateway.db"
PICTURES: Final = "pictures"
FILES: Final = "files.sha256"
MANIFEST: Final = "manifest.json"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself.

    Attributes:
        revision: of the schema.
        keys: ids of the keys that what is sealed in it needs.
        files: sha256 of the list of hashes.
        missing: pictures that the database names, and of which the gateway itself has no file (any more).
    """

    format: int
    program: str
    site: str
    store_id: str
    revision: str
    taken_at: str
    keys: tuple[str, ...]
    events: int
    pictures: int
    files: str
    missing: tuple[str, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the backup in `folder`.

    Raises:
        BackupError: there is none, or it is damaged or of a newer kind.
    """
    try:
        found = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except OSError as error:
        raise BackupError(f"{folder} is no backup: {MANIFEST}: {error.strerror or error}") from error
    except msgspec.DecodeError as error:
        raise BackupError(f"{folder / MANIFEST} is damaged: {error}") from error
    if found.format != FORMAT:
        raise BackupError(f"{folder} is a backup of format {found.format}; this version reads format {FORMAT}")
    return found


def write_list(folder: Path, hashes: dict[str, str]) -> str:
    """Write the list of hashes, by path; its own sha256."""
    data = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode()
    write_file(folder / FILES, data)
    return hashlib.sha256(data).hexdigest()


def checked(folder: Path, manifest: Manifest) -> Iterator[str]:
    """The path of every file of the backup, held against its hash.

    Raises:
        BackupError: a file is missing, was changed, or would lie outside.
    """
    try:
        data = (folder / FILES).read_bytes()
        if hashlib.sha256(data).hexdigest() != manifest.files:
            raise BackupError(f"{folder / FILES} was changed")
        for line in data.decode().splitlines():
            digest, _, name = line.partition("  ")
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts:
                raise BackupError(f"{folder / FILES} names {name!r}, which lies outside")
            if hash_of(folder / path) != digest:
                raise BackupError(f"{folder / path} was changed or is damaged")
            yield name
    except OSError as error:
        raise BackupError(f"{folder}: cannot be read: {error}") from error


def write_file(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read, from its first byte on."""
    path.touch(mode=0o600)
    path.write_bytes(data)


def hash_of(path: Path) -> str:
    """sha256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
